//! Letters, and the forms that their templates become.

use std::collections::BTreeMap;
use std::path::Path;

use pendopo::adapters::{Intent, Outcome};
use pendopo::forms;
use pendopo::model::form::{Form, When};
use pendopo::model::text::Lang;
use serde_json::{Value, json};

use crate::harness::*;

/// A letter with these questions, as `form` reads it: the form and what was noted.
fn read(letter: Value, profile: Value) -> (Form, Vec<String>) {
    let intent = Intent::Form {
        service: "x".parse().expect("a code"),
    };
    match ask(profile, intent, vec![data(json!([letter]))]).outcome() {
        (Outcome::Form(form), notes) => (form, notes.iter().map(ToString::to_string).collect()),
        other => panic!("{other:?}"),
    }
}

fn letter(questions: Value) -> Value {
    item(
        "jenis-surat",
        1,
        json!({"kode": "S", "nama": "X", "slug": "x", "kode_isian": questions}),
    )
}

fn question(kind: &str, name: &str) -> Value {
    json!({"tipe": kind, "kode": format!("[form_{}]", name.to_lowercase()), "nama": name, "required": "1"})
}

#[test]
fn letters_over_several_pages_are_services_and_complaints_are_one_too() {
    let other = item(
        "jenis-surat",
        193,
        json!({"kode": "S-41", "nama": "Keterangan Domisili"}),
    );
    let play = ask(
        json!({}),
        Intent::Catalogue,
        vec![page(json!([usaha()]), 1, 2), page(json!([other]), 2, 2)],
    );
    let numbers: Vec<&str> = play
        .requests
        .iter()
        .map(|request| value(&request.query, "page[number]"))
        .collect();
    assert_eq!(numbers, ["1", "2"]);
    let (Outcome::Catalogue(listed), notes) = play.outcome() else {
        panic!("no catalogue");
    };
    assert_eq!(notes, Vec::new());
    let named: Vec<(&str, &str)> = listed
        .iter()
        .map(|listed| (listed.service.code.as_str(), listed.service.name.get(Lang::Id)))
        .collect();
    assert_eq!(
        named,
        [
            ("surat-keterangan-usaha", "Keterangan Usaha"),
            ("S-41", "Keterangan Domisili"),
            ("pengaduan", "Pengaduan")
        ]
    );
    assert!(listed.iter().all(|listed| listed.has_form));
    let without = ask(
        json!({"complaints": false}),
        Intent::Catalogue,
        vec![data(json!([usaha()]))],
    );
    let (Outcome::Catalogue(listed), _) = without.outcome() else {
        panic!("no catalogue");
    };
    assert_eq!(listed.len(), 1);
}

