//! Conditions: which earlier question they name, and what must hold of its answer.

use super::{At, Ids, Report};
use crate::forms::canonical;
use crate::forms::model::{Condition, FieldKind, FieldModel, Test};
use crate::model::form;

/// A condition that can be used, else `None` and a diagnostic.
pub(super) fn compile(
    at: At,
    condition: &form::Condition,
    fields: &[FieldModel],
    ids: &Ids<'_>,
    report: &mut Report,
) -> Option<Condition> {
    let parent = ids
        .get(condition.field.as_str())
        .and_then(|index| Some((*index, fields.get(*index)?)))
        .filter(|(_, parent)| parent.kind != FieldKind::Static);
    let Some((index, parent)) = parent else {
        let expected = "the id of a question that comes earlier and can be used";
        report.say(at, "/visible_when/field", expected, &condition.field);
        return None;
    };
    let (values, key) = match (&condition.equals, &condition.any_of, condition.answered) {
        (None, None, Some(answered)) => {
            let test = Test::Answered(answered);
            return Some(Condition { field: index, test });
        }
        (Some(value), None, None) => (std::slice::from_ref(value), "/visible_when/equals"),
        (None, Some(values), None) => (values.as_slice(), "/visible_when/any_of"),
        (equals, any_of, answered) => {
            let given = usize::from(equals.is_some())
                .saturating_add(usize::from(any_of.is_some()))
                .saturating_add(usize::from(answered.is_some()));
            let expected = "exactly one of equals, any_of and answered";
            report.say(at, "/visible_when", expected, &given.to_string());
            return None;
        }
    };
    if matches!(parent.kind, FieldKind::File { .. } | FieldKind::Location) {
        report.say(at, key, "answered: files and places have no value", &values.join(", "));
        return None;
    }
    if values.is_empty() {
        report.say(at, key, "at least one value", "none");
        return None;
    }
    // A value that no answer can be does no harm: it is reported, and never holds.
    for value in values {
        let trimmed = value.trim();
        let possible = match &parent.kind {
            FieldKind::One(options) | FieldKind::Many(options) => {
                options.iter().any(|option| option.value.trim() == trimmed)
            }
            _ => !trimmed.is_empty(),
        };
        if !possible {
            report.say(at, key, "a value that the question can have", value);
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
