//! Signals: Leptos' own, one kind of them for all values.
//!
//! A signal of Leptos is code for each type that it holds, some three kilobytes. Here the values lie
//! in a list of our own, behind pointers that know no type, and Leptos' part is a trigger beside each;
//! [`Signal`] gives the type back. Values are read where they lie: what is large is not copied to be
//! looked at.
//!
//! A signal belongs to the part of the page that made it. A write to one that is gone does nothing;
//! only a read by [`Signal::try_look`] may come after that.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use leptos::prelude::{ArcTrigger, Notify as _, Owner, RenderEffect, StoredValue, Track as _};

/// A value, and whoever is to know when it changes. Copies are the same signal.
pub struct Signal<T> {
    key: Key,
    of: PhantomData<fn() -> T>,
}

/// Where in the list a signal lies, and which of those that lay there it is.
#[derive(Clone, Copy)]
struct Key {
    place: usize,
    number: u32,
}

#[derive(Clone)]
struct Held {
    number: u32,
    value: Rc<dyn Any>,
    changed: ArcTrigger,
}

struct List {
    held: Vec<Option<Held>>,
    free: Vec<usize>,
    /// How many signals there have been.
    count: u32,
}

thread_local! {
    static LIST: RefCell<List> = const {
        RefCell::new(List { held: Vec::new(), free: Vec::new(), count: 0 })
    };
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

#[inline(never)]
fn made(value: Rc<dyn Any>) -> Key {
    let key = LIST.with_borrow_mut(|list| {
        list.count = list.count.wrapping_add(1);
        let number = list.count;
        let changed = ArcTrigger::new();
        let held = Some(Held { number, value, changed });
        let place = list.free.pop().unwrap_or(list.held.len());
        match list.held.get_mut(place) {
            Some(free) => *free = held,
            None => list.held.push(held),
        }
        Key { place, number }
    });
    Owner::on_cleanup(move || gone(key));
    key
}

/// The part of the page that made it is no more.
fn gone(key: Key) {
    let held = LIST.with_borrow_mut(|list| {
        list.free.push(key.place);
        list.held.get_mut(key.place)?.take()
    });
    // Only now: whatever the value drops may look into the list.
    drop(held);
}

#[inline(never)]
fn held(key: Key) -> Option<Held> {
    LIST.with_borrow(|list| {
        let held = list.held.get(key.place)?.as_ref()?;
        (held.number == key.number).then(|| held.clone())
    })
}

#[inline(never)]
fn value(key: Key) -> Option<Rc<dyn Any>> {
    held(key).map(|held| held.value)
}

#[inline(never)]
fn tracked(key: Key) {
    if let Some(held) = held(key) {
        held.changed.track();
    }
}

#[inline(never)]
fn told(key: Key) {
    if let Some(held) = held(key) {
        held.changed.notify();
    }
}

impl<T: 'static> Signal<T> {
    /// A signal that holds `value`.
    pub fn new(value: T) -> Self {
        Self {
            key: made(Rc::new(RefCell::new(value))),
            of: PhantomData,
        }
    }

    /// Whatever is drawn now is drawn again when the value changes.
    pub fn track(self) {
        tracked(self.key);
    }

    /// Looks at the value without following it; `None` where the signal is gone.
    pub fn try_look<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let value = value(self.key)?;
        let value = value.downcast_ref::<RefCell<T>>()?;
        Some(look(&value.borrow()))
    }

    /// Looks at the value without following it.
    pub fn look<R>(self, look: impl FnOnce(&T) -> R) -> R {
        match self.try_look(look) {
            Some(seen) => seen,
            None => missing(),
        }
    }

    /// Looks at the value and follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.look(look)
    }

    /// The value, followed.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value, not followed.
    pub fn now(self) -> T
    where
        T: Clone,
    {
        self.look(T::clone)
    }

    /// Changes the value and tells nobody; `None` where the signal is gone.
    pub fn quietly<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let value = value(self.key)?;
        let value = value.downcast_ref::<RefCell<T>>()?;
        Some(change(&mut value.borrow_mut()))
    }

    /// Changes the value and tells whoever follows it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if self.quietly(change).is_some() {
            told(self.key);
        }
    }

    /// Puts a value in the place of the present one.
    pub fn set(self, value: T) {
        self.update(|held| *held = value);
    }
}

/// A bug, told to the console: a closure has outlived the part of the page that it reads from.
#[inline(never)]
fn missing() -> ! {
    wasm_bindgen::throw_str("a signal is read that is gone")
}

/// Does it now, and again when a signal that it reads changes, as long as this part of the page lives.
pub fn follow(run: Box<dyn Fn()>) {
    StoredValue::new(RenderEffect::new(move |_| run()));
}

/// What follows from other signals. It tells of a change only where the outcome is another one.
pub fn derived<T: PartialEq + 'static>(derive: impl Fn() -> T + 'static) -> Signal<T> {
    let outcome = Signal::new(leptos::prelude::untrack(&derive));
    follow(Box::new(move || {
        let now = derive();
        if outcome.try_look(|known| *known != now) == Some(true) {
            outcome.set(now);
        }
    }));
    outcome
}
