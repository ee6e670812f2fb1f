//! Answers as they are reviewed and sent: only what is asked, each in one form.
//!
//! | type | canonical form |
//! |---|---|
//! | text, textarea, email | trimmed |
//! | number, integer, decimal, money | digits, `.` before decimals, no grouping ([`super::typed::number`]) |
//! | boolean | `true` or `false` |
//! | date, time, datetime | `YYYY-MM-DD`, `HH:MM`, `YYYY-MM-DDTHH:MM` |
//! | phone | without spaces, dots, hyphens and brackets ([`super::typed::contact`]) |
//! | person_id, org_id | digits |
//! | url | with its scheme |
//! | choice | the option's value exactly; several in the form's order, each once |
//! | location | degrees with a dot, the words trimmed |
//! | admin_area | code and name, trimmed |
//! | file, image, signature | as it is; a typed name trimmed |
//! | repeat | each entry in canonical form |
//! | what is computed | what its rule gives, whatever the draft holds |
//!
//! What cannot be brought into this form stays as typed, trimmed: saying so is
//! [`super::validate`]'s task, and it says the same of an answer and of its canonical form.

use std::borrow::Cow;

use super::given::{Given, given};
use super::model::{Choices, FieldKind, Model};
use super::typed::address::url;
use super::typed::contact::phone;
use super::typed::coordinate::coordinate;
use super::typed::moment;
use super::typed::number::number;
use super::typed::organisation::organisation;
use super::visibility::settle;
use crate::model::answers::{Answer, Answers, Area, Place};
use crate::model::nik::Nik;

/// The answers of all fields that are shown, have one and are known to the form, in canonical form.
#[must_use]
pub fn canonical(model: &Model, answers: &Answers) -> Answers {
    let mut written = Answers::default();
    let settled = settle(model, answers);
    for (field, shown) in model.fields.iter().zip(settled.shown) {
        if let Some(given) = given(field, &settled.answers).filter(|_| shown) {
            let answer = canonical_of(&field.kind, given);
            written.0.insert(field.id.clone(), answer);
        }
    }
    written
}

/// One answer in canonical form.
pub(super) fn canonical_of(kind: &FieldKind, given: Given<'_>) -> Answer {
    match given {
        Given::Text(typed) => Answer::Text(text(kind, typed).into_owned()),
        Given::Chosen(chosen) => Answer::Many(many(kind, chosen)),
        Given::Place(place) => Answer::Place(Place {
            lat: degrees(&place.lat, MAX_LAT),
            long: degrees(&place.long, MAX_LONG),
            address: place.address.trim().to_owned(),
        }),
        Given::Files(files) => Answer::Files(files.to_vec()),
        Given::Area(area) => Answer::Area(Area {
            code: area.code.trim().to_owned(),
            name: area.name.trim().to_owned(),
        }),
        Given::Rows(rows) => Answer::Rows(match kind {
            FieldKind::Repeat { entry, .. } => rows.iter().map(|row| canonical(entry, row)).collect(),
            _ => Vec::new(),
        }),
    }
}

/// Degrees from the equator to a pole.
pub(super) const MAX_LAT: u16 = 90;
/// Degrees half round the globe.
pub(super) const MAX_LONG: u16 = 180;

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
        FieldKind::OrgId => organisation(typed),
        FieldKind::Url => url(typed),
        FieldKind::Boolean => boolean(typed).map(|flag| flag.to_string()),
        FieldKind::One(choices) => choices
            .options
            .iter()
            .find(|option| option.value.trim() == typed)
            .map(|option| option.value.clone()),
        _ => None,
    };
    written.map_or(Cow::Borrowed(typed), Cow::Owned)
}

