//! The fault matrix: every way in which a backend fails, at the request that delivers an application, for
//! every adapter here. One table makes the tests, a cell each: what the citizen is told, whether the
//! application may have arrived, and that nothing is lost or sent twice.
//!
//! `sent` decides what happens next: `no` is tried again, `yes` is an answer, and after `unknown` somebody
//! looks first. The faults of the network itself are here as the transport reports them; that it reports
//! them rightly is tested at its sockets.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a cell that is not as the table says shall fail there and then"
)]

#[path = "recorded/mod.rs"]
mod recorded;

use std::path::Path;

use pendopo::adapters::http::{Request, Response};
use pendopo::adapters::{self, Intent, Known, Outcome, Step, Submission};
use pendopo::model::answers::{Answer, Answers};
use pendopo::model::form::Form;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::region::Backend;
use pendopo::model::secret::Secret;
use serde_json::{Value, json};

const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
const NIK: &str = "3404014102900007";

/// One adapter, and how its backend answers.
struct Row {
    adapter: &'static str,
    profile: Value,
    profile_text: Option<String>,
    service: &'static str,
    answers: &'static [(&'static str, &'static str)],
    /// Answers to the requests before the one that delivers.
    before: Vec<Response>,
    content_type: &'static str,
    /// It took the application in: as it usually says it, with a word beyond ASCII.
    good: String,
    /// The same with a key doubled, with lists of one, and with nothing but nulls.
    doubled: String,
    listed: String,
    nulls: String,
    /// It refused a field: status, body, the field.
    refused: (u16, String, &'static str),
    /// It refused as a success.
    lied: String,
    /// Citizens log in.
    logs_in: bool,
}

fn plain(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.as_ref().to_vec(),
    }
}

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles").join(name);
    std::fs::read_to_string(path).expect("a profile that ships")
}

impl Row {
    fn json(adapter: &'static str, profile: Value, good: Value, doubled: &str, listed: Value, nulls: Value) -> Self {
        let refused = json!({"message": "Data tidak benar.", "errors": {"nik": ["NIK wajib diisi."]}});
        Self {
            adapter,
            profile,
            profile_text: None,
            service: "JLN",
            answers: &[("nik", NIK), ("description", "x"), ("nama", "Siti")],
            before: Vec::new(),
            content_type: "application/json",
            good: good.to_string(),
            doubled: doubled.to_owned(),
            listed: listed.to_string(),
            nulls: nulls.to_string(),
            refused: (422, refused.to_string(), "nik"),
            lied: json!({"error": {"code": 400, "message": "Tidak dapat diproses."}}).to_string(),
            logs_in: false,
        }
    }
}

fn open311() -> Row {
    Row {
        refused: (
            400,
            json!([{"code": 400, "description": "nik: wajib diisi"}]).to_string(),
            "nik",
        ),
        lied: json!([{"code": 400, "description": "Tidak dapat diproses."}]).to_string(),
        ..Row::json(
            "open311",
            json!({"format": "json"}),
            json!([{"service_request_id": "SR-1", "service_notice": "Terima kasih, André."}]),
            r#"[{"service_request_id":"SR-1","service_request_id":"SR-1","service_notice":"é"}]"#,
            json!({"service_requests": {"request": {"service_request_id": "SR-1"}}}),
            json!([{"service_request_id": null, "token": null, "service_notice": null}]),
        )
    }
}

fn opendk() -> Row {
    Row::json(
        "opendk",
        json!({}),
        json!({"data": {"komplain_id": "SR-1"}, "message": "Terima kasih, André."}),
        r#"{"data":{"komplain_id":"SR-1","komplain_id":"SR-1"},"message":"é"}"#,
        json!({"data": [{"komplain_id": "SR-1"}], "message": "x"}),
        json!({"data": null, "message": null}),
    )
}

fn mapped_json() -> Row {
    Row {
        profile_text: Some(shipped("opendk-pengaduan.json")),
        adapter: "mapped",
        ..opendk()
    }
}

fn mapped_envelope() -> Row {
    let refused = json!({"success": false, "status": 422, "data": {"nik": ["NIK wajib diisi."]}});
    Row {
        profile_text: Some(shipped("sapawarga-aspirasi.json")),
        service: "9",
        refused: (200, refused.to_string(), "nik"),
        lied: json!({"success": false, "message": "Tidak dapat diproses."}).to_string(),
        logs_in: true,
        ..Row::json(
            "mapped",
            Value::Null,
            json!({"success": true, "status": 201, "data": {"id": "SR-1", "nama": "André"}}),
            r#"{"success":true,"data":{"id":"SR-1","id":"SR-1"}}"#,
            json!({"success": true, "data": [{"id": "SR-1"}]}),
            json!({"success": true, "data": {"id": null}}),
        )
    }
}

