//! Choices: one by radio buttons or from a list, several by boxes.

use leptos::prelude::*;

use super::super::filling::{Handle, answer};
use super::{Parts, invalid};
use crate::app::messages as m;
use crate::model::answers::Answer;
use crate::model::form::ChoiceOption;

fn label_of(option: &ChoiceOption) -> String {
    let label = option.label.get(m::language());
    if label.is_empty() {
        option.value.clone()
    } else {
        label.to_owned()
    }
}

/// One of a few.
pub fn radios(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> AnyView {
    let chosen = form.with_value(|form| form.text(index));
    boxes(
        parts,
        options,
        "radio",
        |value| chosen == value,
        form,
        index,
        move |value, _| {
            answer(form, index, Answer::Text(value));
        },
    )
}

/// Any number of them.
pub fn checks(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> AnyView {
    let chosen = form.with_value(|form| many(form.answer(index)));
    let order: StoredValue<Vec<String>> = StoredValue::new(options.iter().map(|option| option.value.clone()).collect());
    boxes(
        parts,
        options,
        "checkbox",
        |value| chosen.iter().any(|chosen| chosen == value),
        form,
        index,
        move |value, on| {
            let mut values = form.with_value(|form| many(form.answer(index)));
            values.retain(|known| *known != value);
            if on {
                values.push(value);
            }
            order.with_value(|order| values.sort_by_key(|value| order.iter().position(|known| known == value)));
            answer(form, index, Answer::Many(values));
        },
    )
}

fn many(answer: Option<&Answer>) -> Vec<String> {
    match answer {
        Some(Answer::Many(values)) => values.clone(),
        _ => Vec::new(),
    }
}

fn boxes(
    parts: &Parts,
    options: &[ChoiceOption],
    kind: &'static str,
    chosen: impl Fn(&str) -> bool,
    form: Handle,
    index: usize,
    change: impl Fn(String, bool) + Copy + 'static,
) -> AnyView {
    options
        .iter()
        .enumerate()
        .map(|(at, option)| {
            // The summary links to the first one by the field's own id.
            let id = if at == 0 {
                parts.id.clone()
            } else {
                [&parts.id, "-", &at.to_string()].concat()
            };
            let value = option.value.clone();
            let changed = move |event| change(value.clone(), event_target_checked(&event));
            view! {
                <div class="option">
                    <input
                        id=id.clone()
                        type=kind
                        name=parts.id.clone()
                        value=option.value.clone()
                        prop:checked=chosen(&option.value)
                        aria-invalid=(kind == "checkbox").then(|| invalid(form, index))
                        on:change=changed
                    />
                    <label for=id>{label_of(option)}</label>
                </div>
            }
            .into_any()
        })
        .collect::<Vec<_>>()
        .into_any()
}

/// One of many.
pub fn select(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> AnyView {
    let chosen = form.with_value(|form| form.text(index));
    let items: Vec<AnyView> = options
        .iter()
        .map(|option| {
            view! { <option value=option.value.clone() selected=option.value == chosen>{label_of(option)}</option> }
                .into_any()
        })
        .collect();
    view! {
        <select
            id=parts.id.clone()
            aria-describedby=parts.described.clone()
            aria-invalid=invalid(form, index)
            on:change=move |event| answer(form, index, Answer::Text(event_target_value(&event)))
        >
            <option value="">{m::choose_one()}</option>
            {items}
        </select>
    }
    .into_any()
}
