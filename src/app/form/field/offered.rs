//! Choices from a published list, and those that are parts of what was chosen before.

use std::rc::Rc;

use super::super::filling::{Handle, answer};
use super::Parts;
use super::choice::{checks, select};
use crate::app::components::element::{Markup, el, live, nothing};
use crate::app::components::loading::{load, when_loaded};
use crate::app::messages as m;
use crate::catalogue::Source;
use crate::forms::model::Choices;
use crate::model::answers::Answer;
use crate::model::form::ChoiceOption;
use crate::model::route::published_source;

/// One of a list that is fetched, or that hangs on another choice.
pub fn one(form: Handle, index: usize, parts: &Parts, choices: &Choices) -> Markup {
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
