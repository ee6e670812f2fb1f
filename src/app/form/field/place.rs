//! A place: in words, from the phone, or by coordinates.

use leptos::prelude::*;

use super::super::filling::{Handle, answer};
use super::{Parts, invalid};
use crate::app::locale;
use crate::app::messages as m;
use crate::browser::geolocation;
use crate::model::answers::{Answer, Place};

/// The inputs.
pub fn place(form: Handle, index: usize, parts: &Parts) -> AnyView {
    let held = form.with_value(|form| match form.answer(index) {
        Some(Answer::Place(place)) => place.clone(),
        _ => Place::default(),
    });
    let by_hand = !held.lat.is_empty() || !held.long.is_empty();
    let address = held.address.clone();
    let lat = RwSignal::new(held.lat.clone());
    let long = RwSignal::new(held.long.clone());
    let place = StoredValue::new(held);
    let change = move |edit: &dyn Fn(&mut Place)| {
        let mut now = place.get_value();
        edit(&mut now);
        place.set_value(now.clone());
        answer(form, index, Answer::Place(now));
    };
    let said = RwSignal::new(String::new());
    let locate = move |_| {
        said.set(m::locating().to_owned());
        leptos::task::spawn_local(async move {
            match geolocation::position().await {
                Ok((latitude, longitude, accuracy)) => {
                    let (north, east) = (locale::degrees(latitude), locale::degrees(longitude));
                    lat.set(north.clone());
                    long.set(east.clone());
                    change(&move |place| {
                        place.lat.clone_from(&north);
                        place.long.clone_from(&east);
                    });
                    said.set(m::location_found(&locale::number(accuracy.round())));
                }
                Err(_) => said.set(m::location_denied().to_owned()),
            }
        });
    };
    let id = |part: &str| [&parts.id, "-", part].concat();
    view! {
        <label for=parts.id.clone()>{m::address_label()}</label>
        <input
            id=parts.id.clone()
            type="text"
            autocomplete="street-address"
            aria-invalid=invalid(form, index)
            prop:value=address
            on:input=move |event| {
                let text = event_target_value(&event);
                change(&move |place| place.address.clone_from(&text));
            }
        />
        <button type="button" class="button second" on:click=locate>{m::use_my_location()}</button>
        <p role="status" class="beneath">{move || said.get()}</p>
        <details open=by_hand>
            <summary>{m::coordinates()}</summary>
            <label for=id("lat")>{m::latitude()}</label>
            <input
                id=id("lat")
                type="text"
                inputmode="text"
                autocomplete="off"
                prop:value=move || lat.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    change(&move |place| place.lat.clone_from(&text));
                }
            />
            <label for=id("long")>{m::longitude()}</label>
            <input
                id=id("long")
                type="text"
                inputmode="text"
                autocomplete="off"
                prop:value=move || long.get()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    change(&move |place| place.long.clone_from(&text));
                }
            />
        </details>
    }
    .into_any()
}
