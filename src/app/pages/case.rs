//! `/status/saya/{id}`: one application from "Kirim" on: its delivery, its receipt, its case.

use std::sync::Arc;

use super::look_up::asking;
use crate::app::components::completion::completion;
use crate::app::components::delivery::delivery_card;
use crate::app::components::documents::documents;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::loading::{Loaded, load, waiting};
use crate::app::components::login::login;
use crate::app::components::system::system_name;
use crate::app::components::timeline::case_view;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::{Signal, derived, follow};
use crate::app::soon;
use crate::app::state::shared;
use crate::app::theme;
use crate::app::words;
use crate::browser::share;
use crate::catalogue::PublishedRegion;
use crate::model::application::ApplicationId;
use crate::model::case::{Acknowledgement, MyCase};
use crate::model::delivery::OutboxEntry;
use crate::model::message::Command;
use crate::model::problem::Fault;
use crate::model::receipt::Receipt;
use crate::model::route::{Route, published_region};

/// The page.
pub fn page(id: ApplicationId) -> Markup {
    let shared = shared();
    // Opening a case is asking about it; what the engine does not know it leaves alone.
    soon::tell(Command::Refresh { id: Some(id.clone()) });
    let this = id.clone();
    let known = derived(move || {
        let case = shared
            .cases
            .with(|cases| cases.iter().flatten().find(|case| case.receipt.id == id).cloned());
        match case {
            Some(case) => Known::Case(case),
            None => match shared.entry(&id) {
                Some(entry) => Known::Entry(entry),
                None if shared.cases.with(Option::is_some) && shared.drafts.with(Option::is_some) => Known::Nothing,
                None => Known::NotYet,
            },
        }
    });
    let title = derived(move || known.with(Known::title));
    // The heading and the button stand apart from what is told, so that they keep the focus when that
    // changes.
    all([
        live(move || title.get().map_or_else(nothing, |title| heading(&title))),
        live(move || match known.get() {
            Known::Case(case) => delivered(&case),
            Known::Entry(entry) => delivery_card(&entry),
            Known::NotYet => waiting(),
            Known::Nothing => gone(),
        }),
        refresh(this, known),
    ])
}

#[derive(Clone, PartialEq)]
enum Known {
    Case(Arc<MyCase>),
    Entry(Arc<OutboxEntry>),
    NotYet,
    Nothing,
}

impl Known {
    /// The page's heading; none while it is not known whether there is such an application.
    fn title(&self) -> Option<String> {
        match self {
            Self::Case(case) => Some(case.receipt.title.clone()),
            Self::Entry(entry) => Some(entry.title.clone()),
            Self::NotYet => None,
            Self::Nothing => Some(m::unknown_title().to_owned()),
        }
    }

    /// Whether its system can be asked about it.
    fn can_ask(&self) -> bool {
        matches!(self, Self::Case(case) if can_ask(&case.receipt))
    }
}

/// Whether a receipt leads to a case that its system can be asked about.
fn can_ask(receipt: &Receipt) -> bool {
    receipt.acknowledgement != Acknowledgement::Nothing
}

/// Asks about the case.
fn refresh(id: ApplicationId, known: Signal<Known>) -> Markup {
    let offered = derived(move || known.with(Known::can_ask));
    live(move || {
        if !offered.get() {
            return nothing();
        }
        let id = id.clone();
        el("button")
            .attr("type", "button")
            .class("button second")
            .on("click", move |_| soon::tell(Command::Refresh { id: Some(id.clone()) }))
            .text(m::refresh())
            .view()
    })
}

fn gone() -> Markup {
    let cases = el("a")
        .class("button second")
        .attr("href", &Route::Cases.to_string())
        .text(m::cases_title());
    all([
        el("p").class("lead").text(m::case_gone()).view(),
        el("p").child(cases).view(),
    ])
}

