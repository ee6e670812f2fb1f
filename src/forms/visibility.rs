//! Which fields are shown, and what is computed, given the answers.
//!
//! What a field hangs on comes before it, and a field that is itself hidden has no answer. So one pass
//! in the form's order settles everything, and a change of one answer can touch only what hangs on
//! it, again in the form's order.

use std::borrow::Cow;

use super::canonical;
use super::given::{Given, given};
use super::model::{Condition, FieldModel, Model, Test, When};
use crate::model::answers::{Answer, Answers};

/// Answers as the form's rules leave them.
pub(super) struct Settled<'a> {
    /// The answers, with what is computed; as they were where nothing is.
    pub(super) answers: Cow<'a, Answers>,
    /// For every field whether it is shown.
    pub(super) shown: Vec<bool>,
}

/// Settles what is shown and what is computed; one pass over the form.
pub(super) fn settle<'a>(model: &Model, answers: &'a Answers) -> Settled<'a> {
    let mut answers = Cow::Borrowed(answers);
    let mut shown = Vec::with_capacity(model.fields.len());
    for field in &model.fields {
        let visible = is_shown(model, &answers, field, &shown);
        shown.push(visible);
        if field.computed.is_some() {
            let computed = visible.then(|| compute(model, &answers, field, &shown)).flatten();
            if answers.0.get(&field.id) != computed.as_ref() {
                put(answers.to_mut(), &field.id, computed);
            }
        }
    }
    Settled { answers, shown }
}

/// For every field whether it is shown; one pass over the form.
#[must_use]
pub fn visibility(model: &Model, answers: &Answers) -> Vec<bool> {
    settle(model, answers).shown
}

/// Whether one field is shown: looks only at what it hangs on. `false` for a field that there is not.
#[must_use]
pub fn visible(model: &Model, answers: &Answers, field: usize) -> bool {
    let Some(wanted) = model.fields.get(field) else {
        return false;
    };
    if wanted.visible_when.is_none() {
        return true;
    }
    // What it hangs on comes before it.
    let mut above = vec![false; field.saturating_add(1)];
    let mut open = vec![field];
    while let Some(at) = open.pop() {
        let new = above.get_mut(at).filter(|seen| !**seen);
        let (Some(new), Some(field)) = (new, model.fields.get(at)) else {
            continue;
        };
        *new = true;
        open.extend(reads(field));
    }
    let mut answers = Cow::Borrowed(answers);
    let mut shown = vec![false; field.saturating_add(1)];
    for (at, _) in above.into_iter().enumerate().filter(|(_, hangs)| *hangs) {
        let Some(field) = model.fields.get(at) else { continue };
        let visible = is_shown(model, &answers, field, &shown);
        if let Some(place) = shown.get_mut(at) {
            *place = visible;
        }
        if field.computed.is_some() {
            let computed = visible.then(|| compute(model, &answers, field, &shown)).flatten();
            put(answers.to_mut(), &field.id, computed);
        }
    }
    shown.last().copied().unwrap_or_default()
}

/// The fields that a field hangs on.
fn reads(field: &FieldModel) -> impl Iterator<Item = &usize> {
    let when = match &field.visible_when {
        Some(When::Simple(condition)) => std::slice::from_ref(&condition.field),
        Some(When::Rule(rule)) => rule.reads.as_slice(),
        None => &[],
    };
    let computed = field.computed.as_ref().map_or(&[][..], |rule| &rule.reads);
    when.iter().chain(computed)
}

/// What an answer changed besides itself; fields in the form's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Fields that came or went.
    pub flipped: Vec<usize>,
    /// Fields whose computed answer is another now.
    pub computed: Vec<usize>,
}

/// Fills in what is computed and says for every field whether it is shown; for a draft that is opened.
pub fn open(model: &Model, answers: &mut Answers) -> Vec<bool> {
    let settled = settle(model, answers);
    let shown = settled.shown;
    if let Cow::Owned(with) = settled.answers {
        *answers = with;
    }
    shown
}

/// Brings `answers` and `shown` (made by [`open`]) up to date after the answer of `field` changed.
/// Looks only at what hangs on it.
pub fn refresh(model: &Model, answers: &mut Answers, shown: &mut [bool], field: usize) -> Changes {
    let mut changes = Changes::default();
    let mut due = dependents_of(model, field).to_vec();
    // In the form's order, so that each is looked at once, after all that it hangs on.
    while let Some(at) = due.iter().min().copied() {
        due.retain(|other| *other != at);
        let Some(field) = model.fields.get(at) else { continue };
        let now = is_shown(model, answers, field, shown);
        let mut changed = false;
        if let Some(before) = shown.get_mut(at)
            && *before != now
        {
            *before = now;
            changed = true;
            changes.flipped.push(at);
        }
        if field.computed.is_some() {
            let computed = now.then(|| compute(model, answers, field, shown)).flatten();
            if answers.0.get(&field.id) != computed.as_ref() {
                put(answers, &field.id, computed);
                changed = true;
                changes.computed.push(at);
            }
        }
        if changed {
            due.extend(&field.dependents);
        }
    }
    changes
}

