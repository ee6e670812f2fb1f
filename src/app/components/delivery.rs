//! An application on its way: where it is, what is safe, and what one can do.

use leptos::prelude::*;

use super::badge::delivery_badge;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::state::{journal, shared};
use crate::app::words;
use crate::browser::address;
use crate::model::application::ApplicationId;
use crate::model::case::Reference;
use crate::model::delivery::{Delivery, OutboxEntry, WaitingFor};
use crate::model::message::{Command, Decision};
use crate::model::route::Route;

/// The card of one application.
pub fn delivery_card(entry: &OutboxEntry) -> AnyView {
    let story: Vec<AnyView> = words::delivery_story(entry, locale::moment)
        .into_iter()
        .map(|line| view! { <p>{line}</p> }.into_any())
        .collect();
    let sent = m::receipt_sent(&locale::moment(entry.submitted));
    view! {
        <article class="card" data-delivery=entry.delivery.word()>
            <p>{delivery_badge(&entry.delivery)}</p>
            {story}
            {actions(entry)}
            <p class="quiet">{sent}</p>
        </article>
    }
    .into_any()
}

fn actions(entry: &OutboxEntry) -> AnyView {
    let id = entry.id.clone();
    let fill = Route::Fill(entry.service.clone()).to_string();
    match &entry.delivery {
        Delivery::Waiting(WaitingFor::FormChanged { .. }) => {
            view! { <a class="button" href=fill>{m::check_and_send()}</a> {discard(id)} }.into_any()
        }
        Delivery::Rejected { .. } => view! { <a class="button" href=fill>{m::correct()}</a> {discard(id)} }.into_any(),
        Delivery::Waiting(_) => view! { {retry(id.clone())} {discard(id)} }.into_any(),
        Delivery::Uncertain { until: None, .. } => decide(id),
        _ => ().into_any(),
    }
}

fn retry(id: ApplicationId) -> AnyView {
    let tell = move |_| shared().tell(&Command::Retry { id: id.clone() });
    view! { <button type="button" class="button" on:click=tell>{m::try_now()}</button> }.into_any()
}

fn discard(id: ApplicationId) -> AnyView {
    let tell = move |_| {
        if !address::confirm(m::discard_sure()) {
            return;
        }
        let shared = shared();
        let id = id.clone();
        shared.tell(&Command::Discard { id: id.clone() });
        leptos::task::spawn_local(async move {
            // The engine drops the draft too; here it goes at once, whatever the engine does.
            if let Ok(journal) = journal().await {
                let _ = journal.discard(&id).await;
            }
            shared.read_drafts();
        });
    };
    view! { <button type="button" class="button second" on:click=tell>{m::discard()}</button> }.into_any()
}

fn decide(id: ApplicationId) -> AnyView {
    let number = RwSignal::new(String::new());
    let again = {
        let id = id.clone();
        move |_| {
            shared().tell(&Command::Decide {
                id: id.clone(),
                decision: Decision::SendAgain,
            })
        }
    };
    let arrived = {
        let id = id.clone();
        move |_| {
            let reference: Option<Reference> = number.get_untracked().trim().parse().ok();
            shared().tell(&Command::Decide {
                id: id.clone(),
                decision: Decision::Arrived { reference },
            });
        }
    };
    view! {
        <div class="field">
            <label for="nomor-kantor">{m::arrived_number()}</label>
            <input
                id="nomor-kantor"
                type="text"
                autocomplete="off"
                on:input=move |event| number.set(event_target_value(&event))
            />
        </div>
        <button type="button" class="button" on:click=arrived>{m::it_arrived()}</button>
        <button type="button" class="button second" on:click=again>{m::send_again()}</button>
        {discard(id)}
    }
    .into_any()
}
