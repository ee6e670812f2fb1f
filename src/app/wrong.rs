//! What is wrong with an answer, in words: what to write instead, each time with an example that would
//! be taken. A rule of a form's own brings its own words.

use super::messages as m;
use crate::forms::model::{FieldKind, FieldModel};
use crate::forms::validate::ComplaintKind;
use crate::model::nik::NikError;

#[cfg(target_arch = "wasm32")]
use super::locale;

/// A complaint as a sentence.
#[must_use]
pub fn words(field: &FieldModel, kind: &ComplaintKind) -> String {
    match kind {
        ComplaintKind::Required => missing(field),
        ComplaintKind::TooShort { min, has } => m::wrong_short(&min.to_string(), &has.to_string()),
        ComplaintKind::TooLong { max, has } => m::wrong_long(&max.to_string(), &has.to_string()),
        ComplaintKind::NotANumber => m::wrong_number().to_owned(),
        ComplaintKind::NotWhole => m::wrong_whole().to_owned(),
        ComplaintKind::Below { min } => m::wrong_below(&locale::decimal(min)),
        ComplaintKind::Above { max } => m::wrong_above(&locale::decimal(max)),
        ComplaintKind::NotADate if matches!(field.kind, FieldKind::DateTime) => m::wrong_moment().to_owned(),
        ComplaintKind::NotADate => m::wrong_date().to_owned(),
        ComplaintKind::ShortYear => m::wrong_year().to_owned(),
        ComplaintKind::Before { min } => m::wrong_before(&locale::day(*min), &typed(*min)),
        ComplaintKind::After { max } => m::wrong_after(&locale::day(*max), &typed(*max)),
        ComplaintKind::NotATime => m::wrong_time().to_owned(),
        ComplaintKind::NotAnOption => choose(field),
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

/// What to write where nothing is: the words for what cannot be read say it too.
fn missing(field: &FieldModel) -> String {
    let kind = match &field.kind {
        FieldKind::One(_) | FieldKind::Many(_) => return choose(field),
        FieldKind::File { .. } => return m::wrong_file().to_owned(),
        FieldKind::Signature => return m::wrong_signature().to_owned(),
        FieldKind::Email { .. } => ComplaintKind::NotEmail,
        FieldKind::Phone => ComplaintKind::NotPhone,
        FieldKind::Url => ComplaintKind::NotUrl,
        FieldKind::OrgId => ComplaintKind::NotOrganisation,
        FieldKind::PersonId => ComplaintKind::Nik(NikError::Length(0)),
        FieldKind::Number { integer: true, .. } => ComplaintKind::NotWhole,
        FieldKind::Number { .. } => ComplaintKind::NotANumber,
        FieldKind::Date { .. } | FieldKind::DateTime => ComplaintKind::NotADate,
        FieldKind::Time => ComplaintKind::NotATime,
        FieldKind::Boolean => ComplaintKind::NotYesOrNo,
        FieldKind::Area { .. } => ComplaintKind::NotAnArea,
        _ => return m::wrong_required().to_owned(),
    };
    words(field, &kind)
}

/// What to choose, by the name of the first that is offered.
fn choose(field: &FieldModel) -> String {
    let first = match &field.kind {
        FieldKind::One(choices) | FieldKind::Many(choices) => choices.options.first(),
        _ => None,
    };
    let label = first.map(|option| option.label.get(m::language()));
    m::wrong_choose(label.filter(|label| !label.is_empty()).unwrap_or(m::first_listed()))
}

/// A day as it is typed.
fn typed((year, month, day): (i64, i64, i64)) -> String {
    [day.to_string(), month.to_string(), year.to_string()].join("/")
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

/// Numbers and days in plain notation, where there is no browser to write them.
#[cfg(not(target_arch = "wasm32"))]
mod locale {
    use crate::model::decimal::Decimal;

    pub fn decimal(value: &Decimal) -> String {
        value.as_str().to_owned()
    }

    pub fn day(day: (i64, i64, i64)) -> String {
        super::typed(day)
    }

    pub fn bytes(count: u64) -> String {
        count.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::forms::compile;
    use crate::forms::model::Model;
    use crate::forms::validate::{self, Complaint};
    use crate::model::answers::{Answer, Answers};
    use crate::model::decimal::Decimal;
    use crate::model::text::Lang;

    const TODAY: (i64, i64, i64) = (2026, 3, 15);

    fn model(mut field: Json) -> Model {
        field["id"] = json!("a");
        field["label"] = json!("A");
        let form = json!({"format": 2, "steps": [{"id": "s", "title": "S", "sections": [{"fields": [field]}]}]});
        let (model, wrong) = compile(&serde_json::from_value(form).unwrap());
        assert!(wrong.is_empty(), "{wrong:?}");
        model
    }

    fn verdict(model: &Model, answer: Answer) -> Result<(), Complaint> {
        validate::field(model, 0, &Answers([("a".to_owned(), answer)].into()), TODAY)
    }

    /// Each kind has a place of its own here, so that none is forgotten below.
    const fn place(kind: &ComplaintKind) -> usize {
        match kind {
            ComplaintKind::Required => 0,
            ComplaintKind::TooShort { .. } => 1,
            ComplaintKind::TooLong { .. } => 2,
            ComplaintKind::NotANumber => 3,
            ComplaintKind::NotWhole => 4,
            ComplaintKind::Below { .. } => 5,
            ComplaintKind::Above { .. } => 6,
            ComplaintKind::NotADate => 7,
            ComplaintKind::ShortYear => 8,
            ComplaintKind::Before { .. } => 9,
            ComplaintKind::After { .. } => 10,
            ComplaintKind::NotATime => 11,
            ComplaintKind::NotAnOption => 12,
            ComplaintKind::NotYesOrNo => 13,
            ComplaintKind::NotUrl => 14,
            ComplaintKind::NotOrganisation => 15,
            ComplaintKind::AreaTooLarge => 16,
            ComplaintKind::NotAnArea => 17,
            ComplaintKind::TooFewRows { .. } => 18,
            ComplaintKind::TooManyRows { .. } => 19,
            ComplaintKind::NotEmail => 20,
            ComplaintKind::NotPhone => 21,
            ComplaintKind::Nik(NikError::Length(_)) => 22,
            ComplaintKind::Nik(NikError::NotDigits) => 23,
            ComplaintKind::Nik(NikError::BirthDate) => 24,
            ComplaintKind::Nik(NikError::Serial) => 25,
            ComplaintKind::TooManyFiles { .. } => 26,
            ComplaintKind::FileEmpty { .. } => 27,
            ComplaintKind::FileTooLarge { .. } => 28,
            ComplaintKind::WrongFileType { .. } => 29,
            ComplaintKind::PlaceNeeded => 30,
            ComplaintKind::NotCoordinates => 31,
            // In the form's own words.
            ComplaintKind::Rule { .. } => KINDS,
        }
    }
    const KINDS: usize = 32;

    /// Every kind of complaint, with a field that it is made of.
    fn all() -> Vec<(Json, ComplaintKind)> {
        let name = || "surat.pdf".to_owned();
        let five = || Decimal::parse("5").unwrap();
        let choice = || json!({"type": "choice", "options": [{"value": "x", "label": "Atap"}, {"value": "y", "label": "Dinding"}]});
        let file =
            || json!({"type": "file", "accept": ["image/jpeg", "application/pdf"], "many": true, "max_files": 2});
        let rows = || json!({"type": "repeat", "min_items": 2, "max_items": 3, "fields": [{"id": "b", "type": "text", "label": "B"}]});
        let area = || json!({"type": "admin_area", "level": "village"});
        let nik = || json!({"type": "person_id"});
        let typed = |kind: &str| json!({"type": kind});
        let mut all: Vec<(Json, ComplaintKind)> = [
            "text",
            "textarea",
            "number",
            "integer",
            "decimal",
            "money",
            "date",
            "time",
            "datetime",
            "email",
            "phone",
            "url",
            "person_id",
            "org_id",
            "address",
            "boolean",
            "signature",
        ]
        .into_iter()
        .map(|kind| (typed(kind), ComplaintKind::Required))
        .collect();
        all.extend([
            (choice(), ComplaintKind::Required),
            (file(), ComplaintKind::Required),
            (area(), ComplaintKind::Required),
            (typed("text"), ComplaintKind::TooShort { min: 10, has: 3 }),
            (typed("text"), ComplaintKind::TooLong { max: 10, has: 30 }),
            (typed("decimal"), ComplaintKind::NotANumber),
            (typed("money"), ComplaintKind::NotANumber),
            (typed("integer"), ComplaintKind::NotWhole),
            (
                json!({"type": "number", "min": 5}),
                ComplaintKind::Below { min: five() },
            ),
            (
                json!({"type": "number", "max": 5}),
                ComplaintKind::Above { max: five() },
            ),
            (typed("date"), ComplaintKind::NotADate),
            (typed("datetime"), ComplaintKind::NotADate),
            (typed("date"), ComplaintKind::ShortYear),
            (
                json!({"type": "date", "min": "2026-05-01"}),
                ComplaintKind::Before { min: (2026, 5, 1) },
            ),
            (
                json!({"type": "date", "max": "today"}),
                ComplaintKind::After { max: TODAY },
            ),
            (typed("time"), ComplaintKind::NotATime),
            (choice(), ComplaintKind::NotAnOption),
            (typed("boolean"), ComplaintKind::NotYesOrNo),
            (typed("url"), ComplaintKind::NotUrl),
            (typed("org_id"), ComplaintKind::NotOrganisation),
            (area(), ComplaintKind::AreaTooLarge),
            (area(), ComplaintKind::NotAnArea),
            (rows(), ComplaintKind::TooFewRows { min: 2 }),
            (rows(), ComplaintKind::TooManyRows { max: 3 }),
            (typed("email"), ComplaintKind::NotEmail),
            (typed("phone"), ComplaintKind::NotPhone),
            (nik(), ComplaintKind::Nik(NikError::Length(15))),
            (nik(), ComplaintKind::Nik(NikError::NotDigits)),
            (nik(), ComplaintKind::Nik(NikError::BirthDate)),
            (nik(), ComplaintKind::Nik(NikError::Serial)),
            (file(), ComplaintKind::TooManyFiles { max: 2, has: 3 }),
            (file(), ComplaintKind::FileEmpty { name: name() }),
            (
                file(),
                ComplaintKind::FileTooLarge {
                    max: 1000,
                    name: name(),
                },
            ),
            (file(), ComplaintKind::WrongFileType { name: name() }),
            (typed("location"), ComplaintKind::PlaceNeeded),
            (typed("location"), ComplaintKind::NotCoordinates),
        ]);
        all
    }

    /// What a message gives as its example, in the language's own words for that.
    fn example(message: &str) -> Option<&str> {
        // "Pilih Ya atau Tidak" names all that there is: an example would only push.
        let marks = [
            "misalnya: ",
            "misalnya ",
            "Contoh: ",
            "such as: ",
            "such as ",
            "Example: ",
        ];
        let (_, example) = marks
            .into_iter()
            .find_map(|mark| message.rsplit_once(mark))
            .or_else(|| {
                [m::yes(), m::no()]
                    .iter()
                    .all(|word| message.contains(word))
                    .then(|| message.split_once(' '))
                    .flatten()
            })?;
        Some(example.trim_end_matches('.')).filter(|example| !example.is_empty())
    }

    fn in_each_language(mut look: impl FnMut(Lang)) {
        for lang in [Lang::Id, Lang::En] {
            m::set_language(lang);
            look(lang);
        }
    }

    #[test]
    fn every_complaint_says_what_to_write_with_an_example() {
        let all = all();
        for wanted in 0..KINDS {
            assert!(
                all.iter().any(|(_, kind)| place(kind) == wanted),
                "no complaint of kind {wanted} is looked at"
            );
        }
        in_each_language(|_| {
            for (field, kind) in &all {
                let message = words(&model(field.clone()).fields[0], kind);
                assert!(example(&message).is_some(), "{field} {kind:?}: {message}");
            }
        });
    }

    #[test]
    fn an_example_that_can_be_typed_would_be_taken() {
        let typed = [
            "number",
            "integer",
            "decimal",
            "money",
            "date",
            "time",
            "datetime",
            "email",
            "phone",
            "url",
            "person_id",
            "org_id",
            "boolean",
            "text",
            "textarea",
            "address",
        ];
        let mut looked = 0;
        in_each_language(|_| {
            for (field, kind) in all() {
                let length = matches!(kind, ComplaintKind::TooShort { .. } | ComplaintKind::TooLong { .. });
                if length || !typed.contains(&field["type"].as_str().unwrap()) {
                    continue;
                }
                let model = model(field);
                let message = words(&model.fields[0], &kind);
                for text in example(&message)
                    .unwrap()
                    .split(" atau ")
                    .flat_map(|text| text.split(" or "))
                {
                    assert_eq!(verdict(&model, Answer::Text(text.to_owned())), Ok(()), "{message}");
                    looked += 1;
                }
            }
        });
        assert!(looked > 60, "{looked}");
    }

    #[test]
    fn a_choice_is_named_by_one_that_is_offered() {
        m::set_language(Lang::Id);
        let offered = json!({"type": "choice", "options": [{"value": "x", "label": "Atap"}]});
        assert_eq!(
            words(&model(offered).fields[0], &ComplaintKind::Required),
            "Pilih dari daftar, misalnya Atap."
        );
    }
}
