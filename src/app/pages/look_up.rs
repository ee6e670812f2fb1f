//! `/status/{code}/{backend}/{ref}`: a case by its number, for anyone who has it. Phase and timeline
//! only, nothing personal.

use crate::app::components::element::{El, Markup, all, el, live, nothing};
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
pub fn page(backend: BackendId, reference: Reference) -> Markup {
    let shared = shared();
    let region = load::<PublishedRegion>(published_region(&backend.region));
    let ask = {
        let (backend, reference) = (backend.clone(), reference.clone());
        move || {
            shared.looked_up.set(None);
            shared.tell(&Command::LookUp {
                second_fact: None,
                backend: backend.clone(),
                reference: reference.clone(),
            });
        }
    };
    ask();
    let number = el("p").class("number").text(&reference.to_string());
    let answer = live(move || {
        let name = || system_name(&region.get(), &backend);
        let told = shared
            .looked_up
            .get()
            .filter(|told| told.backend == backend && told.reference == reference);
        match told.as_ref().map(|told| &told.answer) {
            None => asking(&name()),
            Some(Ok((case, as_of))) => {
                let service = (!case.service_name.is_empty()).then(|| el("p").class("lead").text(&case.service_name));
                all([service.map_or_else(nothing, El::view), case_view(case, &name(), *as_of)])
            }
            Some(Err(problem)) => refused(&problem.fault, &reference),
        }
    });
    let again = el("button")
        .attr("type", "button")
        .class("button second")
        .on("click", move |_| ask())
        .text(m::refresh());
    all([heading(m::lookup_title()), number.view(), answer, again.view()])
}

/// What is said while a system is asked.
pub fn asking(system: &str) -> Markup {
    el("p")
        .attr("role", "status")
        .class("quiet")
        .text(&m::asking(system))
        .view()
}

fn refused(fault: &Fault, reference: &Reference) -> Markup {
    let alert = |class: &str, words: &str| {
        el("div")
            .class(class)
            .attr("role", "alert")
            .child(el("p").text(words))
            .view()
    };
    if *fault != Fault::NotFound {
        return alert("card stop", &words::fault(fault));
    }
    let cases = el("a")
        .class("button second")
        .attr("href", &Route::Cases.to_string())
        .text(m::lookup_title());
    all([
        alert("card wait", &m::lookup_not_found(reference.as_str())),
        el("p").child(cases).view(),
    ])
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
