//! Signals: Leptos' own, one type of them for all values.
//!
//! A signal of Leptos is code for each type that it holds, some three kilobytes. Here the value lies
//! in a box whose type Leptos does not know, so that its signal is built once; [`Signal`] gives the
//! type back. Values are read where they lie: what is large is not copied to be looked at.
//!
//! A signal belongs to the part of the page that made it. A write to one that is gone does nothing;
//! only a read by [`Signal::try_look`] may come after that.

use std::any::Any;
use std::marker::PhantomData;

use leptos::prelude::{RenderEffect, RwSignal, StoredValue, Track as _, Update as _, WithUntracked as _};

type Erased = Box<dyn Any + Send + Sync>;

/// A value, and whoever is to know when it changes. Copies are the same signal.
pub struct Signal<T> {
    erased: RwSignal<Erased>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

#[inline(never)]
fn made(value: Erased) -> RwSignal<Erased> {
    RwSignal::new(value)
}

#[inline(never)]
fn tracked(signal: RwSignal<Erased>) {
    signal.track();
}

#[inline(never)]
fn read(signal: RwSignal<Erased>, look: &mut dyn FnMut(&dyn Any)) {
    let _ = signal.try_with_untracked(|value| look(&**value));
}

#[inline(never)]
fn write(signal: RwSignal<Erased>, tell: bool, change: &mut dyn FnMut(&mut dyn Any)) {
    let _ = signal.try_maybe_update(|value| {
        change(&mut **value);
        (tell, ())
    });
}

impl<T: Send + Sync + 'static> Signal<T> {
    /// A signal that holds `value`.
    pub fn new(value: T) -> Self {
        Self {
            erased: made(Box::new(value)),
            of: PhantomData,
        }
    }

    /// Whatever is drawn now is drawn again when the value changes.
    pub fn track(self) {
        tracked(self.erased);
    }

    /// Looks at the value without following it; `None` where the signal is gone.
    pub fn try_look<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let (mut look, mut seen) = (Some(look), None);
        read(self.erased, &mut |value| {
            if let Some(value) = value.downcast_ref() {
                seen = look.take().map(|look| look(value));
            }
        });
        seen
    }

    /// Looks at the value without following it.
    pub fn look<R>(self, look: impl FnOnce(&T) -> R) -> R {
        match self.try_look(look) {
            Some(seen) => seen,
            None => gone(),
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

    fn change<R>(self, tell: bool, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (mut change, mut done) = (Some(change), None);
        write(self.erased, tell, &mut |value| {
            if let Some(value) = value.downcast_mut() {
                done = change.take().map(|change| change(value));
            }
        });
        done
    }

    /// Changes the value and tells whoever follows it.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.change(true, change);
    }

    /// Changes the value and tells nobody; `None` where the signal is gone.
    pub fn quietly<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.change(false, change)
    }

    /// Puts a value in the place of the present one.
    pub fn set(self, value: T) {
        self.update(|held| *held = value);
    }
}

/// A bug, told to the console: a closure has outlived the part of the page that it reads from.
#[inline(never)]
fn gone() -> ! {
    wasm_bindgen::throw_str("a signal is read that is gone")
}

/// Does it now, and again when a signal that it reads changes, as long as this part of the page lives.
pub fn follow(run: Box<dyn Fn()>) {
    StoredValue::new(RenderEffect::new(move |_| run()));
}

/// What follows from other signals. It tells of a change only where the outcome is another one.
pub fn derived<T: PartialEq + Send + Sync + 'static>(derive: impl Fn() -> T + 'static) -> Signal<T> {
    let outcome = Signal::new(leptos::prelude::untrack(&derive));
    follow(Box::new(move || {
        let now = derive();
        if outcome.try_look(|known| *known != now) == Some(true) {
            outcome.set(now);
        }
    }));
    outcome
}
