//! An address that is none, and a service that is not in the catalogue: say so and lead on.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// There is no such page.
pub fn page() -> AnyView {
    lead_on(m::unknown_title())
}

/// There is no such service.
pub fn service() -> AnyView {
    lead_on(m::unknown_service())
}

fn lead_on(title: &str) -> AnyView {
    view! {
        {heading(title)}
        <p class="lead">{m::unknown_lead()}</p>
        <p><a class="button" href="/">{m::to_home()}</a></p>
        <p><a href=Route::Regions.to_string()>{m::all_regions()}</a></p>
        <p><a href=Route::Cases.to_string()>{m::lookup_title()}</a></p>
    }
    .into_any()
}
