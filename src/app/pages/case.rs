//! `/status/saya/{id}`: one application from "Kirim" on: its delivery, its receipt, its case.

use leptos::prelude::*;

use super::look_up::system_name;
use crate::app::components::delivery::delivery_card;
use crate::app::components::heading::heading;
use crate::app::components::loading::{Loaded, load, waiting};
use crate::app::components::timeline::case_view;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::state::shared;
use crate::app::theme;
use crate::app::words;
use crate::browser::share;
use crate::catalogue::PublishedRegion;
use crate::model::application::ApplicationId;
use crate::model::case::{Acknowledgement, MyCase};
use crate::model::delivery::OutboxEntry;
use crate::model::message::Command;
use crate::model::receipt::Receipt;
use crate::model::route::{Route, published_region};

/// The page.
pub fn page(id: ApplicationId) -> AnyView {
    let shared = shared();
    // Opening a case is asking about it; what the engine does not know it leaves alone.
    shared.tell(&Command::Refresh { id: Some(id.clone()) });
    let known = Memo::new(move |_| {
        let case = shared
            .cases
            .with(|cases| cases.iter().flatten().find(|case| case.receipt.id == id).cloned());
        match case {
            Some(case) => Known::Case(Box::new(case)),
            None => match shared.entry(&id) {
                Some(entry) => Known::Entry(Box::new(entry)),
                None if shared.cases.with(Option::is_some) && shared.drafts.with(Option::is_some) => Known::Nothing,
                None => Known::NotYet,
            },
        }
    });
    (move || match known.get() {
        Known::Case(case) => delivered(&case),
        Known::Entry(entry) => on_its_way(&entry),
        Known::NotYet => waiting(),
        Known::Nothing => view! {
            {heading(m::unknown_title())}
            <p class="lead">{m::case_gone()}</p>
            <p><a class="button second" href=Route::Cases.to_string()>{m::cases_title()}</a></p>
        }
        .into_any(),
    })
    .into_any()
}

#[derive(Clone, PartialEq)]
enum Known {
    Case(Box<MyCase>),
    Entry(Box<OutboxEntry>),
    NotYet,
    Nothing,
}

fn on_its_way(entry: &OutboxEntry) -> AnyView {
    view! { {heading(&entry.title)} {delivery_card(entry)} }.into_any()
}

fn delivered(case: &MyCase) -> AnyView {
    let shared = shared();
    let backend = case.receipt.service.backend.clone();
    let region = load::<PublishedRegion>(published_region(&backend.region));
    Effect::new(move |_| {
        if let Loaded::Here(region) = region.get() {
            theme::apply(region.theme.as_ref());
        }
    });
    let id = case.receipt.id.clone();
    let refresh = move |_| shared.tell(&Command::Refresh { id: Some(id.clone()) });
    let story = {
        let case = case.clone();
        move || {
            let name = system_name(&region.get(), &backend);
            let trouble = case.trouble.as_ref().map(|fault| {
                let words = words::fault(fault);
                let words = if case.case.is_some() {
                    m::case_trouble(&words)
                } else {
                    words
                };
                view! { <div class="card wait" role="status"><p>{words}</p></div> }.into_any()
            });
            let told = match (&case.case, case.as_of) {
                (Some(told), Some(as_of)) => case_view(told, &name, as_of),
                (None, Some(_)) => view! { <p>{m::case_pending()}</p> }.into_any(),
                _ if case.trouble.is_some() => ().into_any(),
                _ => view! { <p role="status" class="quiet">{m::asking(&name)}</p> }.into_any(),
            };
            view! { {trouble} {told} }.into_any()
        }
    };
    let asks = (case.receipt.acknowledgement != Acknowledgement::Nothing).then(|| {
        view! {
            {story}
            <button type="button" class="button second" on:click=refresh>{m::refresh()}</button>
        }
        .into_any()
    });
    view! { {heading(&case.receipt.title)} {receipt(case)} {asks} }.into_any()
}

fn receipt(case: &MyCase) -> AnyView {
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
    let notice = (!receipt.notice.is_empty()).then(|| {
        view! { <p class="quiet">{m::notice_from_office()}</p> <blockquote>{m::quoted(&receipt.notice)}</blockquote> }.into_any()
    });
    let number = label.map(|label| {
        let copied = shown.clone();
        let copy = move |_| {
            let copied = copied.clone();
            leptos::task::spawn_local(async move {
                if share::copy(&copied).await {
                    shared().announcement.set(m::copied().to_owned());
                }
            });
        };
        view! {
            <p class="quiet">{label}</p>
            <p class="number">{shown.clone()}</p>
            <button type="button" class="plain" on:click=copy>{m::copy()}</button>
        }
        .into_any()
    });
    view! {
        <section class="card done" data-reference=shown.clone() aria-labelledby="bukti">
            <h2 id="bukti"><span aria-hidden="true">"✓ "</span>{m::receipt_title()}</h2>
            {number}
            {hint.map(|hint| view! { <p>{hint}</p> }.into_any())}
            {notice}
            <p class="quiet">
                {m::receipt_sent(&locale::moment(receipt.submitted))} <br />
                {m::receipt_delivered(&locale::moment(receipt.delivered))}
            </p>
        </section>
    }
    .into_any()
}
