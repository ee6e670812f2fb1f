//! The line to the engine: what is said to it, and what becomes of what it says.
//!
//! The engine is started by [`begin`]: at once on most pages, after the form answers to typing on a
//! form's. The pages share one port; all that the engine tells goes into [`Shared`].

use std::cell::RefCell;
use std::sync::Arc;

use super::state::{Fetched, HiddenDrafts, LookedUp, Shared, Trouble, journal, shared};
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
    let shared = shared();
    shared.wake();
    shared.read_drafts();
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

impl Shared {
    /// Starts the engine if it is not running, and asks it what there is.
    pub fn wake(self) {
        if PORT.with_borrow(Option::is_some) {
            return;
        }
        let port = Port::start(
            move |event| self.hear(event),
            move |keys| {
                lock::hold(keys);
                self.unlocked();
            },
            move |death| {
                if !death.restarted {
                    self.trouble.set(Some(Trouble::EngineGone));
                }
            },
        );
        PORT.set(Some(port));
        self.tell(&Command::List);
        network::on_change(move |online| self.tell(&Command::Awake { online }));
        installed::begin(move |news| match news {
            News::Installable => self.installable.set(true),
            News::Update => self.warn(Trouble::NewBuild),
            News::Scarce => self.warn(Trouble::Scarce),
        });
    }

    /// What a PIN kept closed is open.
    pub fn unlocked(self) {
        if self.locked.now() {
            self.locked.set(false);
            self.read_drafts();
        }
    }

    /// The port, for whoever hands keys over.
    pub fn port(self) -> Option<Port> {
        self.wake();
        PORT.with_borrow(Clone::clone)
    }

    /// Says something to the engine, starting it where needed.
    pub fn tell(self, command: &Command) {
        self.wake();
        PORT.with_borrow(|port| {
            if let Some(port) = port {
                port.send(command);
            }
        });
    }

    fn hear(self, event: Event) {
        match event {
            Event::Hello { build } => {
                if build != build::name() {
                    self.warn(Trouble::NewBuild);
                }
            }
            Event::Delivery(entry) => self.note_delivery(entry),
            Event::Outbox(entries) => self.outbox.set(Some(entries.into_iter().map(Arc::new).collect())),
            Event::Cases(cases) => self.cases.set(Some(cases.into_iter().map(Arc::new).collect())),
            Event::Case(case) => self.cases.update(|cases| {
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
                self.looked_up.set(Some(Arc::new(LookedUp {
                    backend,
                    reference,
                    answer,
                })));
            }
            Event::LoggedIn { backend, answer } => {
                self.logged_in
                    .set(Some((backend, answer.err().map(|problem| problem.fault))));
            }
            Event::Accesses(accesses) => self.accesses.set(accesses),
            Event::Document { handle, answer, .. } => {
                self.document.set(Some(Arc::new(Fetched { handle, answer })));
            }
            // Nothing asks for the list yet.
            Event::Mine { .. } => {}
            Event::Erased => {
                self.outbox.set(Some(Vec::new()));
                self.cases.set(Some(Vec::new()));
                self.drafts.set(Some(Vec::new()));
                self.people.set(None);
                self.receipt.set(None);
                leptos::task::spawn_local(async move {
                    erasure::rest().await;
                    self.erased.set(true);
                });
            }
            Event::StoreFailed { what } => self.trouble.set(Some(Trouble::Store(what))),
        }
    }

    fn note_delivery(self, entry: OutboxEntry) {
        let delivered = matches!(entry.delivery, Delivery::Delivered(_));
        if let Delivery::Delivered(receipt) = &entry.delivery {
            self.receipt.set(Some(receipt.clone()));
        }
        self.announcement.set(super::words::delivery(&entry.delivery));
        self.outbox.update(|outbox| {
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
    pub fn read_drafts(self) {
        leptos::task::spawn_local(async move {
            let kept = match journal().await {
                Ok(journal) => journal.drafts().await,
                Err(error) => Err(error),
            };
            let hidden = match kept {
                Ok(kept) => {
                    self.drafts.set(Some(kept.drafts));
                    match kept.unreadable.len() {
                        0 => HiddenDrafts::None,
                        count => HiddenDrafts::Unreadable(count),
                    }
                }
                // What was read before is shown on: none is not known.
                Err(_) => HiddenDrafts::Refused,
            };
            self.hidden_drafts.set(hidden);
        });
    }
}
