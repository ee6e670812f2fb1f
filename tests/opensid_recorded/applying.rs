//! Applications, their documents, completions, complaints; and finding out whether one arrived.

use pendopo::adapters::http::{Method, Response};
use pendopo::adapters::{Fact, Intent, Outcome, Reconciled, Submission};
use pendopo::model::case::Acknowledgement;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::time::Timestamp;
use serde_json::{Value, json};

use crate::harness::*;

fn number(text: &str) -> Acknowledgement {
    Acknowledgement::Reference(text.parse().expect("a reference"))
}

fn uploaded() -> Response {
    data(item(
        "dokumen",
        57,
        json!({"nama": "ktp.pdf", "jenis_dokumen": "Kartu Tanda Penduduk", "file": "http://x/y.pdf"}),
    ))
}

/// What the list holds before.
fn before() -> Response {
    page(
        json!([row(
            4,
            "Keterangan Usaha",
            "Sudah Diambil",
            "2024-01-02T03:04:05.000000Z"
        )]),
        1,
        1,
    )
}

fn facts() -> Vec<Fact> {
    [
        ("letter", "192\nKeterangan Usaha"),
        ("before", "4"),
        ("document 8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11", "57"),
    ]
    .map(|(name, value)| Fact {
        name: name.to_owned(),
        value: value.to_owned(),
    })
    .to_vec()
}

fn submitted(play: Play) -> (Acknowledgement, String) {
    match play.outcome() {
        (
            Outcome::Submitted {
                acknowledgement,
                notice,
            },
            _,
        ) => (acknowledgement, notice),
        other => panic!("{other:?}"),
    }
}

fn arrived() -> Response {
    data(row(
        7,
        "Keterangan Usaha",
        "Sedang Diperiksa",
        "2026-05-01T03:04:05.000000Z",
    ))
}

