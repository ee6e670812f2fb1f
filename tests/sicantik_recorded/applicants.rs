//! Those who apply.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Fact, Intent, Known, Outcome, Reconciled, Submission};
use pendopo::model::answers::{Answer, Answers, FileAnswer};
use pendopo::model::case::Acknowledgement;
use pendopo::model::form::Form;
use pendopo::model::login::Credentials;
use pendopo::model::problem::{Fault, Sent};
use pendopo::model::secret::Secret;
use pendopo::model::status::Phase;
use pendopo::model::time::Timestamp;
use serde_json::{Value, json};

use crate::recorded::*;
use crate::tracking::{NUMBER, adapter, track};

pub const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
const FILE: &str = "8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11";
const TOKEN: &str = "a.b.c-do-not-print";
const PASSWORD: &str = "rahasia-do-not-print";

pub fn profile() -> Value {
    json!({"applicants": {}})
}

pub fn ask_with(intent: Intent, facts: &[Fact], answers: Vec<Response>) -> Play {
    let session = Secret::new(TOKEN.to_owned());
    let known = Known {
        facts,
        session: Some(&session),
    };
    play_known(
        &*adapter(profile()),
        intent,
        known,
        answers.into_iter().map(Ok).collect(),
    )
}

fn ask(intent: Intent, answers: Vec<Response>) -> Play {
    ask_with(intent, &[], answers)
}

pub fn success(data: Value) -> Response {
    answer(200, &json!({"success": true, "message": "", "data": data}).to_string())
}

pub fn page(items: Value, page: u32, total: u32) -> Response {
    success(json!({"limit": 1, "page": page, "items": items, "total_items": total}))
}

fn permits() -> Response {
    page(
        json!([{"id": 11, "jenis_izin": "Surat Izin Praktik Bidan", "form_id": 301}]),
        1,
        1,
    )
}

fn requirements() -> Response {
    success(json!([
        {"jenis_dokumen_id": 21, "jenis_dokuman": {"id": 21, "jenis_dokumen": "KTP"}, "status": "W"},
        {"jenis_dokumen_id": 23, "jenis_dokuman": {"id": 23, "jenis_dokumen": "Pas foto"}, "status": "T"},
    ]))
}

fn canvas() -> Response {
    let field = |kind: &str, column: &str, options: Value| json!({"label": column, "data_kolom": column, "type": kind, "required": true, "options": options});
    success(
        json!({"id": 301, "nama_form": "X", "canvas": [{"ftype": "form", "fields": [{"field": [
            field("text", "no_str", Value::Null),
            field("select", "praktik_ke", json!([{"id": "1", "name": "Pertama"}, {"id": "2", "name": "Kedua"}])),
            field("select-ws", "jenis", json!("[{\"id\":\"papan\",\"name\":\"Papan\"}]")),
            field("numbering", "no_rekomendasi", Value::Null),
            field("warna", "lain", Value::Null),
        ]}]}]}),
    )
}

fn form() -> Form {
    let intent = Intent::Form {
        service: "11".parse().expect("a code"),
    };
    let play = ask(intent, vec![permits(), requirements(), canvas()]);
    assert_eq!(
        play.paths(),
        ["JenisIzin/getlist", "JenisIzin/getpersyaratan/11", "Form/301"]
    );
    match play.outcome() {
        (Outcome::Form(form), notes) => {
            assert_eq!(notes.len(), 1, "the unknown type alone: {notes:?}");
            form
        }
        other => panic!("{other:?}"),
    }
}

pub fn application() -> Submission {
    let file = FileAnswer {
        id: FILE.parse().expect("an id"),
        name: "ktp.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 10,
        was: None,
    };
    let answers = [
        ("no_str", Answer::Text(" 77 ".to_owned())),
        ("praktik_ke", Answer::Text("2".to_owned())),
        ("persyaratan[21]", Answer::Files(vec![file])),
    ];
    Submission {
        id: APPLICATION.parse().expect("an id"),
        service: "11".parse().expect("a code"),
        form: form(),
        answers: Answers(answers.map(|(field, answer)| (field.to_owned(), answer)).into()),
        completes: None,
    }
}

