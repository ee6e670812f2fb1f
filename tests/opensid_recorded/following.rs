//! What a citizen has at the village: one case, all of them, and finished letters.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Intent, Outcome};
use pendopo::model::case::{Acknowledgement, Case};
use pendopo::model::problem::Fault;
use pendopo::model::status::{Outcome as Ended, Phase};
use serde_json::{Value, json};

use crate::harness::*;

fn track(number: &str) -> Intent {
    Intent::Track {
        acknowledgement: Acknowledgement::Reference(number.parse().expect("a reference")),
        second_fact: None,
    }
}

const SENT: &str = "2026-05-01T03:04:05.000000Z";

fn tracked(profile: Value, status: Value, more: Vec<Response>) -> (Case, usize) {
    let mut row = row(7, "Keterangan Usaha", "", SENT);
    row["attributes"]["status"] = status;
    let answers = [data(json!([row]))].into_iter().chain(more).collect();
    let play = ask(profile, track("7"), answers);
    assert_eq!(play.requests[0].query, [("filter[id]".to_owned(), "7".to_owned())]);
    let (case, notes) = play.case();
    (case, notes.len())
}

#[test]
fn a_status_is_known_by_its_label_whatever_release_it_is_of() {
    let archive = || vec![page(json!([]), 1, 1)];
    for (label, phase, outcome) in [
        ("Sedang diperiksa", Phase::InReview, Ended::None),
        ("Sedang Diperiksa", Phase::InReview, Ended::None),
        ("Belum lengkap", Phase::NeedsCitizen, Ended::None),
        ("Belum Lengkap", Phase::NeedsCitizen, Ended::None),
        ("Menunggu Tandatangan", Phase::InProgress, Ended::None),
        ("Siap diambil/diantar", Phase::Ready, Ended::None),
        ("Siap Diambil", Phase::Ready, Ended::None),
        ("Sudah Diambil", Phase::Closed, Ended::Granted),
        ("Dibatalkan", Phase::Closed, Ended::Withdrawn),
        ("Diteruskan ke camat", Phase::Unknown, Ended::None),
    ] {
        let written = phase == Phase::Ready || outcome == Ended::Granted;
        let more = if written { archive() } else { Vec::new() };
        let (case, _) = tracked(json!({}), json!(label), more);
        assert_eq!(
            (case.status.phase, case.status.outcome, case.status.code.as_str()),
            (phase, outcome, label)
        );
    }
}

#[test]
fn a_bare_number_is_nobodys_status_unless_the_profile_says_so() {
    for number in [0, 1, 2, 3, 4, 5, 9] {
        let (case, _) = tracked(json!({}), json!(number), Vec::new());
        assert_eq!(
            (case.status.phase, case.status.code),
            (Phase::Unknown, number.to_string())
        );
    }
    let (case, _) = tracked(json!({"status": {"0": "needs_citizen"}}), json!(0), Vec::new());
    assert_eq!(case.status.phase, Phase::NeedsCitizen);
}

#[test]
fn what_is_missing_is_said_in_the_offices_words_and_no_one_is_named() {
    let mut row = row(7, "Keterangan Usaha", "Belum Lengkap", SENT);
    row["attributes"]["alasan"] = json!("KTP tidak terbaca.");
    row["attributes"]["isi_baru"] = json!("x");
    let play = ask(json!({}), track("7"), vec![data(json!([row]))]);
    let (case, notes) = play.case();
    assert_eq!(case.timeline.len(), 2);
    assert_eq!(case.timeline[0].at, case.received);
    assert_eq!(case.timeline[1].remark, "KTP tidak terbaca.");
    assert_eq!(case.service_name, "Keterangan Usaha");
    assert!(!format!("{case:?}").contains("Siti"));
    assert_eq!(
        paths(&notes),
        ["/data/0/attributes/isi_baru"],
        "what nobody reads is told"
    );
}

#[test]
fn another_case_is_never_shown() {
    for rows in [json!([]), json!([row(8, "X", "Dibatalkan", SENT)])] {
        let problem = ask(json!({}), track("7"), vec![data(rows)]).problem();
        assert_eq!(problem.fault, Fault::NotFound);
    }
    let problem = ask(json!({}), track("7"), vec![answer(200, "{\"message\":\"x\"}")]).problem();
    assert!(matches!(problem.fault, Fault::Protocol { .. }));
}

fn archived(id: u32, letter: &str, number: &str, on: &str) -> Value {
    item(
        "arsip",
        id,
        json!({"nomor_surat": number, "jenis_surat": letter, "nama_pamong": "Lurah", "tanggal": on}),
    )
}

#[test]
fn a_written_letter_is_found_in_the_archive_by_its_kind_and_day() {
    let archive = page(
        json!([
            archived(31, "Keterangan Usaha", "500/1/2025", "2025-02-03 10:00:00"),
            archived(32, "Keterangan Usaha", "500/9/2026", "2026-05-01"),
            archived(33, "Keterangan Domisili", "470/2/2026", "2026-05-02 10:00:00"),
        ]),
        1,
        1,
    );
    let (case, _) = tracked(json!({}), json!("Siap Diambil"), vec![archive]);
    let documents: Vec<(&str, &str)> = case
        .documents
        .iter()
        .map(|document| (document.label.as_str(), document.handle.as_str()))
        .collect();
    assert_eq!(documents, [("Keterangan Usaha, 500/9/2026", "32")]);
    let (case, notes) = tracked(json!({}), json!("Siap Diambil"), vec![answer(500, "")]);
    assert_eq!(
        (case.documents.len(), notes),
        (0, 1),
        "an archive that fails is done without"
    );
}

