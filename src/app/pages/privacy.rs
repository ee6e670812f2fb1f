//! `/privasi`: who keeps what, in plain words.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::model::route::Route;

/// The page.
pub fn page() -> AnyView {
    view! {
        {heading(m::privacy())}
        <p class="lead">{m::privacy_lead()}</p>
        <ul class="bullets">
            <li>{m::privacy_phone()}</li>
            <li>{m::privacy_edge()}</li>
            <li>{m::privacy_office()}</li>
            <li>{m::privacy_none()}</li>
        </ul>
        <p>{m::data_honest()}</p>
        <p><a class="button second" href=Route::MyData.to_string()>{m::my_data()}</a></p>
    }
    .into_any()
}
