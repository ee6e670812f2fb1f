//! What is typed: one line or several, dates, times and numbers included.
//!
//! Dates are typed as people write them, since a calendar that opens on today is a poor way to a
//! year of birth; what was understood is said underneath.

use leptos::prelude::event_target_value;

use super::super::beneath::Beneath;
use super::super::filling::{Handle, answer};
use super::super::keeper;
use super::Parts;
use crate::app::components::element::{Markup, all, el};
use crate::app::signal::Signal;
use crate::app::soon::Soon;
use crate::app::state::shared;
use crate::forms::model::{FieldKind, FieldModel};
use crate::model::answers::Answer;

/// Input type, input mode and autocomplete token, where the form names none.
const fn kind_of(kind: &FieldKind) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match kind {
        FieldKind::Email { .. } => ("email", None, Some("email")),
        FieldKind::Phone => ("tel", None, Some("tel")),
        FieldKind::PersonId | FieldKind::OrgId => ("text", Some("numeric"), Some("off")),
        FieldKind::Url => ("url", None, Some("url")),
        FieldKind::Number { integer: true, .. } => ("text", Some("numeric"), Some("off")),
        FieldKind::Number { .. } => ("text", Some("decimal"), Some("off")),
        FieldKind::Date { .. } => ("text", None, Some("off")),
        FieldKind::Time => ("time", None, Some("off")),
        FieldKind::DateTime => ("datetime-local", None, Some("off")),
        _ => ("text", None, None),
    }
}

/// The input, with a count of characters or what was understood beneath it.
pub fn line(form: Handle, index: usize, parts: &Parts, field: &FieldModel) -> Markup {
    let start = form.look(|form| form.text(index));
    let typed = Signal::new(start.clone());
    let most = match &field.kind {
        FieldKind::Text { length } | FieldKind::TextArea { length } => length.1,
        _ => None,
    };
    let beneath_it = match &field.kind {
        FieldKind::Date { .. } => Some(Beneath::Day),
        FieldKind::Number { money: true, .. } => Some(Beneath::Amount),
        FieldKind::PersonId => Some(Beneath::Doubt),
        _ => most.map(Beneath::Count),
    };
    // Only what is shown beneath needs the text again.
    let echo = beneath_it.is_some();
    let input = move |event| {
        let text = event_target_value(&event);
        answer(form, index, Answer::Text(text.clone()));
        if echo {
            typed.set(text);
        }
    };
    let leave = move |_| keeper::flush(form);
    let (kind, mode, token) = kind_of(&field.kind);
    let token = if field.autocomplete.is_empty() {
        token
    } else {
        Some(field.autocomplete.as_str())
    };
    let control = if matches!(field.kind, FieldKind::TextArea { .. }) {
        parts.input("textarea", form, index).attr("rows", "5").text(&start)
    } else {
        let control = parts
            .input("input", form, index)
            .attr("type", kind)
            .attr("value", &start);
        control.attr_some("inputmode", mode)
    };
    let control = control
        .attr_some("autocomplete", token)
        .on("input", input)
        .on("blur", leave);
    let beneath = beneath_it.map(|what| {
        let text = move || {
            let said = |soon: Soon| (soon.beneath)(form, index, &typed.get(), what);
            shared().soon.get().and_then(said).unwrap_or_default()
        };
        el("p").class("beneath").attr("aria-live", "polite").live_text(text)
    });
    all((control, beneath))
}
