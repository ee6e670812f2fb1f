//! JsonLogic in a form: which questions a rule reads, and whether it can ever be of use.

use std::collections::BTreeSet;

use super::{At, Ids, Report};
use crate::forms::logic::{MAX_DEPTH, is_operator};
use crate::forms::model::{FieldKind, FieldModel, Rule};
use crate::model::json::Value;

/// Where a rule stands, and what it may read.
pub(super) struct Scope<'a> {
    /// The fields so far.
    pub(super) fields: &'a [FieldModel],
    /// Their ids.
    pub(super) ids: &'a Ids<'a>,
    /// The place in the form.
    pub(super) at: At,
    /// The key that holds the rule.
    pub(super) key: &'a str,
}

/// A rule that can be used, else `None` and a diagnostic.
pub(super) fn compile(scope: &Scope<'_>, rule: &Value, report: &mut Report) -> Option<Rule> {
    let mut reading = Reading {
        scope,
        report,
        reads: BTreeSet::new(),
        usable: true,
    };
    reading.rule(rule, 0, true);
    let Reading { reads, usable, .. } = reading;
    if usable && reads.is_empty() {
        report.say(scope.at, scope.key, "a rule that reads an answer", &rule.json());
        return None;
    }
    usable.then(|| Rule {
        rule: rule.clone(),
        reads: reads.into_iter().collect(),
    })
}

struct Reading<'a, 'r> {
    scope: &'a Scope<'a>,
    report: &'r mut Report,
    reads: BTreeSet<usize>,
    usable: bool,
}

impl Reading<'_, '_> {
    fn wrong(&mut self, expected: &'static str, found: &str) {
        self.usable = false;
        self.report.say(self.scope.at, self.scope.key, expected, found);
    }

    /// `outer` is off where `var` names parts of an item and no answers.
    fn rule(&mut self, rule: &Value, depth: u8, outer: bool) {
        if depth >= MAX_DEPTH {
            self.wrong("a rule that is nested at most 64 deep", "one deeper");
            return;
        }
        let depth = depth.saturating_add(1);
        let members = match rule {
            Value::Array(rules) => {
                for rule in rules {
                    self.rule(rule, depth, outer);
                }
                return;
            }
            Value::Object(members) => members,
            _ => return,
        };
        let mut each = members.iter();
        let (Some((name, operands)), None) = (each.next(), each.next()) else {
            return;
        };
        if !is_operator(name) {
            self.wrong("an operator of JsonLogic", name);
            return;
        }
        let operands = match operands {
            Value::Array(operands) => operands.as_slice(),
            one => std::slice::from_ref(one),
        };
        match name {
            "var" => {
                if outer {
                    match operands.first() {
                        Some(Value::String(path)) => self.name(path),
                        other => self.wrong("var: an id, written out", &other.map(Value::json).unwrap_or_default()),
                    }
                }
                self.each(operands.get(1..).unwrap_or_default(), depth, outer);
            }
            "missing" | "missing_some" => self.names(operands, depth, outer),
            "map" | "filter" | "reduce" | "all" | "none" | "some" => {
                for (place, operand) in operands.iter().enumerate() {
                    self.rule(operand, depth, outer && place != 1);
                }
            }
            _ => {
                if matches!(name, "==" | "===" | "!=" | "!==") {
                    self.possible(operands);
                }
                self.each(operands, depth, outer);
            }
        }
    }

    fn each(&mut self, rules: &[Value], depth: u8, outer: bool) {
        for rule in rules {
            self.rule(rule, depth, outer);
        }
    }

    /// Texts where names are expected.
    fn names(&mut self, operands: &[Value], depth: u8, outer: bool) {
        for operand in operands {
            match operand {
                Value::String(name) if outer => self.name(name),
                Value::Array(names) if depth < MAX_DEPTH => self.names(names, depth.saturating_add(1), outer),
                other => self.rule(other, depth, outer),
            }
        }
    }

    /// A question's id, perhaps with the way to a part of its answer behind a dot.
    fn name(&mut self, path: &str) {
        let ends = path.match_indices('.').map(|(at, _)| at);
        let names = std::iter::once(path).chain(ends.filter_map(|end| path.get(..end)));
        let known = names.filter_map(|name| self.scope.ids.get(name)).next();
        match known {
            Some(&index) if self.scope.fields.get(index).is_some_and(is_readable) => {
                self.reads.insert(index);
            }
            _ => self.wrong("the id of a question that comes earlier and can be used", path),
        }
    }

    /// Reports a comparison with a value that is no option: it does no harm, and never holds.
    fn possible(&mut self, operands: &[Value]) {
        let (id, value) = match operands {
            [Value::Object(var), Value::String(value)] | [Value::String(value), Value::Object(var)] => {
                (var.get("var").and_then(Value::as_str), value)
            }
            _ => return,
        };
        let field = id
            .and_then(|id| self.scope.ids.get(id))
            .and_then(|index| self.scope.fields.get(*index));
        if let Some(FieldKind::One(choices)) = field.map(|field| &field.kind)
            && choices.source.is_empty()
            && !choices.options.iter().any(|option| option.value == *value)
        {
            let report = &mut self.report;
            report.say(
                self.scope.at,
                self.scope.key,
                "a value that the question can have",
                value,
            );
        }
    }
}

const fn is_readable(field: &FieldModel) -> bool {
    !matches!(field.kind, FieldKind::Static | FieldKind::Assigned)
}
