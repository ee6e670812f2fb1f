//! Which fields are shown, given the answers.
//!
//! A condition looks at one earlier field, and a field that is itself hidden has no answer. So the
//! conditions of a form are trees: one pass over the fields decides all of them, and a change of one
//! answer can touch only the branch below it.

use super::canonical;
use super::given::{Given, given};
use super::model::{Condition, Model, Test};
use crate::model::answers::Answers;

/// For every field whether it is shown; one pass over the form.
#[must_use]
pub fn visibility(model: &Model, answers: &Answers) -> Vec<bool> {
    let mut shown = Vec::with_capacity(model.fields.len());
    for field in &model.fields {
        let visible = field.visible_when.as_ref().is_none_or(|condition| {
            let parent_shown = shown.get(condition.field).copied().unwrap_or_default();
            holds(model, answers, condition, parent_shown)
        });
        shown.push(visible);
    }
    shown
}

/// Whether one field is shown; walks up the conditions that it hangs on. `false` for a field that
/// there is not.
#[must_use]
pub fn visible(model: &Model, answers: &Answers, field: usize) -> bool {
    let Some(model_field) = model.fields.get(field) else {
        return false;
    };
    let mut chain = Vec::new();
    let mut at = model_field.visible_when.as_ref();
    while let Some(condition) = at {
        chain.push(condition);
        at = model
            .fields
            .get(condition.field)
            .and_then(|parent| parent.visible_when.as_ref());
    }
    chain
        .into_iter()
        .rev()
        .fold(true, |shown, condition| holds(model, answers, condition, shown))
}

/// Brings `shown` (made by [`visibility`]) up to date after the answer of `field` changed, and gives
/// the fields that came or went, in the form's order. Looks only at what hangs on them.
pub fn refresh(model: &Model, answers: &Answers, shown: &mut [bool], field: usize) -> Vec<usize> {
    let mut flipped = Vec::new();
    let mut open = vec![field];
    while let Some(parent) = open.pop() {
        let parent_shown = shown.get(parent).copied().unwrap_or_default();
        for &child in model.fields.get(parent).map_or(&[][..], |field| &field.dependents) {
            let condition = model.fields.get(child).and_then(|field| field.visible_when.as_ref());
            let now = condition.is_none_or(|condition| holds(model, answers, condition, parent_shown));
            if let Some(before) = shown.get_mut(child)
                && *before != now
            {
                *before = now;
                flipped.push(child);
                open.push(child);
            }
        }
    }
    flipped.sort_unstable();
    flipped
}

/// Every field whose visibility can change with the answer of `field`, in the form's order.
#[must_use]
pub fn dependents(model: &Model, field: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![field];
    while let Some(parent) = open.pop() {
        for &child in model.fields.get(parent).map_or(&[][..], |field| &field.dependents) {
            found.push(child);
            open.push(child);
        }
    }
    found.sort_unstable();
    found
}

/// Whether a condition holds, where `shown` says whether the field that it looks at is shown.
fn holds(model: &Model, answers: &Answers, condition: &Condition, shown: bool) -> bool {
    let Some(parent) = model.fields.get(condition.field) else {
        return false;
    };
    let answer = given(parent, answers).filter(|_| shown);
    match (&condition.test, answer) {
        (Test::Answered(wanted), answer) => answer.is_some() == *wanted,
        (Test::AnyOf(values), Some(Given::Text(text))) => {
            // As validation and the backend will see it: `2,0` is 2.
            let text = canonical::text(&parent.kind, text);
            values.iter().any(|value| value.trim() == text.trim())
        }
        (Test::AnyOf(values), Some(Given::Chosen(chosen))) => chosen
            .iter()
            .any(|choice| values.iter().any(|value| value.trim() == choice.trim())),
        (Test::AnyOf(_), _) => false,
    }
}
