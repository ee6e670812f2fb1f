//! Choices of the form's own: one by radio buttons or from a list, several by boxes.

use std::rc::Rc;

use leptos::prelude::{event_target_checked, event_target_value};

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::element::{El, Markup, all, el};
use crate::app::messages as m;
use crate::model::answers::Answer;
use crate::model::form::ChoiceOption;
use crate::model::text::Text;

fn label_of(option: &ChoiceOption) -> String {
    let label = option.label.get(m::language());
    if label.is_empty() {
        option.value.clone()
    } else {
        label.to_owned()
    }
}

/// What a box or button does when it is turned on or off.
type Change = Rc<dyn Fn(String, bool)>;

/// One of a few.
pub fn radios(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> Markup {
    let chosen = [form.look(|form| form.text(index))];
    let change: Change = Rc::new(move |value, _| answer(form, index, Answer::Text(value)));
    boxes(parts, options, "radio", &chosen, &change)
}

/// Yes or no, without either beforehand.
pub fn yes_or_no(form: Handle, index: usize, parts: &Parts) -> Markup {
    let option = |value: &str, label: &str| ChoiceOption {
        value: value.to_owned(),
        label: Text::plain(label),
        ..ChoiceOption::default()
    };
    radios(
        form,
        index,
        parts,
        &[option("true", m::yes()), option("false", m::no())],
    )
}

/// Any number of them.
pub fn checks(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> Markup {
    let chosen = form.look(|form| chosen_of(form.answer(index)));
    let order: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
    let change: Change = Rc::new(move |value, on| {
        let mut values = form.look(|form| chosen_of(form.answer(index)));
        values.retain(|known| *known != value);
        if on {
            values.push(value);
        }
        // In the form's order, whichever was chosen first.
        let values = order.iter().filter(|value| values.contains(value)).cloned().collect();
        answer(form, index, Answer::Many(values));
    });
    boxes(parts, options, "checkbox", &chosen, &change)
}

fn chosen_of(answer: Option<&Answer>) -> Vec<String> {
    match answer {
        Some(Answer::Many(values)) => values.clone(),
        _ => Vec::new(),
    }
}

fn boxes(parts: &Parts, options: &[ChoiceOption], kind: &str, chosen: &[String], change: &Change) -> Markup {
    let one = |(at, option): (usize, &ChoiceOption)| {
        // The summary links to the first one by the field's own id.
        let id = if at == 0 {
            parts.id.clone()
        } else {
            [&parts.id, "-", &at.to_string()].concat()
        };
        let (value, change) = (option.value.clone(), Rc::clone(change));
        let input = el("input")
            .id(&id)
            .attr("type", kind)
            .attr("name", &parts.id)
            .attr("value", &option.value)
            .attr_if("checked", chosen.contains(&option.value))
            .on("change", move |event| {
                change(value.clone(), event_target_checked(&event))
            });
        let label = el("label").attr("for", &id).text(&label_of(option));
        el("div").class("option").child(input).child(label)
    };
    all(options.iter().enumerate().map(one).collect::<Vec<_>>())
}

/// One of many.
pub fn select(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> Markup {
    let chosen = form.look(|form| form.text(index));
    let one = |option: &ChoiceOption| {
        let choice = el("option")
            .attr("value", &option.value)
            .attr_if("selected", option.value == chosen);
        choice.text(&label_of(option))
    };
    let items: Vec<El> = options.iter().map(one).collect();
    parts
        .input("select", form, index)
        .on("change", move |event| {
            answer(form, index, Answer::Text(event_target_value(&event)))
        })
        .child(el("option").attr("value", "").text(m::choose_one()))
        .child(items)
        .view()
}
