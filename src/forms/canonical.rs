//! Answers as they are reviewed and sent: only what is asked, each in one form.
//!
//! | type | canonical form |
//! |---|---|
//! | text, textarea, email | trimmed |
//! | number | digits, `.` before decimals, no grouping ([`super::typed::number`]) |
//! | date, time, datetime | `YYYY-MM-DD`, `HH:MM`, `YYYY-MM-DDTHH:MM` |
//! | phone | without spaces, dots, hyphens and brackets ([`super::typed::contact`]) |
//! | person_id | sixteen digits |
//! | choice | the option's value exactly; several in the form's order, each once |
//! | location | degrees with a dot, the words trimmed |
//! | file | as it is |
//!
//! What cannot be brought into this form stays as typed, trimmed: saying so is
//! [`super::validate`]'s task, and it says the same of an answer and of its canonical form.

use std::borrow::Cow;

use super::given::{Given, given};
use super::model::{FieldKind, Model};
use super::typed::contact::phone;
use super::typed::coordinate::coordinate;
use super::typed::moment;
use super::typed::number::number;
use super::visibility::visibility;
use crate::model::answers::{Answer, Answers, Place};
use crate::model::form::ChoiceOption;
use crate::model::nik::Nik;

/// The answers of all fields that are shown, have one and are known to the form, in canonical form.
#[must_use]
pub fn canonical(model: &Model, answers: &Answers) -> Answers {
    let mut written = Answers::default();
    for (field, shown) in model.fields.iter().zip(visibility(model, answers)) {
        let Some(given) = given(field, answers).filter(|_| shown) else {
            continue;
        };
        let answer = match given {
            Given::Text(typed) => Answer::Text(text(&field.kind, typed).into_owned()),
            Given::Chosen(chosen) => Answer::Many(many(&field.kind, chosen)),
            Given::Place(place) => Answer::Place(Place {
                lat: degrees(&place.lat, MAX_LAT),
                long: degrees(&place.long, MAX_LONG),
                address: place.address.trim().to_owned(),
            }),
            Given::Files(files) => Answer::Files(files.to_vec()),
        };
        written.0.insert(field.id.clone(), answer);
    }
    written
}

/// Degrees from the equator to a pole.
pub(super) const MAX_LAT: f64 = 90.0;
/// Degrees half round the globe.
pub(super) const MAX_LONG: f64 = 180.0;

/// The canonical form of what was typed into a field of this kind, else the text, trimmed.
pub(super) fn text<'a>(kind: &FieldKind, typed: &'a str) -> Cow<'a, str> {
    let typed = typed.trim();
    let written = match kind {
        FieldKind::Number { integer, .. } => number(typed)
            .filter(|number| number.whole || !integer)
            .map(|number| number.text),
        FieldKind::Date { .. } => moment::day(typed).ok().map(moment::written_day),
        FieldKind::Time => moment::time(typed).map(moment::written_time),
        FieldKind::DateTime => moment::moment(typed)
            .ok()
            .map(|(day, time)| [moment::written_day(day), moment::written_time(time)].join("T")),
        FieldKind::Phone => phone(typed),
        FieldKind::PersonId => Nik::parse(typed).ok().map(|nik| nik.digits().to_owned()),
        FieldKind::One(options) => options
            .iter()
            .find(|option| option.value.trim() == typed)
            .map(|option| option.value.clone()),
        _ => None,
    };
    written.map_or(Cow::Borrowed(typed), Cow::Owned)
}

/// Chosen values in the form's order, then those that the form does not know.
fn many(kind: &FieldKind, chosen: &[String]) -> Vec<String> {
    let options: &[ChoiceOption] = match kind {
        FieldKind::Many(options) => options,
        _ => &[],
    };
    let is_chosen = |value: &str| chosen.iter().any(|choice| choice.trim() == value);
    let mut values: Vec<String> = options
        .iter()
        .filter(|option| is_chosen(option.value.trim()))
        .map(|option| option.value.clone())
        .collect();
    for choice in chosen {
        let choice = choice.trim();
        if !choice.is_empty() && !values.iter().any(|value| value.trim() == choice) {
            values.push(choice.to_owned());
        }
    }
    values
}

fn degrees(typed: &str, limit: f64) -> String {
    coordinate(typed, limit).unwrap_or_else(|| typed.trim().to_owned())
}