fn mapped_chain() -> Row {
    let refused = json!({"title": "Invalid input.", "status": 400, "invalidParams": [{"name": "nik", "reason": "nik: wajib diisi"}]});
    let kind = json!({"results": [{"url": "http://x/catalogi/api/v1/zaaktypen/1"}], "next": null});
    let mut found = plain(200, "application/json", kind.to_string());
    found
        .headers
        .push(("date".to_owned(), "Mon, 17 Aug 2026 20:00:00 GMT".to_owned()));
    Row {
        profile_text: Some(shipped("zgw.json")),
        before: vec![found],
        refused: (400, refused.to_string(), ""),
        lied: json!({"error": {"code": 400, "message": "Tidak dapat diproses."}}).to_string(),
        ..Row::json(
            "mapped",
            Value::Null,
            json!({"url": "http://x/zaken/api/v1/zaken/1", "identificatie": "SR-1", "omschrijving": "André"}),
            r#"{"identificatie":"SR-1","identificatie":"SR-1"}"#,
            json!([{"identificatie": "SR-1"}]),
            json!({"url": null, "identificatie": null}),
        )
    }
}

fn soap(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><E:Envelope xmlns:E='http://schemas.xmlsoap.org/soap/envelope/'><E:Body>{inner}</E:Body></E:Envelope>"
    )
}

fn mapped_soap() -> Row {
    let fault = |words: &str| {
        soap(&format!(
            "<E:Fault><faultcode>E:Client</faultcode><faultstring>{words}</faultstring></E:Fault>"
        ))
    };
    let answer = |inner: &str| soap(&format!("<r><return>{inner}</return></r>"));
    Row {
        adapter: "mapped",
        profile: Value::Null,
        profile_text: Some(shipped("soap-rpc.json")),
        service: "JLN",
        answers: &[
            ("nik", NIK),
            ("nama", "Siti"),
            ("uraian", "x"),
            ("tanggal", "2026-11-03"),
        ],
        before: Vec::new(),
        content_type: "text/xml; charset=utf-8",
        good: answer("<nomor>SR-1</nomor><pesan>Terima kasih, André.</pesan>"),
        doubled: answer("<nomor>SR-1</nomor><nomor>SR-1</nomor>"),
        listed: answer("<item><nomor>SR-1</nomor></item>"),
        nulls: answer("<nomor/><pesan/>"),
        refused: (500, fault("NIK harus 16 angka"), "nik"),
        lied: fault("Tidak dapat diproses."),
        logs_in: false,
    }
}

fn mapped_pages() -> Row {
    let page = |inner: &str| format!("<!doctype html><html><body>{inner}");
    let mut form = plain(
        200,
        "text/html",
        "<!doctype html><form><input name=_token value=t></form>",
    );
    form.headers.push(("set-cookie".to_owned(), "s=1; path=/".to_owned()));
    Row {
        adapter: "mapped",
        profile: Value::Null,
        profile_text: Some(shipped("halaman-cek-status.json")),
        service: "usaha",
        answers: &[("nik", NIK), ("nama", "Siti"), ("keterangan", "x")],
        before: vec![form],
        content_type: "text/html; charset=utf-8",
        good: page("<div class=berhasil>Terima kasih, André. Nomor registrasi: SR-1. Simpan"),
        doubled: page("<div class=berhasil>Nomor registrasi: SR-1.</div><div class=berhasil>Nomor registrasi: SR-1."),
        listed: page("<ul><li class=berhasil>Nomor registrasi: <b>SR-1</b>. Simpan"),
        nulls: page("<div class=berhasil></div>"),
        refused: (200, page("<div class=galat data-kolom=nik>NIK harus 16 angka."), "nik"),
        lied: page("<div class=galat>Tidak dapat diproses."),
        logs_in: false,
    }
}

/// What the citizen's phone makes of a cell.
enum End {
    Taken(String),
    Failed(Problem),
}

fn submission(row: &Row) -> Submission {
    let fields: Vec<Value> = row
        .answers
        .iter()
        .map(|(id, _)| json!({"id": id, "type": "text", "label": id}))
        .collect();
    let form: Form =
        serde_json::from_value(json!({"format": 1, "steps": [{"id": "isi", "sections": [{"fields": fields}]}]}))
            .expect("a form");
    let answers = row
        .answers
        .iter()
        .map(|(id, text)| ((*id).to_owned(), Answer::Text((*text).to_owned())));
    Submission {
        id: APPLICATION.parse().expect("an id"),
        service: row.service.parse().expect("a code"),
        form,
        answers: Answers(answers.collect()),
        completes: None,
    }
}

