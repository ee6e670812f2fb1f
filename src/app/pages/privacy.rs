//! `/privasi`: who holds what, what for, how long and under which law, in plain words.

use crate::app::components::element::{El, Markup, all, el};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// The page.
pub fn page() -> Markup {
    let places = [
        m::privacy_phone(),
        m::privacy_edge(),
        m::privacy_office(),
        m::privacy_none(),
    ];
    let my_data = el("a")
        .class("button second")
        .attr("href", &Route::MyData.to_string())
        .text(m::my_data());
    let places = el("ul")
        .class("bullets")
        .child(places.map(|place| el("li").text(place)));
    all([
        heading(m::privacy()),
        el("p").class("lead").text(m::privacy_lead()).view(),
        part(m::privacy_who_title(), [el("p").text(m::privacy_who())]),
        part(m::privacy_why_title(), [el("p").text(m::privacy_why())]),
        part(m::privacy_where_title(), [places, el("p").text(m::data_honest())]),
        part(
            m::privacy_law_title(),
            [el("p").text(m::privacy_law()), el("p").text(m::privacy_others())],
        ),
        el("p").child(my_data).view(),
    ])
}

fn part<const N: usize>(title: &str, inner: [El; N]) -> Markup {
    el("section").child(el("h2").text(title)).child(inner).view()
}