#[test]
fn a_template_becomes_questions_documents_and_what_every_application_has() {
    let form = form_of(usaha(), json!({}));
    let told: Vec<(&str, &str, &str, bool)> = fields(&form)
        .into_iter()
        .map(|field| {
            (
                field.id.as_str(),
                field.kind.as_str(),
                field.label.get(Lang::Id),
                field.required,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("nama_usaha", "text", "Nama Usaha", true),
            ("mulai_usaha", "date", "Mulai Usaha", false),
            ("keperluan", "textarea", "Keperluan", true),
            ("syarat[1]", "file", "Kartu Tanda Penduduk", true),
            ("syarat[3]", "file", "Surat Pengantar RT/RW", true),
            ("no_hp_aktif", "phone", "Nomor telepon yang aktif", false),
            ("keterangan", "textarea", "Keterangan untuk petugas", false),
        ]
    );
    let fields = fields(&form);
    assert_eq!(fields[0].max_length, Some(60));
    assert!(
        fields[0].hint.is_empty(),
        "a hint that only says the name again is none"
    );
    assert_eq!(fields[2].hint.get(Lang::Id), "Untuk apa surat ini");
    assert_eq!(fields[3].accept, ["application/pdf"]);
    assert_eq!(fields[3].max_bytes, Some(2_000_000));
    assert_eq!(forms::compile(&form).1, Vec::new());
}

#[test]
fn every_type_of_a_template_has_its_field() {
    let questions = json!([
        question("text", "A"), question("textarea", "B"), question("email", "C"), question("time", "D"),
        question("datetime", "E"), question("hari-tanggal", "F"), question("warna", "G"),
        {"tipe": "number", "kode": "[form_h]", "nama": "H", "atribut": "class=\"\"\r\nmin=1 max=\"10\"", "required": "0"},
        {"tipe": "select-manual", "kode": "[form_i]", "nama": "I", "pilihan": ["Ya", "Tidak", "Ya"], "required": "1"},
        {"tipe": "text", "kode": "[form_j]", "nama": "J", "atribut": "class=\" hari\"\r\nreadonly", "required": "1"},
    ]);
    let (form, notes) = read(letter(questions), json!({}));
    let kinds: Vec<&str> = fields(&form).iter().map(|field| field.kind.as_str()).collect();
    assert_eq!(
        kinds[..10],
        [
            "text", "textarea", "email", "time", "datetime", "date", "text", "number", "choice", "choice"
        ]
    );
    let bounds = (fields(&form)[7].min.clone(), fields(&form)[7].max.clone());
    assert!(bounds.0.is_some() && bounds.1.is_some());
    assert_eq!(fields(&form)[8].options.len(), 2);
    assert_eq!(fields(&form)[9].options[0].value, "Senin");
    assert_eq!(
        notes,
        ["/data/0/attributes/kode_isian/6: expected a type of OpenSID's; asked as text, found warna"]
    );
    assert_eq!(forms::compile(&form).1, Vec::new());
}

#[test]
fn choices_of_a_table_come_from_the_server_or_the_profile_else_it_is_asked_as_text() {
    let mut letter = letter(json!([
        {"tipe": "select-otomatis", "kode": "[form_agama]", "nama": "Agama", "refrensi": "tweb_penduduk_agama", "required": "1"},
    ]));
    let kind = |letter: &Value, profile: Value| {
        let (form, notes) = read(letter.clone(), profile);
        (
            fields(&form)[0].kind.clone(),
            fields(&form)[0].options.len(),
            notes.len(),
        )
    };
    assert_eq!(kind(&letter, json!({})), ("text".to_owned(), 0, 1));
    let tables = json!({"tables": {"tweb_penduduk_agama": ["Islam", "Kristen"]}});
    assert_eq!(kind(&letter, tables.clone()), ("choice".to_owned(), 2, 0));
    letter["attributes"]["form_surat"] = json!([
        {"type": "select", "name": "agama_pemohon", "label": "Agama", "values": [
            {"label": "Islam", "value": "Islam"}, {"label": "Hindu", "value": "Hindu"}, {"label": "Budha", "value": "Budha"}]},
    ]);
    assert_eq!(
        kind(&letter, tables),
        ("choice".to_owned(), 3, 0),
        "the server's own word before the profile's"
    );
    let (form, _) = read(letter, json!({}));
    assert_eq!(
        fields(&form)[0].id,
        "agama_pemohon",
        "and the name under which it is sent"
    );
}

#[test]
fn a_letter_without_a_template_is_read_from_the_servers_own_form() {
    let letter = item(
        "jenis-surat",
        1,
        json!({"kode": "S", "nama": "X", "slug": "x", "form_surat": [
            {"type": "text", "required": true, "label": "Nama Usaha", "name": "nama_usaha"},
            {"type": "textarea", "required": false, "label": "Keterangan", "name": "keterangan"},
            {"type": "select", "required": true, "label": "Syarat Surat", "name": "syarat", "values": [
                {"label": "Kartu Keluarga", "value": 2, "form_surat": [{"type": "select", "name": "dokumen", "values": []}]}]},
        ]}),
    );
    let (form, notes) = read(letter, json!({"phone": "none"}));
    let ids: Vec<&str> = fields(&form).iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["nama_usaha", "syarat[2]", "keterangan"]);
    assert_eq!(fields(&form)[1].label.get(Lang::Id), "Kartu Keluarga");
    assert_eq!(notes, Vec::<String>::new());
}

