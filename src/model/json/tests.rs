use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::model::application::Draft;
use crate::model::map::Map;
use crate::model::message::{Command, Event};
use crate::model::region::RegionFile;

/// One of everything that the formats of this crate are made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    flag: bool,
    short: u16,
    count: u32,
    signed: i64,
    unsigned: u64,
    small: i32,
    text: String,
    maybe: Option<i32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<Kind>,
    #[serde(default = "seven")]
    given: u32,
    pair: (u16, String),
    map: Map<Option<bool>>,
    result: Result<u64, String>,
    #[serde(rename = "$any")]
    any: Value,
}

fn seven() -> u32 {
    7
}

object!(Everything {
    flag,
    short,
    count,
    signed,
    unsigned,
    small,
    text,
    maybe,
    list = default,
    given = seven,
    pair,
    map,
    result,
    any: "$any"
});

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Bare,
    One(i64),
    Other,
    Named { a: String, b: Option<Vec<Kind>> },
}

choice!(Kind {
    "bare" => Bare,
    "one" => One(_),
    "other" => Other,
    "named" => Named { a, b }
});

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|flag| json!(flag)),
        any::<u64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        (-1e9_f64..1e9).prop_map(|number| json!(number)),
        any::<String>().prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| json!(items)),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|members| json!(members)),
        ]
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![Just(Kind::Bare), Just(Kind::Other), any::<i64>().prop_map(Kind::One)];
    leaf.prop_recursive(4, 12, 2, |inner| {
        (any::<String>(), prop::option::of(prop::collection::vec(inner, 0..3))).prop_map(|(a, b)| Kind::Named { a, b })
    })
}

prop_compose! {
    fn everything()(
        (flag, short, count, signed, unsigned, small) in any::<(bool, u16, u32, i64, u64, i32)>(),
        text in any::<String>(),
        maybe in any::<Option<i32>>(),
        list in prop::collection::vec(kind(), 0..4),
        given in any::<u32>(),
        pair in any::<(u16, String)>(),
        map in any::<BTreeMap<String, Option<bool>>>(),
        result in any::<Result<u64, String>>(),
        any in any_json(),
    ) -> Everything {
        Everything {
            flag, short, count, signed, unsigned, small, text, maybe, list, given, pair, map: map.into_iter().collect(), result, any: any.into(),
        }
    }
}

/// Reads with both, and holds that they agree in what they read and write.
fn same<T: Read + Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> T {
    let theirs: T = serde_json::from_str(text).unwrap();
    assert_eq!(read::<T>(text.as_bytes()).as_ref(), Ok(&theirs), "{text}");
    let ours = write(&theirs).unwrap();
    assert_eq!(ours, serde_json::to_string(&theirs).unwrap());
    assert_eq!(read::<T>(ours.as_bytes()).as_ref(), Ok(&theirs), "{ours}");
    theirs
}

fn other() -> impl Strategy<Value = Option<serde_json::Value>> {
    prop::option::of(prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1.5)),
        Just(json!("bare")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"one": 1}, "bare"])),
        Just(json!([1, "x"])),
        Just(json!({"Ok": 1})),
        Just(json!({"a": null})),
    ])
}