/// Every field whose visibility or computed answer can change with the answer of `field`, in the
/// form's order.
#[must_use]
pub fn dependents(model: &Model, field: usize) -> Vec<usize> {
    let mut seen = vec![false; model.fields.len()];
    let mut open = vec![field];
    while let Some(parent) = open.pop() {
        for &child in dependents_of(model, parent) {
            if let Some(seen) = seen.get_mut(child).filter(|seen| !**seen) {
                *seen = true;
                open.push(child);
            }
        }
    }
    let found = seen.into_iter().enumerate().filter(|(_, seen)| *seen);
    found.map(|(at, _)| at).collect()
}

fn dependents_of(model: &Model, field: usize) -> &[usize] {
    model.fields.get(field).map_or(&[], |field| &field.dependents)
}

fn put(answers: &mut Answers, id: &str, answer: Option<Answer>) {
    match answer {
        Some(answer) => answers.0.insert(id.to_owned(), answer),
        None => {
            answers.0.remove(id);
        }
    };
}

fn is_shown(model: &Model, answers: &Answers, field: &FieldModel, shown: &[bool]) -> bool {
    field
        .visible_when
        .as_ref()
        .is_none_or(|when| holds(model, answers, when, shown).unwrap_or(true))
}

/// What a field's rule gives as its answer.
fn compute(model: &Model, answers: &Answers, field: &FieldModel, shown: &[bool]) -> Option<Answer> {
    let rule = field.computed.as_ref()?;
    let outcome = model.evaluator.0?(model, rule, answers, shown)?;
    let text = canonical::text(&field.kind, &outcome.text?).into_owned();
    (!text.is_empty()).then_some(Answer::Text(text))
}

/// Whether a condition holds, where `shown` says which fields before it are shown; `None` where nobody
/// can say.
pub(super) fn holds(model: &Model, answers: &Answers, when: &When, shown: &[bool]) -> Option<bool> {
    match when {
        When::Simple(condition) => {
            let parent_shown = shown.get(condition.field).copied().unwrap_or_default();
            Some(passes(model, answers, condition, parent_shown))
        }
        When::Rule(rule) => Some(model.evaluator.0?(model, rule, answers, shown)?.holds),
    }
}

/// Whether a test holds, where `shown` says whether the field that it looks at is shown.
fn passes(model: &Model, answers: &Answers, condition: &Condition, shown: bool) -> bool {
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
        // A blank choice is nothing chosen, also where a condition names it.
        (Test::AnyOf(values), Some(Given::Chosen(chosen))) => chosen
            .iter()
            .map(|choice| choice.trim())
            .any(|choice| !choice.is_empty() && values.iter().any(|value| value.trim() == choice)),
        (Test::AnyOf(values), Some(Given::Area(area))) => values.iter().any(|value| value.trim() == area.code.trim()),
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
    fn a_blank_choice_meets_no_condition() {
        // Found by `canonical_answers_stay_canonical_and_get_the_same_verdict`: what is sent has no blanks.
        let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": [
            { "id": "d", "type": "choice", "label": "D", "many": true, "options": [{ "value": "x" }] },
            { "id": "e", "type": "text", "label": "E", "visible_when": { "field": "d", "equals": "" } },
        ] }] }] });
        let (model, _) = compile(&serde_json::from_value(form).unwrap());
        let chosen = Answer::Many(["", "x"].map(str::to_owned).to_vec());
        assert!(!visible(&model, &Answers([("d".to_owned(), chosen)].into()), 1));
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
            refresh(&model, &mut answers(&[("a", "2")]), &mut shown, 0).flipped,
            [1],
            "c and d stay as they are"
        );
        assert_eq!(
            refresh(&model, &mut answers(&[("a", "2"), ("b", "x")]), &mut shown, 1).flipped,
            [2, 3]
        );
        assert_eq!(
            refresh(&model, &mut answers(&[("a", "3"), ("b", "x")]), &mut shown, 0).flipped,
            [1, 2, 3, 4]
        );
        assert_eq!(
            refresh(&model, &mut answers(&[("a", "4"), ("b", "x")]), &mut shown, 0).flipped,
            [0; 0]
        );
        assert_eq!(refresh(&model, &mut answers(&[]), &mut shown, 99).flipped, [0; 0]);
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
        assert_eq!(refresh(&model, &mut given, &mut shown, 0).flipped.len(), 4999);
        assert_eq!(dependents(&model, 0).len(), 4999);
    }
}
