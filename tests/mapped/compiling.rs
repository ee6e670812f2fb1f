//! What is said of a profile that is wrong: where, what was expected, what was found.

use pendopo::model::region::RegionFile;

use crate::office::{compiled, shipped};

const PROFILES: [&str; 11] = [
    "demarches-simplifiees.json",
    "digit-pgr.json",
    "halaman-cek-status.json",
    "jabar-aduan.json",
    "open-forms.json",
    "opendk-pengaduan.json",
    "oss-rba.json",
    "sapawarga-aspirasi.json",
    "soap-document.json",
    "soap-rpc.json",
    "zgw.json",
];

const SCHEMA: &str = include_str!("../../public/schema/mapped-profile.schema.json");

fn wrong(profile: &str) -> Vec<String> {
    compiled(profile).1.iter().map(ToString::to_string).collect()
}

fn validator() -> jsonschema::Validator {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::options().build(&schema).unwrap()
}

#[test]
fn every_profile_that_ships_is_without_a_fault_by_adapter_and_schema() {
    let validator = validator();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    assert_eq!(names, PROFILES);
    for name in PROFILES {
        assert_eq!(wrong(&shipped(name)), [""; 0], "{name}");
        let profile = serde_json::from_str(&shipped(name)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&profile).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{name}");
    }
}

#[test]
fn each_mistake_is_named_with_its_place_and_what_was_expected() {
    let track = |request: &str, gives: &str| {
        format!(r#"{{"intents": {{"track": {{"request": {request}, "gives": {gives}}}}}}}"#)
    };
    let good = r#"{"status": "/status"}"#;
    for (profile, expected) in [
        (
            "[]".to_owned(),
            "/profile: expected an object, found []",
        ),
        ("{}".to_owned(), "/profile/intents: expected what can be done here"),
        (
            r#"{"intents": {"lacak": {}}}"#.to_owned(),
            "/profile/intents/lacak: expected one of token, catalogue",
        ),
        (
            r#"{"charset": "utf8", "intents": {}}"#.to_owned(),
            "/profile/charset: expected one of utf-8, iso-8859-1, windows-1252, found utf8",
        ),
        (
            r#"{"dates": ["DD-MM-YYYY"], "intents": {}}"#.to_owned(),
            "/profile/dates: expected iso, epoch, or a pattern such as dd-MM-yyyy HH:mm, found DD-MM-YYYY",
        ),
        (
            track("{}", good),
            "/profile/intents/track/request/path: expected a path relative to the server's address, found nothing",
        ),
        (
            track(r#"{"path": "../x"}"#, good),
            "/profile/intents/track/request/path: expected a relative path",
        ),
        (
            track(r#"{"path": "https://other.example/x"}"#, good),
            "/profile/intents/track/request/path: expected a relative path",
        ),
        (
            track(r#"{"path": "x/{nomor}"}"#, good),
            "/profile/intents/track/request/path: expected a gap such as {answers.nik}",
        ),
        (
            track(r#"{"path": "x", "query": {"n": "{answers.nik}"}}"#, good),
            "/profile/intents/track/request/query/n: expected a gap that this intent knows, found answers.nik",
        ),
        (
            track(r#"{"path": "x", "query": {"t": "{took.token}"}}"#, good),
            "/profile/intents/track/request/query/t: expected what an earlier request of this intent takes, found took.token",
        ),
        (
            track(r#"{"path": "x", "body": {"a": {"$each": "x"}}}"#, good),
            "/profile/intents/track/request/body/a: expected {\"$each\"",
        ),
        (
            track(r#"{"path": "x"}"#, "{}"),
            "/profile/intents/track/gives/status: expected where it stands in the answer, such as /data/id, found nothing",
        ),
        (
            track(r#"{"path": "x"}"#, r#"{"status": "css:]["}"#),
            "/profile/intents/track/gives/status: expected a CSS selector",
        ),
        (
            track(r#"{"path": "x"}"#, r#"{"status": {"from": "/a", "of": "other"}}"#),
            "/profile/intents/track/gives/status: expected one of 1, found other",
        ),
        (
            track(r#"{"path": "x"}"#, r#"{"status": {"from": "/a", "map": "m"}}"#),
            "/profile/intents/track/gives/status: expected the name of one of maps, found m",
        ),
        (
            track(r#"{"path": "x", "succeeds": {"at": "/ok"}}"#, good),
            "/profile/intents/track/request/succeeds/at: expected one of is, is_not",
        ),
        (
            track(r#"{"path": "x", "pages": {}}"#, good),
            "/profile/intents/track/request/pages/size: expected one of last, next and size",
        ),
        (
            track(r#"{"path": "x", "soap": {}}"#, good),
            "/profile/intents/track/request/soap: expected none, or the encoding soap11 or soap12",
        ),
        (
            r#"{"second_fact": {"label": "NIK"}, "intents": {"track": {"request": {"path": "x"}, "gives": {"status": "/s"}}}}"#.to_owned(),
            "/profile/second_fact: expected that track sends it ({owner})",
        ),
    ] {
        let found = wrong(&profile);
        assert!(found.iter().any(|line| line.starts_with(expected)), "{profile}\n{found:#?}");
    }
}

#[test]
fn a_request_that_cannot_be_sent_takes_its_own_intent_away_and_no_other() {
    let profile = r#"{"intents": {
        "submit": {"request": {"path": "x", "body": {"a": "{nope}"}}},
        "track": {"request": {"path": "x/{reference}"}, "gives": {"status": "/status"}}
    }}"#;
    let (adapter, wrong) = compiled(profile);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    let capabilities = adapter.unwrap().capabilities();
    assert!(capabilities.track && !capabilities.submit);
}

#[test]
fn a_region_names_it_as_a_guarded_backend_alone() {
    let region = |guarded: bool| {
        let backend =
            serde_json::json!({"id": "kantor", "name": "K", "office": "K", "adapter": "mapped", "guarded": guarded});
        let file = serde_json::json!({"format": 1, "code": "34.04", "name": "Kabupaten Sleman", "backends": [backend]});
        pendopo::cli::publish::regions::parse("34.04.json", file.to_string().as_bytes())
    };
    let _: RegionFile = region(true).unwrap();
    assert!(region(false).is_err());
}
