use serde_json::{Value, json};

use super::*;
use crate::forms::model::{Condition, DateBound, FieldKind, Test};
use crate::model::form::FORMAT;

fn form(fields: &Value) -> Form {
    serde_json::from_value(json!({
        "format": 1,
        "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": fields }] }],
    }))
    .unwrap()
}

/// The model of some fields, and where something was reported: pointers without the step's part.
fn compiled(fields: &Value) -> (Model, Vec<String>) {
    let (model, diagnostics) = compile(&form(fields));
    let paths = diagnostics.into_iter().map(|diagnostic| {
        let path = diagnostic.path;
        path.strip_prefix("/steps/0/sections/0/fields/")
            .map(str::to_owned)
            .unwrap_or(path)
    });
    (model, paths.collect())
}

fn ids(model: &Model) -> Vec<&str> {
    model.fields.iter().map(|field| field.id.as_str()).collect()
}

#[test]
fn a_field_that_cannot_be_asked_is_left_out_and_the_others_stay() {
    let (model, reported) = compiled(&json!([
        { "id": "a", "type": "text", "label": "A" },
        { "id": "b", "type": "tanda", "label": "B" },
        { "id": "c", "type": "choice", "label": "C" },
        { "id": "d", "type": "static", "label": " " },
        { "id": " ", "type": "text", "label": "E" },
        { "id": "f\u{0}", "type": "text", "label": "F" },
        { "id": "a", "type": "date", "label": "A again" },
        { "id": "z", "type": "date", "label": "Z" },
    ]));
    assert_eq!(ids(&model), ["a", "z"]);
    assert_eq!(reported, ["1/type", "2/options", "3/label", "4/id", "5/id", "6/id"]);
    assert!(
        matches!(model.fields[0].kind, FieldKind::Text { .. }),
        "the first of two keeps the id"
    );
}

#[test]
fn a_diagnostic_says_where_what_was_expected_and_what_was_found() {
    let (_, diagnostics) = compile(&form(&json!([{ "id": "a", "type": "tanda", "label": "A" }])));
    assert_eq!(diagnostics[0].path, "/steps/0/sections/0/fields/0/type");
    assert!(diagnostics[0].expected.contains("person_id"));
    assert_eq!(diagnostics[0].found, "tanda");
    assert_eq!(
        diagnostics[1].path, "/steps/0/sections",
        "then the step has nothing to ask"
    );
}

#[test]
fn a_missing_label_is_replaced_by_the_id_and_a_missing_heading_by_the_first_label() {
    let (model, diagnostics) = compile(
        &serde_json::from_value(json!({ "format": 1, "steps": [
            { "id": "s", "sections": [{ "fields": [{ "id": "nama", "type": "text" }] }] },
        ] }))
        .unwrap(),
    );
    assert_eq!(model.fields[0].label, Text::plain("nama"));
    assert_eq!(model.steps[0].title, Text::plain("nama"));
    assert_eq!(diagnostics.len(), 2);
}

#[test]
fn an_option_without_a_label_is_read_as_its_value() {
    let (model, reported) = compiled(&json!([
        { "id": "a", "type": "choice", "label": "A", "options": [
            { "value": "Duda" }, { "value": " Duda " }, { "value": "" }, { "value": "x", "label": "X" },
        ] },
    ]));
    assert_eq!(reported, ["0/options/1/value", "0/options/2/value"]);
    let FieldKind::One(choices) = &model.fields[0].kind else {
        panic!("a choice of one");
    };
    let labels: Vec<_> = choices
        .options
        .iter()
        .map(|option| (option.value.as_str(), &option.label))
        .collect();
    assert_eq!(labels, [("Duda", &Text::plain("Duda")), ("x", &Text::plain("X"))]);
}

