//! A place: in words, from the phone, or by coordinates.

use leptos::prelude::event_target_value;
use web_sys::Event;

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::action::button;
use crate::app::components::element::{Markup, all, el, live};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::browser::geolocation;
use crate::model::answers::{Answer, Place};

/// A part of a place, and how it is reached.
type Part = fn(&mut Place) -> &mut String;

/// The inputs.
pub fn place(form: Handle, index: usize, parts: &Parts) -> Markup {
    let held = form.look(|form| match form.answer(index) {
        Some(Answer::Place(place)) => place.clone(),
        _ => Place::default(),
    });
    let by_hand = !held.lat.is_empty() || !held.long.is_empty();
    let address = parts
        .input("input", form, index)
        .attr("type", "text")
        .attr("autocomplete", "street-address")
        .attr("value", &held.address);
    // What the phone says is written into the two inputs.
    let (lat, long) = (Signal::new(held.lat.clone()), Signal::new(held.long.clone()));
    let place = Signal::new(held);
    let set = move |part: Part, text: String| {
        place.quietly(|place| *part(place) = text);
        answer(form, index, Answer::Place(place.now()));
    };
    let typed = move |part: Part| move |event: Event| set(part, event_target_value(&event));
    let said = Signal::new(String::new());
    let locate = move |_| {
        said.set(m::locating().to_owned());
        leptos::task::spawn_local(async move {
            let Ok((latitude, longitude, accuracy)) = geolocation::position().await else {
                said.set(m::location_denied().to_owned());
                return;
            };
            for (signal, part, value) in [(lat, LAT, latitude), (long, LONG, longitude)] {
                let text = locale::degrees(value);
                signal.set(text.clone());
                set(part, text);
            }
            said.set(m::location_found(&locale::number(accuracy.round())));
        });
    };
    let coordinate = |name: &'static str, label: &'static str, part: Part, value: Signal<String>| {
        let id = [&parts.id, "-", name].concat();
        let input = live(move || {
            let input = el("input").id(&id).attr("type", "text").attr("autocomplete", "off");
            input.attr("value", &value.get()).on("input", typed(part)).view()
        });
        let id = [&parts.id, "-", name].concat();
        (el("label").attr("for", &id).text(label), input)
    };
    let by_coordinates = el("details")
        .attr_if("open", by_hand)
        .child(el("summary").text(m::coordinates()))
        .child(coordinate("lat", m::latitude(), LAT, lat))
        .child(coordinate("long", m::longitude(), LONG, long));
    all([
        el("label").attr("for", &parts.id).text(m::address_label()),
        address.on("input", typed(|place| &mut place.address)),
        button("button second", m::use_my_location(), locate),
        el("p")
            .class("beneath")
            .attr("role", "status")
            .live_text(move || said.get()),
        by_coordinates,
    ])
}

const LAT: Part = |place| &mut place.lat;
const LONG: Part = |place| &mut place.long;
