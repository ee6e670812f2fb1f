//! `/status`: my cases, and the look-up by number. In a widget: the look-up in its region's systems
//! comes first.

use std::sync::Arc;

use leptos::prelude::event_target_value;

use super::home::case_line;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::list::list;
use crate::app::components::loading::{load, part, waiting, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::signal::{Signal, derived};
use crate::app::soon;
use crate::app::state::{Shared, shared};
use crate::browser::frame;
use crate::catalogue::Index;
use crate::model::case::Reference;
use crate::model::message::Command;
use crate::model::region::BackendId;
use crate::model::route::{PUBLISHED_INDEX, Route};

/// The page.
pub fn page() -> Markup {
    let shared = shared();
    let mut index = load::<Index>(PUBLISHED_INDEX.to_owned());
    if let Some(region) = frame::region() {
        index = part(index, move |index| index.of(&region));
        return all([
            heading(m::lookup_title()),
            el("p").text(m::lookup_lead()).view(),
            when_loaded(index, look_up, unknown::page),
            el("h2").text(m::cases_title()).view(),
            live(move || mine(shared)),
        ]);
    }
    let by_number = el("section")
        .child(el("h2").text(m::lookup_title()))
        .child(el("p").text(m::lookup_lead()))
        .child(when_loaded(index, look_up, unknown::page));
    all([
        heading(m::cases_title()),
        live(move || mine(shared)),
        refresh(shared),
        by_number.view(),
    ])
}

fn mine(shared: Shared) -> Markup {
    shared.cases.with(|cases| match cases {
        None => waiting(),
        Some(cases) if cases.is_empty() => el("p").text(m::cases_empty()).view(),
        Some(cases) => list(cases.iter().map(|case| case_line(case)).collect()),
    })
}

/// Asks about all cases. It stands apart from them, so that it keeps the focus when they change.
fn refresh(shared: Shared) -> Markup {
    let any = derived(move || shared.cases.with(|cases| cases.iter().flatten().next().is_some()));
    live(move || {
        if !any.get() {
            return nothing();
        }
        el("button")
            .attr("type", "button")
            .class("button second")
            .on("click", move |_| soon::tell(Command::Refresh { id: None }))
            .text(m::refresh())
            .view()
    })
}

fn look_up(index: Arc<Index>) -> Markup {
    // A system is offered once, by its region's name.
    let mut systems: Vec<(BackendId, String)> = Vec::new();
    for system in &index.systems {
        let region = index.regions.iter().find(|region| region.code == system.id.region);
        let region = region.map_or_else(|| system.id.region.to_string(), |region| region.name.clone());
        systems.push((system.id.clone(), [system.name.get(m::language()), &region].join(", ")));
    }
    let chosen = Signal::new(systems.first().map(|(id, _)| id.clone()));
    let number = Signal::new(String::new());
    let missing = Signal::new(false);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let reference: Option<Reference> = number.now().trim().parse().ok();
        match (chosen.now(), reference) {
            (Some(backend), Some(reference)) => shared().go(&Route::LookUp(backend, reference)),
            _ => missing.set(true),
        }
    };
    el("form")
        .on("submit", submit)
        .child(system_field(&systems, chosen))
        .child(number_field(number, missing))
        .child(el("button").class("button").text(m::lookup_button()))
        .view()
}

fn system_field(systems: &[(BackendId, String)], chosen: Signal<Option<BackendId>>) -> El {
    let options: Vec<El> = systems
        .iter()
        .map(|(id, name)| el("option").attr("value", &id.to_string()).text(name))
        .collect();
    let select = el("select")
        .id("sistem")
        .on("change", move |event| {
            chosen.set(event_target_value(&event).parse().ok())
        })
        .child(options);
    el("div")
        .class("field")
        .child(el("label").attr("for", "sistem").text(m::lookup_system()))
        .child(select)
}

fn number_field(number: Signal<String>, missing: Signal<bool>) -> El {
    let complaint = live(move || {
        if !missing.get() {
            return nothing();
        }
        el("p")
            .class("complaint")
            .id("nomor-salah")
            .text(m::lookup_missing())
            .view()
    });
    let input = el("input")
        .id("nomor")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("aria-describedby", "nomor-hint")
        .live_attr("aria-invalid", move || missing.get().then(|| "true".to_owned()))
        .on("input", move |event| number.set(event_target_value(&event)));
    el("div")
        .class("field")
        .child(el("label").attr("for", "nomor").text(m::lookup_number()))
        .child(el("p").class("hint").id("nomor-hint").text(m::lookup_number_hint()))
        .child(el("div").attr("role", "alert").child(complaint))
        .child(input)
}
