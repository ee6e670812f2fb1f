//! Whatever comes, a conversation ends, and nothing panics.

use std::path::Path;

use pendopo::adapters::http::Response;
use pendopo::adapters::{Adapter, Intent, Known, Step};
use pendopo::model::form::Form;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::time::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::*;

/// More than the pages that a profile may ask for, and the few requests beside them.
const MOST_STEPS: usize = 110;

fn intents() -> Vec<Intent> {
    let submission = || submission(Form::default(), &[("description", text("Lubang besar di depan pasar"))]);
    vec![
        Intent::Catalogue,
        Intent::Form {
            service: "12".parse().expect("a code"),
        },
        Intent::Submit(submission()),
        reference("638344"),
        token("tok/1"),
        Intent::Reconcile {
            submission: submission(),
            since: Timestamp(1_714_500_000_000),
        },
    ]
}

fn profiles() -> Vec<Value> {
    vec![
        json!({}),
        json!({"format": "xml", "history": {"style": "fixmystreet"}, "reconcile": "search", "track": "query",
            "paging": {"page": "page", "max_pages": 100}}),
        json!({"history": {"style": "notes"}, "reconcile": "search", "paging": {"page": "p", "size": "s", "per_page": 1}}),
    ]
}

/// Plays one answer over and over to every intent.
fn endure(response: &Response) {
    for profile in profiles() {
        let adapter: Box<dyn Adapter> = adapter(profile);
        for intent in intents() {
            let submits = matches!(intent, Intent::Submit(_));
            let mut conversation = adapter.start(intent, Known::default());
            let mut step = conversation.begin();
            let mut steps = 0;
            while let Step::Send { .. } = step {
                steps += 1;
                assert!(steps < MOST_STEPS, "a conversation that does not end");
                assert!(!submits || steps <= 2, "a submission that is sent again and again");
                step = conversation.resume(Ok(response.clone()));
            }
            // What is over stays over.
            assert!(matches!(conversation.resume(Ok(response.clone())), Step::Failed(_)));
        }
    }
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/open311");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().map(|path| recorded(path).body).collect()
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![Just(200_u16), Just(201), Just(204), Just(404), 100_u16..600,]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_under_any_status_end_every_conversation(
        status in statuses(),
        body in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        endure(&Response { status, headers: Vec::new(), body });
    }

    #[test]
    fn any_soup_of_both_formats_ends_every_conversation(
        status in statuses(),
        words in proptest::collection::vec(prop_oneof![
            Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\""), Just("\\u"), Just("null"),
            Just("\"service_request_id\":"), Just("\"services\":"), Just("1"), Just("<request>"), Just("</request>"),
            Just("<service_code>"), Just("</service_code>"), Just("&"), Just("<![CDATA["), Just("]]>"), Just("<error>"),
            Just("\"token\":\"t\""), Just("<!DOCTYPE x ["), Just("\u{feff}"), Just("é"),
        ], 0..60),
    ) {
        endure(&Response { status, headers: Vec::new(), body: words.concat().into_bytes() });
    }

    #[test]
    fn a_damaged_fixture_ends_every_conversation(
        which in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        next in any::<bool>(),
    ) {
        let fixtures = fixtures();
        let mut body = which.get(&fixtures).clone();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body.truncate(cut.index(body.len() + 1));
        let headers = if next {
            vec![("x-next-page-url".to_owned(), "http://x.example/requests?page=2".to_owned())]
        } else {
            Vec::new()
        };
        endure(&Response { status: 200, headers, body });
    }
}

#[test]
fn a_fixture_cut_off_anywhere_is_never_a_success_of_less() {
    let whole =
        b"<service_requests><request><service_request_id>293944</service_request_id></request></service_requests>";
    let json = br#"[{"service_request_id":"293944","service_notice":"x"}]"#;
    for body in [whole.as_slice(), json.as_slice()] {
        for end in 0..body.len() {
            let intent = Intent::Submit(submission(Form::default(), &[]));
            let answer = Response {
                status: 200,
                headers: Vec::new(),
                body: body[..end].to_vec(),
            };
            let problem = play(&*adapter(json!({})), intent, vec![answer]).problem();
            assert_eq!(problem.sent, Sent::Unknown, "cut at {end}");
        }
    }
}

#[test]
fn a_transport_that_always_fails_ends_every_conversation() {
    for profile in profiles() {
        for intent in intents() {
            let adapter = adapter(profile.clone());
            let mut conversation = adapter.start(intent, Known::default());
            let mut step = conversation.begin();
            let mut steps = 0;
            while let Step::Send { .. } = step {
                steps += 1;
                assert!(steps < 4);
                step = conversation.resume(Err(Problem::unsent(Fault::Unreachable)));
            }
        }
    }
}

#[test]
fn every_route_that_is_let_through_is_used_by_some_conversation() {
    let profile = json!({"history": {"style": "fixmystreet"}, "reconcile": "search"});
    let adapter = adapter(profile);
    let mut requests = Vec::new();
    let told = r#"{"service_request_id":638344,"token":"tok/1","status":"open"}"#;
    for first in [answer(406, ""), answer(200, told)] {
        for intent in intents() {
            let mut conversation = adapter.start(intent, Known::default());
            let mut step = conversation.begin();
            let mut given = Some(first.clone());
            while let Step::Send { request, .. } = step {
                requests.push(request);
                step = conversation.resume(Ok(given.take().unwrap_or_else(|| answer(200, told))));
            }
        }
    }
    for route in adapter.routes() {
        assert!(requests.iter().any(|request| passes(&route, request)), "{route:?}");
    }
}