#[test]
fn a_condition_needs_an_earlier_question_and_exactly_one_test() {
    let choice = json!({ "id": "c", "type": "choice", "label": "C", "options": [{ "value": "x" }] });
    let asked = |id: &str, condition: Value| json!({ "id": id, "type": "text", "label": id, "required": true, "visible_when": condition });
    let (model, reported) = compiled(&json!([
        { "id": "s", "type": "static", "label": "S" },
        choice,
        asked("itself", json!({ "field": "itself", "answered": true })),
        asked("later", json!({ "field": "end", "answered": true })),
        asked("unknown", json!({ "field": "?", "answered": true })),
        asked("static", json!({ "field": "s", "answered": false })),
        asked("none", json!({ "field": "c" })),
        asked("two", json!({ "field": "c", "equals": "x", "answered": true })),
        asked("no value", json!({ "field": "c", "any_of": [] })),
        asked("no option", json!({ "field": "c", "any_of": ["x", "y"] })),
        asked("good", json!({ "field": "c", "equals": " x" })),
        asked("end", json!({ "field": "good", "answered": false })),
    ]));
    assert_eq!(
        reported,
        [
            "2/visible_when/field",
            "3/visible_when/field",
            "4/visible_when/field",
            "5/visible_when/field",
            "6/visible_when",
            "7/visible_when",
            "8/visible_when/any_of",
            "9/visible_when/any_of",
        ]
    );
    for field in &model.fields[2..9] {
        assert_eq!(field.visible_when, None, "{}", field.id);
        assert!(!field.required, "{}: nobody can say when it must be answered", field.id);
    }
    let good = Condition {
        field: 1,
        test: Test::AnyOf(vec!["x".to_owned()]),
    };
    assert_eq!(model.fields[10].visible_when, Some(When::Simple(good)));
    assert!(model.fields[10].required);
    assert_eq!(model.fields[1].dependents, [9, 10]);
    assert_eq!(model.fields[10].dependents, [11]);
}

#[test]
fn a_condition_on_files_or_places_asks_only_whether_there_is_an_answer() {
    let (model, reported) = compiled(&json!([
        { "id": "f", "type": "file", "label": "F" },
        { "id": "a", "type": "text", "label": "A", "visible_when": { "field": "f", "equals": "x" } },
        { "id": "b", "type": "text", "label": "B", "visible_when": { "field": "f", "answered": true } },
    ]));
    assert_eq!(reported, ["1/visible_when/equals"]);
    assert_eq!(model.fields[0].dependents, [2]);
}

#[test]
fn a_condition_on_a_question_that_was_left_out_is_left_out() {
    let (model, reported) = compiled(&json!([
        { "id": "a", "type": "?", "label": "A" },
        { "id": "b", "type": "text", "label": "B", "visible_when": { "field": "a", "answered": true } },
    ]));
    assert_eq!(reported, ["0/type", "1/visible_when/field"]);
    assert_eq!(model.fields[0].visible_when, None);
}

#[test]
fn limits_that_disagree_or_let_nothing_through_are_left_out() {
    let (model, reported) = compiled(&json!([
        { "id": "a", "type": "text", "label": "A", "min_length": 5, "max_length": 4 },
        { "id": "b", "type": "textarea", "label": "B", "max_length": 0 },
        { "id": "c", "type": "number", "label": "C", "min": 2, "max": 1 },
        { "id": "d", "type": "number", "label": "D", "min": "today", "max": 3 },
        { "id": "e", "type": "date", "label": "E", "min": "2026-02-30", "max": "today" },
        { "id": "f", "type": "date", "label": "F", "min": "2026-02-02", "max": "2026-02-01" },
        { "id": "g", "type": "date", "label": "G", "min": "1/2/2026" },
        { "id": "h", "type": "date", "label": "H", "max": 5 },
        { "id": "i", "type": "file", "label": "I", "max_bytes": 0, "many": true, "max_files": 0 },
    ]));
    assert_eq!(
        reported,
        [
            "0/min_length",
            "1/max_length",
            "2/min",
            "3/min",
            "4/min",
            "5/min",
            "6/min",
            "7/max",
            "8/max_files",
            "8/max_bytes"
        ]
    );
    let kinds: Vec<_> = model.fields.into_iter().map(|field| field.kind).collect();
    assert_eq!(kinds[0], FieldKind::Text { length: (None, None) });
    assert_eq!(
        kinds[3],
        FieldKind::Number {
            min: None,
            max: Some(3.into()),
            integer: false,
            money: false
        }
    );
    assert_eq!(
        kinds[4],
        FieldKind::Date {
            min: None,
            max: Some(DateBound::Today)
        }
    );
    let files = FieldKind::File {
        accept: Vec::new(),
        max_bytes: None,
        max_files: kind::DEFAULT_FILES,
    };
    assert_eq!(kinds[8], files);
}

