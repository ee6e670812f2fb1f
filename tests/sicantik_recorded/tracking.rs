//! Tracking by number.

use pendopo::adapters::http::Response;
use pendopo::adapters::{self, Adapter, Intent};
use pendopo::model::case::{Acknowledgement, Case};
use pendopo::model::problem::Fault;
use pendopo::model::region::Backend;
use pendopo::model::status::{Outcome, Phase};
use pendopo::model::time::Timestamp;
use serde_json::{Value, json};

use crate::recorded::*;

pub fn adapter(profile: Value) -> Box<dyn Adapter> {
    let backend: Backend = serde_json::from_value(json!({
        "id": "izin", "name": "Perizinan", "office": "DPMPTSP", "adapter": "sicantik", "profile": profile,
    }))
    .expect("a backend");
    let (adapter, wrong) = adapters::compile(&"32.73/izin".parse().expect("an id"), &backend, 420);
    assert_eq!(wrong, Vec::new());
    adapter.expect("an adapter")
}

pub fn public() -> Value {
    json!({"report": 32731, "label": "berkas"})
}

pub const NUMBER: &str = "IZN/2026/08/000101";

pub fn track(number: &str) -> Intent {
    Intent::Track {
        acknowledgement: Acknowledgement::Reference(number.parse().expect("a reference")),
        second_fact: None,
    }
}

/// A row of the report.
pub fn row(number: &str, step: &str, status: &str, state: Option<&str>) -> Value {
    json!({"id": 7, "no_permohonan": number, "nama": "Contoh Dewi", "tanggal_lahir": "12-03-1988",
        "jenis_izin": "Surat Izin Praktik Bidan", "tgl_pengajuan": "03-08-2026", "status_permohonan": state,
        "nama_proses": step, "status": status, "start_date": "4/08/2026 08:00:00", "end_date": null})
}

pub fn report(rows: Value) -> Response {
    answer(
        200,
        &json!({"success": true, "message": "", "data": {"berkas": rows}}).to_string(),
    )
}

fn tracked(rows: Value) -> Case {
    let (case, notes) = play(&*adapter(public()), track(NUMBER), vec![report(rows)]).case();
    assert_eq!(notes, Vec::new());
    case
}

#[test]
fn a_number_is_asked_of_the_offices_own_report() {
    let rows = json!([row(NUMBER, "Pendaftaran", "Proses", None)]);
    let play = play(&*adapter(public()), track(NUMBER), vec![report(rows)]);
    assert_eq!(play.paths(), ["TemplateData/keluaran/32731.json"]);
    assert_eq!(
        play.requests[0].query,
        [("no_permohonan".to_owned(), NUMBER.to_owned())]
    );
    let other = json!({"report": "99", "parameter": "key1", "prefix": "api"});
    let data = json!({"success": true, "data": {"data_permohonan": [row(NUMBER, "Pendaftaran", "Proses", None)]}});
    let play = recorded_play(other, &data);
    assert_eq!(play.paths(), ["api/TemplateData/keluaran/99.json"]);
    assert_eq!(play.requests[0].query[0].0, "key1");
    play.case();
}

fn recorded_play(profile: Value, body: &Value) -> Play {
    play(&*adapter(profile), track(NUMBER), vec![answer(200, &body.to_string())])
}

#[test]
fn steps_are_a_timeline_of_what_is_done_being_done_and_still_to_come() {
    let case = tracked(json!([
        row(NUMBER, "Pendaftaran", "Selesai", None),
        row(NUMBER, "Verifikasi Berkas", "Proses", None),
        row(NUMBER, "Penetapan", "Menunggu", None),
    ]));
    assert_eq!(
        (case.status.phase, case.status.code.as_str()),
        (Phase::InProgress, "Proses")
    );
    assert_eq!(case.status.label, "Verifikasi Berkas");
    assert_eq!(case.service_name, "Surat Izin Praktik Bidan");
    assert_eq!(case.received, Timestamp::parse_iso("2026-08-03", 420));
    let told: Vec<(bool, &str)> = case
        .timeline
        .iter()
        .map(|step| (step.status.as_ref() == Some(&case.status), step.remark.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (false, ""),
            (false, "Pendaftaran: Selesai"),
            (true, ""),
            (false, "Penetapan: Menunggu")
        ]
    );
    assert_eq!(case.timeline[2].at, Timestamp::parse_iso("2026-08-04T08:00:00", 420));
    for private in ["Dewi", "1988"] {
        assert!(!format!("{case:?}").contains(private), "{private}");
    }
}

