//! `/data-saya`: what is kept on this phone, and the one button that erases it.

use crate::app::components::element::{Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::state::{Shared, Trouble, journal, shared};
use crate::browser::address;
use crate::model::message::Command;

/// The page.
pub fn page() -> Markup {
    let shared = shared();
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
    let erase = el("button")
        .attr("type", "button")
        .class("button stop")
        .on("click", move |_| erase(shared))
        .text(m::erase());
    all([
        heading(m::my_data()),
        el("p").class("lead").text(m::data_lead()).view(),
        el("div").attr("role", "status").child(live(erased)).view(),
        el("ul").class("bullets").child(kept).view(),
        el("p").text(m::data_honest()).view(),
        erase.view(),
    ])
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
        let erased = match journal().await {
            Ok(journal) => journal.erase().await,
            Err(error) => Err(error),
        };
        match erased {
            // The engine says that all is gone: it must not say so while drafts remain.
            Ok(()) => shared.tell(&Command::Erase),
            Err(error) => {
                shared.trouble.set(Some(Trouble::Store(error.to_string())));
                shared.read_drafts();
            }
        }
    });
}
