//! Whether a form says the version that it needs.

use super::{At, Report};
use crate::model::form::{Field, Form, When};

/// Types that came with version 2.
const SINCE_2: [&str; 12] = [
    "integer",
    "decimal",
    "money",
    "boolean",
    "image",
    "signature",
    "url",
    "org_id",
    "address",
    "admin_area",
    "repeat",
    "server_assigned",
];

/// Reports a form that says 1 and needs 2: a program that reads version 1 alone would leave questions
/// out and say nothing.
pub(super) fn check(form: &Form, report: &mut Report) {
    // A diagnostic is all that this can give.
    if cfg!(target_arch = "wasm32") || form.format != 1 {
        return;
    }
    let mut fields = form
        .steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields);
    let newer = if form.rules.is_empty() {
        fields.find_map(newer)
    } else {
        Some("rules")
    };
    if let Some(newer) = newer {
        report.say(At::default(), "/format", "2, for what came with it", newer);
    }
}

/// What of a field came with version 2.
fn newer(field: &Field) -> Option<&str> {
    let by_rule = |when: &Option<When>| matches!(when, Some(When::Rule(_)));
    let keys = [
        (by_rule(&field.visible_when), "visible_when by a rule"),
        (field.required_when.is_some(), "required_when"),
        (field.computed.is_some(), "computed"),
        (!field.source.is_empty(), "source"),
        (!field.within.is_empty(), "within"),
    ];
    let kind = SINCE_2.contains(&field.kind.as_str()).then_some(field.kind.as_str());
    kind.or_else(|| keys.into_iter().find_map(|(used, key)| used.then_some(key)))
}
