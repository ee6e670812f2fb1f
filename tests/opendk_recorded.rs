//! The `opendk` adapter against recorded answers: complaints to a district whose list says too much.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an outcome that is not what it must be fails the test where it is read"
)]

#[path = "recorded/mod.rs"]
mod recorded;

use pendopo::adapters::http::Response;
use pendopo::adapters::{self, Adapter, Fact, Intent, Known, Outcome, Reconciled, Step, Submission};
use pendopo::model::answers::{Answer, Answers, FileAnswer};
use pendopo::model::case::Acknowledgement;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::region::Backend;
use pendopo::model::secret::Secret;
use pendopo::model::status::{Outcome as Ended, Phase};
use pendopo::model::time::Timestamp;
use proptest::prelude::*;
use recorded::*;
use serde_json::{Value, json};

const NIK: &str = "3404014102900007";
const OTHER: &str = "3404010102900008";
const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";

fn adapter() -> Box<dyn Adapter> {
    let backend: Backend = serde_json::from_value(json!({
        "id": "kapanewon", "name": "X", "office": "Y", "adapter": "opendk", "profile": {"categories": {"1": "Jalan"}},
    }))
    .expect("a backend");
    let (adapter, wrong) = adapters::compile(&"34.04/kapanewon".parse().expect("an id"), &backend, 420);
    assert_eq!(wrong, Vec::new());
    adapter.expect("an adapter")
}

fn row(number: &str, status: &str) -> Value {
    json!({"type": "komplain", "id": "7", "attributes": {"komplain_id": number, "judul": "Jalan Mawar", "slug": "x",
        "laporan": "Depan rumah saya", "status": status, "kategori": 1, "nik": NIK, "nama": "Siti Rahayu", "anonim": 0,
        "dilihat": 3, "lampiran1": "http://x/y.jpg", "detail_penduduk": "{\"alamat\":\"Dusun Krajan\"}",
        "created_at": "2026-05-01T03:04:05.000000Z", "updated_at": "2026-05-02T03:04:05.000000Z"}})
}

fn page(rows: Value, number: u32, pages: u32) -> Response {
    let body = json!({"data": rows, "meta": {"pagination": {"current_page": number, "total_pages": pages}}});
    answer(200, &body.to_string())
}

fn track(number: &str, nik: Option<&str>) -> Intent {
    Intent::Track {
        acknowledgement: Acknowledgement::Reference(number.parse().expect("a reference")),
        second_fact: nik.map(|nik| Secret::new(nik.to_owned())),
    }
}

fn complaint() -> Submission {
    let form = match play(
        &*adapter(),
        Intent::Form {
            service: "komplain".parse().expect("a code"),
        },
        Vec::new(),
    )
    .outcome()
    {
        (Outcome::Form(form), _) => form,
        other => panic!("{other:?}"),
    };
    assert_eq!(pendopo::forms::compile(&form).1, Vec::new());
    let file = |id: &str| FileAnswer {
        id: id.parse().expect("an id"),
        name: "a.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 3,
        was: None,
    };
    let files = vec![
        file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11"),
        file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a12"),
    ];
    let answers = [
        ("nik", Answer::Text("3404 0141 0290 0007".to_owned())),
        ("judul", Answer::Text("Jalan Mawar".to_owned())),
        ("kategori", Answer::Text("1".to_owned())),
        ("lampiran", Answer::Files(files)),
    ];
    Submission {
        id: APPLICATION.parse().expect("an id"),
        service: "komplain".parse().expect("a code"),
        form,
        answers: Answers(answers.map(|(field, answer)| (field.to_owned(), answer)).into()),
        completes: None,
    }
}

