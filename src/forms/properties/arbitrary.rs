//! Forms and answers of any shape.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::model::answers::{Answer, Answers, Area, FileAnswer, Place};
use crate::model::decimal::Decimal;
use crate::model::form::{Bound, ChoiceOption, Condition, FORMAT, Field, Form, NEWEST, Rule, Section, Step, When};
use crate::model::json::Value;

/// The fields' ids are `a`, `b`, `c`, … but for a few that clash or cannot be used.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![20 => "[a-p]", 1 => Just(String::new()), 1 => "\\PC{0,3}", 1 => Just("a\n".to_owned())]
}

/// What people type into fields of a type, right and nearly right.
pub(super) fn typed_as(kind: &str) -> BoxedStrategy<String> {
    match kind {
        "number" | "integer" | "decimal" | "money" => prop_oneof![
            "[-+]?(Rp )?[1-9][0-9]{0,2}([.,][0-9]{3}){1,3}([.,][0-9]{0,4})?(,-)?",
            "[-+]?[0-9]{1,4}([., ][0-9]{1,4}){0,3}(,-)?",
            "[0-9]{1,3}",
        ]
        .boxed(),
        "date" => "[0-9]{1,4}[-/. ]([0-9]{1,2}|Jan|Feb|Agustus|mei|xx)[-/. ][0-9]{1,4}".boxed(),
        "datetime" => prop_oneof![
            "[0-9]{1,2}[-/ ]([0-9]{1,2}|Okt)[-/ ](19|20)[0-9]{2},? (pukul |jam )?[0-9]{1,2}[.:][0-9]{2}",
            "[12][0-9]{3}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]",
        ]
        .boxed(),
        "time" => "[0-9]{1,2}[.:][0-9]{2}([.:][0-9]{2})?".boxed(),
        "phone" => "(\\+?62|0|\\+1)[ (]{0,2}0?[2-9][-0-9 )]{6,14}".boxed(),
        "person_id" => "[0-9]{6}[ -]?[0-7][0-9][01][0-9]{3}[ -]?[0-9]{4}".boxed(),
        "boolean" => "(ya|Tidak|true|FALSE|1|0|yes|mungkin)".boxed(),
        "url" => "(https?://|HTTP://|ftp://)?[a-z-]{1,4}(\\.[a-z]{1,3}){0,2}(:[0-9]{1,6})?(/[a-z?#]{0,3})?".boxed(),
        "org_id" => "[0-9]{2}[. ]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]?[-. ]?[0-9]{3}[. ]?[0-9]{1,4}".boxed(),
        "email" => "[a-z.]{1,4}@[a-z.-]{1,6}".boxed(),
        "choice" => " ?[xyz] ?".boxed(),
        _ => prop_oneof!["\\PC{0,12}", "[ \u{a0}\u{202f}\n]{0,3}"].boxed(),
    }
}

pub(super) fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => "[xy]",
        2 => "[12](,0)?",
        1 => prop::sample::select(KINDS.to_vec()).prop_flat_map(typed_as),
    ]
}

pub(super) const KINDS: [&str; 27] = [
    "text",
    "textarea",
    "number",
    "date",
    "time",
    "datetime",
    "choice",
    "file",
    "location",
    "email",
    "phone",
    "person_id",
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
    "static",
    "checkbox",
    "",
];

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("choice"),
        2 => prop::sample::select(vec!["text", "number"]),
        3 => prop::sample::select(KINDS.to_vec()),
    ]
    .prop_map(str::to_owned)
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![
        any::<i64>().prop_map(|number| Bound::Number(Decimal::parse(&number.to_string()).unwrap())),
        (-5.0..2000.0).prop_map(|number: f64| Bound::Number(Decimal::parse(&number.to_string()).unwrap())),
        prop_oneof![Just("today".to_owned()), Just("2020-02-29".to_owned()), typed()].prop_map(Bound::Date),
    ]
}

fn condition() -> impl Strategy<Value = When> {
    prop_oneof![3 => simple().prop_map(When::Simple), 2 => rule().prop_map(When::Rule)]
}

