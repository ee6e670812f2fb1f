//! Whether what the city sends is GeoReport: against the specification's members, and against the
//! samples in the folder that `PENDOPO_PAYLOADS` names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::city::{City, POTHOLE, expect_json};

const UNCONFIRMED: &str = include_str!("../../src/cli/sandbox/georeport/UNCONFIRMED.md");

fn specification() -> Value {
    serde_json::from_str(include_str!("../fixtures/georeport/members.json")).expect("the fixture is JSON")
}

fn fits(kind: &str, value: &Value) -> bool {
    match kind {
        "id" => value.is_string() || value.is_number(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        _ => false,
    }
}

/// Holds a record against the specification's; gives the members that the specification lacks.
fn check(kind: &str, record: &Value) -> BTreeSet<String> {
    let specification = specification();
    let members = specification[kind].as_object().expect(kind);
    let record = record.as_object().expect("a record");
    for (name, rule) in members {
        match record.get(name) {
            Some(value) if !value.is_null() => {
                let expected = rule["type"].as_str().expect("a type");
                assert!(fits(expected, value), "{kind}.{name} is {value}, not {expected}");
            }
            _ if rule["optional"] == true => {}
            _ => assert!(
                UNCONFIRMED.contains(&format!("`{name}` is always `null`")),
                "{kind}.{name} is missing, and nothing says why"
            ),
        }
    }
    record
        .keys()
        .filter(|name| !members.contains_key(*name))
        .cloned()
        .collect()
}

/// Everything that the city sends, as (kind of record, record).
async fn everything(city: &City) -> Vec<(&'static str, Value)> {
    let mut sent = Vec::new();
    let services = city.read("services.json").await;
    for service in services.as_array().expect("an array") {
        sent.push(("service", service.clone()));
        let code = service["service_code"].as_str().expect("a code");
        let definition = city.read(&format!("services/{code}.json")).await;
        assert_eq!(
            service["metadata"] == true,
            definition["attributes"] != json!([]),
            "{code}"
        );
        for attribute in definition["attributes"].as_array().into_iter().flatten() {
            sent.push(("attribute", attribute.clone()));
            for value in attribute["values"].as_array().into_iter().flatten() {
                sent.push(("value", value.clone()));
            }
        }
        sent.push(("service_definition", definition));
    }
    let full = [
        &POTHOLE[..],
        &[
            ("address_string", "Jalan Braga 1, Bandung 40111"),
            ("media_url", "https://example.org/a.jpg"),
        ],
    ]
    .concat();
    sent.push(("created", city.submit(&full).await));
    let batch = [
        ("service_code", "LLN-01"),
        ("address_string", "Dago"),
        ("attribute[DEKAT][]", "pasar"),
    ];
    let created = city.submit(&batch).await;
    let token = created["token"].as_str().expect("a token").to_owned();
    sent.push(("created", created));
    city.control(&format!("/sandbox/tokens/{token}"), json!({})).await;
    sent.push(("token", city.read(&format!("tokens/{token}.json")).await[0].clone()));
    let row = city.read("requests.json?service_code=JLN-01").await[0].clone();
    let reference = row["service_request_id"].as_str().expect("a reference");
    let alone = city.read(&format!("requests/{reference}.json")).await;
    assert_eq!(alone, json!([row]), "a list and a look-up say the same");
    sent.push(("request", row));
    let refused = city
        .submission(&[("service_code", "JLN-01")])
        .send()
        .await
        .expect("an answer");
    let errors = expect_json(refused, 400).await;
    sent.extend(
        errors
            .as_array()
            .into_iter()
            .flatten()
            .map(|error| ("error", error.clone())),
    );
    sent
}

#[tokio::test]
async fn what_is_sent_has_the_members_of_the_specification_with_its_types_and_no_others() {
    let city = City::new().await;
    let sent = everything(&city).await;
    for kind in specification()
        .as_object()
        .expect("an object")
        .keys()
        .filter(|kind| *kind != "about")
    {
        assert!(sent.iter().any(|(sent, _)| sent == kind), "{kind} was never sent");
    }
    for (kind, record) in &sent {
        assert_eq!(check(kind, record), BTreeSet::new(), "{kind}");
    }
}

#[tokio::test]
async fn an_answer_to_a_post_has_an_id_or_a_token_never_both() {
    let city = City::new().await;
    let created = everything(&city)
        .await
        .into_iter()
        .filter(|(kind, _)| *kind == "created");
    for (_, record) in created {
        assert_ne!(
            record.get("service_request_id").is_some(),
            record.get("token").is_some()
        );
    }
}

#[tokio::test]
async fn the_list_of_what_is_unconfirmed_names_every_member_and_word_beyond_the_specification() {
    let city = City::new().await;
    let reference = city.reference(&POTHOLE).await;
    let history = city.read(&format!("requests/{reference}/updates.json")).await;
    for member in history[0].as_object().expect("an update").keys() {
        assert!(UNCONFIRMED.contains(&format!("| `{member}` |")), "{member}");
    }
    let page = city.page("/petugas/kasus/1").await;
    let words: BTreeSet<&str> = page
        .split("<option value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(words.len() > 2, "{page}");
    for word in words {
        assert!(UNCONFIRMED.contains(&format!("`{word}`")), "{word}");
    }
    assert!(UNCONFIRMED.contains("`BDG-2026-000417`"));
}

#[tokio::test]
async fn attributes_are_numbered_from_one_and_choices_have_keys_of_their_own() {
    let city = City::new().await;
    let mut datatypes = BTreeSet::new();
    let mut texts = 0;
    for (_, definition) in everything(&city)
        .await
        .into_iter()
        .filter(|(kind, _)| *kind == "service_definition")
    {
        let attributes = definition["attributes"].as_array().expect("an array");
        let codes: BTreeSet<&str> = attributes
            .iter()
            .filter_map(|attribute| attribute["code"].as_str())
            .collect();
        assert_eq!(codes.len(), attributes.len(), "{definition}");
        for (order, attribute) in (1..).zip(attributes) {
            assert_eq!(attribute["order"], order);
            let datatype = attribute["datatype"].as_str().expect("a datatype");
            datatypes.insert(datatype.to_owned());
            let values = attribute["values"].as_array();
            assert_eq!(values.is_some(), datatype.ends_with("valuelist"), "{attribute}");
            let keys: BTreeSet<String> = values
                .into_iter()
                .flatten()
                .map(|value| value["key"].to_string())
                .collect();
            assert_eq!(keys.len(), values.map_or(0, Vec::len), "{attribute}");
            if attribute["variable"] == false {
                texts += 1;
                assert_eq!(attribute["required"], false);
            }
        }
    }
    let all = [
        "datetime",
        "multivaluelist",
        "number",
        "singlevaluelist",
        "string",
        "text",
    ];
    assert_eq!(datatypes, all.map(str::to_owned).into());
    assert!(texts > 2);
}

#[tokio::test]
async fn all_three_kinds_of_service_are_offered_in_groups() {
    let city = City::new().await;
    let services = city.read("services.json").await;
    let said = |member: &str| -> BTreeSet<String> {
        let services = services.as_array().expect("an array");
        services
            .iter()
            .filter_map(|service| service[member].as_str())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        said("type"),
        ["batch", "blackbox", "realtime"].map(str::to_owned).into()
    );
    assert!(said("group").len() > 4);
    assert_eq!(said("service_code").len(), services.as_array().map_or(0, Vec::len));
}

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PENDOPO_PAYLOADS").map(|folder| PathBuf::from(folder).join("open311"));
    if folder.is_none() {
        println!("PENDOPO_PAYLOADS is not set: the specification's own samples are not compared.");
    }
    folder
}

fn types(record: &Map<String, Value>) -> Vec<(String, std::mem::Discriminant<Value>)> {
    record
        .iter()
        .map(|(name, value)| (name.clone(), std::mem::discriminant(value)))
        .collect()
}

#[tokio::test]
async fn services_have_the_members_of_the_specifications_sample_with_the_same_types() {
    let Some(folder) = samples() else { return };
    let sample = std::fs::read_to_string(folder.join("spec_service_list.json")).expect("the sample");
    let sample: Vec<Map<String, Value>> = serde_json::from_str(&sample).expect("JSON");
    let city = City::new().await;
    let services = city.read("services.json").await;
    for service in services.as_array().expect("an array") {
        for expected in &sample {
            assert_eq!(types(service.as_object().expect("an object")), types(expected));
        }
    }
}

/// The names of the elements in an XML text that have text or nothing in them, within `within`.
fn leaves(xml: &str, within: &str) -> BTreeSet<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut open, mut found): (Vec<String>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    let mut is_leaf = false;
    let inside = |open: &[String]| open.last().is_some_and(|name| name == within);
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                is_leaf = true;
            }
            Event::Empty(empty) if inside(&open) => {
                found.insert(empty.name().as_ref().to_owned());
            }
            Event::End(_) => {
                let name = open.pop().unwrap_or_default();
                if is_leaf && inside(&open) {
                    found.insert(name);
                }
                is_leaf = false;
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[tokio::test]
async fn records_have_the_members_of_the_samples_in_xml() {
    let Some(folder) = samples() else { return };
    let city = City::new().await;
    let sent = everything(&city).await;
    for (file, within, kind) in [
        ("sf_cfa_services.xml", "service", "service"),
        ("sf_cfa_service_definition.xml", "attribute", "attribute"),
        ("sf_cfa_service_definition.xml", "value", "value"),
        ("sf_cfa_post_service_request.xml", "request", "created"),
        ("sf_cfa_request_id_from_token.xml", "request", "token"),
        ("sf_cfa_get_service_request.xml", "request", "request"),
        ("sf_cfa_service_requests.xml", "request", "request"),
    ] {
        let xml = std::fs::read_to_string(folder.join(file)).expect(file);
        let members = leaves(&xml, within);
        assert!(members.len() > 1, "{file}");
        let (_, record) = sent.iter().find(|(sent, _)| *sent == kind).expect(kind);
        for member in members {
            assert!(record.get(&member).is_some(), "{file}: {kind}.{member}");
        }
    }
}
