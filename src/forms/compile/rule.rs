//! JsonLogic in a form: which questions a rule reads, and whether it can ever be of use.

use super::{At, Ids, Report};
use crate::forms::logic::{MAX_DEPTH, is_operator};
use crate::forms::model::{FieldKind, FieldModel, Rule};
use crate::model::json::Value;

/// Where a rule stands, and what it may read.
pub(super) struct Scope<'a> {
    /// The fields so far.
    pub(super) fields: &'a [FieldModel],
    /// Their ids.
    pub(super) ids: &'a Ids,
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
        reads: Vec::new(),
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
        reads,
    })
}

struct Reading<'a, 'r> {
    scope: &'a Scope<'a>,
    report: &'r mut Report,
    reads: Vec<usize>,
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
                let place = self.reads.partition_point(|read| *read < index);
                if self.reads.get(place) != Some(&index) {
                    self.reads.insert(place, index);
                }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::forms::compile;
    use crate::forms::model::{FieldKind, Model, When};

    /// The model of a form of version 2, and where something was reported.
    fn compiled(fields: Json, rules: Json) -> (Model, Vec<String>) {
        let form = json!({ "format": 2, "rules": rules, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": fields }] }] });
        let (model, found) = compile(&serde_json::from_value(form).unwrap());
        let paths = found
            .into_iter()
            .map(|one| one.path.replace("/steps/0/sections/0/fields/", ""));
        (model, paths.collect())
    }

    fn text(id: &str, key: &str, rule: Json) -> Json {
        json!({ "id": id, "type": "text", "label": id, key: rule })
    }

    #[test]
    fn a_rule_reads_questions_by_their_ids_whole_or_in_part() {
        let (model, reported) = compiled(
            json!([
                { "id": "a.b", "type": "text", "label": "A" },
                { "id": "tempat", "type": "location", "label": "T" },
                { "id": "anak", "type": "repeat", "label": "N", "fields": [{ "id": "umur", "type": "integer", "label": "U" }] },
                text("x", "visible_when", json!({ "or": [
                    { "==": [{ "var": ["a.b", ""] }, "1"] }, { "!": [{ "var": "tempat.lat" }] }, { "missing": ["tempat.address", ["a.b"]] },
                    { "some": [{ "var": "anak" }, { ">": [{ "var": "umur" }, { "var": "" }] }] },
                    { "missing_some": [1, ["a.b", "anak.0.umur"]] },
                ] })),
            ]),
            json!([]),
        );
        assert_eq!(reported, [""; 0]);
        let Some(When::Rule(rule)) = &model.fields[3].visible_when else {
            panic!("a rule");
        };
        assert_eq!(rule.reads, [0, 1, 2]);
        assert!((0..3).all(|at| model.fields[at].dependents == [3]));
        assert!(model.has_rules());
    }

    #[test]
    fn a_rule_that_cannot_be_of_use_is_reported_and_left_out() {
        let mut deep = json!({ "var": "a" });
        for _ in 0..70 {
            deep = json!({ "!": deep });
        }
        let (model, reported) = compiled(
            json!([
                { "id": "s", "type": "static", "label": "S" },
                { "id": "a", "type": "choice", "label": "A", "options": [{ "value": "x" }] },
                text("itself", "visible_when", json!({ "!": { "var": "itself" } })),
                text("later", "visible_when", json!({ "!": { "var": "computed" } })),
                text("static", "visible_when", json!({ "!": { "var": "s" } })),
                text("constant", "visible_when", json!({ "==": [1, 1] })),
                text("unknown", "visible_when", json!({ "sum": [{ "var": "a" }] })),
                text("dynamic", "visible_when", json!({ "!": { "var": { "var": "a" } } })),
                text("deep", "visible_when", deep),
                text("no option", "visible_when", json!({ "==": [{ "var": "a" }, "y"] })),
                text("computed", "computed", json!({ "cat": ["x", { "var": "?" }] })),
                { "id": "file", "type": "file", "label": "F", "computed": { "var": "a" } },
                { "id": "last", "type": "text", "label": "L", "required": true, "required_when": { "var": "?" } },
            ]),
            json!([
                { "check": { "var": "?" }, "message": "M", "fields": ["a"] },
                { "check": { "var": "a" }, "message": " ", "fields": ["a"] },
                { "check": { "var": "a" }, "message": "M", "fields": ["?"] },
                { "check": { "var": "a" }, "message": "M", "fields": ["last", "a"] },
            ]),
        );
        assert_eq!(
            reported,
            [
                "2/visible_when",
                "3/visible_when",
                "4/visible_when",
                "5/visible_when",
                "6/visible_when",
                "7/visible_when",
                "8/visible_when",
                "9/visible_when",
                "10/computed",
                "11/computed",
                "12/required_when",
                "/rules/0/check",
                "/rules/1/message",
                "/rules/2/fields/0",
                "/rules/2/fields",
            ]
        );
        assert!(
            model.fields.iter().all(|field| field.id != "computed"),
            "nobody else can answer it"
        );
        assert!(
            model
                .fields
                .iter()
                .filter(|field| field.id != "no option")
                .all(|field| field.visible_when.is_none())
        );
        assert_eq!(model.checks.len(), 1);
        assert_eq!(model.fields[model.checks[0].at].id, "last", "the last that it is about");
    }

    #[test]
    fn a_rule_in_a_repeated_group_sees_its_entry_alone_and_there_is_no_group_in_a_group() {
        let (model, reported) = compiled(
            json!([
                { "id": "luar", "type": "text", "label": "L" },
                { "id": "anak", "type": "repeat", "label": "N", "required": true, "max_items": 3, "fields": [
                    { "id": "a", "type": "integer", "label": "A" },
                    { "id": "b", "type": "integer", "label": "B", "computed": { "+": [{ "var": "a" }, 1] } },
                    { "id": "c", "type": "text", "label": "C", "visible_when": { "var": "luar" } },
                    { "id": "d", "type": "repeat", "label": "D", "fields": [{ "id": "e", "type": "text", "label": "E" }] },
                ] },
            ]),
            json!([]),
        );
        assert_eq!(reported, ["1/fields/2/visible_when", "1/fields/3/type"]);
        let FieldKind::Repeat { entry, min, max } = &model.fields[1].kind else {
            panic!("a repeated group");
        };
        assert_eq!((entry.fields.len(), *min, *max), (3, 1, 3));
        assert!(entry.evaluator.0.is_some(), "its rules are reckoned too");
    }

    #[test]
    fn a_form_that_needs_version_2_says_so() {
        for field in [
            json!({ "id": "a", "type": "money", "label": "A" }),
            text("a", "required_when", json!({ "field": "b", "answered": true })),
        ] {
            let fields = json!([{ "id": "b", "type": "text", "label": "B" }, field]);
            let form = |format| json!({ "format": format, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": fields }] }] });
            let reported = |format: u8| compile(&serde_json::from_value(form(format)).unwrap()).1;
            assert_eq!(reported(1)[0].path, "/format");
            assert_eq!(reported(2), []);
        }
    }
}
