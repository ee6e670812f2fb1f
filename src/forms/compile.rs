//! A published form, of any shape, becomes a model plus diagnostics. Compiling never fails.
//!
//! What cannot be used is left out and reported, the rest stays: a citizen can go on with the
//! questions that can be asked, and whoever publishes the form reads what to mend.
//!
//! | what is wrong | what becomes of it |
//! |---|---|
//! | format of another version | nothing is read: it may mean anything |
//! | unknown type, unusable or doubled id, choice without options | the field is left out |
//! | step without a usable field, unusable or doubled id | the step is left out |
//! | condition that cannot be used | the field is always shown, and not required: nobody can say when it must be answered |
//! | limit that cannot be used, smallest above largest | the limit is left out, both where they disagree |
//! | key that does not apply to the type, unknown `autocomplete` | the key is left out |
//! | label or title missing | the id stands in for it; for a step, its first label |
//! | more than [`MAX_STEPS`], [`MAX_FIELDS`], [`MAX_OPTIONS`] | the rest is left out |

mod condition;
mod kind;

use std::collections::BTreeMap;

use super::model::{FieldModel, Model, SectionModel, StepModel};
use crate::model::diagnostic::Diagnostic;
use crate::model::form::{FORMAT, Field, Form, Section, Step};
use crate::model::text::Text;

/// Most steps of a form.
pub const MAX_STEPS: usize = 200;
/// Most fields of a form.
pub const MAX_FIELDS: usize = 5000;
/// Most options of a field.
pub const MAX_OPTIONS: usize = 5000;
/// Most diagnostics of a form; nobody reads more.
pub const MAX_DIAGNOSTICS: usize = 1000;

/// Compiles a form. Diagnostics name their place by a JSON Pointer into it (RFC 6901).
#[must_use]
pub fn compile(form: &Form) -> (Model, Vec<Diagnostic>) {
    let mut report = Report::default();
    let mut model = Model::default();
    if form.format != FORMAT {
        let found = form.format.to_string();
        report.say(
            At::default(),
            "/format",
            "1, the version that this program reads",
            &found,
        );
        return (model, report.0);
    }
    if form.steps.is_empty() {
        report.say(At::default(), "/steps", "at least one step", "none");
    }
    let mut ids = Ids::default();
    let mut steps = BTreeMap::new();
    for (at, step) in form.steps.iter().enumerate() {
        let place = At {
            step: Some(at),
            ..At::default()
        };
        if at == MAX_STEPS {
            report.say(place, "", "at most 200 steps", &form.steps.len().to_string());
            break;
        }
        if !report.usable_id(place, &step.id, &steps) {
            continue;
        }
        if let Some(compiled) = compile_step(place, step, &mut model.fields, &mut ids, &mut report) {
            steps.insert(step.id.as_str(), at);
            model.steps.push(compiled);
        }
    }
    (model, report.0)
}

/// The fields so far by their ids.
type Ids<'a> = BTreeMap<&'a str, usize>;

fn compile_step<'a>(
    place: At,
    step: &'a Step,
    fields: &mut Vec<FieldModel>,
    ids: &mut Ids<'a>,
    report: &mut Report,
) -> Option<StepModel> {
    let start = fields.len();
    let mut sections = Vec::new();
    for (at, section) in step.sections.iter().enumerate() {
        let place = At {
            section: Some(at),
            ..place
        };
        let first = fields.len();
        compile_section(place, section, fields, ids, report);
        if fields.len() > first {
            sections.push(SectionModel {
                title: section.title.clone(),
                fields: first..fields.len(),
            });
        }
    }
    let Some(first) = fields.get(start) else {
        report.say(place, "/sections", "at least one field that can be used", "none");
        return None;
    };
    let mut title = step.title.clone();
    if is_blank(&title) {
        report.say(place, "/title", "a heading", "none");
        title = first.label.clone();
    }
    Some(StepModel {
        id: step.id.clone(),
        title,
        lead: step.lead.clone(),
        sections,
    })
}

fn compile_section<'a>(
    place: At,
    section: &'a Section,
    fields: &mut Vec<FieldModel>,
    ids: &mut Ids<'a>,
    report: &mut Report,
) {
    for (at, field) in section.fields.iter().enumerate() {
        let place = At {
            field: Some(at),
            ..place
        };
        if fields.len() >= MAX_FIELDS {
            report.say(place, "", "at most 5000 fields in a form", "one more");
            return;
        }
        if !report.usable_id(place, &field.id, ids) {
            continue;
        }
        if let Some(compiled) = compile_field(place, field, fields, ids, report) {
            let index = fields.len();
            ids.insert(&field.id, index);
            let parent = compiled.visible_when.as_ref().map(|condition| condition.field);
            if let Some(parent) = parent.and_then(|parent| fields.get_mut(parent)) {
                parent.dependents.push(index);
            }
            fields.push(compiled);
        }
    }
}

fn compile_field(
    place: At,
    field: &Field,
    fields: &[FieldModel],
    ids: &Ids<'_>,
    report: &mut Report,
) -> Option<FieldModel> {
    let kind = kind::compile(place, field, report)?;
    kind::report_stray_keys(place, field, report);
    let mut label = field.label.clone();
    if is_blank(&label) {
        if field.kind == "static" {
            report.say(place, "/label", "the text to read", "none");
            return None;
        }
        report.say(place, "/label", "a question", "none");
        label = Text::plain(field.id.as_str());
    }
    let condition = field
        .visible_when
        .as_ref()
        .map(|condition| condition::compile(place, condition, fields, ids, report));
    Some(FieldModel {
        id: field.id.clone(),
        label,
        hint: field.hint.clone(),
        required: field.required && field.kind != "static" && condition != Some(None),
        visible_when: condition.flatten(),
        autocomplete: kind::autocomplete(place, field, report),
        dependents: Vec::new(),
        kind,
    })
}

fn is_blank(text: &Text) -> bool {
    text.all().all(|(_, text)| text.trim().is_empty())
}

/// A place in the form.
#[derive(Clone, Copy, Default)]
struct At {
    step: Option<usize>,
    section: Option<usize>,
    field: Option<usize>,
}

/// What was found so far.
#[derive(Default)]
struct Report(Vec<Diagnostic>);

impl Report {
    /// `rest` is the end of the pointer, with its leading slash.
    fn say(&mut self, at: At, rest: &str, expected: &'static str, found: &str) {
        if self.0.len() >= MAX_DIAGNOSTICS {
            return;
        }
        let mut path = String::new();
        for (name, index) in [("/steps/", at.step), ("/sections/", at.section), ("/fields/", at.field)] {
            if let Some(index) = index {
                path.push_str(name);
                path.push_str(&index.to_string());
            }
        }
        path.push_str(rest);
        self.0.push(Diagnostic::new(path, expected, found));
    }

    fn usable_id(&mut self, at: At, id: &str, taken: &BTreeMap<&str, usize>) -> bool {
        let expected = if id.trim().is_empty() || id.chars().any(char::is_control) {
            "an id without control characters"
        } else if taken.contains_key(id) {
            "an id that nothing before it has"
        } else {
            return true;
        };
        self.say(at, "/id", expected, &id.escape_debug().to_string());
        false
    }
}

#[cfg(test)]
mod tests;
