//! Conditions: which earlier question they name, and what must hold of its answer.

use super::Report;
use super::rule::Scope;
use crate::forms::canonical;
use crate::forms::model::{Condition, FieldKind, Test};
use crate::model::form;

/// A condition that can be used, else `None` and a diagnostic.
pub(super) fn compile(scope: &Scope<'_>, condition: &form::Condition, report: &mut Report) -> Option<Condition> {
    let mut say =
        |rest: &str, expected, found: &str| report.say(scope.at, &[scope.key, rest].concat(), expected, found);
    let parent = scope
        .ids
        .get(condition.field.as_str())
        .and_then(|index| Some((*index, scope.fields.get(*index)?)))
        .filter(|(_, parent)| !matches!(parent.kind, FieldKind::Static | FieldKind::Assigned));
    let Some((index, parent)) = parent else {
        let expected = "the id of a question that comes earlier and can be used";
        say("/field", expected, &condition.field);
        return None;
    };
    let (values, key) = match (&condition.equals, &condition.any_of, condition.answered) {
        (None, None, Some(answered)) => {
            let test = Test::Answered(answered);
            return Some(Condition { field: index, test });
        }
        (Some(value), None, None) => (std::slice::from_ref(value), "/equals"),
        (None, Some(values), None) => (values.as_slice(), "/any_of"),
        (equals, any_of, answered) => {
            let given = usize::from(equals.is_some())
                .saturating_add(usize::from(any_of.is_some()))
                .saturating_add(usize::from(answered.is_some()));
            let expected = "exactly one of equals, any_of and answered";
            say("", expected, &given.to_string());
            return None;
        }
    };
    let valueless = matches!(
        parent.kind,
        FieldKind::File { .. } | FieldKind::Signature | FieldKind::Location | FieldKind::Repeat { .. }
    );
    if valueless {
        say(
            key,
            "answered: files, places and groups have no value",
            &values.join(", "),
        );
        return None;
    }
    if values.is_empty() {
        say(key, "at least one value", "none");
        return None;
    }
    // A value that no answer can be does no harm: it is reported, and never holds.
    for value in values {
        let trimmed = value.trim();
        let possible = match &parent.kind {
            FieldKind::One(choices) | FieldKind::Many(choices) if choices.source.is_empty() => {
                choices.options.iter().any(|option| option.value.trim() == trimmed)
            }
            _ => !trimmed.is_empty(),
        };
        if !possible {
            say(key, "a value that the question can have", value);
        }
    }
    let values = values
        .iter()
        .map(|value| canonical::text(&parent.kind, value).into_owned())
        .collect();
    Some(Condition {
        field: index,
        test: Test::AnyOf(values),
    })
}
