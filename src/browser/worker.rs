//! The engine in its worker: the same program as the page's, with the engine's part fetched.
//!
//! Each tab has a worker, and **one engine runs for all of them**: that of the worker which holds the
//! Web Lock `pendopo-outbox`, the *leader*. The others are its *followers*: they pass their page's
//! commands on by a `BroadcastChannel`, and the leader's events to their page. So all tabs see the
//! same outbox, a look-up works in each, and nothing is sent twice. When the leader's tab is closed
//! the browser hands the lock to a follower, which starts an engine from what is stored.
//!
//! A tab that the phone has put to sleep may keep the lock. The leader therefore answers each command
//! with `taken` before it does anything; where that does not come within [`PATIENCE`], the follower
//! takes the lock by force. That the sleeper does no harm when it wakes is not left to the lock: the
//! main database refuses its writes (see [`crate::store::indexeddb`]).
//!
//! The channel's name carries the build: followers of another build get no answer, and take over.
//! The page's first word from here is [`Event::Hello`], unasked, once the worker listens.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{BroadcastChannel, DedicatedWorkerGlobalScope, MessageEvent};

use super::driver::Driver;
use super::timer::Timer;
use super::{build, clock, random};
use crate::engine::Input;
use crate::model::application::Draft;
use crate::model::json;
use crate::model::message::{Command, Event};
use crate::store::failure::StoreError;
use crate::store::indexeddb::Main;
use crate::store::journal::Journal;
use crate::store::record::Record;
use crate::store::script::{get, global, object, set, warn};
use crate::store::{crypto, database};

