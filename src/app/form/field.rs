//! One question as inputs: the label, the hint before the input, what is wrong, and the input.
//!
//! Inputs are not controlled: they start with what the draft holds and report what is typed.

mod choice;
mod files;
mod line;
mod place;

use leptos::prelude::*;

use super::complaint::{input_id, of_field};
use super::filling::Handle;
use crate::app::messages as m;
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

    fn optional(&self) -> Option<AnyView> {
        self.optional
            .then(|| view! { <span class="quiet">" "{m::optional()}</span> }.into_any())
    }
}

/// The field at `index`, hidden while its condition does not hold.
pub fn field(form: Handle, index: usize) -> AnyView {
    let Some(Some((field, visible))) =
        form.try_with_value(|form| Some((form.model.fields.get(index)?.clone(), *form.visible.get(index)?)))
    else {
        return ().into_any();
    };
    let parts = Parts::new(&field, index);
    let inner = match &field.kind {
        FieldKind::Static => {
            let hint = (!parts.hint.is_empty()).then(|| view! { <p class="hint">{parts.hint.clone()}</p> }.into_any());
            view! { <p>{parts.label.clone()}</p> {hint} }.into_any()
        }
        FieldKind::One(options) if options.len() > MOST_RADIOS => {
            labelled(form, index, &parts, choice::select(form, index, &parts, options))
        }
        FieldKind::One(options) => grouped(form, index, &parts, choice::radios(form, index, &parts, options)),
        FieldKind::Many(options) => grouped(form, index, &parts, choice::checks(form, index, &parts, options)),
        FieldKind::File { accept, max_files, .. } => grouped(
            form,
            index,
            &parts,
            files::files(form, index, &parts, accept, *max_files),
        ),
        FieldKind::Location => grouped(form, index, &parts, place::place(form, index, &parts)),
        _ => labelled(form, index, &parts, line::line(form, index, &parts, &field)),
    };
    view! { <div class="field" hidden=move || !visible.get()>{inner}</div> }.into_any()
}

/// With more options than this a choice of one is a list to open.
const MOST_RADIOS: usize = 6;

fn labelled(form: Handle, index: usize, parts: &Parts, input: AnyView) -> AnyView {
    view! {
        <label for=parts.id.clone()>{parts.label.clone()}{parts.optional()}</label>
        {around(form, index, parts)}
        {input}
    }
    .into_any()
}

fn grouped(form: Handle, index: usize, parts: &Parts, inputs: AnyView) -> AnyView {
    view! {
        <fieldset aria-describedby=parts.described.clone()>
            <legend>{parts.label.clone()}{parts.optional()}</legend>
            {around(form, index, parts)}
            {inputs}
        </fieldset>
    }
    .into_any()
}

/// Hint and complaint, between the label and the input.
fn around(form: Handle, index: usize, parts: &Parts) -> AnyView {
    let hint_id = [&parts.id, "-hint"].concat();
    let wrong_id = [&parts.id, "-salah"].concat();
    let wrong = move || of_field(form, index).map(|words| view! { <span class="complaint">{words}</span> }.into_any());
    view! {
        <p class="hint" id=hint_id>{parts.hint.clone()}</p>
        <p id=wrong_id>{wrong}</p>
    }
    .into_any()
}

/// `aria-invalid` of a field's input.
fn invalid(form: Handle, index: usize) -> impl Fn() -> Option<&'static str> + Send + Copy {
    move || of_field(form, index).map(|_| "true")
}
