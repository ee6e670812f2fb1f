//! What few forms have: regions, repeated groups, signatures, lists that are fetched, and JsonLogic. It is
//! a part of the program of its own, which arrives only for a form that has any of it.
//!
//! As with `pages::late`, nothing outside may name what is in the part, or the cut moves it back.

use std::cell::Cell;

use leptos::prelude::untrack;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::field::{Parts, rarely};
use super::filling::Handle;
use crate::app::components::element::{Markup, el, live, nothing};
use crate::app::components::loading::waiting;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::forms::model::{FieldKind, FieldModel, Model};
use crate::forms::rules::{self, Evaluate};

/// Draws the inputs of a field that few forms have.
type Draw = fn(Handle, usize, &Parts, &FieldModel, Signal<bool>) -> Markup;

/// What is in the part.
type Rare = (Draw, Evaluate);

thread_local! {
    static PART: Cell<Option<Rare>> = const { Cell::new(None) };
}

#[wasm_split(rare, fallible)]
fn part() -> Result<Rare, SplitLoaderError> {
    Ok((rarely, rules::evaluate))
}

/// Whether a field is of a kind that few forms have.
pub fn is_rare(field: &FieldModel) -> bool {
    match &field.kind {
        _ if field.computed.is_some() => true,
        FieldKind::Signature | FieldKind::Area { .. } | FieldKind::Repeat { .. } => true,
        FieldKind::One(choices) | FieldKind::Many(choices) => !choices.source.is_empty() || choices.within.is_some(),
        _ => false,
    }
}

/// Gives a model what it needs of the part; `false` where the part is needed and not here.
pub fn bring(model: &mut Model) -> bool {
    let needed = model.has_rules() || model.fields.iter().any(is_rare);
    match PART.get() {
        Some((_, evaluate)) => model.bring(evaluate),
        None if needed => return false,
        None => {}
    }
    true
}

/// Fetches the part, and draws once it is here.
pub fn then(draw: impl Fn() -> Markup + 'static) -> Markup {
    let came = Signal::new(None);
    leptos::task::spawn_local(async move {
        let part = part().await.ok();
        let here = part.is_some();
        PART.set(part);
        came.set(Some(here));
    });
    live(move || match came.get() {
        None => waiting(),
        Some(true) => untrack(&draw),
        Some(false) => el("p")
            .class("complaint")
            .attr("role", "alert")
            .text(m::part_missing())
            .view(),
    })
}

/// Draws the inputs of a field for which [`is_rare`] holds.
pub fn draw(form: Handle, index: usize, parts: &Parts, field: &FieldModel, visible: Signal<bool>) -> Markup {
    match PART.get() {
        Some((draw, _)) => draw(form, index, parts, field, visible),
        None => nothing(),
    }
}
