use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

fn data(value: Json) -> Data {
    Data::read(&Value::from(value)).unwrap()
}

fn result(rule: Json, with: Json) -> Result<Json, Failure> {
    let outcome = apply(&Value::from(rule), &data(with))?;
    Ok(serde_json::from_str(&outcome.json().json()).unwrap())
}

#[track_caller]
fn gives(rule: Json, with: Json, expected: Json) {
    let told = rule.to_string();
    let found = result(rule, with).unwrap();
    assert!(same(&found, &expected), "{told} gives {found}, not {expected}");
}

/// Numbers are the same whether they are written 1 or 1.0.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|two| same(value, two)))
        }
        _ => one == other,
    }
}

#[test]
fn json_logic_official_suite() {
    let Some(folder) = std::env::var_os("PENDOPO_PAYLOADS") else {
        eprintln!("PENDOPO_PAYLOADS names no folder: the official suite is not run, the cases below are");
        return;
    };
    let text = std::fs::read(std::path::Path::new(&folder).join("jsonlogic/compatible.json")).unwrap();
    let suite: Vec<Json> = serde_json::from_slice(&text).unwrap();
    let cases: Vec<&Json> = suite.iter().filter(|case| case.is_object()).collect();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let found = result(case["rule"].clone(), case["data"].clone());
            let right = found.as_ref().is_ok_and(|found| same(found, &case["result"]));
            (!right).then(|| {
                format!(
                    "{} over {}: {found:?}, not {}",
                    case["rule"], case["data"], case["result"]
                )
            })
        })
        .collect();
    assert_eq!(cases.len(), 278, "the whole suite is there");
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn json_logic_var_and_missing() {
    let with = json!({ "a": { "b": [10, 20] }, "kosong": "", "c.d": 5, "nol": 0 });
    gives(json!({ "var": "a.b.1" }), with.clone(), json!(20));
    gives(json!({ "var": ["a.x", 7] }), with.clone(), json!(7));
    gives(json!({ "var": "a.x.y" }), with.clone(), json!(null));
    gives(json!({ "var": "a.b.length" }), with.clone(), json!(2));
    gives(json!({ "var": "c.d" }), with.clone(), json!(5));
    gives(json!({ "var": "" }), json!(3), json!(3));
    gives(json!({ "var": 1 }), json!(["x", "y"]), json!("y"));
    gives(json!({ "var": "a.b.01" }), with.clone(), json!(null));
    gives(
        json!({ "missing": ["a.b", "kosong", "nol", "?"] }),
        with.clone(),
        json!(["kosong", "?"]),
    );
    gives(json!({ "missing": [["?"]] }), with.clone(), json!(["?"]));
    gives(json!({ "missing_some": [1, ["a", "?"]] }), with.clone(), json!([]));
    gives(json!({ "missing_some": [2, ["a", "?"]] }), with, json!(["?"]));
}

#[test]
fn json_logic_choices_and_truth() {
    gives(json!({ "if": [] }), json!(null), json!(null));
    gives(json!({ "if": [false, 1, [], 2, "0", 3, 4] }), json!(null), json!(3));
    gives(json!({ "?:": [0, 1, 2] }), json!(null), json!(2));
    gives(json!({ "or": [0, "", "x", 1] }), json!(null), json!("x"));
    gives(json!({ "and": [1, [], "x"] }), json!(null), json!([]));
    gives(json!({ "!": [[]] }), json!(null), json!(true));
    gives(json!({ "!!": "0" }), json!(null), json!(true));
    gives(json!({ "!!": [{ "a": 1, "b": 2 }] }), json!(null), json!(true));
}

#[test]
fn json_logic_equality_converts_as_javascript_does() {
    for (one, other, alike, same) in [
        (json!(1), json!("1"), true, false),
        (json!(1), json!(1.0), true, true),
        (json!(true), json!(1), true, false),
        (json!("true"), json!(true), false, false),
        (json!(null), json!(0), false, false),
        (json!(null), json!(null), true, true),
        (json!(""), json!(0), true, false),
        (json!("a"), json!("a"), true, true),
        (json!([1, 2]), json!("1,2"), true, false),
        (json!([]), json!(0), true, false),
        (json!([5]), json!(5), true, false),
        (json!([1]), json!([1]), false, false),
        (json!(0.1), json!("0.10"), true, false),
    ] {
        gives(json!({ "==": [one, other] }), json!(null), json!(alike));
        gives(json!({ "!=": [other, one] }), json!(null), json!(!alike));
        gives(json!({ "===": [one, other] }), json!(null), json!(same));
        gives(json!({ "!==": [one, other] }), json!(null), json!(!same));
    }
    gives(
        json!({ "==": [{ "var": "x" }, { "var": "x" }] }),
        json!({ "x": [1] }),
        json!(true),
    );
    gives(json!({ "==": [{ "var": "x" }, null] }), json!({}), json!(true));
}

