//! "Periksa jawaban Anda": every answer with its question and the way back to it, and the office
//! that receives them.

use leptos::prelude::*;

use super::filling::{Filling, Handle};
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::journey;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::typed::moment;
use crate::model::answers::{Answer, Answers};

/// The answers, step by step. `change` leads back to a step.
pub fn review(form: Handle, change: impl Fn(usize) + Copy + 'static) -> AnyView {
    let blocks: Vec<AnyView> = form.with_value(|form| {
        let there = journey::steps(&form.model, &form.draft.answers);
        form.model
            .steps
            .iter()
            .enumerate()
            .filter(|(at, _)| there.get(*at) == Some(&true))
            .map(|(at, step)| block(form, at, step.title.get(m::language()), change))
            .collect()
    });
    blocks.into_any()
}

fn block(form: &Filling, at: usize, title: &str, change: impl Fn(usize) + Copy + 'static) -> AnyView {
    let rows: Vec<AnyView> = form
        .model
        .fields_of(at)
        .filter(|index| form.shown.get(*index) == Some(&true))
        .filter_map(|index| form.model.fields.get(index))
        .filter(|field| field.kind != FieldKind::Static)
        .map(|field| row(field, &form.draft.answers))
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="review">
            <div class="review-head">
                <h2>{title.to_owned()}</h2>
                <button type="button" class="plain" aria-label=m::change_what(title) on:click=move |_| change(at)>
                    {m::change()}
                </button>
            </div>
            <dl>{rows}</dl>
        </section>
    }
    .into_any()
}

fn row(field: &FieldModel, answers: &Answers) -> AnyView {
    let text = answers.get(&field.id).map(|answer| shown(field, answer));
    let value = match text {
        Some(text) => view! { <dd>{text}</dd> }.into_any(),
        None => view! { <dd class="quiet">{m::not_answered()}</dd> }.into_any(),
    };
    view! { <div><dt>{field.label.get(m::language()).to_owned()}</dt>{value}</div> }.into_any()
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