fn delivered(case: &Arc<MyCase>) -> Markup {
    let region = load::<PublishedRegion>(published_region(&case.receipt.service.backend.region));
    follow(Box::new(move || {
        if let Loaded::Here(region) = region.get() {
            theme::apply(region.theme.as_ref());
        }
    }));
    let story = can_ask(&case.receipt).then(|| {
        let case = Arc::clone(case);
        live(move || story(&case, &region.get()))
    });
    all([Some(receipt(case)), story])
}

/// What the system has told about the case, and what stands in the way of asking it again.
fn story(case: &MyCase, region: &Loaded<PublishedRegion>) -> Markup {
    let system = &system_name(region, &case.receipt.service.backend);
    let trouble = case.trouble.as_ref().map(|fault| {
        let words = words::fault(fault);
        let words = if case.case.is_some() {
            m::case_trouble(&words)
        } else {
            words
        };
        el("div")
            .class("card wait")
            .attr("role", "status")
            .child(el("p").text(&words))
            .view()
    });
    let told = match (&case.case, case.as_of) {
        (Some(told), Some(as_of)) => Some(case_view(told, system, as_of)),
        (None, Some(_)) => Some(el("p").text(m::case_pending()).view()),
        _ if case.trouble.is_some() => None,
        _ => Some(asking(system)),
    };
    let backend = &case.receipt.service.backend;
    // The engine asks again by itself once the login has worked.
    let log_in = (case.trouble == Some(Fault::LoginNeeded)).then(|| login(backend, || {}));
    let files = case.case.as_ref().map(|told| documents(backend, told));
    let can = match region {
        Loaded::Here(region) => region
            .backends
            .iter()
            .any(|known| known.id == backend.backend && known.capabilities.complete),
        _ => false,
    };
    all([trouble, log_in, completion(case, can), told, files])
}

fn receipt(case: &MyCase) -> Markup {
    let receipt: &Receipt = &case.receipt;
    // The number that a token has become, once the backend has told it.
    let number = case.case.as_ref().and_then(|case| case.reference.as_ref());
    let (label, shown, hint) = match (&receipt.acknowledgement, number) {
        (Acknowledgement::Nothing, None) => (None, String::new(), Some(m::receipt_nothing())),
        (Acknowledgement::Token(token), None) => (
            Some(m::receipt_token()),
            token.to_string(),
            Some(m::receipt_token_hint()),
        ),
        (Acknowledgement::Reference(number), _) | (_, Some(number)) => {
            (Some(m::receipt_number()), number.to_string(), None)
        }
    };
    let title = el("h2")
        .id("bukti")
        .child(el("span").attr("aria-hidden", "true").text("✓ "))
        .text(m::receipt_title());
    let mut card = el("section")
        .class("card done")
        .attr("data-reference", &shown)
        .attr("aria-labelledby", "bukti")
        .child(title);
    if let Some(label) = label {
        card = card.child(number_to_copy(label, shown));
    }
    if let Some(hint) = hint {
        card = card.child(el("p").text(hint));
    }
    if !receipt.notice.is_empty() {
        card = card
            .child(el("p").class("quiet").text(m::notice_from_office()))
            .child(el("blockquote").text(&m::quoted(&receipt.notice)));
    }
    let times = el("p")
        .class("quiet")
        .text(&m::receipt_sent(&locale::moment(receipt.submitted)))
        .child(el("br"))
        .text(&m::receipt_delivered(&locale::moment(receipt.delivered)));
    card.child(times).view()
}

/// A number to keep, and the button that copies it.
fn number_to_copy(label: &str, number: String) -> [El; 3] {
    let shown = el("p").class("number").text(&number);
    let copy = move |_| {
        let number = number.clone();
        leptos::task::spawn_local(async move {
            if share::copy(&number).await {
                shared().announcement.set(m::copied().to_owned());
            }
        });
    };
    let button = el("button")
        .attr("type", "button")
        .class("plain")
        .on("click", copy)
        .text(m::copy());
    [el("p").class("quiet").text(label), shown, button]
}