/// A rule over the fields' ids, often one that can be used.
fn rule() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => "[a-p]".prop_map(|id| json!({ "var": id })),
        1 => "[a-p]\\.[0-9a-d]".prop_map(|id| json!({ "var": id })),
        1 => (-3..5_i32).prop_map(Json::from),
        1 => typed().prop_map(Json::from),
        1 => Just(json!(null)),
    ];
    const NAMES: [&str; 24] = [
        "if", "==", "!=", "===", "!", "!!", "or", "and", ">", "<=", "max", "+", "-", "*", "/", "%", "in", "cat",
        "substr", "missing", "map", "reduce", "all", "bukan",
    ];
    let nested = leaf.prop_recursive(3, 12, 3, |inner| {
        let name = prop::sample::select(NAMES.to_vec());
        (name, vec(inner, 0..4)).prop_map(|(name, operands)| json!({ name: operands }))
    });
    // A null is no rule: in JSON it says that there is none.
    nested.prop_map(|rule| Value::from(if rule.is_null() { json!(false) } else { rule }))
}

fn simple() -> impl Strategy<Value = Condition> {
    (
        id(),
        prop_oneof![
            4 => typed().prop_map(|value| (Some(value), None, None)),
            4 => vec(typed(), 0..4).prop_map(|values| (None, Some(values), None)),
            4 => any::<bool>().prop_map(|answered| (None, None, Some(answered))),
            1 => (option::of(typed()), option::of(vec(typed(), 0..2)), option::of(any::<bool>())),
        ],
    )
        .prop_map(|(field, (equals, any_of, answered))| Condition {
            field,
            equals,
            any_of,
            answered,
        })
}

/// Any field; of a repeated group two deep, which is one too many.
pub(super) fn field() -> impl Strategy<Value = Field> {
    let inner = (flat_field(), vec(flat_field(), 0..3)).prop_map(|(mut field, fields)| {
        field.fields = fields;
        field
    });
    (flat_field(), vec(inner, 0..4), any::<bool>()).prop_map(|(mut field, fields, stray)| {
        if stray || field.kind == "repeat" {
            field.fields = fields;
        }
        field
    })
}

fn flat_field() -> impl Strategy<Value = Field> {
    let head = (
        id(),
        kind(),
        prop_oneof![4 => "[A-Z]", 1 => Just(String::new())],
        any::<[bool; 3]>(),
    );
    let limits = (
        option::of(0..5_u32),
        option::of(0..8_u32),
        option::of(bound()),
        option::of(bound()),
    );
    let files = (
        vec(
            prop_oneof![Just("image/*".to_owned()), Just("image/png".to_owned()), typed()],
            0..3,
        ),
        option::of(0..100_u64),
        option::of(0..3_u32),
    );
    let rest = (
        vec(typed(), 0..5),
        option::weighted(0.6, condition()),
        prop_oneof![Just("name".to_owned()), typed()],
        option::weighted(0.2, condition()),
        option::weighted(0.2, rule()),
        (
            prop_oneof![3 => Just(String::new()), 1 => "[a-p]", 1 => Just("village".to_owned())],
            any::<[bool; 4]>(),
        ),
        option::of(0..4_u32),
    );
    (head, limits, files, rest).prop_map(|(head, limits, files, rest)| {
        let (id, kind, label, [required, integer, many]) = head;
        let (min_length, max_length, min, max) = limits;
        let (accept, max_bytes, max_files) = files;
        let (values, visible_when, autocomplete, required_when, computed, (word, used), items) = rest;
        let word = |at: usize| if used[at] { word.clone() } else { String::new() };
        let options = values
            .into_iter()
            .map(|value| ChoiceOption {
                value,
                parent: word(0),
                ..ChoiceOption::default()
            })
            .collect();
        Field {
            id,
            kind,
            required,
            visible_when,
            min_length,
            max_length,
            min,
            max,
            integer,
            options,
            many,
            accept,
            max_bytes,
            max_files,
            autocomplete,
            label: label.into(),
            required_when,
            computed,
            within: word(0),
            source: if word(1).len() == 1 && max_files.is_some() {
                word(1)
            } else {
                String::new()
            },
            level: word(2),
            concept: word(3),
            min_items: items,
            max_items: max_files,
            ..Field::default()
        }
    })
}