#[test]
fn both_shapes_of_a_token_are_understood_and_the_app_says_that_it_is_one() {
    let credentials = || Credentials {
        identifier: Secret::new("pemohon.satu".to_owned()),
        proof: Secret::new(PASSWORD.to_owned()),
    };
    for (profile, data) in [
        (json!({"applicants": {}}), json!(TOKEN)),
        (json!({"applicants": {"app": true}}), json!({"token": TOKEN})),
    ] {
        let app = profile["applicants"]["app"] == true;
        let intent = Intent::LogIn(credentials());
        let play = play_known(&*adapter(profile), intent, Known::default(), vec![Ok(success(data))]);
        assert_eq!(play.requests[0].path, "Pengguna/token.json");
        assert_eq!(
            body(&play.requests[0]),
            ["username=pemohon.satu&password=", PASSWORD].concat()
        );
        let source = play.requests[0]
            .headers
            .iter()
            .any(|(name, value)| name == "Source" && value == "android");
        assert_eq!(source, app);
        let debug = format!("{:?} {:?}", play.requests, play.end);
        assert!(!debug.contains(PASSWORD) && !debug.contains(TOKEN), "{debug}");
        assert!(matches!(play.outcome().0, Outcome::LoggedIn { session, .. } if session.expose() == TOKEN));
    }
    let echo = format!("Pengguna atau password tidak valid: {PASSWORD}");
    let refused = json!({"success": false, "message": echo, "data": {"token": null}, "errors": []}).to_string();
    for status in [200, 422] {
        let answers = vec![Ok(answer(status, &refused))];
        let play = play_known(
            &*adapter(profile()),
            Intent::LogIn(credentials()),
            Known::default(),
            answers,
        );
        let problem = play.problem();
        assert_eq!(problem.sent, Sent::No);
        assert!(!format!("{problem:?}").contains(PASSWORD));
        assert!(matches!(problem.fault, Fault::Rejected { .. }));
    }
}

#[test]
fn a_permits_form_is_its_fields_and_its_documents() {
    let form = form();
    let told: Vec<(&str, &str, bool)> = form
        .fields()
        .iter()
        .map(|field| (field.id.as_str(), field.kind.as_str(), field.required))
        .collect();
    assert_eq!(
        told,
        [
            ("no_str", "text", true),
            ("praktik_ke", "choice", true),
            ("jenis", "choice", true),
            ("lain", "text", true),
            ("persyaratan[21]", "file", true),
            ("persyaratan[23]", "file", false),
        ]
    );
    assert_eq!(form.fields()[4].max_bytes, Some(1_000_000));
    assert_eq!(pendopo::forms::compile(&form).1, Vec::new());
}

#[test]
fn permits_over_several_pages_are_services() {
    let item = |id: u32| json!([{"id": id, "jenis_izin": "X", "form_id": 1}]);
    let play = ask(Intent::Catalogue, vec![page(item(11), 1, 2), page(item(12), 2, 2)]);
    assert_eq!(play.requests[1].query[0], ("page".to_owned(), "2".to_owned()));
    assert!(matches!(play.outcome().0, Outcome::Catalogue(listed) if listed.len() == 2));
}

fn listed(number: &str, permit: u32) -> Value {
    json!({"id": 5, "no_permohonan": number, "jenis_izin_id": permit, "jenis_izin": "X", "tgl_pengajuan": "03-08-2026", "status": null})
}