#[test]
fn json_logic_order() {
    gives(json!({ "<": [1, "2"] }), json!(null), json!(true));
    gives(json!({ "<": ["10", "2"] }), json!(null), json!(true));
    gives(json!({ "<": ["10", 2] }), json!(null), json!(false));
    gives(json!({ "<=": ["2026-01-31", "2026-02-01"] }), json!(null), json!(true));
    gives(json!({ "<": [1, 2, 3] }), json!(null), json!(true));
    gives(json!({ "<=": [1, 1, 0] }), json!(null), json!(false));
    gives(json!({ ">": [null, -1] }), json!(null), json!(true));
    gives(json!({ ">=": ["x", 1] }), json!(null), json!(false));
    gives(json!({ "max": [1, "3", 2] }), json!(null), json!(3));
    gives(json!({ "min": [1, "x"] }), json!(null), json!(null));
    gives(json!({ "min": [-1, -2.5] }), json!(null), json!(-2.5));
}

#[test]
fn json_logic_arithmetic_is_decimal() {
    gives(json!({ "+": [0.1, 0.2] }), json!(null), json!(0.3));
    gives(json!({ "*": [1.1, 3] }), json!(null), json!(3.3));
    gives(json!({ "-": [0.3, 0.1] }), json!(null), json!(0.2));
    gives(json!({ "*": [{ "/": [1, 3] }, 3] }), json!(null), json!(1));
    gives(json!({ "+": ["5 kg", " 2.5"] }), json!(null), json!(7.5));
    gives(json!({ "+": ["x"] }), json!(null), json!(null));
    gives(json!({ "+": [] }), json!(null), json!(0));
    gives(json!({ "*": ["2x", "3"] }), json!(null), json!(6));
    gives(json!({ "-": ["5"] }), json!(null), json!(-5));
    gives(json!({ "-": [7, "2"] }), json!(null), json!(5));
    gives(json!({ "/": [1, 0] }), json!(null), json!(null));
    gives(json!({ "/": [1, 8] }), json!(null), json!(0.125));
    gives(json!({ "%": [-7, 3] }), json!(null), json!(-1));
    gives(json!({ "%": [7.5, 2] }), json!(null), json!(1.5));
    gives(json!({ "%": [1e20, 7] }), json!(null), json!(2));
    gives(json!({ "%": [2, 0] }), json!(null), json!(null));
    gives(
        json!({ "cat": [{ "/": [1, 3] }, " ", 1e21, " ", 1.5e-7, " ", -0.05, " ", { "/": [-1, 0] }] }),
        json!(null),
        json!("0.3333333333333333 1e+21 1.5e-7 -0.05 -Infinity"),
    );
}

#[test]
fn json_logic_lists() {
    let with = json!({ "x": [1, 2, 3, 4] });
    gives(
        json!({ "map": [{ "var": "x" }, { "*": [{ "var": "" }, 2] }] }),
        with.clone(),
        json!([2, 4, 6, 8]),
    );
    gives(json!({ "map": [{ "var": "y" }, 1] }), with.clone(), json!([]));
    gives(
        json!({ "filter": [{ "var": "x" }, { "%": [{ "var": "" }, 2] }] }),
        with.clone(),
        json!([1, 3]),
    );
    let sum = json!({ "+": [{ "var": "current" }, { "var": "accumulator" }] });
    gives(json!({ "reduce": [{ "var": "x" }, sum, 0] }), with.clone(), json!(10));
    gives(json!({ "reduce": [{ "var": "y" }, sum, 7] }), with.clone(), json!(7));
    for (name, none, of_nothing) in [("all", false, false), ("none", true, true), ("some", false, false)] {
        gives(
            json!({ name: [{ "var": "x" }, { ">": [{ "var": "" }, 9] }] }),
            with.clone(),
            json!(none),
        );
        gives(json!({ name: [[], true] }), with.clone(), json!(of_nothing));
    }
    gives(
        json!({ "all": [{ "var": "x" }, { ">": [{ "var": "" }, 0] }] }),
        with.clone(),
        json!(true),
    );
    gives(
        json!({ "merge": [[1, 2], 3, [[4]]] }),
        json!(null),
        json!([1, 2, 3, [4]]),
    );
    gives(json!({ "in": ["b", ["a", "b"]] }), json!(null), json!(true));
    gives(json!({ "in": [1, ["1"]] }), json!(null), json!(false));
}

#[test]
fn json_logic_texts() {
    gives(json!({ "in": ["ring", "Spring"] }), json!(null), json!(true));
    gives(json!({ "in": ["", ""] }), json!(null), json!(false));
    gives(json!({ "in": ["x", null] }), json!(null), json!(false));
    gives(
        json!({ "cat": ["a", 1, null, [2, null, 3], true] }),
        json!(null),
        json!("a12,,3true"),
    );
    gives(json!({ "substr": ["jsonlogic", 4] }), json!(null), json!("logic"));
    gives(json!({ "substr": ["jsonlogic", -5, 2] }), json!(null), json!("lo"));
    gives(json!({ "substr": ["jsonlogic", 1, -5] }), json!(null), json!("son"));
    gives(json!({ "substr": ["énde", 1, 9] }), json!(null), json!("nde"));
    gives(json!({ "substr": ["abcdef", 1, "-3"] }), json!(null), json!(""));
    gives(json!({ "log": ["x"] }), json!(null), json!("x"));
}

