//! `/kotak-keluar`: what was given to be sent and is not delivered.

use leptos::prelude::*;

use crate::app::components::delivery::delivery_card;
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::state::shared;
use crate::model::route::Route;

/// The page.
pub fn page() -> AnyView {
    let shared = shared();
    let entries = move || {
        let entries = shared.unsent();
        if entries.is_empty() {
            return view! { <p>{m::outbox_empty()}</p> }.into_any();
        }
        entries
            .iter()
            .map(|entry| {
                view! {
                    <h2><a href=Route::MyCase(entry.id.clone()).to_string()>{entry.title.clone()}</a></h2>
                    {delivery_card(entry)}
                }
                .into_any()
            })
            .collect::<Vec<_>>()
            .into_any()
    };
    view! { {heading(m::outbox_title())} <p class="lead">{m::outbox_lead()}</p> {entries} }.into_any()
}