pub(super) fn form() -> impl Strategy<Value = Form> {
    let section = vec(field(), 0..7).prop_map(|fields| Section {
        fields,
        ..Section::default()
    });
    let step = (id(), vec(section, 0..4)).prop_map(|(id, sections)| Step {
        id,
        sections,
        ..Step::default()
    });
    let format = prop_oneof![20 => Just(FORMAT), 20 => Just(NEWEST), 1 => any::<u32>()];
    let about = vec(prop_oneof![4 => "[a-p]", 1 => typed()], 0..3);
    let check = (
        rule(),
        about,
        prop_oneof![4 => Just("Periksa".to_owned()), 1 => Just(String::new())],
    );
    let checks = vec(check, 0..3).prop_map(|checks| {
        let rule = |(check, fields, message): (_, _, String)| Rule {
            check,
            fields,
            message: message.into(),
        };
        checks.into_iter().map(rule).collect()
    });
    (
        (format, checks),
        vec(step, 0..5),
        vec((0..12_u8, any::<prop::sample::Index>()), 40),
    )
        .prop_map(|((format, rules), mut steps, luck)| {
            let fields = steps
                .iter_mut()
                .flat_map(|step| &mut step.sections)
                .flat_map(|section| &mut section.fields);
            let letters: Vec<String> = ('a'..='z').chain('A'..='Z').map(String::from).collect();
            for ((index, field), (odd, parent)) in fields.enumerate().zip(luck) {
                if odd == 0 {
                    continue;
                }
                field.id.clone_from(&letters[index]);
                if let Some(When::Simple(condition)) = field.visible_when.as_mut().filter(|_| odd > 2 && index > 0) {
                    // Near ones, so that conditions make chains.
                    let back = parent.index(index.min(3)).saturating_add(1);
                    condition.field.clone_from(&letters[index.saturating_sub(back)]);
                }
            }
            for (at, step) in steps.iter_mut().enumerate().filter(|(at, _)| *at != 3) {
                step.id = at.to_string();
            }
            Form { format, steps, rules }
        })
}

pub(super) fn answers() -> impl Strategy<Value = Answers> {
    let file = (typed(), prop_oneof![Just("image/png".to_owned()), typed()], 0..120_u64).prop_map(
        |(name, media_type, size)| FileAnswer {
            was: None,
            id: "4e8b2a9c-2a52-4c53-9d1c-6a3a5a0d2f11".parse().unwrap(),
            name,
            media_type,
            size,
        },
    );
    let degrees = || prop_oneof![2 => "-?[0-9]{1,3}[.,][0-9]{1,5}", 1 => typed()];
    let place = (degrees(), degrees(), typed()).prop_map(|(lat, long, address)| Place { lat, long, address });
    let area = (prop_oneof![3 => "[0-9]{2}(\\.[0-9]{2}){0,3}", 1 => typed()], typed())
        .prop_map(|(code, name)| Area { code, name });
    let plain = prop_oneof![
        8 => typed().prop_map(Answer::Text),
        3 => vec(typed(), 0..4).prop_map(Answer::Many),
        1 => place.prop_map(Answer::Place),
        1 => vec(file, 0..3).prop_map(Answer::Files),
        1 => area.prop_map(Answer::Area),
    ];
    let answer = plain.prop_recursive(3, 12, 3, |inner| {
        let row = vec(("[a-e]", inner), 0..4).prop_map(|row| Answers(row.into_iter().collect()));
        vec(row, 0..4).prop_map(Answer::Rows)
    });
    vec((id(), answer), 0..24).prop_map(|answers| Answers(answers.into_iter().collect()))
}
