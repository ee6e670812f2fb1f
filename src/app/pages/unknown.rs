//! An address that is none, and a service that is not in the catalogue: say so and lead on.

use crate::app::components::element::{Markup, all, el};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// There is no such page.
pub fn page() -> Markup {
    lead_on(m::unknown_title())
}

/// There is no such service.
pub fn service() -> Markup {
    lead_on(m::unknown_service())
}

fn lead_on(title: &str) -> Markup {
    let link = |route: Route, text: &str| el("a").attr("href", &route.to_string()).text(text);
    all([
        heading(title),
        el("p")
            .class("lead")
            .attr("data-tiada", "")
            .text(m::unknown_lead())
            .view(),
        el("p").child(link(Route::Home, m::to_home()).class("button")).view(),
        el("p").child(link(Route::Regions, m::all_regions())).view(),
        el("p").child(link(Route::Cases, m::lookup_title())).view(),
    ])
}
