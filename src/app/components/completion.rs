//! Supplying what the office says is missing: the same form again, for the same case, with what was
//! sent in it.

use super::action::button;
use super::element::{Markup, el};
use crate::app::messages as m;
use crate::app::state::{Trouble, journal, shared};
use crate::browser::{clock, random};
use crate::model::application::Draft;
use crate::model::case::{MyCase, Reference};
use crate::model::map::Map;
use crate::model::route::Route;
use crate::model::status::Phase;

/// The way back into the form, where the office waits for it and the system can take it.
pub fn completion(case: &MyCase, can: bool) -> Option<Markup> {
    let told = case
        .case
        .as_ref()
        .filter(|told| can && told.status.phase == Phase::NeedsCitizen)?;
    let (reference, mine) = (told.reference.clone()?, case.clone());
    let go = move |_| open(&mine, &reference);
    let card = el("section")
        .class("card wait")
        .child(el("h2").text(m::complete_title()))
        .child(el("p").text(m::complete_lead()))
        .child(button("button", m::complete_button(), go));
    Some(card.view())
}

/// Opens the form with a draft that belongs to the case; one that is begun already is gone on with.
fn open(case: &MyCase, reference: &Reference) {
    let service = case.receipt.service.clone();
    let draft = random::uuid().try_into().ok().map(|id| Draft {
        id,
        service: service.clone(),
        title: case.receipt.title.clone(),
        // No form yet: that of the page is taken.
        form: String::new(),
        meanings: Map::new(),
        // Files went with the draft that was sent: they are chosen anew.
        answers: case.answers.clone(),
        step: String::new(),
        progress: (1, 1),
        submitted: None,
        updated: clock::now(),
        completes: Some(reference.clone()),
        acting: Vec::new(),
    });
    leptos::task::spawn_local(async move {
        let Some(draft) = draft else { return };
        let opened = async {
            let journal = journal().await?;
            let begun = journal.drafts().await?.drafts.into_iter().any(|known| {
                known.submitted.is_none() && known.service == draft.service && known.completes == draft.completes
            });
            if begun { Ok(()) } else { journal.put(&draft, None).await }
        };
        match opened.await {
            Ok(()) => shared().go(&Route::Fill(service)),
            Err(error) => shared().trouble.set(Some(Trouble::Store(error.to_string()))),
        }
    });
}
