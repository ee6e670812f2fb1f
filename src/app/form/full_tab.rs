//! "Lanjutkan di tab penuh": a form in a widget goes on in a tab of its own, with all that was typed.
//!
//! Storage of a frame on another site is apart from that of our own pages (or, where the browser is
//! told so, refused), so what is typed here is found nowhere else: the form says so, and hands the
//! draft over where the citizen wants. `pages::hand_over` is the other side.

use std::rc::Rc;

use js_sys::Array;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::filling::Handle;
use super::keeper::{self, Kept};
use crate::app::components::action::button;
use crate::app::components::element::{Markup, el};
use crate::app::messages as m;
use crate::app::soon;
use crate::app::state::{Trouble, journal, shared};
use crate::browser::frame::{self, Handed, Told, told};
use crate::model::answers::Answer;
use crate::model::application::Draft;
use crate::model::json;
use crate::model::route::Route;
use crate::store::journal::Journal;

/// The line under a form in a widget; `None` in a page of its own.
pub fn full_tab(form: Handle) -> Option<Markup> {
    let site = told(Told::Frame)?;
    // Of the storage, then of what became of a try.
    let (said, kept) = form.look(|form| (form.said, form.kept));
    let text = move || {
        let apart = site != "sama" && kept.get() != Kept::Refused;
        match said.get() {
            "" if apart => m::framed_apart().to_owned(),
            said => said.to_owned(),
        }
    };
    let line = el("div")
        .class("inset")
        .child(el("p").attr("role", "status").live_text(text))
        .child(button("plain", m::full_tab(), move |_| go_on(form)));
    Some(line.view())
}

/// Opens the tab and hands over. To be called within a click.
pub fn go_on(form: Handle) {
    let said = form.look(|form| form.said);
    if !frame::open_tab() {
        said.set(m::full_tab_blocked());
        return;
    }
    leptos::task::spawn_local(async move {
        // The tab waits meanwhile.
        if give(form).await.is_err() {
            said.set(m::part_missing());
        }
    });
}

/// Here the program is cut, as in `pages::late`: a form needs none of this until it is left.
#[wasm_split(pages, fallible)]
fn give(form: Handle) -> Result<(), SplitLoaderError> {
    // What was typed last is in the draft; whether it could be written here does not matter.
    keeper::write_then(
        form,
        Box::new(move |_| {
            let Some(draft) = form.try_look(|form| form.draft.clone()) else {
                return;
            };
            leptos::task::spawn_local(async move {
                let journal = journal().await.ok();
                let said = form.try_look(|form| form.said);
                let files = files(&draft, journal.as_ref()).await;
                let text = json::write(&draft).unwrap_or_default();
                match frame::hand_over(text, files).await {
                    Handed::Refused => {
                        if let Some(said) = said {
                            said.set(m::full_tab_failed());
                        }
                    }
                    Handed::Shared => leave(draft),
                    Handed::Kept => {
                        if let Some(journal) = journal {
                            // Left behind it would only be offered again; it is never sent by itself.
                            let _ = journal.discard(&draft.id).await;
                        }
                        leave(draft);
                    }
                }
            });
        }),
    );
    Ok(())
}

fn leave(draft: Draft) {
    let shared = shared();
    shared.trouble.set(Some(Trouble::HandedOver));
    shared.go_instead(&Route::Service(draft.service));
    soon::read_drafts();
}

/// The files of a draft that are here, `[id, Blob]` each.
async fn files(draft: &Draft, journal: Option<&Rc<Journal>>) -> Array {
    let files = Array::new();
    let Some(journal) = journal else { return files };
    for answer in draft.answers.0.values() {
        let Answer::Files(named) = answer else { continue };
        for file in named {
            if let Ok(Some(bytes)) = journal.file(&file.id).await {
                files.push(&Array::of2(&file.id.as_str().into(), &bytes));
            }
        }
    }
    files
}