/// Milliseconds within which a leader that is awake has taken a command.
const PATIENCE: i64 = 5000;
const LOCK: &str = "pendopo-outbox";

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`, which `web-sys` calls unstable.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, options: &Object, granted: &JsValue) -> Promise;
}

/// Everything of this worker; it lives as long as the program.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    channel: BroadcastChannel,
    name: String,
    build: String,
    /// Whether this worker holds the lock.
    leads: Cell<bool>,
    /// Whether the lock is asked for and not yet given.
    asks: Cell<bool>,
    /// Whether the browser refuses locks, and storage with them.
    alone: Cell<bool>,
    starting: Cell<bool>,
    driver: RefCell<Option<Rc<Driver>>>,
    /// Commands that no engine has taken, with their numbers.
    pending: RefCell<Vec<(f64, Command)>>,
    count: Cell<f64>,
    /// The page's last look-up that another engine has taken and not answered.
    asked: RefCell<Option<Command>>,
    patience: Timer,
}

thread_local! {
    static WORKER: RefCell<Option<Rc<Worker>>> = const { RefCell::new(None) };
}

/// Calls `with` with this worker, once it has started.
fn worker(with: impl FnOnce(&Rc<Worker>)) {
    let worker = WORKER.with(|worker| worker.borrow().clone());
    if let Some(worker) = worker {
        with(&worker);
    }
}

/// Starts the worker: fetches the engine's part of the program, and runs it. Called once.
pub fn start() {
    // What dies within a promise dies as anything else: the page hears of it.
    set(
        &js_sys::global(),
        "onunhandledrejection",
        &global::<JsValue>("reportError"),
    );
    spawn_local(async {
        if engine().await.is_err() {
            wasm_bindgen::throw_str("the engine did not arrive");
        }
    });
}

/// Here the program is cut: nothing outside may name the engine, or the cut moves it into the page.
#[wasm_split(engine, fallible)]
fn engine() -> Result<(), SplitLoaderError> {
    listen();
    Ok(())
}

fn listen() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let build = build::name();
    let Ok(channel) = BroadcastChannel::new(&["pendopo-engine-", &build].concat()) else {
        return;
    };
    let from_page = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        worker(|worker| worker.hear_page(&event.data()));
    });
    scope.set_onmessage(Some(from_page.into_js_value().unchecked_ref()));
    let from_others = Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| {
        worker(|worker| worker.hear_others(&event.data().unchecked_into()));
    });
    channel.set_onmessage(Some(from_others.into_js_value().unchecked_ref()));
    WORKER.set(Some(Rc::new(Worker {
        scope,
        channel,
        name: random::uuid(),
        build,
        leads: Cell::new(false),
        asks: Cell::new(false),
        alone: Cell::new(false),
        starting: Cell::new(false),
        driver: RefCell::default(),
        pending: RefCell::default(),
        count: Cell::new(0.0),
        asked: RefCell::default(),
        patience: Timer::new(|| worker(|worker| worker.lose_patience())),
    })));
    worker(|worker| {
        worker.say_hello();
        worker.ask_to_lead(false);
    });
}

impl Worker {
    fn say_hello(&self) {
        let hello = Event::Hello {
            build: self.build.clone(),
        };
        self.tell_page(&message(&hello));
    }

    fn tell_page(&self, event: &str) {
        // A string can always be cloned.
        let _ = self.scope.post_message(&JsValue::from_str(event));
    }

    fn tell_others(&self, message: &[JsValue]) {
        let _ = self.channel.post_message(&message.iter().collect::<Array>());
    }

    fn hear_page(self: &Rc<Self>, message: &JsValue) {
        if message.is_null() {
            database::abandon();
            return self.scope.close();
        }
        if !message.is_string() {
            self.tell_others(&["keys".into(), message.clone()]);
            return self.unlock(message);
        }
        match parse(message) {
            Some(Command::Hello { .. }) => self.say_hello(),
            Some(command) => self.take(command),
            None => {}
        }
    }

    /// Takes keys that a PIN wraps, and begins what waited for them.
    fn unlock(self: &Rc<Self>, keys: &JsValue) {
        crypto::hold(keys);
        if self.leads.get() {
            self.begin();
        }
    }

    /// A command of this worker's own page.
    fn take(self: &Rc<Self>, command: Command) {
        let driver = self.driver.borrow().clone();
        if let Some(driver) = driver {
            driver.step(Input::Command(command));
            return;
        }
        self.count.set(self.count.get() + 1.0);
        if self.leads.get() {
            self.pending.borrow_mut().push((self.count.get(), command));
            self.begin();
        } else {
            self.pass_on(self.count.get(), &command);
            self.pending.borrow_mut().push((self.count.get(), command));
            self.patience.set(PATIENCE);
        }
    }

    fn pass_on(&self, number: f64, command: &Command) {
        self.tell_others(&[
            "command".into(),
            self.name.as_str().into(),
            number.into(),
            message(command).into(),
        ]);
    }

    /// `["command", from, number, json]` to the leader, `["taken", from, number]` back, `["event",
    /// json]` to all pages, `["leads"]` when a leader begins, `["keys", keys]` when a page has unlocked
    /// them.
    fn hear_others(self: &Rc<Self>, message: &Array) {
        let kind = message.get(0).as_string();
        match kind.as_deref() {
            Some("command") if self.leads.get() => {
                self.tell_others(&["taken".into(), message.get(1), message.get(2)]);
                if let Some(command) = parse(&message.get(3)) {
                    self.take(command);
                }
            }
            Some("taken") if message.get(1).as_string().as_ref() == Some(&self.name) => {
                let number = message.get(2).as_f64();
                self.pending.borrow_mut().retain(|(pending, command)| {
                    let taken = Some(*pending) == number;
                    if taken && matches!(command, Command::LookUp { .. }) {
                        self.asked.replace(Some(command.clone()));
                    }
                    !taken
                });
            }
            Some("event") => {
                if let Some(event) = message.get(1).as_string() {
                    if event.starts_with("{\"looked_up\"") {
                        self.asked.take();
                    }
                    self.tell_page(&event);
                }
            }
            Some("keys") => {
                self.unlock(&message.get(1));
                let _ = self.scope.post_message(&message.get(1));
            }
            Some("leads") => {
                for (number, command) in self.pending.borrow().iter() {
                    self.pass_on(*number, command);
                }
            }
            _ => {}
        }
    }

    fn lose_patience(self: &Rc<Self>) {
        if !self.leads.get() && !self.pending.borrow().is_empty() {
            self.ask_to_lead(true);
        }
    }

    /// Asks for the lock and holds it for the worker's life, or until another takes it by force.
    fn ask_to_lead(self: &Rc<Self>, by_force: bool) {
        let options = object(&[("steal", by_force.into())]);
        self.asks.set(self.asks.get() || !by_force);
        let granted = Closure::once_into_js(move || {
            worker(|worker| worker.lead(by_force));
            Promise::new(&mut |_, _| {})
        });
        let lock = request_lock(LOCK, &options, &granted);
        let asking = self.clone();
        spawn_local(async move {
            // The lock is never given back, so the wait ends only when it was taken away, or when
            // the browser refuses locks together with storage, as it may in a frame on another site:
            // then nothing is shared, and each worker is the only one.
            let ended = JsFuture::from(lock).await;
            let refused = ended.is_err_and(|why| get(&why, "name") == "SecurityError");
            if refused {
                asking.alone.set(true);
                asking.lead(by_force);
            } else {
                asking.step_down();
            }
        });
    }

    fn lead(self: &Rc<Self>, by_force: bool) {
        if !by_force {
            self.asks.set(false);
        }
        self.leads.set(true);
        self.tell_others(&["leads".into()]);
        self.begin();
    }

    fn step_down(self: &Rc<Self>) {
        self.leads.set(false);
        if let Some(driver) = self.driver.take() {
            driver.stop();
        }
        if !self.asks.get() {
            self.ask_to_lead(false);
        }
    }

    /// Starts an engine, unless one runs. Where the databases cannot be opened the page is told, and
    /// the next command tries again; where the browser refuses them, it runs without: a case can be
    /// looked up, and nothing is sent, since nothing can be written down before.
    fn begin(self: &Rc<Self>) {
        if self.starting.replace(true) || self.driver.borrow().is_some() {
            return;
        }
        let worker = self.clone();
        spawn_local(async move {
            let opened = open().await;
            worker.starting.set(false);
            if !worker.leads.get() {
                return;
            }
            match opened {
                Ok(stored) => worker.run(Some(stored)),
                // Nothing is sent, and nothing is wrong: the page asks for the PIN.
                Err(StoreError::Locked) => {}
                Err(error) => {
                    emit(&Event::StoreFailed {
                        what: error.to_string(),
                    });
                    if worker.alone.get() {
                        worker.run(None);
                    }
                }
            }
        });
    }

    fn run(&self, stored: Option<Stored>) {
        let (databases, records, submitted) = match stored {
            Some(stored) => (Some(stored.databases), stored.records, stored.submitted),
            None => Default::default(),
        };
        let driver = Driver::new(databases, emit, || worker(Worker::step_down));
        self.driver.replace(Some(driver.clone()));
        driver.step(Input::Started {
            records,
            submitted,
            build: self.build.clone(),
        });
        // What pages see may come from a leader that is gone.
        driver.step(Input::Command(Command::List));
        let pending = self.pending.take().into_iter().map(|(_, command)| command);
        for command in self.asked.take().into_iter().chain(pending) {
            driver.step(Input::Command(command));
        }
    }
}

/// What an engine starts from.
struct Stored {
    databases: (Main, Rc<Journal>),
    records: Vec<Record>,
    submitted: Vec<Draft>,
}

async fn open() -> Result<Stored, StoreError> {
    let journal = Journal::open().await?;
    let (main, records) = Main::take_over().await?;
    if let Err(error) = journal.sweep(clock::now()).await {
        // It is only tidying; the next start does it.
        warn(&error.to_string());
    }
    let mut submitted = journal.drafts().await?.drafts;
    submitted.retain(|draft| draft.submitted.is_some());
    Ok(Stored {
        databases: (main, Rc::new(journal)),
        records,
        submitted,
    })
}

/// Tells this worker's page, and the pages of all others.
fn emit(event: &Event) {
    worker(|worker| {
        let event = message(event);
        worker.tell_page(&event);
        worker.tell_others(&["event".into(), event.into()]);
    });
}

fn message<T: serde::Serialize>(message: &T) -> String {
    // Messages are plain data with text as keys: writing them cannot fail.
    json::write(message).unwrap_or_default()
}

fn parse(message: &JsValue) -> Option<Command> {
    let command = json::read(message.as_string()?.as_bytes());
    command.map_err(|_| warn("a command of another build is ignored")).ok()
}