#[test]
fn an_application_is_looked_up_remembered_documented_and_sent() {
    let play = ask(
        json!({}),
        Intent::Submit(application()),
        vec![data(json!([usaha()])), before(), uploaded(), arrived()],
    );
    assert_eq!(
        play.paths(),
        [
            "layanan-mandiri/surat/jenis-permohonan",
            "layanan-mandiri/surat/permohonan",
            "layanan-mandiri/surat/unggah-dokumen",
            "layanan-mandiri/surat/surat-keterangan-usaha/permohonan",
        ]
    );
    assert_eq!(play.facts, facts(), "each is kept before the request that needs it");
    let upload = &play.requests[2];
    assert_eq!(upload.key.as_deref(), Some([APPLICATION, "-", FILE].concat().as_str()));
    let sent = body(upload);
    for part in [
        "name=\"nama_dokumen\"\r\n\r\nktp.pdf",
        "name=\"syarat\"\r\n\r\n1",
        "filename=\"ktp.pdf\"",
        FILE,
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    let last = &play.requests[3];
    assert_eq!((last.method, last.key.as_deref()), (Method::Post, Some(APPLICATION)));
    let sent = pairs(&body(last));
    assert_eq!(value(&sent, "id_surat"), "192");
    assert_eq!(value(&sent, "url_surat"), "surat-keterangan-usaha");
    assert_eq!(value(&sent, "nama_usaha"), "Warung Bu Siti");
    assert_eq!(value(&sent, "no_hp_aktif"), "081234567890");
    let answers: Value = serde_json::from_str(value(&sent, "isian_form")).expect("JSON");
    assert_eq!(
        answers["mulai_usaha"], "01-03-2020",
        "as the village's own page writes it"
    );
    assert_eq!(answers["keperluan"], "Pinjaman & modal");
    let documents: Value = serde_json::from_str(value(&sent, "syarat")).expect("JSON");
    assert_eq!(
        documents,
        json!({"1": "57", "3": "-1"}),
        "what is missing is brought to the office"
    );
    assert_eq!(submitted(play), (number("7"), String::new()));
}

#[test]
fn what_was_won_is_not_won_again() {
    let all = ask_with(json!({}), Intent::Submit(application()), &facts(), vec![Ok(arrived())]);
    assert_eq!(all.paths(), ["layanan-mandiri/surat/surat-keterangan-usaha/permohonan"]);
    assert_eq!(all.facts, Vec::new());
    let some = ask_with(
        json!({}),
        Intent::Submit(application()),
        &facts()[..2],
        vec![Ok(uploaded()), Ok(arrived())],
    );
    assert_eq!(some.requests.len(), 2);
}

#[test]
fn a_refused_document_is_refused_at_its_field() {
    let refused = r#"{"message":"x","errors":{"file":["Isian file harus berupa PDF."]}}"#;
    let problem = ask_with(
        json!({}),
        Intent::Submit(application()),
        &facts()[..2],
        vec![Ok(answer(422, refused))],
    )
    .problem();
    let Fault::Rejected { fields, .. } = problem.fault else {
        panic!("{problem:?}");
    };
    assert_eq!(fields[0].field, "syarat[1]");
    assert!(fields[0].message.contains("Isian file harus berupa PDF."));
}

#[test]
fn refusals_name_our_fields_and_anything_else_is_unknown() {
    let send = |answer: Result<Response, Problem>| {
        ask_with(json!({}), Intent::Submit(application()), &facts(), vec![answer]).problem()
    };
    let body = r#"{"message":"Data tidak valid.","errors":{"nama_usaha":["Wajib diisi."],"isian_form.keperluan":["Terlalu panjang."],"id_surat":["Salah."]}}"#;
    let problem = send(Ok(answer(422, body)));
    assert_eq!(problem.sent, Sent::Yes);
    let Fault::Rejected { fields, message } = problem.fault else {
        panic!("not rejected");
    };
    let named: Vec<&str> = fields.iter().map(|refused| refused.field.as_str()).collect();
    assert_eq!(named, ["nama_usaha", "keperluan"]);
    assert!(message.contains("Salah."));
    for (status, body) in [
        (500, "{\"message\":\"Server Error\"}"),
        (200, "<html>"),
        (200, "[]"),
        (200, "{\"data\":[]}"),
        (302, ""),
    ] {
        assert_eq!(send(Ok(answer(status, body))).sent, Sent::Unknown, "{status} {body}");
    }
    let denied = send(Ok(answer(200, r#"{"status":false,"message":"Layanan ditutup"}"#)));
    assert!(matches!(denied.fault, Fault::Rejected { message, .. } if message == "Layanan ditutup"));
    let broken = Problem {
        fault: Fault::Timeout,
        sent: Sent::Unknown,
    };
    assert_eq!(send(Err(broken.clone())), broken);
}

#[test]
fn an_answer_without_a_number_leads_to_the_list() {
    let said = || answer(200, r#"{"code":200,"messages":"Permohonan diterima."}"#);
    let new = |rows: Value| vec![Ok(said()), Ok(page(rows, 1, 1))];
    let old = || row(4, "Keterangan Usaha", "Sudah Diambil", "2024-01-02T03:04:05.000000Z");
    let fresh = |id| {
        row(
            id,
            "Keterangan Usaha",
            "Sedang Diperiksa",
            "2026-05-01T03:04:05.000000Z",
        )
    };
    let send = |rows| submitted(ask_with(json!({}), Intent::Submit(application()), &facts(), new(rows)));
    let notice = "Permohonan diterima.".to_owned();
    assert_eq!(send(json!([fresh(9), old()])), (number("9"), notice.clone()));
    assert_eq!(
        send(json!([fresh(9), fresh(8), old()])),
        (Acknowledgement::Nothing, notice.clone())
    );
    // It has arrived, even if the list cannot be had.
    let answers = vec![Ok(said()), Ok(answer(500, ""))];
    let play = ask_with(json!({}), Intent::Submit(application()), &facts(), answers);
    assert_eq!(submitted(play), (Acknowledgement::Nothing, notice));
}

fn reconcile(submission: Submission, facts: &[Fact], answers: Vec<Response>) -> Reconciled {
    let intent = Intent::Reconcile {
        submission,
        since: Timestamp(1_777_604_000_000),
    };
    match ask_with(
        json!({"complete": "put"}),
        intent,
        facts,
        answers.into_iter().map(Ok).collect(),
    )
    .outcome()
    {
        (Outcome::Reconciled(found), _) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_list_decides_only_where_it_can() {
    let old = || row(4, "Keterangan Usaha", "Sudah Diambil", "2024-01-02T03:04:05.000000Z");
    let new = |id, letter: &str| row(id, letter, "Sedang Diperiksa", "2026-05-01T03:04:05.000000Z");
    let look = |rows: Value| reconcile(application(), &facts(), vec![page(rows, 1, 1)]);
    assert_eq!(
        look(json!([new(9, "Keterangan Usaha"), old()])),
        Reconciled::Arrived(number("9"))
    );
    assert_eq!(
        look(json!([new(9, "KETERANGAN USAHA")])),
        Reconciled::Arrived(number("9"))
    );
    assert_eq!(look(json!([new(9, "Keterangan Domisili"), old()])), Reconciled::Absent);
    assert_eq!(look(json!([])), Reconciled::Absent);
    assert_eq!(
        look(json!([new(9, "Keterangan Usaha"), new(10, "Keterangan Usaha")])),
        Reconciled::CannotTell
    );
    assert_eq!(
        look(json!([new(9, "")])),
        Reconciled::CannotTell,
        "nobody knows which letter it is"
    );
    let pages = vec![
        page(json!([new(9, "Keterangan Usaha")]), 1, 2),
        page(json!([old()]), 2, 2),
    ];
    assert_eq!(
        reconcile(application(), &facts(), pages),
        Reconciled::Arrived(number("9"))
    );
    let endless = (1..=20).map(|at| page(json!([old()]), at, 99)).collect();
    assert_eq!(reconcile(application(), &facts(), endless), Reconciled::CannotTell);
    // Nobody looked before: a row may have been there all along.
    let rows = vec![page(json!([new(9, "Keterangan Usaha")]), 1, 1)];
    assert_eq!(reconcile(application(), &facts()[..1], rows), Reconciled::CannotTell);
    assert_eq!(reconcile(application(), &[], Vec::new()), Reconciled::CannotTell);
}

#[test]
fn a_list_without_an_end_does_not_hold_an_application_back() {
    let endless = (1..=20).map(|at| page(json!([row(at, "X", "Dibatalkan", "2024-01-02")]), at, 99));
    let answers: Vec<Response> = [data(json!([usaha()]))]
        .into_iter()
        .chain(endless)
        .chain([uploaded(), arrived()])
        .collect();
    let play = ask(json!({}), Intent::Submit(application()), answers);
    assert!(play.facts.iter().all(|fact| fact.name != "before"));
    assert_eq!(submitted(play).0, number("7"));
}

fn completing() -> Submission {
    Submission {
        completes: Some("7".parse().expect("a reference")),
        ..application()
    }
}

#[test]
fn a_completion_puts_the_answers_and_is_checked_by_its_status() {
    let put = |answer: Response, more: Vec<Response>| {
        let answers = [answer].into_iter().chain(more).map(Ok).collect();
        ask_with(
            json!({"complete": "put"}),
            Intent::Submit(completing()),
            &facts(),
            answers,
        )
    };
    let play = put(arrived(), Vec::new());
    assert_eq!(play.requests[0].method, Method::Put);
    assert_eq!(play.paths(), ["layanan-mandiri/surat/7/permohonan"]);
    assert_eq!(play.requests[0].body.content_type, "application/x-www-form-urlencoded");
    assert_eq!(submitted(play).0, number("7"));
    // A release is known that cancels by the same request.
    let cancelled = || {
        data(json!([row(
            7,
            "Keterangan Usaha",
            "Dibatalkan",
            "2026-05-01T03:04:05.000000Z"
        )]))
    };
    let said = answer(
        200,
        r#"{"code":200,"messages":"Permohonan surat berhasil dibatalkan."}"#,
    );
    let play = put(said, vec![cancelled()]);
    assert_eq!(play.requests[1].query, [("filter[id]".to_owned(), "7".to_owned())]);
    let problem = play.problem();
    assert!(matches!(problem.fault, Fault::Rejected { message, .. } if message.contains("dibatalkan")));
    // So where the profile does not vouch for it, nothing is sent.
    let play = ask_with(json!({}), Intent::Submit(completing()), &facts(), Vec::new());
    assert_eq!(play.problem().sent, Sent::No);
}

#[test]
fn a_completion_arrived_when_nothing_is_missing_any_more() {
    let look = |status: &str| {
        let rows = data(json!([row(
            7,
            "Keterangan Usaha",
            status,
            "2026-05-01T03:04:05.000000Z"
        )]));
        reconcile(completing(), &facts(), vec![rows])
    };
    assert_eq!(look("Sedang Diperiksa"), Reconciled::Arrived(number("7")));
    assert_eq!(look("Belum Lengkap"), Reconciled::Absent);
    assert_eq!(look("Entah"), Reconciled::CannotTell);
    assert_eq!(
        reconcile(completing(), &facts(), vec![data(json!([]))]),
        Reconciled::CannotTell
    );
}

fn complaint() -> Submission {
    let form = match ask(
        json!({}),
        Intent::Form {
            service: "pengaduan".parse().expect("a code"),
        },
        Vec::new(),
    )
    .outcome()
    {
        (Outcome::Form(form), _) => form,
        other => panic!("{other:?}"),
    };
    submission(
        "pengaduan",
        form,
        &[
            ("judul", text("Lampu mati")),
            ("isi", text("Lampu jalan mati tiga malam.")),
            ("email", text("siti@contoh.example")),
            ("telepon", text("081234567890")),
            ("file", file("lampu.jpg")),
        ],
    )
}

fn complained(id: u32, title: &str, text: &str) -> Value {
    item(
        "pengaduan",
        id,
        json!({"judul": title, "isi": text, "status": "Menunggu Diproses", "created_at": "2026-05-01T03:04:05.000000Z"}),
    )
}

#[test]
fn a_complaint_goes_with_its_file_and_is_found_in_the_citizens_own_list() {
    let answers = vec![
        page(json!([complained(3, "Lampu mati", "Yang lain")]), 1, 1),
        answer(200, r#"{"status":true,"message":"success"}"#),
        page(
            json!([
                complained(3, "Lampu mati", "Yang lain"),
                complained(5, "Lampu mati", "Lampu jalan  mati tiga malam.")
            ]),
            1,
            1,
        ),
    ];
    let play = ask(json!({}), Intent::Submit(complaint()), answers);
    assert_eq!(
        play.paths(),
        [
            "layanan-mandiri/pengaduan",
            "layanan-mandiri/pengaduan/store",
            "layanan-mandiri/pengaduan"
        ]
    );
    let sent = body(&play.requests[1]);
    for part in [
        "name=\"judul\"\r\n\r\nLampu mati",
        "name=\"file\"; filename=\"lampu.jpg\"",
        FILE,
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert_eq!(submitted(play), (number("pengaduan/5"), String::new()));
    let before = [Fact {
        name: "before".to_owned(),
        value: "3".to_owned(),
    }];
    let look = |rows: Value| reconcile(complaint(), &before, vec![page(rows, 1, 1)]);
    assert_eq!(
        look(json!([complained(5, "Lampu mati", "Lampu jalan mati tiga malam.")])),
        Reconciled::Arrived(number("pengaduan/5"))
    );
    assert_eq!(
        look(json!([complained(5, "Lampu mati", "Yang ketiga")])),
        Reconciled::Absent
    );
    assert_eq!(look(json!([complained(5, "Lampu mati", "")])), Reconciled::CannotTell);
}