#[test]
fn an_application_is_sent_after_its_files_and_found_again_by_the_list() {
    let before = page(json!([listed("IZN/1", 11)]), 1, 1);
    let uploaded = success(json!({"file_name": "1_ktp.pdf", "file_url": "http://x/1_ktp.pdf"}));
    let sent = success(json!({"id": 6, "no_permohonan": NUMBER, "jenis_izin_id": 11}));
    let play = ask(Intent::Submit(application()), vec![before, uploaded, sent]);
    assert_eq!(
        play.paths(),
        ["PermohonanIzin.json", "DokumenPemohon/upload", "PermohonanIzin.json"]
    );
    assert_eq!(
        play.requests[1].key.as_deref(),
        Some([APPLICATION, "-", FILE].concat().as_str())
    );
    assert_eq!(play.requests[2].key.as_deref(), Some(APPLICATION));
    let told: Value = serde_json::from_str(&body(&play.requests[2])).expect("JSON");
    assert_eq!(
        told,
        json!({"jenis_izin_id": 11, "no_str": "77", "praktik_ke": "2",
            "persyaratan": [{"jenis_dokumen_id": 21, "file_name": "1_ktp.pdf"}]})
    );
    let facts = play.facts.clone();
    let number = |text: &str| Acknowledgement::Reference(text.parse().expect("a reference"));
    assert!(
        matches!(play.outcome().0, Outcome::Submitted { acknowledgement, .. } if acknowledgement == number(NUMBER))
    );

    let look = |facts: &[Fact], rows: Value| {
        let intent = Intent::Reconcile {
            submission: application(),
            since: Timestamp(0),
        };
        let answers = if facts.is_empty() {
            Vec::new()
        } else {
            vec![page(rows, 1, 1)]
        };
        match ask_with(intent, facts, answers).outcome() {
            (Outcome::Reconciled(found), _) => found,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        look(&facts, json!([listed(NUMBER, 11), listed("IZN/1", 11)])),
        Reconciled::Arrived(number(NUMBER))
    );
    assert_eq!(
        look(&facts, json!([listed(NUMBER, 12), listed("IZN/1", 11)])),
        Reconciled::Absent
    );
    assert_eq!(
        look(&facts, json!([listed(NUMBER, 11), listed("IZN/3", 11)])),
        Reconciled::CannotTell
    );
    assert_eq!(look(&facts, json!([{"no_permohonan": NUMBER}])), Reconciled::CannotTell);
    assert_eq!(look(&[], json!([])), Reconciled::CannotTell);
}

#[test]
fn refusals_come_by_field_with_any_status_and_a_lost_session_needs_a_login() {
    let facts = [
        Fact {
            name: "before".to_owned(),
            value: String::new(),
        },
        Fact {
            name: format!("file {FILE}"),
            value: "x".to_owned(),
        },
    ];
    let body = r#"{"success":false,"message":"Tidak berhasil.","data":{},"errors":{"no_str":{"_empty":"This field cannot be left empty"},"x":{"_required":"y"}}}"#;
    for status in [200, 422] {
        let problem = ask_with(Intent::Submit(application()), &facts, vec![answer(status, body)]).problem();
        assert_eq!(problem.sent, Sent::Yes);
        let Fault::Rejected { fields, message } = problem.fault else {
            panic!("not rejected");
        };
        assert_eq!((fields[0].field.as_str(), fields.len()), ("no_str", 1));
        assert!(message.contains("Tidak berhasil.") && message.contains("x: y"));
    }
    let unauthorized = r#"{"message":"You are not authorized to access that location.","url":"/x","code":401}"#;
    let problem = ask_with(Intent::Submit(application()), &facts, vec![answer(401, unauthorized)]).problem();
    assert_eq!((problem.fault, problem.sent), (Fault::LoginNeeded, Sent::No));
    for body in ["<html>", "{}", "[]"] {
        let problem = ask_with(Intent::Submit(application()), &facts, vec![answer(200, body)]).problem();
        assert_eq!(problem.sent, Sent::Unknown, "{body}");
    }
}

#[test]
fn ones_own_application_is_followed_by_its_steps() {
    let steps = success(json!([
        {"id": 1, "permohonan_izin_id": 5, "nama_proses": "Pendaftaran", "status": "Selesai", "start_date": "4/08/2026 08:00:00", "end_date": "4/08/2026 09:00:00"},
        {"id": 2, "permohonan_izin_id": 5, "nama_proses": "Penetapan", "status": "Proses", "start_date": null, "end_date": null},
    ]));
    let play = ask(track(NUMBER), vec![page(json!([listed(NUMBER, 11)]), 1, 1), steps]);
    assert_eq!(
        play.paths(),
        ["PermohonanIzin.json", "PermohonanIzin/getprosespermohonan/5"]
    );
    let (case, notes) = play.case();
    assert_eq!(notes, Vec::new());
    assert_eq!(
        (case.status.phase, case.status.label.as_str()),
        (Phase::InProgress, "Penetapan")
    );
    let gone = ask(track(NUMBER), vec![page(json!([listed("IZN/9", 11)]), 1, 1)]).problem();
    assert_eq!(gone.fault, Fault::NotFound);
    let all = ask(Intent::List, vec![page(json!([listed(NUMBER, 11)]), 1, 1)]);
    assert!(matches!(all.outcome().0, Outcome::Cases(cases) if cases.len() == 1));
}