#[test]
fn a_tied_question_is_asked_only_where_its_answer_was_given() {
    let tied = json!([
        {"tipe": "select-manual", "kode": "[form_status]", "nama": "Status", "pilihan": ["Jejaka", "Beristri"], "required": "1",
         "kaitkan_kode": "[{\"nilai_isian\":[\"Beristri\"],\"kode_isian_terkait\":[\"IstriKe\"]}]"},
        {"tipe": "number", "kode": "[form_istri_ke]", "nama": "Istri ke", "required": "1"},
    ]);
    let (form, notes) = read(letter(tied), json!({}));
    assert_eq!(notes, Vec::<String>::new());
    let Some(When::Simple(condition)) = fields(&form)[1].visible_when.clone() else {
        panic!("a condition");
    };
    assert_eq!(
        (condition.field.as_str(), condition.any_of),
        ("status", Some(vec!["Beristri".to_owned()]))
    );
    assert_eq!(forms::compile(&form).1, Vec::new());
}

#[test]
fn questions_of_one_name_are_told_apart_by_their_category() {
    let mut first = question("text", "Agama");
    let mut second = question("text", "Agama");
    first["kategori"] = json!("cpw");
    second["kategori"] = json!("dapp");
    let (form, notes) = read(letter(json!([first, second, question("text", "Agama")])), json!({}));
    let ids: Vec<&str> = fields(&form).iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids[..2], ["agama", "agama_dapp"]);
    assert_eq!(notes.len(), 1, "a third one without a category is left out: {notes:?}");
}

/// Every real form of OpenSID's own templates, where they are at hand.
#[test]
fn opensid_letter_forms_compile_with_every_difference_told() {
    let Some(folder) = std::env::var_os("PENDOPO_PAYLOADS") else {
        println!("PENDOPO_PAYLOADS is not set: OpenSID's own letters are not read");
        return;
    };
    let file = Path::new(&folder).join("indonesia/opensid_letter_forms.json");
    let templates: Vec<Value> =
        serde_json::from_slice(&std::fs::read(file).expect("the letters")).expect("a list of letters");
    assert_eq!(templates.len(), 42);
    let mut types: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let (mut asked, mut told, mut tied) = (0, Vec::new(), 0);
    for template in templates {
        let name = template["nama"].as_str().expect("a name").to_owned();
        let questions = template["kode_isian"].as_array().cloned().unwrap_or_default();
        let (form, notes) = read(
            letter(template["kode_isian"].clone()),
            json!({"phone": "none", "note": "none"}),
        );
        let (model, wrong) = forms::compile(&form);
        assert_eq!(model.fields.len(), fields(&form).len(), "{name}: no field is lost");
        // A letter that asks nothing has no page; that is all that may be wrong with it.
        assert!(wrong.is_empty() || questions.is_empty(), "{name}: {wrong:?}");
        assert_eq!(fields(&form).len(), questions.len(), "{name}: every question is asked");
        tied += fields(&form)
            .iter()
            .filter(|field| field.visible_when.is_some())
            .count();
        for (question, field) in questions.iter().zip(fields(&form)) {
            let kind = question["tipe"].as_str().expect("a type").to_owned();
            *types.entry(kind).or_default().entry(field.kind.clone()).or_default() += 1;
            asked += 1;
        }
        told.extend(notes.into_iter().map(|note| format!("{name}: {note}")));
    }
    println!("42 letters, {asked} questions, {tied} of them tied to another");
    println!("{:<16} {:<10} {:>5}", "tipe", "type", "");
    for (kind, fields) in &types {
        for (field, count) in fields {
            println!("{kind:<16} {field:<10} {count:>5}");
        }
    }
    println!("{} diagnostics", told.len());
    for note in &told {
        println!("  {note}");
    }
    assert_eq!(asked, 259);
    let tables = types["select-otomatis"]["text"];
    assert_eq!(
        told.len(),
        usize::try_from(tables).expect("small"),
        "the tables are the server's own"
    );
}