proptest! {
    #[test]
    fn any_json_is_read_and_written_as_serde_json_does(value in any_json()) {
        let expected = Value::from(value.clone());
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(read::<Value>(text.as_bytes()), Ok(expected.clone()));
        }
        prop_assert_eq!(expected.json(), serde_json::to_string(&value).unwrap());
        prop_assert_eq!(write(&expected).unwrap(), serde_json::to_string(&value).unwrap());
        prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&expected.json()).unwrap(), &value);
    }

    #[test]
    fn all_shapes_of_types_are_read_and_written_as_serde_json_does(value in everything()) {
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(read::<Everything>(text.as_bytes()), Ok(value.clone()));
        let ours = write(&value).unwrap();
        prop_assert_eq!(read::<Everything>(ours.as_bytes()), Ok(value.clone()));
        prop_assert_eq!(&serde_json::from_str::<Everything>(&ours).unwrap(), &value);
    }

    #[test]
    fn what_is_json_is_decided_as_serde_json_does(text in "[\\[\\]{},:\"\\\\/ \n0-9.eE+a-fntrul-]{0,24}") {
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let ours = read::<Value>(text.as_bytes());
        // serde_json refuses a float that is too large for it; as a text it is as good as any.
        if theirs.is_ok() || !text.contains(['e', 'E']) {
            prop_assert_eq!(theirs.is_ok(), ours.is_ok());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read::<Value>(&bytes);
        let _ = read::<Event>(&bytes);
    }

    /// A member taken away, or something else in its place: both read it, or neither.
    #[test]
    fn a_type_is_as_demanding_as_serdes(value in everything(), at in any::<prop::sample::Index>(), other in other()) {
        let mut json = serde_json::to_value(&value).unwrap();
        let members = json.as_object_mut().unwrap();
        let key = at.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
        match other {
            Some(other) => members.insert(key, other),
            None => members.remove(&key),
        };
        let theirs = serde_json::from_value::<Everything>(json.clone());
        prop_assert_eq!(read::<Everything>(json.to_string().as_bytes()).ok(), theirs.ok());
    }

    #[test]
    fn a_text_cut_anywhere_is_malformed(value in everything(), at in any::<prop::sample::Index>()) {
        let text = write(&value).unwrap();
        let cut = at.index(text.len());
        prop_assert_eq!(read::<Everything>(&text.as_bytes()[..cut]), Err(Malformed));
    }
}

#[test]
fn messages_are_read_and_written_as_serde_json_does() {
    const ID: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
    for command in [
        json!({"hello": {"build": "b1"}}),
        json!({"submit": {"id": ID}}),
        json!({"decide": {"id": ID, "decision": "send_again"}}),
        json!({"decide": {"id": ID, "decision": {"arrived": {"reference": "LPR-1"}}}}),
        json!("list"),
        json!({"refresh": {"id": null}}),
        json!({"refresh": {}}),
        json!({"look_up": {"backend": "32.73/lapor", "reference": "É 1"}}),
        json!({"awake": {"online": true}}),
        json!({"look_up": {"backend": "32.73/lapor", "reference": "1", "second_fact": "3404014102900007"}}),
        json!({"log_in": {"backend": "34.04/sid", "credentials": {"identifier": "a", "proof": "b"}, "keep": true}}),
        json!({"log_out": {"backend": "34.04/sid"}}),
        json!({"mine": {"backend": "34.04/sid"}}),
        json!({"document": {"backend": "34.04/sid", "reference": "1", "handle": "h"}}),
        json!("erase"),
    ] {
        same::<Command>(&command.to_string());
    }
    let receipt = json!({
        "id": ID, "service": "32.73/lapor/001", "title": "Jalan rusak", "acknowledgement": {"token": "t1"},
        "notice": "", "submitted": 1_790_000_000_000_i64, "delivered": -5, "citizens_word": true,
    });
    let status = json!({"phase": "in_review", "outcome": "none", "code": "x", "label": "\"\u{7f}\u{1f}\n\\"});
    let case = json!({
        "reference": null, "status": status, "received": 0, "updated": null, "expected": null,
        "timeline": [{"status": null, "at": null, "remark": "r", "links": ["https://a.example/"]}],
    });
    let mine = json!({"receipt": receipt, "case": case, "as_of": 1, "trouble": {"rate_limited": {"after": 60}}});
    let entry = |delivery: serde_json::Value| json!({"id": ID, "service": "32.73/lapor/001", "title": "t", "submitted": 1, "delivery": delivery});
    let outbox: Vec<serde_json::Value> = [
        json!("draft"),
        json!("queued"),
        json!({"sending": {"progress": [1, 20_000_000_000_u64]}}),
        json!({"sending": {"progress": null}}),
        json!({"delivered": receipt}),
        json!({"rejected": {"fields": [{"field": "nik", "message": "?"}], "message": ""}}),
        json!({"uncertain": {"since": 5, "until": null, "login": true}}),
        json!({"waiting": "login"}),
        json!({"waiting": {"network": {"until": 1, "fault": {"upstream": {"status": 502, "message": "m"}}}}}),
        json!({"waiting": {"form_changed": {"form": {"format": 1, "steps": []}, "fingerprint": "f"}}}),
    ]
    .into_iter()
    .map(entry)
    .collect();
    for event in [
        json!({"outbox": outbox}),
        json!({"cases": [mine]}),
        json!({"case": mine}),
        json!({"looked_up": {"backend": "32.73/lapor", "reference": "1", "answer": {"Ok": [case, 7]}}}),
        json!({"looked_up": {"backend": "32.73/lapor", "reference": "1",
            "answer": {"Err": {"fault": "offline", "sent": "no"}}}}),
        json!("erased"),
        json!({"accesses": [{"backend": "34.04/sid", "name": "S", "kept": true}]}),
        json!({"logged_in": {"backend": "34.04/sid", "answer": {"Ok": "S"}}}),
        json!({"mine": {"backend": "34.04/sid", "answer": {"Ok": [case]}}}),
        json!({"document": {"backend": "34.04/sid", "handle": "h", "answer": {"Ok": {"name": "a", "content_type": "b", "base64": "c"}}}}),
        json!({"store_failed": {"what": "full"}}),
    ] {
        same::<Event>(&event.to_string());
    }
    let draft = json!({
        "id": ID, "service": "32.73/lapor/001", "title": "t", "form": "f", "step": "s", "progress": [1, 3],
        "submitted": null, "updated": 3, "answers": {
            "a": {"text": "Jalan é 😀"}, "b": {"many": ["x", "y"]}, "c": {"place": {"lat": "-6.9", "long": "", "address": "Jl."}},
            "d": {"files": [{"id": ID, "name": "a.jpg", "media_type": "image/jpeg", "size": 9_007_199_254_740_993_u64}]},
        },
    });
    same::<Draft>(&draft.to_string());
}

