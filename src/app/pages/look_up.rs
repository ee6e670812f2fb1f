//! `/status/{code}/{backend}/{ref}`: a case by its number, for anyone who has it. Phase and timeline
//! only, nothing personal.
//!
//! Where the system wants to know more than the number, that is asked here: it never stands in the
//! address and is not kept.

use std::rc::Rc;

use leptos::prelude::event_target_value;
use web_sys::Event;

use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::loading::{Loaded, load};
use crate::app::components::login::login;
use crate::app::components::system::system_name;
use crate::app::components::timeline::case_view;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::soon;
use crate::app::state::shared;
use crate::app::words;
use crate::browser::address;
use crate::catalogue::PublishedRegion;
use crate::model::case::Reference;
use crate::model::login::SecondFact;
use crate::model::message::Command;
use crate::model::problem::Fault;
use crate::model::region::BackendId;
use crate::model::route::{Route, published_region};
use crate::model::secret::Secret;

/// What is looked up, and what has been said of it.
#[derive(Clone)]
struct LookUp {
    backend: BackendId,
    reference: Reference,
    /// What only the owner knows, once it was typed.
    second: Signal<Option<String>>,
}

impl LookUp {
    fn ask(&self) {
        let shared = shared();
        shared.looked_up.set(None);
        soon::tell(Command::LookUp {
            backend: self.backend.clone(),
            reference: self.reference.clone(),
            second_fact: self.second.now().map(Secret::new),
        });
    }
}

/// The page.
pub fn page(backend: BackendId, reference: Reference) -> Markup {
    let region = load::<PublishedRegion>(published_region(&backend.region));
    let number = el("p").class("number").text(&reference.to_string());
    let look_up = LookUp {
        backend,
        reference,
        second: Signal::new(None),
    };
    let drawn = live(move || {
        let region = region.get();
        if matches!(region, Loaded::Waiting) {
            return asking(&look_up.backend.to_string());
        }
        let name = system_name(&region, &look_up.backend);
        match wanted(&region, &look_up.backend) {
            Some(wanted) => guarded(look_up.clone(), &wanted, name),
            None => open(look_up.clone(), name),
        }
    });
    all([heading(m::lookup_title()), number.view(), drawn])
}

/// What the system wants to know beside the number.
fn wanted(region: &Loaded<PublishedRegion>, id: &BackendId) -> Option<SecondFact> {
    let Loaded::Here(region) = region else { return None };
    let backend = region.backends.iter().find(|backend| backend.id == id.backend)?;
    backend.capabilities.second_fact.clone()
}

/// Asked at once.
fn open(look_up: LookUp, system: String) -> Markup {
    look_up.ask();
    let again = look_up.clone();
    let again = el("button")
        .attr("type", "button")
        .class("button second")
        .on("click", move |_| again.ask())
        .text(m::refresh());
    all([answer(Rc::new(look_up), system), again.view()])
}

/// Asked once the owner's fact was typed.
fn guarded(look_up: LookUp, wanted: &SecondFact, system: String) -> Markup {
    let typed = Signal::new(String::new());
    let asked = look_up.clone();
    let submit = move |event: Event| {
        event.prevent_default();
        let fact = typed.now().trim().to_owned();
        if fact.is_empty() {
            return address::focus_soon("keterangan");
        }
        asked.second.set(Some(fact));
        asked.ask();
    };
    let hint = wanted.hint.get(m::language());
    let input = el("input")
        .id("keterangan")
        .attr("type", "text")
        .attr_some("inputmode", wanted.digits.then_some("numeric"))
        .attr("autocomplete", "off")
        .attr("aria-describedby", "keterangan-hint")
        .on("input", move |event| typed.set(event_target_value(&event)));
    let field = el("div")
        .class("field")
        .child(
            el("label")
                .attr("for", "keterangan")
                .text(wanted.label.get(m::language())),
        )
        .child(el("p").class("hint").id("keterangan-hint").text(hint))
        .child(input);
    let form = el("form")
        .on("submit", submit)
        .child(el("p").text(m::second_fact_why()))
        .child(field)
        .child(el("button").class("button").text(m::second_fact_button()));
    let second = look_up.second;
    let look_up = Rc::new(look_up);
    let answer = live(move || match second.get() {
        Some(_) => answer(Rc::clone(&look_up), system.clone()),
        None => nothing(),
    });
    all([form.view(), answer])
}

fn answer(look_up: Rc<LookUp>, system: String) -> Markup {
    live(move || {
        let told = shared()
            .looked_up
            .get()
            .filter(|told| told.backend == look_up.backend && told.reference == look_up.reference);
        match told.as_ref().map(|told| &told.answer) {
            None => asking(&system),
            Some(Ok((case, as_of))) => {
                let service = (!case.service_name.is_empty()).then(|| el("p").class("lead").text(&case.service_name));
                all([service.map_or_else(nothing, El::view), case_view(case, &system, *as_of)])
            }
            Some(Err(problem)) => refused(&problem.fault, &look_up),
        }
    })
}

/// What is said while a system is asked.
pub fn asking(system: &str) -> Markup {
    el("p")
        .attr("role", "status")
        .class("quiet")
        .text(&m::asking(system))
        .view()
}

fn refused(fault: &Fault, look_up: &Rc<LookUp>) -> Markup {
    let alert = |class: &str, words: &str| {
        el("div")
            .class(class)
            .attr("role", "alert")
            .child(el("p").text(words))
            .view()
    };
    let reference = look_up.reference.as_str();
    match fault {
        Fault::LoginNeeded => {
            let again = Rc::clone(look_up);
            login(&look_up.backend, move || again.ask())
        }
        Fault::NotFound => {
            let cases = el("a")
                .class("button second")
                .attr("href", &Route::Cases.to_string())
                .text(m::lookup_title());
            let words = if look_up.second.now().is_some() {
                m::lookup_not_both(reference)
            } else {
                m::lookup_not_found(reference)
            };
            all([alert("card wait", &words), el("p").child(cases).view()])
        }
        fault => alert("card stop", &words::fault(fault)),
    }
}