#[test]
fn keys_of_another_type_are_reported_and_ignored() {
    let (model, reported) = compiled(&json!([
        { "id": "a", "type": "time", "label": "A", "min_length": 1, "max_length": 2, "min": 1, "max": "today",
          "integer": true, "options": [{ "value": "x" }], "many": true, "accept": ["image/*"], "max_bytes": 1,
          "max_files": 1 },
        { "id": "b", "type": "static", "label": "B", "required": true, "autocomplete": "name" },
        { "id": "c", "type": "file", "label": "C", "max_files": 3, "accept": [".pdf", "IMAGE/JPEG", "image/*"] },
        { "id": "d", "type": "text", "label": "D", "autocomplete": "nama" },
        { "id": "e", "type": "text", "label": "E", "autocomplete": "name" },
    ]));
    assert_eq!(
        reported,
        [
            "0/min_length",
            "0/max_length",
            "0/min",
            "0/max",
            "0/integer",
            "0/options",
            "0/many",
            "0/accept",
            "0/max_bytes",
            "0/max_files",
            "1/required",
            "1/autocomplete",
            "2/accept/0",
            "2/max_files",
            "3/autocomplete",
        ]
    );
    assert_eq!(model.fields[0].kind, FieldKind::Time);
    assert!(!model.fields[1].required);
    let accept = ["image/jpeg", "image/*"].map(str::to_owned).to_vec();
    assert_eq!(
        model.fields[2].kind,
        FieldKind::File {
            accept,
            max_bytes: None,
            max_files: 1
        }
    );
    assert_eq!(
        (
            model.fields[3].autocomplete.as_str(),
            model.fields[4].autocomplete.as_str()
        ),
        ("", "name")
    );
}

#[test]
fn a_form_of_another_version_is_not_read() {
    let mut other = form(&json!([{ "id": "a", "type": "text", "label": "A" }]));
    other.format = 3;
    let (model, diagnostics) = compile(&other);
    assert_eq!(model, Model::default());
    assert_eq!((diagnostics.len(), diagnostics[0].path.as_str()), (1, "/format"));
    assert_eq!(
        compile(&Form {
            format: FORMAT,
            ..Form::default()
        })
        .1[0]
            .path,
        "/steps"
    );
}

#[test]
fn a_step_without_anything_to_ask_or_with_anothers_id_is_left_out() {
    let fields = |id: &str| json!([{ "title": "T", "fields": [{ "id": id, "type": "text", "label": "A" }] }]);
    let (model, diagnostics) = compile(
        &serde_json::from_value(json!({ "format": 1, "steps": [
            { "id": "a", "title": "A", "sections": fields("1") },
            { "id": "a", "title": "A", "sections": fields("2") },
            { "id": "b", "title": "B", "sections": [{ "fields": [] }, {}] },
            { "id": "c", "title": "C", "sections": [{ "fields": [] }, fields("3")[0], fields("4")[0]] },
        ] }))
        .unwrap(),
    );
    let paths: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
    assert_eq!(paths, ["/steps/1/id", "/steps/2/sections"]);
    assert_eq!(ids(&model), ["1", "3", "4"]);
    assert_eq!(
        (model.fields_of(0), model.fields_of(1), model.fields_of(2)),
        (0..1, 1..3, 0..0)
    );
    assert_eq!(
        (model.step_of(0), model.step_of(2), model.step_of(3)),
        (Some(0), Some(1), None)
    );
    assert_eq!(model.steps[1].sections.len(), 2, "an empty section is not drawn");
}

#[test]
fn a_form_larger_than_the_bounds_is_cut() {
    let field = |at: usize| Field {
        id: at.to_string(),
        kind: "text".to_owned(),
        label: "A".into(),
        ..Field::default()
    };
    let step = |at: usize, fields: Vec<Field>| Step {
        id: at.to_string(),
        title: "S".into(),
        sections: vec![Section {
            fields,
            ..Section::default()
        }],
        ..Step::default()
    };
    let steps = (0..MAX_STEPS + 5).map(|at| step(at, vec![field(at)])).collect();
    let (model, diagnostics) = compile(&Form {
        format: FORMAT,
        steps,
        ..Form::default()
    });
    assert_eq!((model.steps.len(), diagnostics.len()), (MAX_STEPS, 1));
    assert_eq!(diagnostics[0].path, "/steps/200");

    let fields = (0..MAX_FIELDS + 5).map(field).collect();
    let (model, diagnostics) = compile(&Form {
        format: FORMAT,
        steps: vec![step(0, fields)],
        ..Form::default()
    });
    assert_eq!((model.fields.len(), diagnostics.len()), (MAX_FIELDS, 1));
    assert_eq!(diagnostics[0].path, "/steps/0/sections/0/fields/5000");

    let options = (0..MAX_OPTIONS + 5)
        .map(|at| json!({ "value": at.to_string() }))
        .collect::<Vec<_>>();
    let (model, reported) = compiled(&json!([{ "id": "a", "type": "choice", "label": "A", "options": options }]));
    assert!(matches!(&model.fields[0].kind, FieldKind::One(choices) if choices.options.len() == MAX_OPTIONS));
    assert_eq!(reported, ["0/options"]);

    let bad = (0..MAX_DIAGNOSTICS + 5)
        .map(|_| json!({ "id": "", "type": "text" }))
        .collect::<Vec<_>>();
    assert_eq!(compiled(&json!(bad)).1.len(), MAX_DIAGNOSTICS);
}
