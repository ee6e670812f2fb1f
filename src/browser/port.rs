//! The app's end of the line to the engine.
//!
//! Starts the engine's worker from the build's own folder, passes commands to it as JSON and its
//! events to the app. Nothing is said before the engine's [`Event::Hello`] has come: commands wait
//! for it. Where that names another build they wait on, and the app offers a reload.
//!
//! `null` tells the worker to end. Besides, keys that a PIN wraps are handed to the worker once they are unwrapped ([`Port::hand_over`]),
//! and it hands over what another tab has unwrapped: lists of keys, never text.
//!
//! The engine ends with each leaving of the page ([`Line::end_with_the_page`]). One that dies is started again once; commands that it had taken are not repeated: what was
//! in flight is in its database, and the new engine says what became of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::build;
use super::network::listen;
use crate::model::json;
use crate::model::message::{Command, Event};
use crate::store::script::{get, warn};

/// How an engine's death is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Whether another engine was started in its place.
    pub restarted: bool,
    /// What the browser said, for operators.
    pub what: String,
}

/// The line to the engine. Clones are the same line.
#[derive(Clone)]
pub struct Port(Rc<Line>);

struct Line {
    worker: RefCell<Option<Worker>>,
    waiting: RefCell<Vec<String>>,
    ready: Cell<bool>,
    restarted: Cell<bool>,
    /// What a PIN wraps, unwrapped; the next engine needs it too.
    keys: RefCell<Option<JsValue>>,
    on_event: Box<dyn Fn(Event)>,
    on_keys: Box<dyn Fn(&JsValue)>,
    on_death: Box<dyn Fn(Death)>,
}

impl Port {
    /// Starts an engine. `on_event` gets what it says, `on_keys` keys that another tab has unwrapped,
    /// `on_death` is told when it died.
    pub fn start(
        on_event: impl Fn(Event) + 'static,
        on_keys: impl Fn(&JsValue) + 'static,
        on_death: impl Fn(Death) + 'static,
    ) -> Self {
        let line = Rc::new(Line {
            worker: RefCell::default(),
            waiting: RefCell::default(),
            ready: Cell::new(false),
            restarted: Cell::new(false),
            keys: RefCell::default(),
            on_event: Box::new(on_event),
            on_keys: Box::new(on_keys),
            on_death: Box::new(on_death),
        });
        line.connect();
        line.end_with_the_page();
        Self(line)
    }

    /// Hands unwrapped keys to the worker, which hands them to those of other tabs.
    pub fn hand_over(&self, keys: &JsValue) {
        self.0.keys.replace(Some(keys.clone()));
        if self.0.ready.get() {
            self.0.post(keys);
        }
    }

    /// Says a command, or keeps it until the engine listens.
    pub fn send(&self, command: &Command) {
        // Messages are plain data with text as keys: writing them cannot fail.
        let command = json::write(command).unwrap_or_default();
        if self.0.ready.get() {
            self.0.say(&command);
        } else {
            self.0.waiting.borrow_mut().push(command);
        }
    }
}

impl Line {
    fn say(&self, command: &str) {
        self.post(&JsValue::from_str(command));
    }

    fn post(&self, message: &JsValue) {
        if let Some(worker) = &*self.worker.borrow() {
            // Strings and keys can always be cloned.
            let _ = worker.post_message(message);
        }
    }

    fn connect(self: &Rc<Self>) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let address = [&build::base(), "engine.js"].concat();
        match Worker::new_with_options(&address, &options) {
            Ok(worker) => {
                let line = self.clone();
                let heard =
                    Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| line.hear(&event.data()));
                worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
                let line = self.clone();
                let died = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                    line.die(get(&event, "message").as_string().unwrap_or_default());
                });
                worker.set_onerror(Some(died.into_js_value().unchecked_ref()));
                self.worker.replace(Some(worker));
            }
            Err(exception) => (self.on_death)(Death {
                restarted: false,
                what: get(&exception, "message").as_string().unwrap_or_default(),
            }),
        }
    }

    fn hear(&self, message: &JsValue) {
        let Some(text) = message.as_string() else {
            self.keys.replace(Some(message.clone()));
            (self.on_keys)(message);
            return;
        };
        let Ok(event) = json::read::<Event>(text.as_bytes()) else {
            warn("an event of another build is ignored");
            return;
        };
        if let Event::Hello { build } = &event
            && *build == build::name()
        {
            self.ready.set(true);
            if let Some(keys) = &*self.keys.borrow() {
                self.post(keys);
            }
            for command in self.waiting.take() {
                self.say(&command);
            }
        }
        (self.on_event)(event);
    }

    /// A page that is left may be kept as it is, and shown again by "Back". Its worker would sleep with
    /// it, and keep the lock, perhaps even a transaction, from every other page. So it ends with the
    /// page, and another one begins where the page comes back; what was in flight is in the databases.
    /// It ends by itself, so that no transaction ends in its middle.
    fn end_with_the_page(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let line = self.clone();
        listen(&window, "pagehide", move || {
            line.ready.set(false);
            if let Some(worker) = line.worker.take() {
                worker.set_onmessage(None);
                worker.set_onerror(None);
                let _ = worker.post_message(&JsValue::NULL);
            }
        });
        let line = self.clone();
        listen(&window, "pageshow", move || {
            if line.worker.borrow().is_none() {
                line.connect();
            }
        });
    }

    /// Ends the worker, if there is one.
    fn end(&self) -> bool {
        self.ready.set(false);
        let worker = self.worker.take();
        worker.inspect(Worker::terminate).is_some()
    }

    fn die(self: &Rc<Self>, what: String) {
        if !self.end() {
            return;
        }
        let restarted = !self.restarted.replace(true);
        if restarted {
            self.connect();
        }
        (self.on_death)(Death { restarted, what });
    }
}
