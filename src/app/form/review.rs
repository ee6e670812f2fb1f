//! "Periksa jawaban Anda": every answer with its question and the way back to it, and the office
//! that receives them.

use super::filling::{Filling, Handle};
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el};
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::journey;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::typed::moment;
use crate::model::answers::{Answer, Answers};

/// The answers, step by step. `change` leads back to a step.
pub fn review(form: Handle, change: fn(Handle, usize)) -> Markup {
    let blocks: Vec<El> = form.look(|filling| {
        let there = journey::steps(&filling.model, &filling.draft.answers);
        let steps = filling.model.steps.iter().enumerate();
        let steps = steps.filter(|(at, _)| there.get(*at) == Some(&true));
        steps
            .filter_map(|(at, step)| {
                let title = step.title.get(m::language());
                let again = move |_| change(form, at);
                let again = button("plain", m::change(), again).attr("aria-label", &m::change_what(title));
                block(filling, at, el("h2").text(title), again)
            })
            .collect()
    });
    all(blocks)
}

/// A step's answers; `None` where it asks nothing.
fn block(form: &Filling, at: usize, title: El, again: El) -> Option<El> {
    let shown = form
        .model
        .fields_of(at)
        .filter(|index| form.shown.get(*index) == Some(&true));
    let rows: Vec<El> = shown
        .filter_map(|index| form.model.fields.get(index))
        .filter(|field| field.kind != FieldKind::Static)
        .map(|field| row(field, &form.draft.answers))
        .collect();
    if rows.is_empty() {
        return None;
    }
    let head = el("div").class("review-head").child(title).child(again);
    Some(el("section").class("review").child(head).child(el("dl").child(rows)))
}

fn row(field: &FieldModel, answers: &Answers) -> El {
    let value = match answers.get(&field.id) {
        Some(answer) => el("dd").text(&shown(field, answer)),
        None => el("dd").class("quiet").text(m::not_answered()),
    };
    let question = el("dt").text(field.label.get(m::language()));
    el("div").child(question).child(value)
}

/// An answer as it is read: options by their label, dates as they were understood.
fn shown(field: &FieldModel, answer: &Answer) -> String {
    let label = |value: &String| match &field.kind {
        FieldKind::One(options) | FieldKind::Many(options) => options
            .iter()
            .find(|option| option.value == *value)
            .map(|option| option.label.get(m::language()))
            .filter(|label| !label.is_empty())
            .map_or_else(|| value.clone(), str::to_owned),
        FieldKind::Date { .. } => moment::day(value).map_or_else(|_| value.clone(), locale::day),
        FieldKind::DateTime => moment::moment(value).map_or_else(
            |_| value.clone(),
            |(day, time)| [locale::day(day), moment::written_time(time)].join(", "),
        ),
        _ => value.clone(),
    };
    match answer {
        Answer::Text(text) => label(text),
        Answer::Many(values) => values.iter().map(label).collect::<Vec<_>>().join(", "),
        Answer::Place(place) => {
            let coordinates = [place.lat.trim(), place.long.trim()].join(" ");
            let mut parts = vec![place.address.trim()];
            parts.push(coordinates.trim());
            parts.retain(|part| !part.is_empty());
            parts.join(", ")
        }
        Answer::Files(files) => files
            .iter()
            .map(|file| file.name.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    }
}
