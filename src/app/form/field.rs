//! One question as inputs: the label, the hint before the input, what is wrong, and the input.
//!
//! Inputs are not controlled: they start with what the draft holds and report what is typed.

mod choice;
mod files;
mod line;
mod place;

use super::complaint::{input_id, of_field};
use super::filling::Handle;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::state::shared;
use crate::forms::model::{FieldKind, FieldModel};

/// Ids and texts that every kind of input needs.
struct Parts {
    /// Id of the first input.
    id: String,
    /// Value of `aria-describedby`.
    described: String,
    label: String,
    hint: String,
    optional: bool,
}

impl Parts {
    fn new(field: &FieldModel, index: usize) -> Self {
        let id = input_id(index);
        let lang = m::language();
        let hint = match (field.hint.get(lang), &field.kind) {
            ("", FieldKind::PersonId) => m::nik_hint(),
            ("", FieldKind::Date { .. }) => m::date_hint(),
            (hint, _) => hint,
        };
        Self {
            described: [&id, "-hint ", &id, "-salah"].concat(),
            label: field.label.get(lang).to_owned(),
            hint: hint.to_owned(),
            optional: !field.required,
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
        let (field, visible) = (form.model.fields.get(index)?, form.visible.get(index)?);
        Some((field.clone(), *visible))
    });
    let Some(Some((field, visible))) = found else {
        return nothing();
    };
    let parts = Parts::new(&field, index);
    let inner = match &field.kind {
        FieldKind::Static => all([el("p").text(&parts.label), el("p").class("hint").text(&parts.hint)]),
        FieldKind::One(options) if options.len() > MOST_RADIOS => {
            labelled(form, index, &parts, choice::select(form, index, &parts, options))
        }
        FieldKind::One(options) => grouped(form, index, &parts, choice::radios(form, index, &parts, options)),
        FieldKind::Many(options) => grouped(form, index, &parts, choice::checks(form, index, &parts, options)),
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
        _ => labelled(form, index, &parts, line::line(form, index, &parts, &field)),
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

/// With more options than this a choice of one is a list to open.
const MOST_RADIOS: usize = 6;

fn labelled(form: Handle, index: usize, parts: &Parts, input: Markup) -> Markup {
    let question = parts.question("label").attr("for", &parts.id);
    all((question, (around(form, index, parts), input)))
}

fn grouped(form: Handle, index: usize, parts: &Parts, inputs: Markup) -> Markup {
    el("fieldset")
        .attr("aria-describedby", &parts.described)
        .child(parts.question("legend"))
        .child(around(form, index, parts))
        .child(inputs)
        .view()
}

/// Hint and complaint, between the question and the input.
fn around(form: Handle, index: usize, parts: &Parts) -> [El; 2] {
    let wrong = live(move || match of_field(form, index) {
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

/// `aria-invalid` of a field's input.
fn invalid(form: Handle, index: usize) -> impl Fn() -> Option<String> + Send + Copy {
    move || of_field(form, index).map(|_| "true".to_owned())
}
