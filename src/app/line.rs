//! The line to the engine: what is said to it, and what becomes of what it says.
//!
//! The engine is started by [`begin`]: at once on most pages, after the form answers to typing on a
//! form's. The pages share one port; all that the engine tells goes into [`super::state::Shared`].

use std::cell::RefCell;
use std::sync::Arc;

use super::state::{Fetched, HiddenDrafts, LookedUp, Trouble, journal, shared};
use super::words;
use crate::app::components::action::link;
use crate::app::components::element::{Markup, live, nothing};
use crate::app::messages as m;
use crate::browser::installed::{self, News};
use crate::browser::{build, erasure, lock, network, port::Port};
use crate::model::delivery::{Delivery, OutboxEntry};
use crate::model::message::{Command, Event};
use crate::model::route::Route;

thread_local! {
    static PORT: RefCell<Option<Port>> = const { RefCell::new(None) };
}

/// Starts the engine, and reads which drafts there are.
pub fn begin() {
    wake();
    read_drafts();
}

/// What waits in the outbox.
pub fn waiting() -> Markup {
    let shared = shared();
    live(move || {
        if shared.locked.get() {
            return link("top-link", &Route::MyData.to_string(), m::locked_badge()).view();
        }
        let count = shared.unsent().len();
        if count == 0 {
            return nothing();
        }
        let text = m::waiting_badge(&count.to_string());
        link("top-link", &Route::Outbox.to_string(), &text).view()
    })
}

/// Starts the engine if it is not running, and asks it what there is.
fn wake() {
    let shared = shared();
    if PORT.with_borrow(Option::is_some) {
        return;
    }
    let port = Port::start(
        hear,
        move |keys| {
            lock::hold(keys);
            unlocked();
        },
        move |death| {
            if !death.restarted {
                shared.trouble.set(Some(Trouble::EngineGone));
            }
        },
    );
    PORT.set(Some(port));
    tell(&Command::List);
    network::on_change(move |online| tell(&Command::Awake { online }));
    installed::begin(move |news| match news {
        News::Installable => shared.installable.set(true),
        News::Update => shared.warn(Trouble::NewBuild),
        News::Scarce => shared.warn(Trouble::Scarce),
    });
}

/// What a PIN kept closed is open.
pub fn unlocked() {
    let shared = shared();
    if shared.locked.now() {
        shared.locked.set(false);
        read_drafts();
    }
}

/// The port, for whoever hands keys over.
pub fn port() -> Option<Port> {
    wake();
    PORT.with_borrow(Clone::clone)
}

/// Says something to the engine, starting it where needed.
pub fn tell(command: &Command) {
    wake();
    PORT.with_borrow(|port| {
        if let Some(port) = port {
            port.send(command);
        }
    });
}

fn hear(event: Event) {
    let shared = shared();
    match event {
        Event::Hello { build } => {
            if build != build::name() {
                shared.warn(Trouble::NewBuild);
            }
        }
        Event::Delivery(entry) => note_delivery(entry),
        Event::Outbox(entries) => shared.outbox.set(Some(entries.into_iter().map(Arc::new).collect())),
        Event::Cases(cases) => shared.cases.set(Some(cases.into_iter().map(Arc::new).collect())),
        Event::Case(case) => shared.cases.update(|cases| {
            let (case, cases) = (Arc::new(case), cases.get_or_insert_default());
            match cases.iter_mut().find(|known| known.receipt.id == case.receipt.id) {
                Some(known) => *known = case,
                None => cases.insert(0, case),
            }
        }),
        Event::LookedUp {
            backend,
            reference,
            answer,
        } => {
            shared.looked_up.set(Some(Arc::new(LookedUp {
                backend,
                reference,
                answer,
            })));
        }
        Event::LoggedIn { backend, answer } => {
            shared
                .logged_in
                .set(Some((backend, answer.err().map(|problem| problem.fault))));
        }
        Event::Accesses(accesses) => shared.accesses.set(accesses),
        Event::Document { handle, answer, .. } => {
            shared.document.set(Some(Arc::new(Fetched { handle, answer })));
        }
        // Nothing asks for the list yet.
        Event::Mine { .. } => {}
        Event::Erased => {
            shared.outbox.set(Some(Vec::new()));
            shared.cases.set(Some(Vec::new()));
            shared.drafts.set(Some(Vec::new()));
            shared.people.set(None);
            shared.receipt.set(None);
            leptos::task::spawn_local(async move {
                erasure::rest().await;
                shared.erased.set(true);
            });
        }
        Event::StoreFailed { what } => shared.trouble.set(Some(Trouble::Store(what))),
    }
}

fn note_delivery(entry: OutboxEntry) {
    let shared = shared();
    let delivered = matches!(entry.delivery, Delivery::Delivered(_));
    if let Delivery::Delivered(receipt) = &entry.delivery {
        shared.receipt.set(Some(receipt.clone()));
    }
    shared.announcement.set(words::delivery(&entry.delivery));
    shared.outbox.update(|outbox| {
        let (entry, outbox) = (Arc::new(entry), outbox.get_or_insert_default());
        let at = outbox.iter().position(|known| known.id == entry.id);
        match (at, delivered) {
            (Some(at), true) => {
                outbox.remove(at);
            }
            (None, true) => {}
            (Some(at), false) => {
                if let Some(known) = outbox.get_mut(at) {
                    *known = entry;
                }
            }
            (None, false) => outbox.push(entry),
        }
    });
}

/// Reads the journal's drafts anew.
pub fn read_drafts() {
    let shared = shared();
    leptos::task::spawn_local(async move {
        let kept = match journal().await {
            Ok(journal) => journal.drafts().await,
            Err(error) => Err(error),
        };
        let hidden = match kept {
            Ok(kept) => {
                shared.drafts.set(Some(kept.drafts));
                match kept.unreadable.len() {
                    0 => HiddenDrafts::None,
                    count => HiddenDrafts::Unreadable(count),
                }
            }
            // What was read before is shown on: none is not known.
            Err(_) => HiddenDrafts::Refused,
        };
        shared.hidden_drafts.set(hidden);
    });
}