#[test]
fn what_was_decided_holds_whatever_the_steps_say() {
    for (state, phase, outcome) in [
        ("ditetapkan", Phase::Closed, Outcome::Granted),
        ("Ditolak", Phase::Closed, Outcome::Refused),
        ("Hold", Phase::OnHold, Outcome::None),
        ("Dikembalikan", Phase::Unknown, Outcome::None),
    ] {
        let case = tracked(json!([
            row(NUMBER, "Pendaftaran", "Selesai", Some(state)),
            row(NUMBER, "Penetapan", "Menunggu", Some(state)),
        ]));
        assert_eq!(
            (case.status.phase, case.status.outcome, case.status.code.as_str()),
            (phase, outcome, state)
        );
        let still = case.timeline.iter().any(|step| step.remark == "Penetapan: Menunggu");
        assert_eq!(
            still,
            phase != Phase::Closed,
            "what is decided goes no further: {state}"
        );
    }
}

#[test]
fn words_that_nobody_mapped_are_shown_as_they_are() {
    let case = tracked(json!([row(NUMBER, "Pendaftaran", "Drop", None)]));
    assert_eq!((case.status.phase, case.status.code.as_str()), (Phase::Unknown, "Drop"));
    let case = tracked(json!([row(NUMBER, "Pendaftaran", "Menunggu", None)]));
    assert_eq!(case.status.phase, Phase::Submitted);
    let all = tracked(json!([row(NUMBER, "Pendaftaran", "Selesai", None)]));
    assert_eq!(
        all.status.phase,
        Phase::Unknown,
        "that all steps are done says nothing of the outcome"
    );
    let profile =
        json!({"report": 1, "label": "berkas", "status": {"drop": {"phase": "closed", "outcome": "withdrawn"}}});
    let rows = report(json!([row(NUMBER, "Pendaftaran", "Drop", None)]));
    let (case, _) = play(&*adapter(profile), track(NUMBER), vec![rows]).case();
    assert_eq!(case.status.outcome, Outcome::Withdrawn);
}

#[test]
fn only_a_number_is_ever_sent() {
    for number in [
        "' or '1'='1",
        "1\" x",
        "$x",
        "a b",
        "1;2",
        "é",
        "../1?x",
        "{$x}",
        &"9".repeat(61),
    ] {
        let play = play(&*adapter(public()), track(number), Vec::new());
        assert_eq!(play.problem().fault, Fault::NotFound, "{number}");
    }
}

#[test]
fn another_application_is_never_shown() {
    let rows = json!([row("IZN/2026/08/000102", "Pendaftaran", "Proses", None)]);
    for rows in [json!([]), rows] {
        let problem = play(&*adapter(public()), track(NUMBER), vec![report(rows)]).problem();
        assert_eq!(problem.fault, Fault::NotFound);
    }
    let mixed = json!([
        row(NUMBER, "Pendaftaran", "Selesai", None),
        row("IZN/2026/08/000102", "Penetapan", "Proses", Some("ditolak")),
    ]);
    let case = tracked(mixed);
    assert_ne!(case.status.outcome, Outcome::Refused);
}

#[test]
fn failures_with_http_200_are_failures_and_the_databases_words_are_nobodys() {
    let fault = |status: u16, body: &str| {
        play(&*adapter(public()), track(NUMBER), vec![answer(status, body)])
            .problem()
            .fault
    };
    let sql = r#"{"success":false,"message":"SQLSTATE[42601]: Syntax error: SELECT pp.*, p.nama FROM x","data":[]}"#;
    for status in [200, 422] {
        assert_eq!(
            fault(status, sql),
            Fault::Upstream {
                status,
                message: String::new()
            }
        );
    }
    let gone = r#"{"success":false,"message":"Record not found in table \"x\"","data":[]}"#;
    assert_eq!(fault(200, gone), Fault::NotFound);
    let plain = r#"{"success":false,"message":"Layanan ditutup","data":[]}"#;
    assert!(matches!(fault(200, plain), Fault::Rejected { message, .. } if message == "Layanan ditutup"));
    assert!(matches!(
        fault(500, "<br />\n<b>Parse error</b>"),
        Fault::Upstream { .. }
    ));
    assert!(matches!(fault(200, "<html>"), Fault::Protocol { .. }));
    assert!(matches!(fault(429, "<html>"), Fault::RateLimited { .. }));
}

#[test]
fn an_office_without_a_report_tracks_nothing() {
    let adapter = adapter(json!({}));
    assert!(!adapter.capabilities().track);
    assert_eq!(adapter.routes(), Vec::new());
    assert_eq!(
        play(&*adapter, track(NUMBER), Vec::new()).problem().fault,
        Fault::NotFound
    );
}