/// Yes or no, as it is stored or as people write it.
pub(super) fn boolean(typed: &str) -> Option<bool> {
    let is = |words: [&str; 4]| words.iter().any(|word| typed.eq_ignore_ascii_case(word));
    if is(["true", "ya", "yes", "1"]) {
        Some(true)
    } else if is(["false", "tidak", "no", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// Chosen values in the form's order, then those that the form does not know.
fn many(kind: &FieldKind, chosen: &[String]) -> Vec<String> {
    let none = Choices::default();
    let options = match kind {
        FieldKind::Many(choices) => &choices.options,
        _ => &none.options,
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

fn degrees(typed: &str, limit: u16) -> String {
    coordinate(typed, limit).unwrap_or_else(|| typed.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::forms::compile;

    /// The canonical form of the answer to a single field.
    fn of(field: &Value, answer: Answer) -> Option<Answer> {
        let mut field = field.clone();
        field["id"] = json!("a");
        field["label"] = json!("A");
        let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [field] }] }] });
        let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        let mut answers = canonical(&model, &Answers([("a".to_owned(), answer)].into()));
        answers.0.remove("a")
    }

    fn typed(text: &str) -> Answer {
        Answer::Text(text.to_owned())
    }

    fn chosen(values: &[&str]) -> Answer {
        Answer::Many(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn each_type_has_one_form() {
        for (kind, raw, expected) in [
            ("text", "  Siti  Aminah ", "Siti  Aminah"),
            ("number", "1.250,50", "1250.5"),
            ("date", "1 Februari 1990", "1990-02-01"),
            ("time", "9.05", "09:05"),
            ("datetime", "1/2/1990 9.05", "1990-02-01T09:05"),
            ("phone", "+62 (0)812-3456-7890", "+6281234567890"),
            ("person_id", "340401-410290-0007", "3404014102900007"),
            ("email", " Siti@Contoh.id ", "Siti@Contoh.id"),
        ] {
            assert_eq!(
                of(&json!({ "type": kind }), typed(raw)),
                Some(typed(expected)),
                "{kind}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_stays_as_typed() {
        for kind in ["number", "date", "time", "datetime", "phone", "person_id", "email"] {
            assert_eq!(
                of(&json!({ "type": kind }), typed(" belum tahu ")),
                Some(typed("belum tahu")),
                "{kind}"
            );
        }
        let whole = json!({ "type": "number", "integer": true });
        assert_eq!(
            of(&whole, typed("1,5")),
            Some(typed("1,5")),
            "not the number that was asked for"
        );
        assert_eq!(of(&whole, typed("1,000")), Some(typed("1,000")), "one, or a thousand");
        assert_eq!(of(&whole, typed("5.000,00")), Some(typed("5000")));
    }

    #[test]
    fn choices_are_the_options_values_in_the_forms_order() {
        let options = json!([{ "value": "a" }, { "value": " b " }, { "value": "c" }]);
        let many = json!({ "type": "choice", "many": true, "options": options });
        assert_eq!(
            of(&many, chosen(&["c", "b", "c", "a ", ""])),
            Some(chosen(&["a", " b ", "c"]))
        );
        assert_eq!(
            of(&many, chosen(&["gone", "c"])),
            Some(chosen(&["c", "gone"])),
            "unknown ones stay, last"
        );
        assert_eq!(of(&many, typed("a")), Some(chosen(&["a"])));
        let one = json!({ "type": "choice", "options": options });
        assert_eq!(of(&one, typed("b")), Some(typed(" b ")));
        assert_eq!(of(&one, chosen(&["c"])), Some(typed("c")));
    }

    #[test]
    fn blank_answers_and_answers_of_another_shape_are_not_sent() {
        assert_eq!(of(&json!({ "type": "text" }), typed(" \n")), None);
        assert_eq!(of(&json!({ "type": "text" }), chosen(&["a", "b"])), None);
        assert_eq!(of(&json!({ "type": "location" }), typed("di sana")), None);
        assert_eq!(of(&json!({ "type": "file" }), typed("berkas.pdf")), None);
        assert_eq!(of(&json!({ "type": "static" }), typed("x")), None);
    }

    #[test]
    fn coordinates_have_a_dot() {
        let place = |lat: &str, long: &str, address: &str| {
            Answer::Place(Place {
                lat: lat.to_owned(),
                long: long.to_owned(),
                address: address.to_owned(),
            })
        };
        let location = json!({ "type": "location" });
        assert_eq!(
            of(&location, place(" -6,9147", "107.609", " Dago ")),
            Some(place("-6.9147", "107.609", "Dago"))
        );
        assert_eq!(
            of(&location, place("95,5", " ", "")),
            Some(place("95,5", "", "")),
            "nowhere, and it stays"
        );
    }
}
