//! Doubts: what is odd about an answer and stops nobody.
//!
//! A NIK tells the day of birth and the province where it was first given. Where the form was told
//! another day, or there is no such province, the citizen is asked to look again; whoever is sure goes
//! on. Doubts have a type of their own, so that nobody takes one for a [`super::Complaint`].

use super::given::{Given, given};
use super::model::{FieldKind, Model};
use super::typed::moment;
use crate::model::answers::Answers;
use crate::model::nik::Nik;

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The NIK says another day of birth than the form was told.
    OtherBirthDate,
    /// The NIK begins with digits that are no province's.
    NoSuchProvince,
}

/// Codes of the provinces that ever gave numbers (Kemendagri), 54 for what was East Timor among them.
const PROVINCES: [(u8, u8); 8] = [
    (11, 19),
    (21, 21),
    (31, 36),
    (51, 54),
    (61, 65),
    (71, 76),
    (81, 82),
    (91, 96),
];

/// The doubt about an answer, if there is one.
#[must_use]
pub fn doubt(model: &Model, index: usize, answers: &Answers) -> Option<Doubt> {
    let field = model
        .fields
        .get(index)
        .filter(|field| field.kind == FieldKind::PersonId)?;
    let Given::Text(typed) = given(field, answers)? else {
        return None;
    };
    let nik = Nik::parse(typed).ok()?;
    let province: u8 = nik.digits().get(..2)?.parse().ok()?;
    if !PROVINCES
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&province))
    {
        return Some(Doubt::NoSuchProvince);
    }
    // Only the citizen's own: another person's NIK says nothing of this birth.
    if field.concept != "nik" {
        return None;
    }
    let mut births = model.fields.iter().filter(|field| field.concept == "birth_date");
    let told = births.find_map(|field| match given(field, answers)? {
        Given::Text(typed) => moment::day(typed).ok(),
        _ => None,
    });
    let (year, month, day) = told?;
    let (born, of, in_year) = nik.birth();
    let same = (i64::from(born), i64::from(of), i64::from(in_year)) == (day, month, year.rem_euclid(100));
    (!same).then_some(Doubt::OtherBirthDate)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::forms::compile;
    use crate::model::answers::Answer;

    #[test]
    fn a_nik_is_held_against_the_citizens_own_day_of_birth_alone() {
        let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [
            { "id": "nik", "type": "person_id", "label": "NIK", "concept": "nik" },
            { "id": "saksi", "type": "person_id", "label": "NIK saksi" },
            { "id": "lahir", "type": "date", "label": "Lahir", "concept": "birth_date" },
        ] }] }] });
        let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        let doubts = |nik: &str, day: &str| {
            let answer = |text: &str| Answer::Text(text.to_owned());
            let answers = [("nik", nik), ("saksi", nik), ("lahir", day)];
            let answers = Answers(answers.map(|(id, text)| (id.to_owned(), answer(text))).into());
            (doubt(&model, 0, &answers), doubt(&model, 1, &answers))
        };
        assert_eq!(doubts("3404014102900007", "1 Feb 1990"), (None, None));
        assert_eq!(
            doubts("3404014102900007", "2/2/1990"),
            (Some(Doubt::OtherBirthDate), None)
        );
        assert_eq!(doubts("3404014102900007", ""), (None, None));
        assert_eq!(
            doubts("9904014102900007", ""),
            (Some(Doubt::NoSuchProvince), Some(Doubt::NoSuchProvince))
        );
        assert_eq!(doubts("34", "1/2/1990"), (None, None), "no NIK yet");
    }
}
