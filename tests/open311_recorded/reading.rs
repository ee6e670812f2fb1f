//! Catalogues and forms.

use pendopo::adapters::{self, Intent, Listed, Outcome};
use pendopo::model::diagnostic::Diagnostic;
use pendopo::model::form::{Field, Form};
use pendopo::model::problem::{Fault, Sent};
use pendopo::model::text::Lang;
use serde_json::{Value, json};

use crate::harness::*;

fn catalogue(profile: Value, name: &str) -> (Vec<Listed>, Vec<Diagnostic>) {
    match play(&*adapter(profile), Intent::Catalogue, vec![fixture(name)]).outcome() {
        (Outcome::Catalogue(listed), notes) => (listed, notes),
        other => panic!("{other:?}"),
    }
}

fn form(name: &str) -> (Form, Vec<Diagnostic>) {
    let service = "12".parse().expect("a code");
    match play(&*adapter(json!({})), Intent::Form { service }, vec![fixture(name)]).outcome() {
        (Outcome::Form(form), notes) => (form, notes),
        other => panic!("{other:?}"),
    }
}

fn fields(form: &Form) -> Vec<&Field> {
    form.steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields)
        .collect()
}

#[test]
fn one_catalogue_in_every_wrapping_reads_the_same() {
    let (bare, notes) = catalogue(json!({}), "services_bare.json");
    assert_eq!(notes, Vec::new());
    assert_eq!(bare.len(), 2);
    assert_eq!(bare[0].service.code.as_str(), "12");
    assert_eq!(
        bare[0].service.description.get(Lang::Id),
        "Lubang dan retak di jalan kota"
    );
    assert_eq!(bare[0].service.keywords, ["lubang", "aspal"]);
    assert_eq!(bare[0].service.group.get(Lang::Id), "Jalan");
    assert_eq!(bare[1].service.code.as_str(), "LAMPU/PJU 2");
    assert!(bare[1].service.group.is_empty() && bare[1].service.keywords.is_empty());
    assert_eq!((bare[0].has_form, bare[1].has_form), (true, false));
    for name in [
        "services_wrapped.json",
        "services_numbered.json",
        "services_namespaced.xml",
    ] {
        assert_eq!(catalogue(json!({}), name), (bare.clone(), Vec::new()), "{name}");
    }
}

#[test]
fn a_list_of_one_that_collapsed_is_a_list_of_one_and_markup_is_text() {
    let (listed, notes) = catalogue(json!({}), "services_collapsed.json");
    assert_eq!((listed.len(), notes.len()), (1, 0));
    assert_eq!(listed[0].service.name.get(Lang::Id), "Jalan <b>rusak</b>");
}

#[test]
fn letters_come_through_by_declared_charset_and_by_byte_order_mark() {
    let name = |file| catalogue(json!({}), file).0[0].service.name.get(Lang::Id).to_owned();
    assert_eq!(name("services_latin1.xml"), "Café – résumé");
    assert_eq!(name("services_bom.json"), "Café");
}

#[test]
fn rows_that_cannot_be_used_are_named_one_by_one() {
    let (listed, notes) = catalogue(json!({}), "services_odd_rows.json");
    let codes: Vec<&str> = listed.iter().map(|listed| listed.service.code.as_str()).collect();
    assert_eq!(codes, ["1", "3"]);
    assert_eq!(listed[1].service.name.get(Lang::Id), "3");
    assert_eq!(
        paths(&notes),
        [
            "/count",
            "/services/0/service_code",
            "/services/0/metadata",
            "/services/0/type",
            "/services/0/colour",
            "/services/1/service_code",
            "/services/2/service_name",
            "/services/3",
        ]
    );
}

#[test]
fn without_a_format_xml_is_asked_for_where_there_is_no_json() {
    for first in [
        answer(404, "<html>Not Found</html>"),
        answer(406, ""),
        answer(404, "<error>Unknown format</error>"),
        answer(
            400,
            "\u{feff}<?xml version='1.0'?><errors><error><description>x</description></error></errors>",
        ),
        fixture("page.html"),
    ] {
        let play = play(
            &*adapter(json!({})),
            Intent::Catalogue,
            vec![first, fixture("services_namespaced.xml")],
        );
        assert_eq!(play.paths(), ["services.json", "services.xml"]);
        assert!(matches!(play.outcome().0, Outcome::Catalogue(listed) if listed.len() == 2));
    }
    let play = play(
        &*adapter(json!({"format": "json"})),
        Intent::Catalogue,
        vec![answer(404, "")],
    );
    assert_eq!(play.problem().fault, Fault::NotFound);
}