#[test]
fn region_files_are_read_and_written_as_serde_json_does() {
    let form = json!({"format": 1, "steps": [{"id": "s", "title": {"id": "Apa", "en": "What"}, "sections": [{"fields": [
        {"id": "n", "type": "number", "label": "Berapa", "min": 0.5, "max": -3, "integer": true, "required": true},
        {"id": "d", "type": "date", "max": "today", "visible_when": {"field": "n", "any_of": ["1", "2"]}},
        {"id": "c", "type": "choice", "many": true, "options": [{"value": "x", "label": "X"}, {"value": "y"}]},
        {"id": "f", "type": "file", "accept": ["image/*"], "max_bytes": 5_000_000, "max_files": 3, "unknown": [{}, 1e9]},
    ]}]}]});
    let region = json!({
        "$schema": "x", "format": 1, "code": "32.73", "name": "Kota Bandung", "utc_offset": -60,
        "contact": {"office": "Diskominfo", "phone": "1"}, "theme": {"nila": "#112233"}, "demonstration": true,
        "backends": [{"id": "lapor", "name": "Lapor", "office": {"id": "A", "en": "B"}, "adapter": "open311",
            "profile": {"api_key": "k", "paging": {"per_page": 50}, "ratio": 0.25, "list": [null, true]},
            "services": [{"code": "001", "form": form, "requirements": ["KTP"], "keywords": ["a"]}]}],
    });
    let file = same::<RegionFile>(&region.to_string());
    assert_eq!(
        file.backends[0].profile.as_object().unwrap().get("ratio"),
        Some(&Value::Number("0.25".to_owned()))
    );
    for folder in ["tests/demo", "public"] {
        each_file(
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
            &mut |path, text| {
                let name = path.to_string_lossy();
                if name.contains("/regions/") {
                    same::<RegionFile>(text);
                }
            },
        );
    }
}

fn each_file(folder: std::path::PathBuf, with: &mut impl FnMut(&std::path::Path, &str)) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            each_file(path, with);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            with(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn nothing_but_json_is_read() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{1:1}",
        "{} {}",
        "1 1",
        "nul",
        "nulll",
        "True",
        "tru",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u123g\"",
        "\"\\u+123\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "\"\n\"",
        "\"\u{1}\"",
        "'a'",
        "[1}",
        "{\"a\":1]",
        "\u{feff}1",
        "/**/1",
        "\u{a0}1",
    ] {
        assert_eq!(read::<Value>(text.as_bytes()), Err(Malformed), "{text:?}");
    }
    assert_eq!(read::<Value>(b"\"\xff\""), Err(Malformed));
}

