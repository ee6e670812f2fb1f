//! Which fields are shown, given the answers.
//!
//! A condition looks at one earlier field, and a field that is itself hidden has no answer. So the
//! conditions of a form are trees: one pass over the fields decides all of them, and a change of one
//! answer can touch only the branch below it.

use super::canonical;
use super::given::{Given, given};
use super::model::{Condition, Model, Test};
use crate::model::answers::Answers;
use crate::model::order::sort_by;

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
    sort_by(&mut flipped, usize::cmp);
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
    sort_by(&mut found, usize::cmp);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::forms::compile;
    use crate::model::answers::Answer;

    /// a: number; b while a is 2; c while b is answered; d while b is not; e while a is 3 or 4.
    fn model() -> Model {
        let text = |id: &str, condition| json!({ "id": id, "type": "text", "label": id, "visible_when": condition });
        let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [
            { "id": "a", "type": "number", "label": "a" },
            text("b", json!({ "field": "a", "equals": "2" })),
            text("c", json!({ "field": "b", "answered": true })),
            text("d", json!({ "field": "b", "answered": false })),
            text("e", json!({ "field": "a", "any_of": ["3", "4"] })),
        ] }] }] });
        let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        model
    }

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        Answers(
            pairs
                .iter()
                .map(|(id, text)| ((*id).to_owned(), Answer::Text((*text).to_owned())))
                .collect(),
        )
    }

    #[test]
    fn a_hidden_field_counts_as_unanswered() {
        let model = model();
        let given = [("a", "1"), ("b", "typed before it was hidden")];
        assert_eq!(visibility(&model, &answers(&given)), [true, false, false, true, false]);
        let given = [("a", "2"), ("b", "x")];
        assert_eq!(visibility(&model, &answers(&given)), [true, true, true, false, false]);
    }

    #[test]
    fn a_condition_looks_at_what_an_answer_means() {
        let model = model();
        assert!(visible(&model, &answers(&[("a", " 2,0 ")]), 1), "2,0 is 2");
        assert!(visible(&model, &answers(&[("a", "4")]), 4));
        assert!(!visible(&model, &answers(&[("a", "two")]), 1));
        assert!(!visible(&model, &answers(&[]), 99), "a field that there is not");
    }

    #[test]
    fn an_answer_of_another_shape_is_none() {
        let mut given = answers(&[]);
        given.0.insert("a".to_owned(), Answer::Many(vec!["2".to_owned()]));
        assert!(!visible(&model(), &given, 1));
    }

    #[test]
    fn a_change_touches_only_what_hangs_on_it() {
        let model = model();
        let mut shown = visibility(&model, &answers(&[]));
        assert_eq!(
            refresh(&model, &answers(&[("a", "2")]), &mut shown, 0),
            [1],
            "c and d stay as they are"
        );
        assert_eq!(
            refresh(&model, &answers(&[("a", "2"), ("b", "x")]), &mut shown, 1),
            [2, 3]
        );
        assert_eq!(
            refresh(&model, &answers(&[("a", "3"), ("b", "x")]), &mut shown, 0),
            [1, 2, 3, 4]
        );
        assert_eq!(
            refresh(&model, &answers(&[("a", "4"), ("b", "x")]), &mut shown, 0),
            [0; 0]
        );
        assert_eq!(refresh(&model, &answers(&[]), &mut shown, 99), [0; 0]);
        assert_eq!(dependents(&model, 0), [1, 2, 3, 4]);
        assert_eq!(dependents(&model, 1), [2, 3]);
        assert_eq!(dependents(&model, 4), [0; 0]);
    }

    #[test]
    fn the_longest_chain_of_conditions_is_walked_without_piling_up() {
        let fields: Vec<_> = (0..5000_u32)
            .map(|at| {
                let condition = at
                    .checked_sub(1)
                    .map(|before| json!({ "field": before.to_string(), "answered": true }));
                json!({ "id": at.to_string(), "type": "text", "label": "A", "visible_when": condition })
            })
            .collect();
        let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": fields }] }] });
        let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
        assert_eq!(diagnostics, []);
        let mut given = Answers::default();
        for at in 1..5000_u32 {
            given.0.insert(at.to_string(), Answer::Text("x".to_owned()));
        }
        let mut shown = visibility(&model, &given);
        assert!(!visible(&model, &given, 4999));
        given.0.insert("0".to_owned(), Answer::Text("x".to_owned()));
        assert!(visible(&model, &given, 4999));
        assert_eq!(refresh(&model, &given, &mut shown, 0).len(), 4999);
        assert_eq!(dependents(&model, 0).len(), 4999);
    }
}
