//! Logging in, sessions, and what is refused.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Intent, Known, Outcome, Step};
use pendopo::model::case::Acknowledgement;
use pendopo::model::login::{Credentials, Identifier, Proof};
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::secret::Secret;
use serde_json::json;

use crate::harness::*;

const NIK: &str = "3404 0141 0290 0007";
const PIN: &str = "pin-735186-do-not-print";

fn credentials() -> Credentials {
    Credentials {
        identifier: Secret::new(NIK.to_owned()),
        proof: Secret::new(PIN.to_owned()),
    }
}

fn log_in(answer: Response) -> Play {
    play_known(
        &*adapter(json!({})),
        Intent::LogIn(credentials()),
        Known::default(),
        vec![Ok(answer)],
    )
}

const TOKENED: &str = r#"{"data":{"type":"penduduk","id":"5","attributes":{"nik":"3404014102900007","nama":"Siti Rahayu",
    "access_token":{"token":"token-of-siti-do-not-print","token_type":"Bearer","expires_in":3600}}}}"#;

#[test]
fn a_citizen_logs_in_with_nik_and_pin() {
    let play = log_in(answer(200, TOKENED));
    let request = play.requests[0].clone();
    assert_eq!(request.path, "auth/login");
    let sent = pairs(&body(&request));
    assert_eq!(value(&sent, "credential"), "3404014102900007", "without the spaces");
    assert_eq!(value(&sent, "password"), PIN);
    let (outcome, notes) = play.outcome();
    assert_eq!(notes, Vec::new());
    let expected = Outcome::LoggedIn {
        session: Secret::new(TOKEN.to_owned()),
        lasts: Some(3600),
        name: "Siti Rahayu".to_owned(),
    };
    assert_eq!(outcome, expected);
}

#[test]
fn an_older_release_tells_the_token_plainly() {
    let body = r#"{"access_token":"token-of-siti-do-not-print","token_type":"Bearer","expires_in":3600}"#;
    let (outcome, _) = log_in(answer(200, body)).outcome();
    let Outcome::LoggedIn { session, lasts, .. } = outcome else {
        panic!("not logged in");
    };
    assert_eq!((session.expose().as_str(), lasts), (TOKEN, Some(3600)));
    let problem = log_in(answer(200, r#"{"data":{"attributes":{}}}"#)).problem();
    assert!(matches!(problem.fault, Fault::Protocol { .. }), "no token, no login");
}

#[test]
fn wrong_credentials_need_another_login_and_refuse_nothing() {
    for body in [
        r#"{"code":401,"messages":{"credential":"NIK atau PIN salah."}}"#,
        "Unauthorized.",
    ] {
        let problem = log_in(answer(401, body)).problem();
        assert_eq!((problem.fault, problem.sent), (Fault::LoginNeeded, Sent::No), "{body}");
    }
    let missing = log_in(answer(
        422,
        r#"{"errors":{"password":["Isian password wajib diisi."]}}"#,
    ))
    .problem();
    let Fault::Rejected { fields, .. } = missing.fault else {
        panic!("{missing:?}");
    };
    assert_eq!(fields[0].field, "proof");
}

#[test]
fn too_many_tries_are_a_limit_with_its_hour_and_no_refusal() {
    let body = r#"{"code":403,"messages":{"credential":"Terlalu banyak upaya masuk."}}"#;
    let after = |play: Play| match play.problem().fault {
        Fault::RateLimited { after } => after,
        other => panic!("{other:?}"),
    };
    assert_eq!(after(log_in(answer(403, body))), Some(3600));
    let mut told = answer(403, body);
    told.headers.push(("retry-after".to_owned(), "120".to_owned()));
    assert_eq!(after(log_in(told)), Some(120));
    let half = play_known(
        &*adapter(json!({"throttle": 1800})),
        Intent::LogIn(credentials()),
        Known::default(),
        vec![Ok(answer(403, body))],
    );
    assert_eq!(after(half), Some(1800));
    let mut busy = answer(429, "");
    busy.headers.push(("retry-after".to_owned(), "9".to_owned()));
    assert_eq!(after(log_in(busy)), Some(9));
}

fn everything() -> Vec<Intent> {
    vec![
        Intent::Catalogue,
        Intent::Form {
            service: "surat-keterangan-usaha".parse().expect("a code"),
        },
        Intent::Submit(application()),
        Intent::List,
        Intent::Track {
            acknowledgement: Acknowledgement::Reference("7".parse().expect("a reference")),
            second_fact: None,
        },
        Intent::Document {
            reference: "7".parse().expect("a reference"),
            handle: "3".to_owned(),
        },
        Intent::Reconcile {
            submission: submission("pengaduan", application().form, &[]),
            since: pendopo::model::time::Timestamp(0),
        },
    ]
}

#[test]
fn without_a_session_nothing_is_sent_and_a_login_is_asked_for() {
    for intent in everything() {
        let mut conversation = adapter(json!({})).start(intent.clone(), Known::default());
        assert_eq!(
            conversation.begin(),
            Step::Failed(Problem::unsent(Fault::LoginNeeded)),
            "{intent:?}"
        );
    }
}

#[test]
fn a_session_that_has_expired_needs_a_login_and_nothing_was_taken_in() {
    for intent in everything() {
        for refused in ["Unauthorized.", r#"{"code":401,"messages":"Token has expired"}"#] {
            let problem = ask(json!({}), intent.clone(), vec![answer(401, refused)]).problem();
            assert_eq!(problem, Problem::unsent(Fault::LoginNeeded), "{intent:?}");
        }
    }
}

#[test]
fn what_is_asked_of_who_logs_in_is_in_the_capabilities() {
    let login = adapter(json!({"identifier": "nik", "login_help": "Di kantor kalurahan."}))
        .capabilities()
        .login
        .expect("a login");
    assert_eq!((login.identifier, login.proof), (Identifier::Nik, Proof::Pin));
    assert_eq!(login.help.get(pendopo::model::text::Lang::Id), "Di kantor kalurahan.");
}

#[test]
fn no_credential_is_in_any_debug_output() {
    let mut seen = Vec::new();
    let echo = format!(r#"{{"code":401,"messages":{{"credential":"{PIN} salah untuk 3404 0141 0290 0007"}}}}"#);
    for answer in [
        answer(200, TOKENED),
        answer(401, &echo),
        answer(422, &echo),
        answer(500, &echo),
        answer(403, &echo),
        answer(200, "<html>"),
    ] {
        let play = log_in(answer);
        seen.push(format!("{:?} {:?}", play.requests, play.end));
    }
    for intent in everything() {
        let play = ask(json!({}), intent, vec![answer(401, "Unauthorized.")]);
        assert_eq!(play.requests[0].secrets[0].1.expose(), &format!("Bearer {TOKEN}"));
        seen.push(format!("{:?} {:?} {:?}", play.requests, play.facts, play.end));
    }
    seen.push(format!("{:?}", credentials()));
    for seen in seen {
        for secret in [PIN, NIK, "3404014102900007", TOKEN] {
            assert!(!seen.contains(secret), "{secret} in {seen}");
        }
    }
}
