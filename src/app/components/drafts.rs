//! What is being filled in: each with the way on and the way to delete it, and a word on what cannot be
//! shown.

use super::action::button;
use super::element::{El, Markup, all, el, nothing};
use crate::app::messages as m;
use crate::app::soon;
use crate::app::state::{HiddenDrafts, Trouble, journal, shared};
use crate::browser::address;
use crate::model::application::{ApplicationId, Draft};
use crate::model::route::Route;

/// The newest drafts first, at most so many; nothing where there are none.
pub fn drafts(most: usize) -> Markup {
    let mut open: Vec<Draft> = shared().drafts.with(|drafts| {
        let open = drafts.iter().flatten().filter(|draft| draft.submitted.is_none());
        open.cloned().collect()
    });
    crate::model::order::sort_by(&mut open, |one, other| other.updated.cmp(&one.updated));
    let lines: Vec<El> = open.iter().take(most).map(line).collect();
    let hidden = match shared().hidden_drafts.get() {
        HiddenDrafts::None => None,
        HiddenDrafts::Unreadable(count) => Some(m::drafts_unreadable(&count.to_string())),
        HiddenDrafts::Refused => Some(m::drafts_refused().to_owned()),
    };
    if lines.is_empty() && hidden.is_none() {
        return nothing();
    }
    let list = (!lines.is_empty()).then(|| el("ul").class("list drafts").child(lines));
    let hidden = hidden.map(|words| el("p").class("note wait").text(&words));
    let title = el("h2").text(m::continue_title());
    all([Some(el("section").child(title).child(list).child(hidden))])
}

fn line(draft: &Draft) -> El {
    let (number, of) = draft.progress;
    let step = m::step_of(&number.to_string(), &of.to_string());
    let detail = [step.as_str(), m::kept_here()].join(" · ");
    let words = el("span")
        .class("line")
        .child(el("span").class("line-title").text(&draft.title))
        .child(el("span").class("quiet").text(&detail));
    let link = el("a")
        .attr("href", &Route::Fill(draft.service.clone()).to_string())
        .child(words)
        .child(el("span").class("line-end").attr("aria-hidden", "true").text("›"));
    let id = draft.id.clone();
    let label = m::discard_draft_what(&draft.title);
    let discard = button("plain", m::discard_draft(), move |_| discard(id.clone())).attr("aria-label", &label);
    el("li").child(link).child(discard)
}

fn discard(id: ApplicationId) {
    if !address::confirm(m::discard_draft_sure()) {
        return;
    }
    leptos::task::spawn_local(async move {
        let gone = match journal().await {
            Ok(journal) => journal.discard(&id).await,
            Err(error) => Err(error),
        };
        let shared = shared();
        match gone {
            Ok(()) => soon::read_drafts(),
            Err(error) => shared.trouble.set(Some(Trouble::Store(error.to_string()))),
        }
    });
}
