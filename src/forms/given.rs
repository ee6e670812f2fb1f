//! The answer that a field has, if it has one of its own shape.
//!
//! Answers outlive forms: what was a list of choices may meet a form that asks for a text. An answer
//! of another shape counts as none everywhere, so that validation, conditions and what is sent never
//! disagree. It stays in the draft.

use super::model::{FieldKind, FieldModel};
use crate::model::answers::{Answer, Answers, Area, FileAnswer, Place};

/// An answer that is not blank and fits its field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Given<'a> {
    /// Anything typed, or the one choice; trimmed.
    Text(&'a str),
    /// The choices of a field that takes several; some may be blank, not all.
    Chosen(&'a [String]),
    /// A place.
    Place(&'a Place),
    /// Files.
    Files(&'a [FileAnswer]),
    /// A region.
    Area(&'a Area),
    /// Entries of a repeated group.
    Rows(&'a [Answers]),
}

/// The answer of `field`.
pub(super) fn given<'a>(field: &FieldModel, answers: &'a Answers) -> Option<Given<'a>> {
    let given = match (&field.kind, answers.get(&field.id)?) {
        (FieldKind::Static | FieldKind::Assigned, _) => return None,
        (FieldKind::File { .. } | FieldKind::Signature, Answer::Files(files)) => Given::Files(files),
        (FieldKind::Location, Answer::Place(place)) => Given::Place(place),
        (FieldKind::Area { .. }, Answer::Area(area)) => Given::Area(area),
        (FieldKind::Repeat { .. }, Answer::Rows(rows)) => Given::Rows(rows),
        (FieldKind::File { .. } | FieldKind::Location | FieldKind::Area { .. } | FieldKind::Repeat { .. }, _) => {
            return None;
        }
        (FieldKind::Many(_), Answer::Many(values)) => Given::Chosen(values),
        (FieldKind::Many(_), Answer::Text(value)) => Given::Chosen(std::slice::from_ref(value)),
        (FieldKind::One(_), Answer::Many(values)) => match values.as_slice() {
            [value] => Given::Text(value.trim()),
            _ => return None,
        },
        (_, Answer::Text(text)) => Given::Text(text.trim()),
        _ => return None,
    };
    match given {
        Given::Text("") => None,
        Given::Chosen(values) if values.iter().all(|value| value.trim().is_empty()) => None,
        given => Some(given),
    }
}
