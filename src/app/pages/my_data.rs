//! `/data-saya`: the citizen's own data, what is kept on this phone, and the one button that erases it.

use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::pages::{person, unlock};
use crate::app::soon;
use crate::app::state::{Shared, Trouble, journal, shared};
use crate::browser::{address, erasure};
use crate::model::message::Command;

/// The page.
pub fn page() -> Markup {
    let shared = shared();
    if shared.locked.now() {
        return unlock::page();
    }
    let erased = move || {
        if !shared.erased.get() {
            return nothing();
        }
        el("p").class("card done").text(m::erased()).view()
    };
    let kept = [
        el("li").live_text(move || m::data_drafts(&unfinished(shared).to_string())),
        el("li").live_text(move || m::data_outbox(&shared.unsent().len().to_string())),
        el("li").live_text(move || m::data_cases(&cases(shared).to_string())),
    ];
    person::read();
    all([
        heading(m::my_data()),
        el("p").class("lead").text(m::data_lead()).view(),
        el("div").attr("role", "status").child(live(erased)).view(),
        person::people(),
        el("h2").text(m::data_kept()).view(),
        el("ul").class("bullets").child(kept).view(),
        el("p").text(m::data_expiry()).view(),
        el("p").text(m::data_honest()).view(),
        erase_button(shared).view(),
    ])
}

/// The button that erases everything.
pub fn erase_button(shared: Shared) -> El {
    el("button")
        .attr("type", "button")
        .class("button stop")
        .on("click", move |_| erase(shared))
        .text(m::erase())
}

fn unfinished(shared: Shared) -> usize {
    shared.drafts.with(|drafts| {
        drafts
            .iter()
            .flatten()
            .filter(|draft| draft.submitted.is_none())
            .count()
    })
}

fn cases(shared: Shared) -> usize {
    shared.cases.with(|cases| cases.as_ref().map_or(0, Vec::len))
}

fn erase(shared: Shared) {
    if !address::confirm(m::erase_sure()) {
        return;
    }
    leptos::task::spawn_local(async move {
        if shared.locked.now() {
            // No engine has opened what is locked: it goes as it is.
            erasure::rest().await;
            return address::reload();
        }
        let erased = match journal().await {
            Ok(journal) => journal.erase().await,
            Err(error) => Err(error),
        };
        match erased {
            // The engine says that all is gone: it must not say so while drafts remain.
            Ok(()) => soon::tell(Command::Erase),
            Err(error) => {
                shared.trouble.set(Some(Trouble::Store(error.to_string())));
                soon::read_drafts();
            }
        }
    });
}