/// Delivers an application, the delivering request answered so.
fn deliver(row: &Row, answer: Result<Response, Problem>) -> End {
    let mut backend: Backend = serde_json::from_value(
        json!({"id": "kantor", "name": "K", "office": "K", "adapter": row.adapter, "profile": row.profile}),
    )
    .expect("a backend");
    if let Some(text) = &row.profile_text {
        backend.profile = serde_json::from_str(text).expect("a profile");
    }
    let (adapter, wrong) = adapters::compile(&"34.04/kantor".parse().expect("an id"), &backend, 420);
    assert_eq!(wrong, []);
    let session = Secret::new("session".to_owned());
    let known = Known {
        facts: &[],
        session: row.logs_in.then_some(&session),
    };
    let mut talk = adapter
        .expect("an adapter")
        .start(Intent::Submit(submission(row)), known);
    let mut before = row.before.iter();
    let mut delivered: Vec<Request> = Vec::new();
    let mut step = talk.begin();
    loop {
        match step {
            Step::Send { request, .. } => {
                if let Some(response) = before.next() {
                    step = talk.resume(Ok(response.clone()));
                } else if request.key.as_deref() == Some(APPLICATION) {
                    delivered.push(request);
                    assert_eq!(delivered.len(), 1, "it is delivered once, whatever is answered");
                    step = talk.resume(answer.clone());
                } else {
                    // What comes behind the delivery is down.
                    step = talk.resume(Err(Problem::unsent(Fault::Unreachable)));
                }
            }
            Step::Done {
                outcome:
                    Outcome::Submitted {
                        acknowledgement,
                        notice,
                    },
                ..
            } => {
                let number = acknowledgement.shown().map(ToString::to_string).unwrap_or_default();
                return End::Taken(format!("{number} {notice}"));
            }
            Step::Done { outcome, .. } => panic!("{outcome:?}"),
            Step::Failed(problem) => return End::Failed(problem),
        }
    }
}

fn failed(row: &Row, answer: Result<Response, Problem>) -> Problem {
    match deliver(row, answer) {
        End::Failed(problem) => problem,
        End::Taken(what) => panic!("it was taken in as {what}"),
    }
}

fn taken(row: &Row, answer: Response) -> String {
    match deliver(row, Ok(answer)) {
        End::Taken(what) => what,
        End::Failed(problem) => panic!("{problem:?}"),
    }
}

fn network(fault: Fault, sent: Sent) -> Result<Response, Problem> {
    Err(Problem { fault, sent })
}

fn words(status: u16) -> Result<Response, Problem> {
    Ok(plain(
        status,
        "application/json",
        json!({"message": "Penanda."}).to_string(),
    ))
}

