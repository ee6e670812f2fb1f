//! `/kotak-keluar`: what was given to be sent and is not delivered.

use crate::app::components::action::link;
use crate::app::components::delivery::delivery_card;
use crate::app::components::element::{Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::loading::waiting;
use crate::app::messages as m;
use crate::app::signal::derived;
use crate::app::state::{Shared, shared};
use crate::model::application::ApplicationId;
use crate::model::route::Route;

/// The page. Each card is drawn again only when its own application has moved on, so that what is
/// typed in another one stays.
pub fn page() -> Markup {
    let shared = shared();
    let ids = derived(move || shared.unsent().iter().map(|entry| entry.id.clone()).collect::<Vec<_>>());
    let cards = live(move || {
        let ids = ids.get();
        if ids.is_empty() && shared.outbox.with(Option::is_none) {
            return waiting();
        }
        if ids.is_empty() {
            return el("p").text(m::outbox_empty()).view();
        }
        all(ids.into_iter().map(|id| card(shared, id)).collect::<Vec<_>>())
    });
    all([
        heading(m::outbox_title()),
        el("p").class("lead").text(m::outbox_lead()).view(),
        cards,
    ])
}

fn card(shared: Shared, id: ApplicationId) -> Markup {
    let entry = derived(move || shared.unsent().into_iter().find(|entry| entry.id == id));
    live(move || {
        let Some(entry) = entry.get() else {
            return nothing();
        };
        let address = Route::MyCase(entry.id.clone()).to_string();
        let title = el("h2").child(link("", &address, &entry.title));
        all((title, delivery_card(&entry)))
    })
}
