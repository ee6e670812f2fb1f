//! Drives the engine: gives it inputs and performs its effects.
//!
//! Effects begin in their order and none is awaited before the next. Those that touch the databases
//! wait in one line, so that a later write cannot overtake an earlier one while that is still being
//! sealed. The driver decides nothing; where a write fails since another engine has taken over, it
//! stops for good and says so.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::timer::Timer;
use super::{clock, random, transport};
use crate::adapters::http::Request;
use crate::engine::{Effect, Engine, Input, Moment, RequestId, Ticket};
use crate::model::application::ApplicationId;
use crate::model::message::Event;
use crate::store::failure::StoreError;
use crate::store::indexeddb::Main;
use crate::store::journal::Journal;
use crate::store::record::{Key, Record};
use crate::store::script::warn;

/// An engine at work.
pub struct Driver {
    engine: RefCell<Engine>,
    /// None where the browser refuses storage.
    databases: Option<(Main, Rc<Journal>)>,
    jobs: RefCell<VecDeque<Job>>,
    working: Cell<bool>,
    stopped: Cell<bool>,
    alarm: Timer,
    emit: fn(&Event),
    replaced: fn(),
}

/// What waits for a database.
enum Job {
    Save {
        ticket: Ticket,
        put: Vec<Record>,
        delete: Vec<Key>,
    },
    Read(ApplicationId),
    Drop(ApplicationId),
    Reopen(ApplicationId),
    Erase,
}

impl Driver {
    /// A driver with a new engine, which is given nothing yet. Without databases every write fails and
    /// nothing is found. `emit` takes events, and `replaced` is called when another engine has taken
    /// over the main database.
    #[must_use]
    pub fn new(databases: Option<(Main, Rc<Journal>)>, emit: fn(&Event), replaced: fn()) -> Rc<Self> {
        Rc::new_cyclic(|driver: &Weak<Self>| {
            let driver = driver.clone();
            let tick = move || {
                if let Some(driver) = driver.upgrade() {
                    driver.step(Input::Tick);
                }
            };
            Self {
                engine: RefCell::new(Engine::new()),
                databases,
                jobs: RefCell::default(),
                working: Cell::new(false),
                stopped: Cell::new(false),
                alarm: Timer::new(tick),
                emit,
                replaced,
            }
        })
    }

    /// Takes one step and begins what comes of it.
    pub fn step(self: &Rc<Self>, input: Input) {
        if self.stopped.get() {
            return;
        }
        let moment = Moment {
            now: clock::now(),
            random: random::number(),
        };
        let effects = self.engine.borrow_mut().step(moment, input);
        for effect in effects {
            self.perform(effect);
        }
    }

    /// Stops for good: what still comes in is ignored, and what waits is not done.
    pub fn stop(&self) {
        self.stopped.set(true);
        self.alarm.clear();
        self.jobs.borrow_mut().clear();
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Save { ticket, put, delete } => self.queue(Job::Save { ticket, put, delete }),
            Effect::ReadDraft(id) => self.queue(Job::Read(id)),
            Effect::DropDraft(id) => self.queue(Job::Drop(id)),
            Effect::ReopenDraft(id) => self.queue(Job::Reopen(id)),
            Effect::Fetch { id, request } => self.fetch(id, request),
            Effect::WakeAt(moment) => self.alarm.set(moment.since(clock::now())),
            // Records that the engine could not read are no part of what it deletes.
            Effect::Emit(Event::Erased) => self.queue(Job::Erase),
            Effect::Emit(event) => (self.emit)(&event),
        }
    }

    fn fetch(self: &Rc<Self>, id: RequestId, request: Request) {
        let driver = self.clone();
        spawn_local(async move {
            let told = driver.clone();
            let progress = move |sent, total| told.step(Input::Progress { id, sent, total });
            let journal = driver.databases.as_ref().map(|(_, journal)| &**journal);
            let result = transport::send(journal, &request, progress).await;
            driver.step(Input::Response { id, result });
        });
    }

    fn queue(self: &Rc<Self>, job: Job) {
        self.jobs.borrow_mut().push_back(job);
        if !self.working.replace(true) {
            let driver = self.clone();
            spawn_local(async move {
                loop {
                    let job = driver.jobs.borrow_mut().pop_front();
                    let Some(job) = job else { break };
                    driver.work(job).await;
                }
                driver.working.set(false);
            });
        }
    }

    async fn work(self: &Rc<Self>, job: Job) {
        let Some((main, journal)) = &self.databases else {
            self.refuse(job);
            return;
        };
        match job {
            Job::Save { ticket, put, delete } => {
                let result = main.commit(&put, &delete).await;
                if result == Err(StoreError::Replaced) {
                    (self.replaced)();
                    return;
                }
                let result = result.map_err(|error| error.to_string());
                self.step(Input::Saved { ticket, result });
            }
            Job::Read(id) => {
                let draft = journal.get(&id).await.map_err(|error| error.to_string());
                self.step(Input::Draft { id, draft });
            }
            Job::Drop(id) => report(journal.discard(&id).await),
            Job::Reopen(id) => report(journal.reopen(&id, clock::now()).await),
            Job::Erase => match main.erase().await {
                Ok(()) => (self.emit)(&Event::Erased),
                Err(error) => (self.emit)(&Event::StoreFailed {
                    what: error.to_string(),
                }),
            },
        }
    }
}

impl Driver {
    /// What becomes of a job where the browser refuses storage.
    fn refuse(self: &Rc<Self>, job: Job) {
        let refused = || "this browser refuses storage here".to_owned();
        match job {
            Job::Save { ticket, .. } => self.step(Input::Saved {
                ticket,
                result: Err(refused()),
            }),
            Job::Read(id) => self.step(Input::Draft {
                id,
                draft: Err(refused()),
            }),
            Job::Drop(_) | Job::Reopen(_) => {}
            Job::Erase => (self.emit)(&Event::Erased),
        }
    }
}

/// A draft that could not be removed or reopened is no harm: the engine knows what became of its
/// application and settles it at its next start.
fn report(result: Result<(), StoreError>) {
    if let Err(error) = result {
        warn(&error.to_string());
    }
}