fn cell(row: &Row, fault: &str) {
    let html = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    match fault {
        "refused" | "dns" => {
            let problem = failed(row, network(Fault::Unreachable, Sent::No));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::Unreachable,
                    sent: Sent::No
                }
            );
        }
        "reset_in_the_answer" => {
            let problem = failed(row, network(Fault::Unreachable, Sent::Unknown));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::Unreachable,
                    sent: Sent::Unknown
                }
            );
        }
        "timeout_before_sending" => {
            let problem = failed(row, network(Fault::Timeout, Sent::No));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::Timeout,
                    sent: Sent::No
                }
            );
        }
        "timeout_after_sending" => {
            let problem = failed(row, network(Fault::Timeout, Sent::Unknown));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::Timeout,
                    sent: Sent::Unknown
                }
            );
        }
        "status_401" => {
            let problem = failed(row, words(401));
            if row.logs_in {
                assert_eq!(
                    problem,
                    Problem {
                        fault: Fault::LoginNeeded,
                        sent: Sent::No
                    }
                );
            } else {
                says(&problem, "Penanda.");
            }
        }
        "status_403" => says(&failed(row, words(403)), "Penanda."),
        "status_404" => says(&failed(row, words(404)), "Penanda."),
        "status_413" => {
            let problem = failed(row, Ok(plain(413, "text/html", html)));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::TooLarge,
                    sent: Sent::No
                }
            );
        }
        "refused_field" => {
            let (status, body, field) = &row.refused;
            let problem = failed(row, Ok(plain(*status, row.content_type, body)));
            let Fault::Rejected { fields, message } = &problem.fault else {
                panic!("{problem:?}")
            };
            assert_eq!(problem.sent, Sent::Yes);
            match field.is_empty() {
                true => assert!(!message.is_empty(), "its words are told"),
                false => assert!(fields.iter().any(|refusal| refusal.field == *field), "{problem:?}"),
            }
        }
        "status_429" => {
            let mut response = plain(429, "text/html", html);
            response.headers.push(("retry-after".to_owned(), "120".to_owned()));
            let problem = failed(row, Ok(response));
            assert_eq!(
                problem,
                Problem {
                    fault: Fault::RateLimited { after: Some(120) },
                    sent: Sent::No
                }
            );
        }
        "status_500" | "status_502_with_a_page" => {
            let status = if fault == "status_500" { 500 } else { 502 };
            let problem = failed(row, Ok(plain(status, "text/html", html)));
            assert!(
                matches!(problem.fault, Fault::Upstream { status: told, .. } if told == status),
                "{problem:?}"
            );
            assert_eq!(problem.sent, Sent::Unknown);
        }
        "success_that_is_an_error" => {
            let problem = failed(row, Ok(plain(200, row.content_type, &row.lied)));
            says(&problem, "Tidak dapat diproses.");
        }
        "truncated" => {
            let half = row.good.len() / 3;
            let body = row.good.as_bytes().get(..half).expect("a third");
            let problem = failed(row, Ok(plain(200, row.content_type, body)));
            assert!(matches!(problem.fault, Fault::Protocol { .. }), "{problem:?}");
            assert_eq!(problem.sent, Sent::Unknown);
        }
        "wrong_charset" => {
            let latin: Vec<u8> = row
                .good
                .chars()
                .map(|letter| u8::try_from(u32::from(letter)).expect("Latin 1"))
                .collect();
            let told = taken(row, plain(200, row.content_type, latin));
            assert!(told.starts_with("SR-1"), "{told}");
            assert!(told.contains("André") || !told.contains("Andr"), "{told}");
        }
        "wrong_content_type" => {
            for kind in ["text/html", "application/octet-stream", "application/json", ""] {
                assert!(taken(row, plain(200, kind, &row.good)).starts_with("SR-1"), "{kind}");
            }
        }
        "empty" => {
            for body in ["", " \n", "\u{feff}"] {
                let problem = failed(row, Ok(plain(200, row.content_type, body)));
                assert!(matches!(problem.fault, Fault::Protocol { .. }), "{problem:?}");
                assert_eq!(problem.sent, Sent::Unknown);
            }
        }
        "fifty_megabytes" => {
            let problem = failed(row, network(Fault::TooLarge, Sent::Yes));
            assert_eq!(problem.fault, Fault::TooLarge);
            assert_ne!(problem.sent, Sent::No, "it may have been taken in");
        }
        "doubled_keys" => assert!(taken(row, plain(200, row.content_type, &row.doubled)).starts_with("SR-1")),
        "lists_of_one" => assert!(taken(row, plain(200, row.content_type, &row.listed)).starts_with("SR-1")),
        "nulls" => match deliver(row, Ok(plain(200, row.content_type, &row.nulls))) {
            End::Failed(problem) => assert_eq!(problem.sent, Sent::Unknown, "{problem:?}"),
            // A protocol in which an application may have no number.
            End::Taken(what) => assert!(!what.starts_with("SR-1") && row.adapter == "open311", "{what}"),
        },
        other => panic!("no such fault: {other}"),
    }
}

/// It was read and refused, in the backend's own words.
fn says(problem: &Problem, told: &str) {
    let Fault::Rejected { message, fields } = &problem.fault else {
        panic!("{problem:?}")
    };
    assert!(
        message.contains(told) || fields.iter().any(|refusal| refusal.message.contains(told)),
        "{problem:?}"
    );
    assert_eq!(problem.sent, Sent::Yes);
}

macro_rules! faults {
    ($row:ident: $($fault:ident)*) => {
        mod $row {
            $(#[test]
            fn $fault() {
                super::cell(&super::$row(), stringify!($fault));
            })*
        }
    };
}

macro_rules! fault_matrix {
    ($($row:ident)*) => {
        mod fault_matrix {
            use super::*;
            $(faults!($row:
                refused dns reset_in_the_answer timeout_before_sending timeout_after_sending
                status_401 status_403 status_404 status_413 refused_field status_429 status_500
                status_502_with_a_page success_that_is_an_error truncated wrong_charset wrong_content_type
                empty fifty_megabytes doubled_keys lists_of_one nulls);)*
        }
    };
}

fault_matrix!(open311 opendk mapped_json mapped_envelope mapped_chain mapped_soap mapped_pages);
