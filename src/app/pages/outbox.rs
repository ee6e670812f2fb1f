//! `/kotak-keluar`: what was given to be sent and is not delivered.

use crate::app::components::delivery::delivery_card;
use crate::app::components::element::{Markup, all, el, live};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::state::{Shared, shared};
use crate::model::delivery::OutboxEntry;
use crate::model::route::Route;

/// The page.
pub fn page() -> Markup {
    let shared = shared();
    all([
        heading(m::outbox_title()),
        el("p").class("lead").text(m::outbox_lead()).view(),
        live(move || entries(shared)),
    ])
}

fn entries(shared: Shared) -> Markup {
    let entries = shared.unsent();
    if entries.is_empty() {
        return el("p").text(m::outbox_empty()).view();
    }
    let entries: Vec<Markup> = entries.iter().map(entry).collect();
    all(entries)
}

fn entry(entry: &OutboxEntry) -> Markup {
    let link = el("a")
        .attr("href", &Route::MyCase(entry.id.clone()).to_string())
        .text(&entry.title);
    all([el("h2").child(link).view(), delivery_card(entry)])
}
