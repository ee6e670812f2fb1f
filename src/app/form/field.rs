//! One question as inputs: the label, the hint before the input, what is wrong, and the input.
//!
//! Inputs are not controlled: they start with what the draft holds and report what is typed.

mod area;
mod choice;
mod files;
mod line;
mod offered;
mod place;
mod reckoned;
mod repeat;
mod signature;

use std::sync::Arc;

use super::filling::Handle;
use super::rare;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::shared;
use crate::forms::model::{FieldKind, FieldModel};
use reckoned::reckoned;

/// Ids and texts that every kind of input needs.
#[derive(Clone)]
pub struct Parts {
    /// Id of the first input.
    id: String,
    /// Value of `aria-describedby`.
    described: String,
    label: String,
    hint: String,
    why: String,
    optional: bool,
}

impl Parts {
    fn new(field: &FieldModel, id: String) -> Self {
        let lang = m::language();
        let hint = match (field.hint.get(lang), &field.kind) {
            ("", FieldKind::PersonId) => m::nik_hint(),
            ("", FieldKind::Date { .. }) if field.asks() => m::date_hint(),
            ("", FieldKind::Number { money: true, .. }) if field.asks() => m::money_hint(),
            ("", FieldKind::OrgId) => m::organisation_hint(),
            ("", FieldKind::Assigned) => m::assigned_hint(),
            (hint, _) => hint,
        };
        Self {
            described: [&id, "-hint ", &id, "-salah"].concat(),
            label: field.label.get(lang).to_owned(),
            hint: hint.to_owned(),
            why: field.why.get(lang).to_owned(),
            // What may be needed by a rule is told by its hint.
            optional: !field.required && field.required_when.is_none() && field.asks(),
            id,
        }
    }

    /// The question, with a word where it may be left empty, for a `label` or a `legend`.
    fn question(&self, tag: &'static str) -> El {
        let optional = self
            .optional
            .then(|| el("span").class("quiet").text(" ").text(m::optional()));
        el(tag).text(&self.label).child(optional)
    }

    /// An input with what all of them have.
    fn input(&self, tag: &'static str, form: Handle, index: usize) -> El {
        el(tag)
            .id(&self.id)
            .attr("aria-describedby", &self.described)
            .live_attr("aria-invalid", invalid(form, index))
    }
}

/// The field at `index`, hidden while its condition does not hold.
pub fn field(form: Handle, index: usize) -> Markup {
    let found = form.try_look(|form| {
        let visible = *form.visible.get(index)?;
        Some((Arc::clone(&form.model), visible, form.input_id(index)))
    });
    let Some(Some((model, visible, id))) = found else {
        return nothing();
    };
    let Some(field) = model.fields.get(index) else {
        return nothing();
    };
    let parts = Parts::new(field, id);
    let inner = match &field.kind {
        _ if rare::is_rare(field) => rare::draw(form, index, &parts, field, visible),
        FieldKind::Assigned => all([
            el("p").class("question").text(&parts.label),
            el("p").class("hint").text(&parts.hint),
        ]),
        FieldKind::Static => all([el("p").text(&parts.label), el("p").class("hint").text(&parts.hint)]),
        FieldKind::Boolean => grouped(form, index, &parts, choice::yes_or_no(form, index, &parts)),
        FieldKind::One(choices) if choices.options.len() > MOST_RADIOS => labelled(
            form,
            index,
            &parts,
            choice::select(form, index, &parts, &choices.options),
        ),
        FieldKind::One(choices) => {
            let inputs = choice::radios(form, index, &parts, &choices.options);
            grouped(form, index, &parts, inputs)
        }
        FieldKind::Many(choices) => {
            let inputs = choice::checks(form, index, &parts, &choices.options);
            grouped(form, index, &parts, inputs)
        }
        FieldKind::File {
            accept,
            max_files,
            max_bytes,
        } => grouped(
            form,
            index,
            &parts,
            files::files(
                form,
                index,
                &parts,
                &files::Limits {
                    accept,
                    max_bytes: *max_bytes,
                    most: *max_files,
                },
            ),
        ),
        FieldKind::Location => grouped(form, index, &parts, place::place(form, index, &parts)),
        _ => labelled(form, index, &parts, line::line(form, index, &parts, field)),
    };
    let hidden = move || (!visible.get()).then(String::new);
    let offers = live(move || match shared().offer.get() {
        Some(offer) => offer(form, index),
        None => nothing(),
    });
    el("div")
        .class("field")
        .live_attr("hidden", hidden)
        .child(inner)
        .child(offers)
        .view()
}

/// The inputs of what few forms have; `rare` brings it. Nothing else may name it.
pub fn rarely(form: Handle, index: usize, parts: &Parts, field: &FieldModel, visible: Signal<bool>) -> Markup {
    match &field.kind {
        _ if field.computed.is_some() => reckoned(form, index, parts),
        FieldKind::One(choices) => labelled(form, index, parts, offered::one(form, index, parts, choices)),
        FieldKind::Many(choices) => grouped(form, index, parts, offered::many(form, index, parts, choices)),
        FieldKind::Signature => grouped(form, index, parts, signature::signature(form, index, parts)),
        FieldKind::Area { level, below } => {
            let inputs = area::area(form, index, parts, visible, *level, below);
            grouped(form, index, parts, inputs)
        }
        FieldKind::Repeat { entry, min, max } => {
            let inputs = repeat::repeat(form, index, parts, entry, (*min, *max));
            grouped(form, index, parts, inputs)
        }
        _ => nothing(),
    }
}

/// With more options than this a choice of one is a list to open.
const MOST_RADIOS: usize = 6;

fn labelled(form: Handle, index: usize, parts: &Parts, input: Markup) -> Markup {
    let question = parts.question("label").attr("for", &parts.id);
    all((question, (around(form, index, parts), (input, why(parts)))))
}

/// Why it is asked, for whoever wants to know.
fn why(parts: &Parts) -> Option<El> {
    let there = !parts.why.is_empty();
    there.then(|| {
        let more = el("summary").text(m::why_asked());
        el("details").class("why").child(more).child(el("p").text(&parts.why))
    })
}

fn grouped(form: Handle, index: usize, parts: &Parts, inputs: Markup) -> Markup {
    el("fieldset")
        .attr("aria-describedby", &parts.described)
        .child(parts.question("legend"))
        .child(around(form, index, parts))
        .child(inputs)
        .child(why(parts))
        .view()
}

/// Hint and complaint, between the question and the input.
fn around(form: Handle, index: usize, parts: &Parts) -> [El; 2] {
    let wrong = live(move || match wrong(form, index) {
        Some(words) => el("span").class("complaint").text(&words).view(),
        None => nothing(),
    });
    [
        el("p")
            .class("hint")
            .id(&[&parts.id, "-hint"].concat())
            .text(&parts.hint),
        el("p").id(&[&parts.id, "-salah"].concat()).child(wrong),
    ]
}

/// What is wrong with a field; nothing before the part that knows is here.
fn wrong(form: Handle, index: usize) -> Option<String> {
    (shared().soon.get()?.wrong)(form, index)
}

/// `aria-invalid` of a field's input.
fn invalid(form: Handle, index: usize) -> impl Fn() -> Option<String> + Send + Copy {
    move || wrong(form, index).map(|_| "true".to_owned())
}
