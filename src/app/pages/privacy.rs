//! `/privasi`: who keeps what, in plain words.

use crate::app::components::element::{Markup, all, el};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// The page.
pub fn page() -> Markup {
    let points = [
        m::privacy_phone(),
        m::privacy_edge(),
        m::privacy_office(),
        m::privacy_none(),
    ];
    let my_data = el("a")
        .class("button second")
        .attr("href", &Route::MyData.to_string())
        .text(m::my_data());
    all([
        heading(m::privacy()),
        el("p").class("lead").text(m::privacy_lead()).view(),
        el("ul")
            .class("bullets")
            .child(points.map(|point| el("li").text(point)))
            .view(),
        el("p").text(m::data_honest()).view(),
        el("p").child(my_data).view(),
    ])
}