#[test]
fn a_complaint_bears_its_senders_nik_and_the_case_is_kept_with_it() {
    let created = json!({"data": row("123456", "REVIEW")["attributes"], "message": "Komplain berhasil dikirim."});
    let play = play(
        &*adapter(),
        Intent::Submit(complaint()),
        vec![answer(201, &created.to_string())],
    );
    let sent = body(&play.requests[0]);
    for part in [
        "name=\"nik\"\r\n\r\n3404014102900007",
        "name=\"lampiran1\"",
        "name=\"lampiran2\"",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert_eq!(play.requests[0].key.as_deref(), Some(APPLICATION));
    let Step::Done {
        outcome,
        facts,
        diagnostics,
    } = play.end
    else {
        panic!("{:?}", play.end);
    };
    assert_eq!(diagnostics, Vec::new());
    let expected = Outcome::Submitted {
        acknowledgement: Acknowledgement::Reference("123456".parse().expect("a reference")),
        notice: "Komplain berhasil dikirim.".to_owned(),
    };
    assert_eq!(outcome, expected);
    assert_eq!(
        facts,
        [Fact {
            name: "nik".to_owned(),
            value: NIK.to_owned()
        }]
    );
}

#[test]
fn only_who_knows_the_nik_is_told_and_nothing_of_a_person_is_told_to_anybody() {
    let list = || {
        vec![
            page(json!([row("111111", "BELUM")]), 1, 2),
            page(json!([row("123456", "PROSES")]), 2, 2),
        ]
    };
    let play = play(&*adapter(), track("123456", Some("3404 0141 0290 0007")), list());
    assert_eq!(play.requests[1].query[0].1, "2");
    let debug = format!("{:?}", play.end);
    for private in [NIK, "Siti", "Krajan", "rumah", "Mawar", "y.jpg"] {
        assert!(!debug.contains(private), "{private} in {debug}");
    }
    let (case, notes) = play.case();
    assert_eq!(notes, Vec::new());
    assert_eq!(
        (case.status.phase, case.status.code.as_str()),
        (Phase::InProgress, "PROSES")
    );
    assert_eq!(case.timeline.len(), 2);
    for nik in [Some(OTHER), Some(""), Some("340401410290000"), None] {
        let answers = if nik == Some(OTHER) { list() } else { Vec::new() };
        let problem = recorded::play(&*adapter(), track("123456", nik), answers).problem();
        assert_eq!(problem, Problem::unsent(Fault::NotFound), "{nik:?}");
    }
}

#[test]
fn a_row_without_a_nik_is_shown_to_nobody() {
    let mut bare = row("123456", "PROSES");
    for nik in [Value::Null, json!("")] {
        bare["attributes"]["nik"] = nik;
        let problem = play(&*adapter(), track("123456", Some(NIK)), vec![page(json!([bare]), 1, 1)]).problem();
        assert_eq!(problem.fault, Fault::NotFound);
    }
}

#[test]
fn what_the_list_hides_is_not_guessed_and_looks_like_what_is_not_there() {
    let facts = |nik: &str| {
        [Fact {
            name: "nik".to_owned(),
            value: nik.to_owned(),
        }]
    };
    let look = |nik: &str, rows: Value| {
        let facts = facts(nik);
        let known = Known::from(facts.as_slice());
        play_known(&*adapter(), track("123456", None), known, vec![Ok(page(rows, 1, 1))]).case()
    };
    let (hidden, notes) = look(NIK, json!([]));
    assert_eq!((hidden.status.phase, hidden.status.code.as_str()), (Phase::Unknown, ""));
    assert_eq!(notes.len(), 1);
    let (another, _) = look(OTHER, json!([row("123456", "PROSES")]));
    assert_eq!(another, hidden, "another's looks the same");
    let (shown, _) = look(NIK, json!([row("123456", "SELESAI")]));
    assert_eq!(
        (shown.status.phase, shown.status.outcome),
        (Phase::Closed, Ended::Resolved)
    );
    let intent = Intent::Reconcile {
        submission: complaint(),
        since: Timestamp(0),
    };
    assert_eq!(
        play(&*adapter(), intent, Vec::new()).outcome().0,
        Outcome::Reconciled(Reconciled::CannotTell)
    );
}

#[test]
fn refusals_of_every_shape_are_read_and_say_no_nik() {
    let send =
        |status: u16, body: &str| play(&*adapter(), Intent::Submit(complaint()), vec![answer(status, body)]).problem();
    let problem = send(
        422,
        r#"{"errors":{"nik":["Isian nik wajib diisi."],"lampiran2":["Terlalu besar."]}}"#,
    );
    let Fault::Rejected { fields, .. } = &problem.fault else {
        panic!("{problem:?}");
    };
    let named: Vec<&str> = fields.iter().map(|refused| refused.field.as_str()).collect();
    assert_eq!(
        (named.as_slice(), problem.sent),
        (["nik", "lampiran"].as_slice(), Sent::Yes)
    );
    let echo = format!(r#"{{"errors":{{"message":"Penduduk dengan nik {NIK} tidak ditemukan"}}}}"#);
    let problem = send(422, &echo);
    assert!(!format!("{problem:?}").contains(NIK));
    assert!(
        matches!(problem.fault, Fault::Rejected { message, .. } if message == "Penduduk dengan nik … tidak ditemukan")
    );
    let bare = send(500, "\"Terjadi kesalahan pada server\"");
    assert!(matches!(bare.fault, Fault::Upstream { message, .. } if message == "Terjadi kesalahan pada server"));
    for (status, body) in [(201, "{}"), (200, "<html>"), (200, ""), (201, "\"ok\"")] {
        assert_eq!(send(status, body).sent, Sent::Unknown, "{status} {body}");
    }
}

#[test]
fn what_it_can_do_says_what_must_be_known() {
    let capabilities = adapter().capabilities();
    assert!(capabilities.track && capabilities.submit && !capabilities.reconcile && !capabilities.list);
    assert!(capabilities.second_fact.expect("a second fact").digits);
}

fn endure(answer: &Result<Response, Problem>) {
    for intent in [
        Intent::Submit(complaint()),
        track("123456", Some(NIK)),
        Intent::Catalogue,
        Intent::List,
    ] {
        let adapter = adapter();
        let mut conversation = adapter.start(intent, Known::default());
        let mut step = conversation.begin();
        let mut steps = 0;
        while let Step::Send { .. } = step {
            steps += 1;
            assert!(steps <= 20, "a conversation that does not end");
            step = conversation.resume(answer.clone());
        }
        assert!(
            matches!(conversation.resume(answer.clone()), Step::Failed(_)),
            "what is over stays over"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_and_any_damage_end_every_conversation(
        status in prop_oneof![Just(200_u16), Just(201), 100_u16..600],
        body in proptest::collection::vec(any::<u8>(), 0..200),
        cut in any::<prop::sample::Index>(),
        change in (any::<prop::sample::Index>(), any::<u8>()),
    ) {
        endure(&Ok(Response { status, headers: Vec::new(), body }));
        let mut whole = page(json!([row("1", "X"), {"id": []}]), 1, 999);
        let at = change.0.index(whole.body.len());
        whole.body[at] = change.1;
        whole.body.truncate(cut.index(whole.body.len() + 1));
        endure(&Ok(whole));
    }
}

#[test]
fn whole_answers_and_a_transport_that_always_fails_end_every_conversation() {
    endure(&Ok(page(json!([row("1", "X")]), 1, 999)));
    endure(&Err(Problem::unsent(Fault::Unreachable)));
}
