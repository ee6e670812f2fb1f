//! Documents that a case has ready, to be fetched from the system that made them.

use std::sync::Arc;

use super::action::button;
use super::element::{Markup, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::{Signal, follow};
use crate::app::soon;
use crate::app::state::{Fetched, shared};
use crate::app::words;
use crate::browser::share;
use crate::model::case::{Case, Document};
use crate::model::message::Command;
use crate::model::region::BackendId;

/// A button for each document; nothing where there are none.
pub fn documents(backend: &BackendId, case: &Case) -> Markup {
    let Some(reference) = case.reference.clone().filter(|_| !case.documents.is_empty()) else {
        return nothing();
    };
    let wanted: Signal<Option<String>> = Signal::new(None);
    let shared = shared();
    // Only what was asked for here is saved, and only once.
    let came = move || -> Option<Arc<Fetched>> {
        let wanted = wanted.get()?;
        shared.document.get().filter(|fetched| fetched.handle == wanted)
    };
    follow(Box::new(move || {
        if let Some(Ok(file)) = came().as_ref().map(|fetched| &fetched.answer) {
            share::save(&file.name, &file.content_type, &file.base64);
            wanted.set(None);
        }
    }));
    let buttons = case.documents.iter().map(|document| {
        let Document { label, handle } = document.clone();
        let (backend, reference) = (backend.clone(), reference.clone());
        let fetch = move |_| {
            shared.document.set(None);
            wanted.set(Some(handle.clone()));
            shared.announcement.set(m::one_moment().to_owned());
            soon::tell(Command::Document {
                backend: backend.clone(),
                reference: reference.clone(),
                handle: handle.clone(),
            });
        };
        el("p").child(button("button", &m::download(&label), fetch))
    });
    let refused = live(move || match came().as_ref().map(|fetched| &fetched.answer) {
        Some(Err(problem)) => el("p").class("complaint").text(&words::fault(&problem.fault)).view(),
        _ => nothing(),
    });
    el("section")
        .attr("data-documents", "")
        .child(el("h2").text(m::documents_title()))
        .child(buttons.collect::<Vec<_>>())
        .child(el("div").attr("role", "alert").child(refused))
        .view()
}