#[test]
fn what_is_no_catalogue_is_a_protocol_fault_and_an_empty_one_is_a_catalogue() {
    for body in [
        "",
        "<html></html>",
        "{\"hello\":\"world\"}",
        "[{\"service_code\":",
        "OK",
    ] {
        let profile = json!({"format": "json"});
        let problem = play(&*adapter(profile), Intent::Catalogue, vec![answer(200, body)]).problem();
        assert!(matches!(problem.fault, Fault::Protocol { .. }), "{body}: {problem:?}");
        assert_eq!(problem.sent, Sent::No);
    }
    for body in [
        "[]",
        "{}",
        "{\"services\":[]}",
        "{\"count\":0,\"services\":[]}",
        "<services/>",
    ] {
        let outcome = play(&*adapter(json!({})), Intent::Catalogue, vec![answer(200, body)]).outcome();
        assert_eq!(outcome.0, Outcome::Catalogue(Vec::new()), "{body}");
    }
}

#[test]
fn pages_are_read_to_their_end_and_no_further() {
    let page = |codes: &[u32]| {
        let rows: Vec<Value> = codes
            .iter()
            .map(|code| json!({"service_code": code, "service_name": "x", "metadata": false}))
            .collect();
        answer(200, &json!(rows).to_string())
    };
    let profile = json!({"paging": {"page": "page", "size": "page_size", "per_page": 2}});
    let play_ = play(
        &*adapter(profile),
        Intent::Catalogue,
        vec![page(&[1, 2]), page(&[3, 4]), page(&[5])],
    );
    let queries: Vec<String> = play_
        .requests
        .iter()
        .map(|request| format!("{:?}", request.query))
        .collect();
    assert!(
        queries[1].contains("(\"page\", \"2\"), (\"page_size\", \"2\")"),
        "{queries:?}"
    );
    assert!(matches!(play_.outcome().0, Outcome::Catalogue(listed) if listed.len() == 5));
    // A server that gives the same page forever is asked once more, no more.
    let profile = json!({"paging": {"page": "page"}});
    let play_ = play(
        &*adapter(profile),
        Intent::Catalogue,
        vec![page(&[1, 2]), page(&[1, 2])],
    );
    assert!(matches!(play_.outcome().0, Outcome::Catalogue(listed) if listed.len() == 2));
}

#[test]
fn a_next_page_is_followed_by_its_query_and_never_by_its_host() {
    let mut first = answer(200, r#"[{"service_code":1,"service_name":"x","metadata":false}]"#);
    first.headers = vec![(
        "x-next-page-url".to_owned(),
        "https://elsewhere.example/admin?page=2&api_key=stolen&q=a%20b".to_owned(),
    )];
    let second = answer(200, "[]");
    let profile = json!({"jurisdiction_id": "bdg"});
    let play = play(&*adapter(profile), Intent::Catalogue, vec![first, second]);
    assert_eq!(play.paths(), ["services.json", "services.json"]);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        play.requests[1].query,
        [pair("jurisdiction_id", "bdg"), pair("page", "2"), pair("q", "a b")]
    );
}

#[test]
fn attributes_right_under_the_definition_are_attributes() {
    let (form, notes) = form("definition_direct.xml");
    assert_eq!(notes, Vec::new());
    let fields = fields(&form);
    assert_eq!(
        fields.iter().map(|field| field.id.as_str()).collect::<Vec<_>>(),
        [
            "description",
            "attribute[INFO]",
            "attribute[UKURAN]",
            "location",
            "first_name",
            "last_name",
            "email",
            "phone",
        ]
    );
    assert_eq!((fields[1].kind.as_str(), fields[1].required), ("static", false));
    let size = fields[2];
    assert_eq!((size.kind.as_str(), size.required, size.many), ("choice", true, false));
    assert_eq!(size.hint.get(Lang::Id), "Perkirakan saja");
    let options: Vec<(&str, &str)> = size
        .options
        .iter()
        .map(|option| (option.value.as_str(), option.label.get(Lang::Id)))
        .collect();
    assert_eq!(options, [("s", "Kecil"), ("b", "Besar")]);
    let steps: Vec<&str> = form.steps.iter().map(|step| step.title.get(Lang::Id)).collect();
    assert_eq!(steps, ["Apa yang terjadi?", "Di mana?", "Siapa Anda?"]);
}

