//! The way through a form: which page comes next, and how far it is.
//!
//! A page is there while any of its fields is shown; a text to read counts, so a page of text alone
//! is shown, and one whose questions all fall away is passed over. The first page is always there:
//! its first field cannot hang on an earlier one.

use super::model::Model;
use super::validate::{self, Complaint};
use super::visibility::visibility;
use crate::model::answers::Answers;

/// For every step whether it is there.
#[must_use]
pub fn steps(model: &Model, answers: &Answers) -> Vec<bool> {
    let shown = visibility(model, answers);
    (0..model.steps.len())
        .map(|step| {
            shown
                .get(model.fields_of(step))
                .is_some_and(|step| step.contains(&true))
        })
        .collect()
}

/// The step after `step`; `None` at the end, where the answers are reviewed.
#[must_use]
pub fn next(model: &Model, answers: &Answers, step: usize) -> Option<usize> {
    let steps = steps(model, answers);
    (step.saturating_add(1)..steps.len()).find(|at| steps.get(*at) == Some(&true))
}

/// The step before `step`; `None` at the beginning. From any index past the last step it is the last
/// one that is there: the way back from the review.
#[must_use]
pub fn previous(model: &Model, answers: &Answers, step: usize) -> Option<usize> {
    let steps = steps(model, answers);
    (0..step.min(steps.len()))
        .rev()
        .find(|at| steps.get(*at) == Some(&true))
}

/// Number of `step` among the steps that are there, from 1, and how many there are.
#[must_use]
pub fn progress(model: &Model, answers: &Answers, step: usize) -> (u32, u32) {
    let (mut number, mut of) = (0_u32, 0_u32);
    for (at, there) in steps(model, answers).into_iter().enumerate() {
        if there {
            of = of.saturating_add(1);
            if at <= step {
                number = of;
            }
        }
    }
    (number, of)
}

/// The first step with something to complain of; `None` if the form can be reviewed and sent.
#[must_use]
pub fn first_incomplete(model: &Model, answers: &Answers, today: (i64, i64, i64)) -> Option<usize> {
    let complaints = validate::whole(model, answers, today);
    let Complaint { field, .. } = complaints.first()?;
    model.step_of(*field)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::forms::compile;
    use crate::model::answers::Answer;

    /// A choice; a page while it is ya; a page of text alone; a last page with a text for everyone
    /// and a question while it is ya.
    fn model() -> Model {
        let ya = json!({ "field": "c", "equals": "ya" });
        let step = |id: &str, fields| json!({ "id": id, "title": id, "sections": [{ "fields": fields }] });
        let form = json!({ "format": 1, "steps": [
            step("pilih", json!([{ "id": "c", "type": "choice", "label": "C", "required": true,
                                   "options": [{ "value": "ya" }, { "value": "tidak" }] }])),
            step("bila ya", json!([{ "id": "q", "type": "text", "label": "Q", "required": true, "visible_when": ya }])),
            step("baca", json!([{ "id": "t", "type": "static", "label": "T" }])),
            step("akhir", json!([{ "id": "n", "type": "number", "label": "N" }])),
        ] });
        let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        model
    }

    fn choosing(value: &str) -> Answers {
        Answers([("c".to_owned(), Answer::Text(value.to_owned()))].into())
    }

    #[test]
    fn a_page_whose_questions_all_fall_away_is_passed_over_both_ways() {
        let model = model();
        let (ya, tidak) = (choosing("ya"), choosing("tidak"));
        assert_eq!((next(&model, &ya, 0), next(&model, &tidak, 0)), (Some(1), Some(2)));
        assert_eq!(
            (previous(&model, &ya, 2), previous(&model, &tidak, 2)),
            (Some(1), Some(0))
        );
        assert_eq!(
            steps(&model, &tidak),
            [true, false, true, true],
            "a page of text alone is shown"
        );
    }

    #[test]
    fn the_way_has_an_end_and_a_beginning() {
        let model = model();
        let answers = choosing("ya");
        assert_eq!((next(&model, &answers, 3), previous(&model, &answers, 0)), (None, None));
        assert_eq!(previous(&model, &answers, usize::MAX), Some(3), "back from the review");
        assert_eq!(next(&model, &answers, usize::MAX), None);
        assert_eq!(next(&Model::default(), &answers, 0), None);
    }

    #[test]
    fn progress_counts_only_pages_that_are_there() {
        let model = model();
        assert_eq!(progress(&model, &choosing("ya"), 2), (3, 4));
        assert_eq!(progress(&model, &choosing("tidak"), 2), (2, 3));
        assert_eq!(
            progress(&model, &choosing("tidak"), 1),
            (1, 3),
            "a page that has just fallen away"
        );
        assert_eq!(progress(&Model::default(), &choosing("ya"), 0), (0, 0));
    }

    #[test]
    fn a_draft_is_taken_up_at_the_first_page_that_needs_something() {
        let model = model();
        let today = (2026, 3, 15);
        assert_eq!(first_incomplete(&model, &Answers::default(), today), Some(0));
        assert_eq!(first_incomplete(&model, &choosing("ya"), today), Some(1));
        let mut answers = choosing("tidak");
        assert_eq!(
            first_incomplete(&model, &answers, today),
            None,
            "what is hidden is not missing"
        );
        answers.0.insert("n".to_owned(), Answer::Text("lima".to_owned()));
        assert_eq!(first_incomplete(&model, &answers, today), Some(3));
    }
}
