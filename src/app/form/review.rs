//! "Periksa jawaban Anda": every answer with its question and the way back to it, and the office
//! that receives them.

use super::filling::{Filling, Handle};
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el};
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::journey;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::typed::{moment, number};
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
        .filter(|field| !matches!(field.kind, FieldKind::Static | FieldKind::Assigned))
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
        Some(Answer::Rows(rows)) => el("dd").child(entries(field, rows)),
        Some(answer) => el("dd").text(&shown(field, answer)),
        None => el("dd").class("quiet").text(m::not_answered()),
    };
    let question = el("dt").text(field.label.get(m::language()));
    el("div").child(question).child(value)
}

/// The entries of a repeated group, a line each.
fn entries(field: &FieldModel, rows: &[Answers]) -> Vec<El> {
    let FieldKind::Repeat { entry, .. } = &field.kind else {
        return Vec::new();
    };
    let line = |(number, row): (usize, &Answers)| {
        let parts = entry.fields.iter().filter_map(|field| {
            let value = shown(field, row.get(&field.id)?);
            Some([field.label.get(m::language()), ": ", &value].concat())
        });
        let parts: Vec<String> = parts.collect();
        let number = number.saturating_add(1).to_string();
        el("p").text(&[&number, ". ", &parts.join(" · ")].concat())
    };
    rows.iter().enumerate().map(line).collect()
}

/// An answer as it is read: options by their label, dates and amounts as they were understood.
pub fn shown(field: &FieldModel, answer: &Answer) -> String {
    let label = |value: &String| match &field.kind {
        FieldKind::Boolean => match value.as_str() {
            "true" => m::yes(),
            "false" => m::no(),
            other => other,
        }
        .to_owned(),
        FieldKind::Number { money: true, .. } => rupiah(value).unwrap_or_else(|| value.clone()),
        FieldKind::One(choices) | FieldKind::Many(choices) => choices
            .options
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
        Answer::Area(area) if area.name.is_empty() => area.code.clone(),
        Answer::Area(area) => area.name.clone(),
        // `entries` shows them.
        Answer::Rows(rows) => rows.len().to_string(),
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

/// An amount as it was understood: `Rp1.500.000`.
pub fn rupiah(typed: &str) -> Option<String> {
    let amount = number::number(typed)?.value();
    Some(["Rp", &locale::decimal(&amount)].concat())
}