#[test]
fn every_datatype_has_its_field_and_what_is_none_is_asked_as_text() {
    let (form, notes) = form("definition_full.json");
    let told: Vec<(&str, &str, bool)> = fields(&form)
        .into_iter()
        .filter(|field| field.id.starts_with("attribute") || field.id.starts_with("text"))
        .map(|field| (field.id.as_str(), field.kind.as_str(), field.required))
        .collect();
    assert_eq!(
        told,
        [
            ("text-8", "static", false),
            ("attribute[CERITA]", "textarea", false),
            ("attribute[LEBAR]", "number", false),
            ("attribute[SEJAK]", "datetime", false),
            ("attribute[JENIS]", "choice", true),
            ("attribute[BAHAYA]", "choice", true),
            ("attribute[KOSONG]", "text", false),
            ("attribute[NAMA]", "text", true),
            ("attribute[WARNA]", "text", false),
        ]
    );
    let danger = fields(&form).into_iter().find(|field| field.id == "attribute[BAHAYA]");
    let danger = danger.expect("a field");
    assert!(danger.many);
    assert_eq!(danger.options[0].value, "1");
    assert_eq!(danger.options[0].label.get(Lang::Id), "Banjir");
    assert_eq!(
        paths(&notes),
        [
            "/attributes/6/order",
            "/attributes/6/datatype",
            "/attributes/7/values",
            "/attributes/8/automated",
            "/attributes/10/code",
        ]
    );
}

#[test]
fn without_a_definition_the_form_is_the_base_form() {
    let backend = backend(json!({}));
    let base = adapters::base_form(&backend).expect("a form");
    let service = || "a/b c".parse().expect("a code");
    for gone in [
        vec![answer(404, r#"[{"code":404,"description":"x"}]"#)],
        vec![answer(404, ""), answer(404, "")],
        vec![answer(400, r#"{"error":"service_code not found"}"#)],
        vec![
            answer(400, "<error>service_code not found</error>"),
            answer(400, "<error>service_code not found</error>"),
        ],
    ] {
        let play = play(&*adapter(json!({})), Intent::Form { service: service() }, gone);
        assert_eq!(play.paths()[0], "services/a%2Fb%20c.json");
        let (outcome, notes) = play.outcome();
        assert_eq!((outcome, notes.len()), (Outcome::Form(base.clone()), 1));
    }
    let never = json!({"metadata": "never"});
    let play = play(&*adapter(never), Intent::Form { service: service() }, Vec::new());
    assert_eq!(play.outcome(), (Outcome::Form(base), Vec::new()));
}

#[test]
fn a_definition_that_cannot_be_read_is_no_base_form() {
    let service = "1".parse().expect("a code");
    let problem = play(
        &*adapter(json!({"format": "json"})),
        Intent::Form { service },
        vec![fixture("page.html")],
    )
    .problem();
    assert!(matches!(problem.fault, Fault::Protocol { .. }));
}

#[test]
fn the_form_asks_what_the_profile_says() {
    let form = adapters::base_form(&backend(json!({
        "description": {"ask": "optional", "max_length": 500},
        "location": "none",
        "media": {"send": "photos", "max_files": 3, "max_bytes": 1_000_000, "accept": ["image/jpeg"]},
        "contact": {"name": "required", "email": "optional"},
    })))
    .expect("a form");
    let fields = fields(&form);
    let told: Vec<(&str, &str, bool)> = fields
        .iter()
        .map(|field| (field.id.as_str(), field.kind.as_str(), field.required))
        .collect();
    assert_eq!(
        told,
        [
            ("description", "textarea", false),
            ("media", "file", false),
            ("name", "text", true),
            ("email", "email", false),
        ]
    );
    assert_eq!(fields[0].max_length, Some(500));
    assert_eq!(
        (fields[1].many, fields[1].max_files, fields[1].max_bytes),
        (true, Some(3), Some(1_000_000))
    );
}

#[test]
fn an_unknown_adapter_is_told_the_known_ones() {
    let mut backend = backend(json!({}));
    backend.adapter = "open312".to_owned();
    let (adapter, wrong) = adapters::compile(&id(), &backend, WIB);
    assert!(adapter.is_none());
    assert!(wrong[0].expected.contains("open311") && wrong[0].path == "/adapter");
}
