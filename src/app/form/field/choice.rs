//! Choices: one by radio buttons or from a list, several by boxes; from the form itself, from a published
//! list, and within another choice.

use std::rc::Rc;

use leptos::prelude::{event_target_checked, event_target_value};

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::loading::{load, when_loaded};
use crate::app::messages as m;
use crate::catalogue::Source;
use crate::forms::model::Choices;
use crate::model::answers::Answer;
use crate::model::form::ChoiceOption;
use crate::model::route::published_source;
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

/// One of a list that is fetched, or that hangs on another choice.
pub fn offered(form: Handle, index: usize, parts: &Parts, choices: &Choices) -> Markup {
    let (parts, whole) = (parts.clone(), choices.within);
    listed(form, choices, move |options| {
        let options = of_whole(form, whole, options);
        let chosen = form.look(|form| form.text(index));
        if !chosen.is_empty() && options.iter().all(|option| option.value != chosen) {
            // What was chosen within another whole is nothing in this one.
            answer(form, index, Answer::Text(String::new()));
        }
        select(form, index, &parts, &options)
    })
}

/// Any number of a list, wherever it comes from.
pub fn many(form: Handle, index: usize, parts: &Parts, choices: &Choices) -> Markup {
    if choices.source.is_empty() && choices.within.is_none() {
        return checks(form, index, parts, &choices.options);
    }
    let (parts, whole) = (parts.clone(), choices.within);
    listed(form, choices, move |options| {
        checks(form, index, &parts, &of_whole(form, whole, options))
    })
}

/// Draws the options once they are there, and again when the whole of which they are parts is another.
fn listed(form: Handle, choices: &Choices, draw: impl Fn(&[ChoiceOption]) -> Markup + 'static) -> Markup {
    let Some((settled, backend)) = form.try_look(|form| (form.settled, form.published.id.backend.clone())) else {
        return nothing();
    };
    let draw = Rc::new(draw);
    if choices.source.is_empty() {
        let options = choices.options.clone();
        return live(move || {
            settled.track();
            draw(&options)
        });
    }
    let file = load::<Source>(published_source(&backend, &choices.source));
    let missing = || el("p").class("complaint").text(m::list_missing()).view();
    when_loaded(
        file,
        move |source| {
            let draw = Rc::clone(&draw);
            live(move || {
                settled.track();
                draw(&source.options)
            })
        },
        missing,
    )
}

/// The options that are parts of what was chosen.
fn of_whole(form: Handle, whole: Option<usize>, options: &[ChoiceOption]) -> Vec<ChoiceOption> {
    let chosen = whole.map(|whole| form.look(|form| form.text(whole)));
    let part = |option: &&ChoiceOption| {
        option.parent.is_empty()
            || chosen
                .as_ref()
                .is_none_or(|chosen| option.parent.trim() == chosen.trim())
    };
    options.iter().filter(part).cloned().collect()
}

/// Any number of them.
fn checks(form: Handle, index: usize, parts: &Parts, options: &[ChoiceOption]) -> Markup {
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
