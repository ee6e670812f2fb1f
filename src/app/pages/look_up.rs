//! `/status/{code}/{backend}/{ref}`: a case by its number, for anyone who has it. Phase and timeline
//! only, nothing personal.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::components::loading::{Loaded, load};
use crate::app::components::timeline::case_view;
use crate::app::messages as m;
use crate::app::state::shared;
use crate::app::words;
use crate::catalogue::PublishedRegion;
use crate::model::case::Reference;
use crate::model::message::Command;
use crate::model::problem::Fault;
use crate::model::region::BackendId;
use crate::model::route::{Route, published_region};

/// The page.
pub fn page(backend: BackendId, reference: Reference) -> AnyView {
    let shared = shared();
    let region = load::<PublishedRegion>(published_region(&backend.region));
    let ask = {
        let (backend, reference) = (backend.clone(), reference.clone());
        move || {
            shared.looked_up.set(None);
            shared.tell(&Command::LookUp {
                backend: backend.clone(),
                reference: reference.clone(),
            });
        }
    };
    ask();
    let number = reference.to_string();
    let name = {
        let backend = backend.clone();
        move || system_name(&region.get(), &backend)
    };
    let answer = move || {
        let told = shared
            .looked_up
            .get()
            .filter(|told| told.backend == backend && told.reference == reference);
        match told.map(|told| told.answer) {
            None => view! { <p role="status" class="quiet">{m::asking(&name())}</p> }.into_any(),
            Some(Ok((case, as_of))) => {
                let service = (!case.service_name.is_empty())
                    .then(|| view! { <p class="lead">{case.service_name.clone()}</p> }.into_any());
                view! { {service} {case_view(&case, &name(), as_of)} }.into_any()
            }
            Some(Err(problem)) if problem.fault == Fault::NotFound => view! {
                <div class="card wait" role="alert"><p>{m::lookup_not_found(reference.as_str())}</p></div>
                <p><a class="button second" href=Route::Cases.to_string()>{m::lookup_title()}</a></p>
            }
            .into_any(),
            Some(Err(problem)) => view! {
                <div class="card stop" role="alert"><p>{words::fault(&problem.fault)}</p></div>
            }
            .into_any(),
        }
    };
    view! {
        {heading(m::lookup_title())}
        <p class="number">{number}</p>
        {answer}
        <button type="button" class="button second" on:click=move |_| ask()>{m::refresh()}</button>
    }
    .into_any()
}

/// The system's name with its region's, as far as they are known.
pub fn system_name(region: &Loaded<PublishedRegion>, id: &BackendId) -> String {
    match region {
        Loaded::Here(region) => {
            let backend = region.backends.iter().find(|backend| backend.id == id.backend);
            let name = backend.map_or(id.backend.as_str(), |backend| backend.name.get(m::language()));
            [name, region.name.as_str()].join(", ")
        }
        _ => id.to_string(),
    }
}
