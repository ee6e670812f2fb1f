//! A published form, of any shape, becomes a model plus diagnostics. Compiling never fails.
//!
//! What cannot be used is left out and reported, the rest stays: a citizen can go on with the
//! questions that can be asked, and whoever publishes the form reads what to mend.
//!
//! Conditions and computed answers look back: what they read comes earlier in the form, so that none
//! can go in circles, and a rule that would is reported as one that names a later question. Rules in a
//! repeated group see the answers of its entry alone. Diagnostics are for whoever publishes: a phone,
//! where nobody reads them, does not carry their words.
//!
//! | what is wrong | what becomes of it |
//! |---|---|
//! | format of another version | nothing is read: it may mean anything |
//! | unknown type, unusable or doubled id, choice without options | the field is left out |
//! | step without a usable field, unusable or doubled id | the step is left out |
//! | condition or rule that cannot be used | the field is always shown, and not required: nobody can say when it must be answered |
//! | `required_when` that cannot be used | the field is not required |
//! | `computed` that cannot be used | the field is left out: nobody else can answer it |
//! | rule between answers that cannot be used | the rule is left out |
//! | limit that cannot be used, smallest above largest | the limit is left out, both where they disagree |
//! | key that does not apply to the type, unknown `autocomplete` | the key is left out |
//! | label or title missing | the id stands in for it; for a step, its first label |
//! | a repeated group in a repeated group | the inner one is left out |
//! | more than [`MAX_STEPS`], [`MAX_FIELDS`], [`MAX_OPTIONS`] | the rest is left out |

mod condition;
mod kind;
mod rule;
mod version;

use std::sync::Arc;

use super::model::{Check, FieldKind, FieldModel, Model, SectionModel, StepModel, When};
use super::rules;
use crate::model::diagnostic::Diagnostic;
use crate::model::form::{self, Field, Form, NEWEST, Section, Step};
use crate::model::map::Map;
use crate::model::text::Text;
use rule::Scope;

/// Most steps of a form.
pub const MAX_STEPS: usize = 200;
/// Most fields of a form.
pub const MAX_FIELDS: usize = 5000;
/// Most options of a field.
pub const MAX_OPTIONS: usize = 5000;
/// Most rules between answers.
pub const MAX_CHECKS: usize = 200;
/// Most diagnostics of a form; nobody reads more.
pub const MAX_DIAGNOSTICS: usize = 1000;

/// Compiles a form. Diagnostics name their place by a JSON Pointer into it (RFC 6901).
#[must_use]
pub fn compile(form: &Form) -> (Model, Vec<Diagnostic>) {
    let (mut model, diagnostics) = compile_without_rules(form);
    model.bring(rules::evaluate);
    (model, diagnostics)
}

/// Compiles a form, but for what reckons its rules: for a program that keeps that part apart, and calls
/// [`Model::bring`] where [`Model::has_rules`] says so.
#[must_use]
pub fn compile_without_rules(form: &Form) -> (Model, Vec<Diagnostic>) {
    let mut report = Report::default();
    let mut model = Model::default();
    if !(1..=NEWEST).contains(&form.format) {
        let found = form.format.to_string();
        let expected = "1 or 2, the versions that this program reads";
        report.say(At::default(), "/format", expected, &found);
        return (model, report.0);
    }
    version::check(form, &mut report);
    if form.steps.is_empty() {
        report.say(At::default(), "/steps", "at least one step", "none");
    }
    let mut build = Build::default();
    let mut steps = Ids::new();
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
        if let Some(compiled) = build.step(place, step, &mut report) {
            steps.insert(step.id.clone(), at);
            model.steps.push(compiled);
        }
    }
    build.finish(&mut report);
    model.checks = build.checks(&form.rules, &mut report);
    model.fields = build.fields;
    (model, report.0)
}

/// Fields by their ids.
type Ids = Map<usize>;

/// The fields so far.
#[derive(Default)]
struct Build<'a> {
    fields: Vec<FieldModel>,
    ids: Ids,
    /// Conditions that may look anywhere, for when all fields are known.
    later: Vec<(usize, At, &'a form::When)>,
    /// It is the entry of a repeated group.
    repeated: bool,
}

