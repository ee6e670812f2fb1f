//! `/sematkan`: widgets for regional sites. There are none yet, and the page says so.

use crate::app::components::element::{Markup, all, el};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// The page.
pub fn page() -> Markup {
    let regions = el("a")
        .class("button second")
        .attr("href", &Route::Regions.to_string())
        .text(m::all_regions());
    all([
        heading(m::embed_title()),
        el("p").class("lead").text(m::embed_lead()).view(),
        el("p").child(regions).view(),
    ])
}
