//! Where publishing calls the form engine: three small functions, and nowhere else.

use serde_json::Value;

use crate::forms;
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Form;

const SCHEMA: &str = include_str!("../../../public/schema/form.schema.json");

/// The schema of forms, to which the schema of region files refers; `null`, which is no schema, if
/// the file were no JSON.
pub(super) fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap_or_default()
}

/// What of a form cannot be used as written.
pub(super) fn diagnostics(form: &Form) -> Vec<Diagnostic> {
    let (_, diagnostics) = forms::compile(form);
    diagnostics
}

/// A form's fingerprint: the same for forms that mean the same, whoever gives them.
pub(super) fn fingerprint(form: &Form) -> String {
    forms::fingerprint(form)
}
