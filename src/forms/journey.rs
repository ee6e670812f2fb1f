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