#[test]
fn a_finished_letter_is_a_pdf_or_nothing() {
    let intent = || Intent::Document {
        reference: "7".parse().expect("a reference"),
        handle: "32".to_owned(),
    };
    let play = ask(json!({}), intent(), vec![answer(200, "%PDF-1.4 x")]);
    assert_eq!(play.paths(), ["layanan-mandiri/surat/32/unduh"]);
    let (outcome, _) = play.outcome();
    let expected = Outcome::Document {
        name: "surat-32.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        bytes: b"%PDF-1.4 x".to_vec(),
    };
    assert_eq!(outcome, expected);
    for page in ["<html>Masuk</html>", "", "{}"] {
        let problem = ask(json!({}), intent(), vec![answer(200, page)]).problem();
        assert!(matches!(problem.fault, Fault::Protocol { .. }), "{page}");
    }
    let gone = ask(
        json!({}),
        intent(),
        vec![answer(404, r#"{"message":"Surat tidak ditemukan."}"#)],
    )
    .problem();
    assert_eq!(gone.fault, Fault::NotFound);
    let escape = Intent::Document {
        reference: "7".parse().expect("a reference"),
        handle: "../../auth/login?".to_owned(),
    };
    let play = ask(json!({}), escape, vec![answer(404, "")]);
    assert_eq!(play.paths(), ["layanan-mandiri/surat/..%2F..%2Fauth%2Flogin%3F/unduh"]);
}

fn complaint(id: u32, status: Value) -> Value {
    item(
        "pengaduan",
        id,
        json!({"nama": "Siti Rahayu", "email": "s@x.example", "telepon": "0812", "judul": "Lampu", "isi": "Mati",
            "status": status, "created_at": SENT}),
    )
}

#[test]
fn a_complaint_is_looked_for_in_ones_own_list_before_its_answers_are_read() {
    let mut answered = complaint(6, json!(2));
    answered["attributes"]["id_pengaduan"] = json!(5);
    answered["attributes"]["isi"] = json!("Petugas datang besok.");
    answered["attributes"]["created_at"] = json!("2026-05-02T03:04:05.000000Z");
    let play = ask(
        json!({}),
        track("pengaduan/5"),
        vec![
            page(json!([complaint(5, json!("Sedang Diproses"))]), 1, 1),
            data(json!([complaint(5, json!("Sedang Diproses")), answered])),
        ],
    );
    assert_eq!(
        play.paths(),
        ["layanan-mandiri/pengaduan", "layanan-mandiri/pengaduan/detail"]
    );
    assert_eq!(play.requests[1].query, [("id".to_owned(), "5".to_owned())]);
    let (case, notes) = play.case();
    assert_eq!(notes, Vec::new());
    assert_eq!(case.status.phase, Phase::InProgress);
    let remarks: Vec<&str> = case.timeline.iter().map(|step| step.remark.as_str()).collect();
    assert_eq!(remarks, ["", "Petugas datang besok.", ""]);
    for private in ["Siti", "0812", "s@x", "Mati", "Lampu"] {
        assert!(!format!("{case:?}").contains(private), "{private}");
    }
    // The server would show anybody's; it is not asked for one that is not in the list.
    let play = ask(
        json!({}),
        track("pengaduan/99"),
        vec![page(json!([complaint(5, json!(1))]), 1, 1)],
    );
    assert_eq!(play.requests.len(), 1);
    assert_eq!(play.problem().fault, Fault::NotFound);
}

#[test]
fn complaints_are_known_by_number_too() {
    for (number, phase) in [(1, Phase::Submitted), (2, Phase::InProgress), (3, Phase::Closed)] {
        let answers = vec![page(json!([complaint(5, json!(number))]), 1, 1), answer(500, "")];
        let (case, notes) = ask(json!({}), track("pengaduan/5"), answers).case();
        assert_eq!((case.status.phase, notes.len()), (phase, 1));
    }
}

#[test]
fn all_that_a_citizen_has_is_listed_newest_first_with_letters_of_the_archive() {
    let answers = vec![
        page(json!([row(7, "Keterangan Usaha", "Siap Diambil", SENT)]), 1, 2),
        page(
            json!([row(
                4,
                "Keterangan Domisili",
                "Dibatalkan",
                "2024-01-02T03:04:05.000000Z"
            )]),
            2,
            2,
        ),
        page(json!([complaint(5, json!(1))]), 1, 1),
        page(
            json!([archived(32, "Keterangan Usaha", "500/9/2026", "2026-05-03 10:00:00")]),
            1,
            1,
        ),
    ];
    let play = ask(json!({}), Intent::List, answers);
    assert_eq!(value(&play.requests[0].query, "sort"), "-id");
    let (Outcome::Cases(cases), _) = play.outcome() else {
        panic!("no list");
    };
    let numbers: Vec<String> = cases
        .iter()
        .map(|case| case.reference.as_ref().expect("a number").as_str().to_owned())
        .collect();
    assert_eq!(numbers, ["7", "pengaduan/5", "4"]);
    assert_eq!(cases[0].documents.len(), 1);
    let few = ask(json!({"complaints": false}), Intent::List, vec![page(json!([]), 1, 1)]);
    assert_eq!(few.outcome().0, Outcome::Cases(Vec::new()));
}
