//! Whatever comes, a conversation ends, and nothing panics.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Intent, Known, Step};
use pendopo::model::login::Credentials;
use pendopo::model::problem::{Fault, Problem};
use pendopo::model::secret::Secret;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::applicants::{application, profile};
use crate::recorded::answer;
use crate::tracking::{NUMBER, adapter, public, row, track};

const MOST_STEPS: usize = 60;

fn intents() -> Vec<Intent> {
    vec![
        Intent::LogIn(Credentials {
            identifier: Secret::new("x".to_owned()),
            proof: Secret::new("y".to_owned()),
        }),
        Intent::Catalogue,
        Intent::Form {
            service: "11".parse().expect("a code"),
        },
        Intent::Submit(application()),
        track(NUMBER),
        Intent::List,
    ]
}

fn endure(answer: &Result<Response, Problem>) {
    let session = Secret::new("t".to_owned());
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    for profile in [public(), profile(), json!({"applicants": {"app": true}, "report": 1})] {
        let adapter = adapter(profile);
        for intent in intents() {
            let mut conversation = adapter.start(intent, known);
            let mut step = conversation.begin();
            let mut steps = 0;
            while let Step::Send { .. } = step {
                steps += 1;
                assert!(steps < MOST_STEPS, "a conversation that does not end");
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
    let rows = json!([row(NUMBER, "A", "Proses", None), {"id": 11, "form_id": 1, "jenis_izin_id": 11, "data_kolom": "x", "options": "[{"}]);
    vec![
        json!({"success": true, "data": {"berkas": rows, "items": rows, "total_items": 9999, "limit": 1, "token": "t", "file_name": "f"}}),
        json!({"success": true, "data": rows}),
        json!({"success": false, "message": "x", "errors": {"a": {"b": ["c"]}}}),
        json!({"success": true, "data": "t"}),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_under_any_status_end_every_conversation(
        status in prop_oneof![Just(200_u16), Just(401), Just(422), 100_u16..600],
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        endure(&Ok(Response { status, headers: Vec::new(), body }));
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
