//! An application on its way: where it is, what is safe, and what one can do.

use leptos::prelude::event_target_value;

use super::action::{button, link};
use super::badge::delivery_badge;
use super::element::{El, Markup, el};
use super::login::login;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::soon;
use crate::app::state::{Trouble, journal, shared};
use crate::app::words;
use crate::browser::address;
use crate::model::application::ApplicationId;
use crate::model::case::Reference;
use crate::model::delivery::{Delivery, OutboxEntry, WaitingFor};
use crate::model::message::{Command, Decision};
use crate::model::route::Route;

/// The card of one application.
pub fn delivery_card(entry: &OutboxEntry) -> Markup {
    let story: Vec<El> = words::delivery_story(entry, locale::moment)
        .iter()
        .map(|line| el("p").text(line))
        .collect();
    el("article")
        .class("card")
        .attr("data-delivery", entry.delivery.word())
        .child(el("p").child(delivery_badge(&entry.delivery)))
        .child(story)
        .child(log_in(entry))
        .child(actions(entry))
        .child(
            el("p")
                .class("quiet")
                .text(&m::receipt_sent(&locale::moment(entry.submitted))),
        )
        .view()
}

/// The login that it waits for.
fn log_in(entry: &OutboxEntry) -> Option<Markup> {
    let waits = matches!(
        entry.delivery,
        Delivery::Waiting(WaitingFor::Login) | Delivery::Uncertain { login: true, .. }
    );
    // The engine goes on by itself once the login has worked.
    waits.then(|| login(&entry.service.backend, || {}))
}

fn actions(entry: &OutboxEntry) -> Vec<El> {
    let id = &entry.id;
    let fill = |text| link("button", &Route::Fill(entry.service.clone()).to_string(), text);
    match &entry.delivery {
        Delivery::Waiting(WaitingFor::FormChanged { .. }) => vec![fill(m::check_and_send()), discard(id)],
        Delivery::Rejected { .. } => vec![fill(m::correct()), discard(id)],
        Delivery::Waiting(WaitingFor::Login) | Delivery::Uncertain { login: true, .. } => vec![discard(id)],
        Delivery::Waiting(_) => vec![retry(id.clone()), discard(id)],
        Delivery::Uncertain { until: None, .. } => decide(id),
        _ => Vec::new(),
    }
}

fn retry(id: ApplicationId) -> El {
    let tell = move |_| soon::tell(Command::Retry { id: id.clone() });
    button("button", m::try_now(), tell)
}

fn discard(id: &ApplicationId) -> El {
    let id = id.clone();
    let tell = move |_| {
        if !address::confirm(m::discard_sure()) {
            return;
        }
        let shared = shared();
        let id = id.clone();
        soon::tell(Command::Discard { id: id.clone() });
        leptos::task::spawn_local(async move {
            // The engine drops the draft too; here it goes at once, whatever the engine does.
            let gone = match journal().await {
                Ok(journal) => journal.discard(&id).await,
                Err(error) => Err(error),
            };
            if let Err(error) = gone {
                shared.trouble.set(Some(Trouble::Store(error.to_string())));
            }
            soon::read_drafts();
        });
    };
    button("button second", m::discard(), tell)
}

fn decide(id: &ApplicationId) -> Vec<El> {
    let number = Signal::new(String::new());
    let (again, arrived) = (id.clone(), id.clone());
    let again = move |_| {
        let decision = Decision::SendAgain;
        soon::tell(Command::Decide {
            id: again.clone(),
            decision,
        });
    };
    let arrived = move |_| {
        let reference: Option<Reference> = number.now().trim().parse().ok();
        let decision = Decision::Arrived { reference };
        soon::tell(Command::Decide {
            id: arrived.clone(),
            decision,
        });
    };
    let input = el("input")
        .id("nomor-kantor")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .on("input", move |event| number.set(event_target_value(&event)));
    let label = el("label").attr("for", "nomor-kantor").text(m::arrived_number());
    vec![
        el("div").class("field").child(label).child(input),
        button("button", m::it_arrived(), arrived),
        button("button second", m::send_again(), again),
        discard(id),
    ]
}
