//! `/sematkan`: widgets for regional sites. There are none yet, and the page says so.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// The page.
pub fn page() -> AnyView {
    view! {
        {heading(m::embed_title())}
        <p class="lead">{m::embed_lead()}</p>
        <p><a class="button second" href=Route::Regions.to_string()>{m::all_regions()}</a></p>
    }
    .into_any()
}
