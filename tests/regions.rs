//! Region files: every one that is shipped or shown is without fault, and each kind of mistake is
//! named by its place and what was expected.

#![cfg(test)]

use std::fs;
use std::path::Path;

use pendopo::cli::publish::regions::{load, parse};
use serde_json::{Value, json};

#[test]
fn every_region_file_in_this_repository_is_without_fault() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut demonstrations = 0;
    for (folder, shipped) in [("public/regions", true), ("tests/demo/regions", false)] {
        for file in load(&root.join(folder)).unwrap() {
            let file = file.unwrap_or_else(|wrong| panic!("{folder}:\n{wrong}"));
            // Nothing that only demonstrates is shipped.
            assert_ne!(shipped, file.demonstration, "{folder}/{}.json", file.code);
            demonstrations += usize::from(file.demonstration);
        }
    }
    assert!(demonstrations > 0);
}

fn sound() -> Value {
    json!({
        "$schema": "../schema/region.schema.json",
        "format": 1, "code": "32.73", "name": "Kota Bandung", "languages": ["id"], "utc_offset": 420,
        "contact": {"office": "Diskominfo", "url": "https://bandung.go.id/"},
        "theme": {"nila": "#0b5a4a"},
        "backends": [{
            "id": "lapor", "name": "Lapor", "office": {"id": "Diskominfo"}, "adapter": "open311", "profile": {},
            "services": [{"code": "1", "form": {"format": 1, "steps": [
                {"id": "s", "title": "Data", "sections": [{"fields": [
                    {"id": "nama", "type": "text", "label": "Nama"}
                ]}]}
            ]}}]
        }]
    })
}