impl<'a> Build<'a> {
    fn step(&mut self, place: At, step: &'a Step, report: &mut Report) -> Option<StepModel> {
        let start = self.fields.len();
        let mut sections = Vec::new();
        for (at, section) in step.sections.iter().enumerate() {
            let place = At {
                section: Some(at),
                ..place
            };
            let first = self.fields.len();
            self.section(place, section, report);
            if self.fields.len() > first {
                sections.push(SectionModel {
                    title: section.title.clone(),
                    fields: first..self.fields.len(),
                });
            }
        }
        let Some(first) = self.fields.get(start) else {
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

    fn section(&mut self, place: At, section: &'a Section, report: &mut Report) {
        for (at, field) in section.fields.iter().enumerate() {
            let place = At {
                field: Some(at),
                ..place
            };
            if self.fields.len() >= MAX_FIELDS {
                report.say(place, "", "at most 5000 fields in a form", "one more");
                return;
            }
            self.add(place, field, report);
        }
    }

    /// Adds a field if it can be used.
    fn add(&mut self, place: At, field: &'a Field, report: &mut Report) {
        if !report.usable_id(place, &field.id, &self.ids) {
            return;
        }
        let Some(compiled) = self.field(place, field, report) else {
            return;
        };
        let index = self.fields.len();
        self.ids.insert(field.id.clone(), index);
        let when = match &compiled.visible_when {
            Some(When::Simple(condition)) => std::slice::from_ref(&condition.field),
            Some(When::Rule(rule)) => rule.reads.as_slice(),
            None => &[],
        };
        let computed = compiled.computed.as_ref().map_or(&[][..], |rule| &rule.reads);
        for &parent in when.iter().chain(computed) {
            if let Some(parent) = self.fields.get_mut(parent)
                && parent.dependents.last() != Some(&index)
            {
                parent.dependents.push(index);
            }
        }
        if let FieldKind::One(choices) | FieldKind::Many(choices) = &compiled.kind
            && let Some(whole) = choices.within.and_then(|whole| self.fields.get_mut(whole))
        {
            whole.parts.push(index);
        }
        if let Some(when) = &field.required_when {
            self.later.push((index, place, when));
        }
        self.fields.push(compiled);
    }

    fn field(&self, place: At, field: &'a Field, report: &mut Report) -> Option<FieldModel> {
        let kind = if field.kind == "repeat" {
            self.repeat(place, field, report)?
        } else {
            kind::compile(place, field, &self.fields, &self.ids, report)?
        };
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
            .map(|when| self.when(place, "/visible_when", when, report));
        let computed = match &field.computed {
            Some(_) if !kind::can_be_computed(&kind) => {
                report.say(place, "/computed", "no such key for this type", &field.kind);
                None
            }
            Some(rule) => Some(rule::compile(&self.scope(place, "/computed"), rule, report)?),
            None => None,
        };
        let (concept, token) = kind::concept(place, field, report);
        let autocomplete = match kind::autocomplete(place, field, report) {
            own if own.is_empty() => token.to_owned(),
            own => own,
        };
        let asks = !matches!(kind, FieldKind::Static | FieldKind::Assigned);
        Some(FieldModel {
            id: field.id.clone(),
            label,
            hint: field.hint.clone(),
            why: field.why.clone(),
            required: field.required && asks && condition != Some(None),
            visible_when: condition.flatten(),
            required_when: None,
            computed,
            autocomplete,
            concept,
            dependents: Vec::new(),
            parts: Vec::new(),
            kind,
        })
    }

    fn repeat(&self, place: At, field: &'a Field, report: &mut Report) -> Option<FieldKind> {
        if self.repeated {
            report.say(place, "/type", "no repeated group in a repeated group", "repeat");
            return None;
        }
        let mut entry = Build {
            repeated: true,
            ..Build::default()
        };
        for (at, inner) in field.fields.iter().enumerate() {
            let place = At {
                inner: Some(at),
                ..place
            };
            if entry.fields.len().saturating_add(self.fields.len()) >= MAX_FIELDS {
                report.say(place, "", "at most 5000 fields in a form", "one more");
                break;
            }
            entry.add(place, inner, report);
        }
        entry.finish(report);
        if entry.fields.is_empty() {
            report.say(place, "/fields", "at least one field that can be used", "none");
            return None;
        }
        let (min, max) = kind::items(place, field, report);
        let sections = vec![SectionModel {
            title: Text::default(),
            fields: 0..entry.fields.len(),
        }];
        let entry = Model {
            steps: vec![StepModel {
                sections,
                ..StepModel::default()
            }],
            fields: entry.fields,
            ..Model::default()
        };
        Some(FieldKind::Repeat {
            entry: Arc::new(entry),
            min,
            max,
        })
    }

    fn scope<'s>(&'s self, at: At, key: &'s str) -> Scope<'s> {
        Scope {
            fields: &self.fields,
            ids: &self.ids,
            at,
            key,
        }
    }

    fn when(&self, at: At, key: &str, when: &form::When, report: &mut Report) -> Option<When> {
        let scope = self.scope(at, key);
        match when {
            form::When::Simple(simple) => condition::compile(&scope, simple, report).map(When::Simple),
            form::When::Rule(rule) => rule::compile(&scope, rule, report).map(When::Rule),
        }
    }

    /// Compiles what may look anywhere.
    fn finish(&mut self, report: &mut Report) {
        for (index, place, when) in std::mem::take(&mut self.later) {
            let compiled = self.when(place, "/required_when", when, report);
            if let Some(field) = self.fields.get_mut(index) {
                if field.asks() {
                    field.required_when = compiled;
                } else {
                    report.say(place, "/required_when", "no such key for this type", "a condition");
                }
            }
        }
    }

    fn checks(&self, rules: &[form::Rule], report: &mut Report) -> Vec<Check> {
        let mut checks = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let place = At {
                rule: Some(at),
                ..At::default()
            };
            if at == MAX_CHECKS {
                report.say(place, "", "at most 200 rules", &rules.len().to_string());
                break;
            }
            if is_blank(&rule.message) {
                report.say(place, "/message", "what to write instead", "none");
                continue;
            }
            let mut last = None;
            for (number, id) in rule.fields.iter().enumerate() {
                match self.ids.get(id.as_str()) {
                    Some(index) => last = last.max(Some(*index)),
                    None => {
                        let key = ["/fields/", &number.to_string()].concat();
                        report.say(place, &key, "the id of a question", id);
                    }
                }
            }
            let Some(last) = last else {
                report.say(place, "/fields", "the questions that it is about", "none");
                continue;
            };
            if let Some(compiled) = rule::compile(&self.scope(place, "/check"), &rule.check, report) {
                checks.push(Check {
                    rule: compiled,
                    message: rule.message.clone(),
                    at: last,
                });
            }
        }
        checks
    }
}

fn is_blank(text: &Text) -> bool {
    text.all().all(|(_, text)| text.trim().is_empty())
}

/// A place in the form.
#[derive(Clone, Copy, Default)]
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "places are for diagnostics, and a phone says none")
)]
struct At {
    step: Option<usize>,
    section: Option<usize>,
    field: Option<usize>,
    /// A field of a repeated group.
    inner: Option<usize>,
    /// A rule between answers.
    rule: Option<usize>,
}

/// What was found so far.
#[derive(Default)]
struct Report(Vec<Diagnostic>);

impl Report {
    /// Nothing: on a phone nobody reads diagnostics, and their words are not carried there.
    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::unused_self, reason = "as the one that says something")]
    const fn say(&mut self, _: At, _: &str, _: &'static str, _: &str) {}

    /// `rest` is the end of the pointer, with its leading slash.
    #[cfg(not(target_arch = "wasm32"))]
    fn say(&mut self, at: At, rest: &str, expected: &'static str, found: &str) {
        if self.0.len() >= MAX_DIAGNOSTICS {
            return;
        }
        let mut path = String::new();
        let parts = [
            ("/steps/", at.step),
            ("/sections/", at.section),
            ("/fields/", at.field),
            ("/fields/", at.inner),
            ("/rules/", at.rule),
        ];
        for (name, index) in parts {
            if let Some(index) = index {
                path.push_str(name);
                path.push_str(&index.to_string());
            }
        }
        path.push_str(rest);
        self.0.push(Diagnostic::new(path, expected, found));
    }

    fn usable_id(&mut self, at: At, id: &str, taken: &Ids) -> bool {
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
