//! Whatever comes, a conversation ends, and nothing panics.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Intent, Known, Step};
use pendopo::model::case::Acknowledgement;
use pendopo::model::login::Credentials;
use pendopo::model::problem::{Fault, Problem};
use pendopo::model::secret::Secret;
use pendopo::model::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::*;

/// More than the pages of two lists, and the few requests beside them.
const MOST_STEPS: usize = 70;

fn intents() -> Vec<Intent> {
    let track = |number: &str| Intent::Track {
        acknowledgement: Acknowledgement::Reference(number.parse().expect("a reference")),
        second_fact: None,
    };
    let mut completing = application();
    completing.completes = Some("7".parse().expect("a reference"));
    let reconcile = |submission| Intent::Reconcile {
        submission,
        since: Timestamp(0),
    };
    vec![
        Intent::LogIn(Credentials {
            identifier: Secret::new("3404014102900007".to_owned()),
            proof: Secret::new("1234".to_owned()),
        }),
        Intent::Catalogue,
        Intent::Form {
            service: "surat-keterangan-usaha".parse().expect("a code"),
        },
        Intent::Submit(application()),
        Intent::Submit(completing.clone()),
        Intent::Submit(submission("pengaduan", application().form, &[("isi", text("x"))])),
        track("7"),
        track("pengaduan/7"),
        Intent::List,
        Intent::Document {
            reference: "7".parse().expect("a reference"),
            handle: "7".to_owned(),
        },
        reconcile(submission("pengaduan", application().form, &[("isi", text("x"))])),
        reconcile(completing),
    ]
}

/// Plays one answer over and over to every intent.
fn endure(answer: &Result<Response, Problem>) {
    let session = Secret::new(TOKEN.to_owned());
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    for profile in [
        json!({}),
        json!({"complete": "put", "documents": "optional", "per_page": 1}),
    ] {
        let adapter = adapter(profile);
        for intent in intents() {
            let mut conversation = adapter.start(intent, known);
            let mut step = conversation.begin();
            let (mut steps, mut changes) = (0, 0);
            while let Step::Send { request, .. } = step {
                steps += 1;
                changes += usize::from(request.key.is_some());
                assert!(steps < MOST_STEPS, "a conversation that does not end");
                assert!(changes <= 2, "an application that is sent again and again");
                step = conversation.resume(answer.clone());
            }
            assert!(
                matches!(conversation.resume(answer.clone()), Step::Failed(_)),
                "what is over stays over"
            );
        }
    }
}

fn whole() -> Vec<Value> {
    let rows = json!([
        usaha(), row(7, "Keterangan Usaha", "Siap Diambil", "2026-05-01T03:04:05.000000Z"),
        item("pengaduan", 7, json!({"judul": "", "isi": "x", "status": 1, "created_at": "2026-05-01"})),
        {"id": 7, "form_surat": "[{\"name\":\"syarat\",\"values\":[{\"value\":1}]}]", "slug": "surat-keterangan-usaha", "kode_isian": "["},
    ]);
    vec![
        json!({"data": rows, "meta": {"pagination": {"total_pages": 999}}}),
        json!({"data": rows, "links": {"next": "x"}}),
        json!({"data": {"attributes": {"access_token": {"token": "t", "expires_in": "1e9"}}}, "status": true}),
        json!({"code": 200, "messages": {"credential": ["x"]}}),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_under_any_status_end_every_conversation(
        status in prop_oneof![Just(200_u16), Just(201), Just(401), Just(403), Just(422), 100_u16..600],
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        endure(&Ok(Response { status, headers: Vec::new(), body }));
    }

    #[test]
    fn any_soup_of_the_protocols_words_ends_every_conversation(
        words in proptest::collection::vec(prop_oneof![
            Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just("\""), Just("\"data\":"), Just("\"id\":"),
            Just("\"attributes\":"), Just("7"), Just("null"), Just("\"kode_isian\":"), Just("\"status\":"),
            Just("\"messages\":"), Just("\"meta\":"), Just("\"é\""), Just("\"links\":{\"next\":1}"),
        ], 0..50),
    ) {
        endure(&Ok(answer(200, &words.concat())));
    }

    #[test]
    fn a_damaged_answer_ends_every_conversation(
        which in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let whole = whole();
        let mut body = which.get(&whole).to_string().into_bytes();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body.truncate(cut.index(body.len() + 1));
        endure(&Ok(Response { status: 200, headers: Vec::new(), body }));
    }
}

#[test]
fn whole_answers_and_a_transport_that_always_fails_end_every_conversation() {
    for body in whole() {
        endure(&Ok(answer(200, &body.to_string())));
    }
    endure(&Err(Problem::unsent(Fault::Unreachable)));
}