#[test]
fn each_mistake_is_named_by_its_place_and_what_was_expected() {
    let form = "/backends/0/services/0/form";
    let field = "/backends/0/services/0/form/steps/0/sections/0/fields/0";
    let mut unlike = Vec::new();
    for (place, value, said) in [
        (
            "/format",
            json!(2),
            "/format: expected 1, the version of this format, found 2",
        ),
        (
            "/code",
            json!("3273"),
            "/code: expected a region code such as 32 or 32.73, found \"3273\"",
        ),
        (
            "/code",
            json!("32.74"),
            "/code: expected the code in the file's name, 32.73, found 32.74",
        ),
        (
            "/name",
            json!(""),
            "/name: expected the region's name as it writes it itself, found \"\"",
        ),
        (
            "/nam",
            json!("x"),
            "/nam: expected one of the keys $schema, backends, code, contact",
        ),
        (
            "/languages",
            json!(["Bahasa"]),
            "/languages/0: expected a language tag such as id, jv or su, found \"Bahasa\"",
        ),
        (
            "/utc_offset",
            json!(7),
            "/utc_offset: expected 420 (WIB), 480 (WITA) or 540 (WIT)",
        ),
        (
            "/theme/nila",
            json!("green"),
            "/theme/nila: expected a colour such as #1e4e79",
        ),
        (
            "/theme/hijau",
            json!("#00ff00"),
            "/theme/hijau: expected one of the keys nila, sogan, found hijau",
        ),
        (
            "/contact/url",
            json!("javascript:alert(1)"),
            "/contact/url: expected an address that begins with https:// or http://",
        ),
        (
            "/contact/url",
            json!("ftp://x"),
            "/contact/url: expected an address that begins with https:// or http://",
        ),
        (
            "/contact/office",
            Value::Null,
            "/contact/office: expected the office's name, found null",
        ),
        (
            "/backends/0/id",
            json!("Lapor!"),
            "/backends/0/id: expected a name in a-z, 0-9 and hyphens",
        ),
        (
            "/backends/0/name",
            json!(1),
            "/backends/0/name: expected a text, or an object from language tag to text, found 1",
        ),
        (
            "/backends/0/name",
            json!({"id": 1}),
            "/backends/0/name/id: expected a text, found 1",
        ),
        (
            "/backends/0/name",
            json!(""),
            "/backends/0/name: expected a text, found none",
        ),
        (
            "/backends/0/adapter",
            json!("soap"),
            "/backends/0/adapter: expected a known adapter",
        ),
        (
            "/backends/0/profile",
            json!({"fromat": "xml"}),
            "/backends/0/profile/fromat: expected",
        ),
        (
            "/backends/0/profile",
            json!({"format": "yaml"}),
            "/backends/0/profile/format: expected",
        ),
        (
            "/backends/0/services/0/code",
            json!(""),
            "/backends/0/services/0/code: expected the service's code",
        ),
        (
            "/backends/0/services/0/kode",
            json!("1"),
            "/backends/0/services/0/kode: expected one of the keys",
        ),
        (form, json!([]), "/backends/0/services/0/form: expected"),
        (
            "/backends/0/services/0/form/steps",
            json!([]),
            "/backends/0/services/0/form/steps: expected at least 1 of them, found []",
        ),
        (
            &format!("{field}/type"),
            json!("telepati"),
            &format!("{field}/type: expected one of text, textarea, number"),
        ),
        (
            &format!("{field}/requierd"),
            json!(true),
            &format!("{field}/requierd: expected"),
        ),
        (
            &format!("{field}/visible_when"),
            json!({"field": "lain", "equals": "1"}),
            &format!("{field}/visible_when"),
        ),
    ] {
        let mut file = sound();
        put(&mut file, place, value);
        let wrong = parse("32.73.json", file.to_string().as_bytes())
            .unwrap_err()
            .to_string();
        let named = format!("32.73.json {said}");
        if !wrong.lines().any(|line| line.starts_with(&named)) {
            unlike.push(format!("wanted {named}\n   got {wrong}"));
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}

/// Puts `value` at a JSON Pointer, making the last key.
fn put(file: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = file.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        other => other[key] = value,
    }
}

#[test]
fn the_sound_file_that_mistakes_are_made_in_has_none() {
    let file = parse("32.73.json", sound().to_string().as_bytes());
    assert!(file.is_ok(), "{}", file.unwrap_err());
}

#[test]
fn what_is_missing_is_named_where_it_should_be() {
    for (key, said) in [
        (
            "code",
            "32.73.json /code: expected a region code such as 32 or 32.73, found nothing",
        ),
        (
            "backends",
            "32.73.json /backends: expected the systems that the region runs, found nothing",
        ),
    ] {
        let mut file = sound();
        file.as_object_mut().unwrap().remove(key);
        let wrong = parse("32.73.json", file.to_string().as_bytes()).unwrap_err();
        assert_eq!(wrong.to_string(), said);
    }
}

#[test]
fn a_name_or_code_used_twice_is_named_at_the_second() {
    let mut file = sound();
    let backend = file["backends"][0].clone();
    file["backends"].as_array_mut().unwrap().push(backend);
    let service = json!({"code": "1"});
    file["backends"][0]["services"].as_array_mut().unwrap().push(service);
    let wrong = parse("32.73.json", file.to_string().as_bytes()).unwrap_err();
    let said = wrong.to_string();
    assert!(
        said.contains("/backends/1/id: expected a name that no system before it has, found lapor"),
        "{said}"
    );
    assert!(
        said.contains("/backends/0/services/1/code: expected a code that no service before it has, found 1"),
        "{said}"
    );
}

#[test]
fn a_region_that_does_not_exist_is_no_region() {
    let mut file = sound();
    file["code"] = json!("99.99");
    let wrong = parse("99.99.json", file.to_string().as_bytes()).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "99.99.json /code: expected the Kemendagri code of a province, regency or city, found 99.99"
    );
}

#[test]
fn a_file_that_is_no_json_says_where_it_stops_being_it() {
    let wrong = parse("32.73.json", b"{\n  \"format\": 1,\n}").unwrap_err().to_string();
    assert!(
        wrong.starts_with("32.73.json : expected JSON") || wrong.starts_with("32.73.json: expected JSON"),
        "{wrong}"
    );
    assert!(wrong.contains("line 3"), "{wrong}");
}

#[test]
fn a_folder_gives_its_files_by_name_and_passes_over_what_is_none() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("34.04.json", "[]".to_owned()),
        ("32.73.json", sound().to_string()),
        ("README.md", "# no region".to_owned()),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let loaded = load(folder.path()).unwrap();
    assert_eq!(loaded.len(), 2);
    assert_eq!(loaded[0].as_ref().unwrap().code.as_str(), "32.73");
    let wrong = loaded[1].as_ref().unwrap_err();
    assert_eq!(wrong.code().unwrap().as_str(), "34.04");
    assert!(load(&folder.path().join("nowhere")).is_err());
}