#[test]
fn escapes_are_undone() {
    let text = read::<String>(br#" "\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00\u0000" "#).unwrap();
    assert_eq!(text, "\"\\/\u{8}\u{c}\n\r\té😀\0");
}

#[test]
fn a_number_is_read_as_the_integer_it_is_and_fits() {
    assert_eq!(read::<u64>(b"18446744073709551615"), Ok(u64::MAX));
    assert_eq!(read::<i64>(b"-9223372036854775808"), Ok(i64::MIN));
    assert_eq!(read::<u16>(b"65535"), Ok(65535));
    for text in ["65536", "-1", "1.0", "1e2", "\"1\"", "null", "true", "[1]"] {
        assert_eq!(read::<u16>(text.as_bytes()), Err(Malformed), "{text}");
    }
    assert_eq!(read::<u64>(b"18446744073709551616"), Err(Malformed));
    assert_eq!(read::<Value>(b"1e999"), Ok(Value::Number("1e999".to_owned())));
    assert_eq!(write(&0.5), Err(Malformed));
}

#[test]
fn nesting_is_bounded_and_costs_no_stack() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    let deepest = usize::from(MAX_DEPTH);
    assert!(read::<Value>(nested(deepest).as_bytes()).is_ok());
    assert_eq!(read::<Value>(nested(deepest + 1).as_bytes()), Err(Malformed));
    for bomb in ["[", "{\"a\":", "[{\"named\":"] {
        assert_eq!(read::<Value>(bomb.repeat(1_000_000).as_bytes()), Err(Malformed));
    }
    let kinds = "{\"named\":{\"a\":\"\",\"b\":[".repeat(1_000_000);
    assert_eq!(read::<Kind>(kinds.as_bytes()), Err(Malformed));
    // What was closed counts no longer.
    let wide = ["[", &"[[]],".repeat(1000), "[]]"].concat();
    assert!(read::<Value>(wide.as_bytes()).is_ok());
}

#[test]
fn a_struct_is_an_object_and_a_variant_has_one_name() {
    assert_eq!(read::<Kind>(b"\"bare\""), Ok(Kind::Bare));
    assert_eq!(read::<Kind>(b"{\"other\":null}"), Ok(Kind::Other));
    for text in [
        "\"one\"",
        "\"named\"",
        "\"\"",
        "{}",
        "{\"one\":1,\"bare\":2}",
        "{\"one\":1,\"one\":1}",
        "{\"One\":1}",
        "0",
        "null",
        "[]",
        "{\"named\":[\"a\",null]}",
        "{\"named\":{}}",
        "{\"named\":{\"a\":\"\",\"b\":{}}}",
    ] {
        assert_eq!(read::<Kind>(text.as_bytes()), Err(Malformed), "{text}");
    }
    let named = read::<Kind>(b"{ \"named\" : { \"more\" : [ { } , 1.5e3 ] , \"a\" : \"x\" } }");
    assert_eq!(
        named,
        Ok(Kind::Named {
            a: "x".to_owned(),
            b: None
        })
    );
    assert_eq!(read::<Result<u64, String>>(b"{\"No\":\"x\"}"), Err(Malformed));
    assert_eq!(read::<(u64, u64)>(b"[1,2,3]"), Err(Malformed));
    assert_eq!(read::<(Option<u64>, Option<u64>)>(b"[1]"), Err(Malformed));
}

#[test]
fn nothing_with_a_stand_in_is_given_out() {
    use crate::model::region::BackendId;
    use crate::model::service::ServiceId;
    for text in ["\"\"", "\"32.73\"", "\"3/x\"", "7", "null"] {
        assert_eq!(read::<BackendId>(text.as_bytes()), Err(Malformed), "{text}");
        assert_eq!(read::<ServiceId>(text.as_bytes()), Err(Malformed), "{text}");
        assert_eq!(
            read::<Vec<BackendId>>(["[", text, "]"].concat().as_bytes()),
            Err(Malformed),
            "{text}"
        );
    }
}

#[test]
fn only_a_text_is_a_key() {
    assert_eq!(write(&BTreeMap::from([(1, 2)])), Err(Malformed));
    assert_eq!(write(&BTreeMap::from([("a\"", 2)])).unwrap(), "{\"a\\\"\":2}");
    let doubled = read::<Value>(b"{\"a\":1,\"a\":2}").unwrap();
    assert_eq!(doubled.as_object().unwrap().get("a").and_then(Value::as_u64), Some(2));
}
