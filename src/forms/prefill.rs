//! Answers that a site around a widget fills in beforehand, such as the street that its page is about.
//!
//! Only questions that the form itself declares `public` take them, and none of a type that asks
//! who somebody is, how to reach them or where they are, whatever the form declares. What is filled in
//! is an answer as if typed: the citizen sees it, may change it, and it is validated like any other.

use crate::model::answers::{Answer, Answers};
use crate::model::form::Form;
use crate::model::map::Map;

/// The types whose questions may be public.
pub(super) const TYPES: [&str; 9] = [
    "text", "textarea", "number", "integer", "decimal", "date", "time", "datetime", "choice",
];

/// Most characters of one answer: a page fills in a name or a number, no letter.
const LONGEST: usize = 1000;

/// What of `told`, from field to text, the form's public fields take.
#[must_use]
pub fn prefill(form: &Form, told: &Map<String>) -> Answers {
    let mut answers = Answers::default();
    let fields = form
        .steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields);
    for field in fields {
        if let Some(text) = told.get(&field.id)
            && field.public
            && TYPES.contains(&field.kind.as_str())
            && text.len() <= LONGEST
        {
            answers.0.insert(field.id.clone(), Answer::Text(text.clone()));
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::form::{Field, Section, Step};

    fn form(fields: &[(&str, &str, bool)]) -> Form {
        let field = |(id, kind, public): &(&str, &str, bool)| Field {
            id: (*id).to_owned(),
            kind: (*kind).to_owned(),
            public: *public,
            ..Field::default()
        };
        let fields = fields.iter().map(field).collect();
        let section = Section {
            fields,
            ..Section::default()
        };
        let step = Step {
            sections: vec![section],
            ..Step::default()
        };
        Form {
            format: 1,
            steps: vec![step],
            ..Form::default()
        }
    }

    fn told(answers: &[(&str, &str)]) -> Map<String> {
        let owned = |(id, text): &(&str, &str)| ((*id).to_owned(), (*text).to_owned());
        answers.iter().map(owned).collect()
    }

    #[test]
    fn only_public_questions_are_filled_in() {
        let form = form(&[
            ("road", "text", true),
            ("name", "text", false),
            ("size", "choice", true),
        ]);
        let answers = prefill(
            &form,
            &told(&[("road", "Braga"), ("name", "Siti"), ("other", "x"), ("size", "2")]),
        );
        let expected =
            [("road", "Braga"), ("size", "2")].map(|(id, text)| (id.to_owned(), Answer::Text(text.to_owned())));
        assert_eq!(answers.0, expected.into());
    }

    #[test]
    fn what_asks_of_a_person_is_never_public_whatever_the_form_declares() {
        for kind in [
            "person_id",
            "email",
            "phone",
            "file",
            "location",
            "static",
            "later_type",
        ] {
            assert!(
                prefill(&form(&[("a", kind, true)]), &told(&[("a", "3273014107900001")]))
                    .0
                    .is_empty(),
                "{kind}"
            );
        }
    }

    #[test]
    fn a_letter_is_no_answer_to_fill_in() {
        let form = form(&[("a", "textarea", true)]);
        assert!(!prefill(&form, &told(&[("a", &"x".repeat(LONGEST))])).0.is_empty());
        assert!(prefill(&form, &told(&[("a", &"x".repeat(LONGEST + 1))])).0.is_empty());
    }
}
