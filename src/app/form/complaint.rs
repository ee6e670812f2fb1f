//! What is wrong with answers, in words: at the field, and in the summary that takes the focus.

use super::filling::{Filling, Handle};
use crate::app::components::action::link;
use crate::app::components::element::{El, Markup, el, live, nothing};
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::validate::{Complaint, ComplaintKind};
use crate::model::nik::NikError;

/// The element id of the summary.
pub const SUMMARY: &str = "ringkasan";

/// The element id of a field's first input.
pub fn input_id(index: usize) -> String {
    ["f", &index.to_string()].concat()
}

/// A complaint as a sentence.
pub fn words(field: &FieldModel, kind: &ComplaintKind) -> String {
    match kind {
        ComplaintKind::Required => match field.kind {
            FieldKind::One(_) | FieldKind::Many(_) => m::wrong_choose(),
            FieldKind::File { .. } => m::wrong_file(),
            _ => m::wrong_required(),
        }
        .to_owned(),
        ComplaintKind::TooShort { min, has } => m::wrong_short(&min.to_string(), &has.to_string()),
        ComplaintKind::TooLong { max, has } => m::wrong_long(&max.to_string(), &has.to_string()),
        ComplaintKind::NotANumber => m::wrong_number().to_owned(),
        ComplaintKind::NotWhole => m::wrong_whole().to_owned(),
        ComplaintKind::Below { min } => m::wrong_below(&locale::decimal(min)),
        ComplaintKind::Above { max } => m::wrong_above(&locale::decimal(max)),
        ComplaintKind::NotADate => m::wrong_date().to_owned(),
        ComplaintKind::ShortYear => m::wrong_year().to_owned(),
        ComplaintKind::Before { min } => m::wrong_before(&locale::day(*min)),
        ComplaintKind::After { max } => m::wrong_after(&locale::day(*max)),
        ComplaintKind::NotATime => m::wrong_time().to_owned(),
        ComplaintKind::NotAnOption => m::wrong_option().to_owned(),
        ComplaintKind::NotEmail => m::wrong_email().to_owned(),
        ComplaintKind::NotPhone => m::wrong_phone().to_owned(),
        ComplaintKind::Nik(NikError::Length(has)) => m::wrong_nik_length(&has.to_string()),
        ComplaintKind::Nik(NikError::NotDigits) => m::wrong_nik_digits().to_owned(),
        ComplaintKind::Nik(NikError::BirthDate) => m::wrong_nik_birth().to_owned(),
        ComplaintKind::Nik(NikError::Serial) => m::wrong_nik_serial().to_owned(),
        ComplaintKind::TooManyFiles { max, .. } => m::wrong_file_count(&max.to_string()),
        ComplaintKind::FileEmpty { name } => m::wrong_file_empty(name),
        ComplaintKind::FileTooLarge { max, name } => m::wrong_file_size(name, &locale::bytes(*max)),
        ComplaintKind::WrongFileType { name } => m::wrong_file_kind(name),
        ComplaintKind::PlaceNeeded => m::wrong_place().to_owned(),
        ComplaintKind::NotCoordinates => m::wrong_coordinates().to_owned(),
    }
}

/// What is wrong with a field now: our complaint, else what the office refused.
pub fn of_field(form: Handle, index: usize) -> Option<String> {
    form.try_look(|form| {
        let field = form.model.fields.get(index);
        let complaint = form.complaints.with(|all| {
            let found = all.iter().find(|complaint| complaint.field == index)?;
            Some(words(field?, &found.kind))
        });
        if complaint.is_some() {
            return complaint;
        }
        let field = field?;
        let refusal = form.refusals.iter().find(|refusal| refusal.field == field.id)?;
        Some(m::wrong_office(&refusal.message))
    })
    .flatten()
}

/// The summary over a step's inputs: nothing while nothing is wrong.
pub fn summary(form: Handle) -> Markup {
    live(move || {
        let items = form.try_look(|form| {
            form.complaints
                .with(|all| all.iter().filter_map(|one| line(form, one)).collect::<Vec<El>>())
        });
        let items = items.unwrap_or_default();
        if items.is_empty() {
            return nothing();
        }
        el("div")
            .class("card stop")
            .id(SUMMARY)
            .attr("role", "alert")
            .attr("tabindex", "-1")
            .attr("aria-labelledby", "ringkasan-judul")
            .child(el("h2").id("ringkasan-judul").text(m::problems_title()))
            .child(el("ul").child(items))
            .view()
    })
}

fn line(form: &Filling, complaint: &Complaint) -> Option<El> {
    let field = form.model.fields.get(complaint.field)?;
    let href = ["#", &input_id(complaint.field)].concat();
    let text = [field.label.get(m::language()), ": ", &words(field, &complaint.kind)].concat();
    Some(el("li").child(link("", &href, &text)))
}
