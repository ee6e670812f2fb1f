//! `/status`: my cases, and the look-up by number.

use leptos::prelude::*;

use super::home::case_line;
use crate::app::components::heading::heading;
use crate::app::components::list::list;
use crate::app::components::loading::{load, waiting, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::state::shared;
use crate::catalogue::Index;
use crate::model::case::Reference;
use crate::model::message::Command;
use crate::model::region::BackendId;
use crate::model::route::{PUBLISHED_INDEX, Route};

/// The page.
pub fn page() -> AnyView {
    let shared = shared();
    let mine = move || match shared.cases.get() {
        None => waiting(),
        Some(cases) if cases.is_empty() => view! { <p>{m::cases_empty()}</p> }.into_any(),
        Some(cases) => view! {
            {list(cases.iter().map(case_line).collect())}
            <button type="button" class="button second" on:click=move |_| shared.tell(&Command::Refresh { id: None })>
                {m::refresh()}
            </button>
        }
        .into_any(),
    };
    let index = load::<Index>(PUBLISHED_INDEX.to_owned());
    view! {
        {heading(m::cases_title())}
        {mine}
        <section>
            <h2>{m::lookup_title()}</h2>
            <p>{m::lookup_lead()}</p>
            {when_loaded(index, look_up, unknown::page)}
        </section>
    }
    .into_any()
}

fn look_up(index: Index) -> AnyView {
    // A system is offered once, by its region's name.
    let mut systems: Vec<(BackendId, String)> = Vec::new();
    for system in &index.systems {
        let region = index.regions.iter().find(|region| region.code == system.id.region);
        let region = region.map_or_else(|| system.id.region.to_string(), |region| region.name.clone());
        systems.push((system.id.clone(), [system.name.get(m::language()), &region].join(", ")));
    }
    let chosen = RwSignal::new(systems.first().map(|(id, _)| id.clone()));
    let number = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let options: Vec<AnyView> = systems
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name.clone()}</option> }.into_any())
        .collect();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reference: Option<Reference> = number.get_untracked().trim().parse().ok();
        match (chosen.get_untracked(), reference) {
            (Some(backend), Some(reference)) => shared().go(&Route::LookUp(backend, reference)),
            _ => missing.set(true),
        }
    };
    view! {
        <form on:submit=submit>
            <div class="field">
                <label for="sistem">{m::lookup_system()}</label>
                <select id="sistem" on:change=move |event| chosen.set(event_target_value(&event).parse().ok())>
                    {options}
                </select>
            </div>
            <div class="field">
                <label for="nomor">{m::lookup_number()}</label>
                <p class="hint" id="nomor-hint">{m::lookup_number_hint()}</p>
                <div role="alert">
                    {move || missing.get().then(|| view! { <p class="complaint" id="nomor-salah">{m::lookup_missing()}</p> }.into_any())}
                </div>
                <input
                    id="nomor"
                    type="text"
                    autocomplete="off"
                    aria-describedby="nomor-hint"
                    aria-invalid=move || missing.get().then_some("true")
                    on:input=move |event| number.set(event_target_value(&event))
                />
            </div>
            <button class="button">{m::lookup_button()}</button>
        </form>
    }
    .into_any()
}
