//! What is wrong with answers, in words: at the field, and in the summary that takes the focus.

use super::filling::{Filling, Handle};
use crate::app::components::action::link;
use crate::app::components::element::{El, Markup, el, live, nothing};
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::validate::{Complaint, ComplaintKind, InRow};
use crate::model::nik::NikError;

/// The element id of the summary.
pub const SUMMARY: &str = "ringkasan";

/// A complaint as a sentence.
pub fn words(field: &FieldModel, kind: &ComplaintKind) -> String {
    match kind {
        ComplaintKind::Required => match field.kind {
            FieldKind::One(_) | FieldKind::Many(_) => m::wrong_choose(),
            FieldKind::File { .. } => m::wrong_file(),
            FieldKind::Signature => m::wrong_signature(),
            FieldKind::Boolean => m::wrong_yes_no(),
            FieldKind::Area { .. } => m::wrong_area(),
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
        ComplaintKind::NotYesOrNo => m::wrong_yes_no().to_owned(),
        ComplaintKind::NotUrl => m::wrong_url().to_owned(),
        ComplaintKind::NotOrganisation => m::wrong_organisation().to_owned(),
        ComplaintKind::AreaTooLarge | ComplaintKind::NotAnArea => m::wrong_area().to_owned(),
        ComplaintKind::TooFewRows { min } => m::wrong_few_rows(&min.to_string()),
        ComplaintKind::TooManyRows { max } => m::wrong_many_rows(&max.to_string()),
        ComplaintKind::Rule { message } => message.get(m::language()).to_owned(),
        ComplaintKind::NotEmail => m::wrong_email().to_owned(),
        ComplaintKind::NotPhone => m::wrong_phone().to_owned(),
        ComplaintKind::Nik(NikError::Length(has)) => m::wrong_nik_length(&has.to_string()),
        ComplaintKind::Nik(NikError::NotDigits) => m::wrong_nik_digits().to_owned(),
        ComplaintKind::Nik(NikError::BirthDate) => m::wrong_nik_birth().to_owned(),
        ComplaintKind::Nik(NikError::Serial) => m::wrong_nik_serial().to_owned(),
        ComplaintKind::TooManyFiles { max, .. } => m::wrong_file_count(&max.to_string()),
        ComplaintKind::FileEmpty { name } => m::wrong_file_empty(name),
        ComplaintKind::FileTooLarge { max, name } => m::wrong_file_size(name, &locale::bytes(*max)),
        ComplaintKind::WrongFileType { name } => m::wrong_file_kind(name, &kinds(field)),
        ComplaintKind::PlaceNeeded => m::wrong_place().to_owned(),
        ComplaintKind::NotCoordinates => m::wrong_coordinates().to_owned(),
    }
}

/// The kinds of files that a field takes, as their names end: `jpeg, png`.
fn kinds(field: &FieldModel) -> String {
    let FieldKind::File { accept, .. } = &field.kind else {
        return String::new();
    };
    let ends = accept.iter().map(|kind| match kind.strip_suffix("/*") {
        Some(any) => any,
        None => kind.split_once('/').map_or("", |(_, end)| end),
    });
    ends.collect::<Vec<_>>().join(", ")
}

/// What is wrong with a field now: our complaint, else what the office refused.
pub fn of_field(form: Handle, index: usize) -> Option<String> {
    let (field, above) = form.try_look(|form| Some((form.model.fields.get(index)?.clone(), form.above.clone())))??;
    let (form, index, row) = match above {
        Some(above) => {
            let number = above.place()?;
            (above.form, above.index, Some(InRow { number, field: index }))
        }
        None => (form, index, None),
    };
    form.try_look(|form| {
        let complaint = form.complaints.with(|all| {
            let found = all
                .iter()
                .find(|complaint| complaint.field == index && complaint.row == row)?;
            Some(words(&field, &found.kind))
        });
        if complaint.is_some() || row.is_some() {
            return complaint;
        }
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
    let lang = m::language();
    let label = field.label.get(lang);
    let own = || {
        (
            form.input_id(complaint.field),
            label.to_owned(),
            words(field, &complaint.kind),
        )
    };
    let (id, label, words) = match (complaint.row, &field.kind) {
        (Some(row), FieldKind::Repeat { entry, .. }) => {
            let inner = entry.fields.get(row.field)?;
            let rows = form.rows.iter().find(|(group, _)| *group == complaint.field);
            let at = |rows: &Vec<Handle>| rows.get(row.number)?.try_look(|entry| entry.input_id(row.field));
            let id = rows.and_then(|(_, rows)| rows.try_look(at).flatten());
            let number = row.number.saturating_add(1).to_string();
            let label = [label, " ", &number, ", ", inner.label.get(lang)].concat();
            (id.unwrap_or_else(|| own().0), label, words(inner, &complaint.kind))
        }
        _ => own(),
    };
    let text = [label.as_str(), ": ", &words].concat();
    Some(el("li").child(link("", &["#", &id].concat(), &text)))
}