#[test]
fn json_logic_stops_where_a_rule_is_too_deep_too_long_or_unknown() {
    let mut deep = json!(1);
    for _ in 0..80 {
        deep = json!({ "!": [deep] });
    }
    assert_eq!(result(deep, json!(null)), Err(Failure::TooDeep));
    assert_eq!(
        result(json!({ "eval": ["1"] }), json!(null)),
        Err(Failure::Unknown("eval".to_owned()))
    );
    let double = json!({ "cat": [{ "var": "accumulator" }, { "var": "accumulator" }] });
    let many: Vec<u8> = vec![0; 60];
    assert_eq!(
        result(json!({ "reduce": [many, double, "x"] }), json!(null)),
        Err(Failure::TooMuch)
    );
    let many: Vec<u8> = vec![0; 100];
    assert_eq!(
        result(json!({ "reduce": [many, [{ "var": "accumulator" }], 1] }), json!(null)),
        Err(Failure::TooDeep)
    );
    assert!(operators::is_operator("?:") && !operators::is_operator("") && !operators::is_operator("var missing"));
}

fn rule() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        (-1000..1000_i32).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[-+0-9.eE ]{0,12}".prop_map(Json::from),
        "\\PC{0,6}".prop_map(Json::from),
        prop::sample::select(vec!["a", "b", "c", "current", "accumulator", "a.0", ""])
            .prop_map(|name| json!({ "var": name })),
    ];
    const NAMES: [&str; 35] = [
        "var",
        "missing",
        "missing_some",
        "if",
        "?:",
        "==",
        "===",
        "!=",
        "!==",
        "!",
        "!!",
        "or",
        "and",
        ">",
        ">=",
        "<",
        "<=",
        "max",
        "min",
        "+",
        "-",
        "*",
        "/",
        "%",
        "map",
        "filter",
        "reduce",
        "all",
        "none",
        "some",
        "merge",
        "in",
        "cat",
        "substr",
        "log",
    ];
    leaf.prop_recursive(8, 64, 4, |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            6 => (prop::sample::select(NAMES.to_vec()), prop::collection::vec(inner, 0..4)).prop_map(|(name, operands)| json!({ name: operands })),
        ]
    })
}

/// Found by a long run: a product between JavaScript's largest number and 10^309 was written as a number
/// that no float can hold.
#[test]
fn json_logic_what_is_larger_than_any_float_is_infinite() {
    let product = json!({ "*": [-8.187388196491784e307, { "var": "b" }] });
    gives(product, json!({ "b": "12" }), json!(null));
    gives(
        json!({ "*": [1.797693134862315e308, 1] }),
        json!(null),
        json!(1.797693134862315e308),
    );
    gives(json!({ "*": [1.797693134862315e307, 10.1] }), json!(null), json!(null));
    for (text, written) in [
        ("1.797693134862316e308", "Infinity"),
        ("-2e308", "-Infinity"),
        ("1.7e308", "1.7e+308"),
    ] {
        assert_eq!(Number::parse(text).written(), written);
    }
}

proptest! {
    #![proptest_config(crate::forms::properties::many(256))]

    #[test]
    fn json_logic_any_rule_gives_a_value_or_a_failure(rule in rule(), with in rule()) {
        let with = json!({ "a": [with, 1, "x"], "b": "12", "c": 0.1 });
        if let Some(with) = Data::read(&Value::from(with))
            && let Ok(found) = apply(&Value::from(rule), &with)
        {
            let text = found.json().json();
            prop_assert!(serde_json::from_str::<Json>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn json_logic_numbers_calculate_as_floats_do_but_for_rounding(one in -1e9..1e9_f64, two in -1e3..1e3_f64, places in 0..6_u32) {
        let cut = |number: f64| (number * 10_f64.powi(places as i32)).round() / 10_f64.powi(places as i32);
        let (one, two) = (cut(one), cut(two));
        let read = |number: f64| Number::parse(&format!("{number:?}"));
        let near = |found: Number, expected: f64| {
            let found: f64 = found.written().parse().unwrap();
            (found - expected).abs() <= 1e-9_f64.max(expected.abs() * 1e-14)
        };
        prop_assert!(near(read(one).plus(read(two)), one + two));
        prop_assert!(near(read(one).minus(read(two)), one - two));
        prop_assert!(near(read(one).times(read(two)), one * two));
        if two != 0.0 {
            prop_assert!(near(read(one).over(read(two)), one / two));
            let back = read(one).over(read(two)).times(read(two));
            prop_assert_eq!(back.order(read(one)), Some(std::cmp::Ordering::Equal));
            let rest = read(one).rest(read(two)).written().parse::<f64>().unwrap();
            prop_assert!(rest.abs() < two.abs() && (rest == 0.0 || rest.signum() == one.signum()));
        }
        prop_assert_eq!(read(one).order(read(two)), one.partial_cmp(&two));
        let written: f64 = read(one).written().parse().unwrap();
        prop_assert_eq!(written, one);
    }
}
