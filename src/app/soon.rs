//! What a form needs a moment after one can type into it: going on from a step, what is wrong with
//! answers in words, the review, sending, and the line to the engine.
//!
//! It is a part of the program of its own, fetched as soon as the form answers to typing, so that on a
//! slow network one can begin sooner. Whoever presses "Lanjut" before it is here waits for it; where it
//! does not come that is said, and what is typed is kept all the same.
//!
//! As with `pages::late`, nothing that a form needs first may name what is in the part, or the cut
//! moves it back.

use std::cell::Cell;

use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::form::beneath::{self, Beneath};
use super::form::filling::{Handle, Stage};
use super::form::{complaint, going};
use super::line;
use super::state::{Trouble, shared};
use crate::app::components::element::{Markup, live, nothing};
use crate::browser::port::Port;
use crate::model::message::Command;
use leptos::prelude::untrack;

/// What is in the part.
#[derive(Clone, Copy)]
pub struct Soon {
    /// Starts the engine, and reads which drafts there are.
    pub begin: fn(),
    /// Says something to the engine.
    pub tell: fn(&Command),
    /// Reads the journal's drafts anew.
    pub read_drafts: fn(),
    /// The port to the engine, for whoever hands keys over.
    pub port: fn() -> Option<Port>,
    /// What a PIN kept closed is open.
    pub unlocked: fn(),
    /// What waits to be delivered, at the top of every page.
    pub waiting: fn() -> Markup,
    /// "Lanjut" or "Kirim".
    pub submit: fn(Handle),
    /// Moves to a stage.
    pub go: fn(Handle, Stage),
    /// The review.
    pub review: fn(Handle) -> Markup,
    /// The summary of what is wrong.
    pub summary: fn(Handle) -> Markup,
    /// What is wrong with a field.
    pub wrong: fn(Handle, usize) -> Option<String>,
    /// What is said beneath an input.
    pub beneath: fn(Handle, usize, &str, Beneath) -> Option<String>,
    /// The questions that the office changed.
    pub changes: fn(Handle) -> Markup,
    /// Leads to what the office refused, once.
    pub heed_refusals: fn(Handle, &Cell<bool>),
    /// Discards the draft for a new one, if the citizen is sure.
    pub start_over: fn(Handle),
}

#[wasm_split(soon, fallible)]
fn part() -> Result<Soon, SplitLoaderError> {
    Ok(Soon {
        begin: line::begin,
        tell: line::tell,
        read_drafts: line::read_drafts,
        port: line::port,
        unlocked: line::unlocked,
        waiting: line::waiting,
        submit: going::submit,
        go: going::go,
        review: going::review_page,
        summary: complaint::summary,
        wrong: complaint::of_field,
        beneath: beneath::beneath,
        changes: going::changes,
        heed_refusals: going::heed_refusals,
        start_over: going::start_over,
    })
}

/// Does it at once where the part is here, else when it has come.
pub fn with(act: impl FnOnce(Soon) + 'static) {
    match shared().soon.now() {
        Some(soon) => act(soon),
        None => once_here(Box::new(act)),
    }
}

fn once_here(act: Box<dyn FnOnce(Soon)>) {
    leptos::task::spawn_local(async move {
        if let Some(soon) = come().await {
            act(soon);
        }
    });
}

/// The part; that it did not come is said to the citizen.
async fn come() -> Option<Soon> {
    let shared = shared();
    // A part that did not come is asked for again.
    let Ok(soon) = part().await else {
        shared.warn(Trouble::PartMissing);
        return None;
    };
    if shared.trouble.look(|trouble| *trouble == Some(Trouble::PartMissing)) {
        shared.trouble.set(None);
    }
    if shared.soon.look(Option::is_none) {
        shared.soon.set(Some(soon));
    }
    Some(soon)
}

/// Says something to the engine, starting it where needed.
pub fn tell(command: Command) {
    with(move |soon| (soon.tell)(&command));
}

/// Reads the journal's drafts anew.
pub fn read_drafts() {
    with(|soon| (soon.read_drafts)());
}

/// The port to the engine, for whoever hands keys over.
pub async fn port() -> Option<Port> {
    (come().await?.port)()
}

/// What a PIN kept closed is open.
pub fn unlocked() {
    with(|soon| (soon.unlocked)());
}

/// What the part draws, once it is here.
pub fn coming(draw: impl Fn(Soon) -> Markup + 'static) -> Markup {
    live(move || match shared().soon.get() {
        Some(soon) => untrack(|| draw(soon)),
        None => nothing(),
    })
}
