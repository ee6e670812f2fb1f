//! What is stored, compared with its fixtures.

use super::*;
use crate::model::case::{Acknowledgement, Step};
use crate::model::status::{Outcome, Phase, Status};

const ID: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
const NOON: Timestamp = Timestamp(1_790_000_000_000);

fn at(stage: Stage) -> Outgoing {
    Outgoing {
        id: ID.parse().unwrap(),
        service: "32.73/lapor/001".parse().unwrap(),
        title: "Jalan rusak".to_owned(),
        submitted: NOON,
        course: Course {
            edition: 2,
            first_sent: Some(NOON.plus(5_000)),
            resend: Some(format!("{ID}.2")),
            resends: 1,
            failures: 3,
            stage,
        },
        facts: vec![Fact {
            name: "foto".to_owned(),
            value: "9".to_owned(),
        }],
    }
}

fn attempt(held: Held) -> Attempt {
    Attempt {
        key: format!("{ID}.2"),
        at: NOON.plus(5_000),
        held,
    }
}

fn sealed(name: &str, expected: &str, stored: &Stored) {
    let record = match stored {
        Stored::Outgoing(application) => outgoing(application).unwrap(),
        Stored::Case(mine) => case(mine),
        Stored::Login(kept) => login(kept),
    };
    assert_eq!(record.version, 1);
    assert_eq!(
        String::from_utf8(record.data.clone()).unwrap(),
        expected.trim_end(),
        "{name}: what is stored has changed; a new version is needed"
    );
    assert_eq!(super::super::read(&record).as_ref(), Ok(stored), "{name}");
}

macro_rules! stored_as {
    ($($test:ident: $file:literal => $stage:expr;)*) => {$(
        #[test]
        fn $test() {
            let expected = include_str!(concat!("../../../../tests/fixtures/store/v1/", $file, ".json"));
            sealed($file, expected, &Stored::Outgoing(at($stage)));
        }
    )*};
}

stored_as! {
    ready_is_stored_as_in_its_fixture: "ready" => Stage::Ready;
    resting_is_stored_as_in_its_fixture: "resting" => Stage::Resting {
        rest: Rest { until: NOON, not_before: NOON },
        fault: Fault::RateLimited { after: Some(60) },
    };
    login_is_stored_as_in_its_fixture: "login" => Stage::Login;
    form_changed_is_stored_as_in_its_fixture: "form_changed" => Stage::FormChanged {
        form: Form { format: 1, ..Form::default() },
        fingerprint: "f1".to_owned(),
    };
    sending_is_stored_as_in_its_fixture: "sending" => Stage::Sending(Some(attempt(Held::Nothing)));
    between_is_stored_as_in_its_fixture: "between" => Stage::Sending(None);
    unknown_is_stored_as_in_its_fixture: "unknown" => Stage::Unknown {
        attempt: attempt(Held::Unknown),
        fault: Fault::Upstream { status: 502, message: "Bad Gateway".to_owned() },
        look: Look::Ledger(0),
        rest: Rest::default(),
    };
    the_citizens_turn_is_stored_as_in_its_fixture: "citizen" => Stage::Unknown {
        attempt: attempt(Held::Answer),
        fault: Fault::Timeout,
        look: Look::Citizen,
        rest: Rest::default(),
    };
    rejected_is_stored_as_in_its_fixture: "rejected" => Stage::Rejected {
        fields: vec![FieldRefusal { field: "nik".to_owned(), message: "tidak dikenal".to_owned() }],
        message: "Periksa isian".to_owned(),
    };
    discarded_is_stored_as_in_its_fixture: "discarded" => Stage::Discarded;
}

#[test]
fn an_application_of_which_nothing_was_sent_is_stored_without_what_it_has_not() {
    let mut fresh = at(Stage::Ready);
    fresh.course = Course::new();
    fresh.facts.clear();
    let expected = include_str!("../../../../tests/fixtures/store/v1/fresh.json");
    sealed("fresh", expected, &Stored::Outgoing(fresh));
}

#[test]
fn a_case_is_stored_as_in_its_fixture() {
    let status = Status {
        phase: Phase::InReview,
        outcome: Outcome::None,
        code: "verified".to_owned(),
        label: "Terverifikasi".to_owned(),
    };
    let mine = MyCase {
        answers: Answers::default(),
        receipt: Receipt {
            id: ID.parse().unwrap(),
            service: "32.73/lapor/001".parse().unwrap(),
            title: "Jalan rusak".to_owned(),
            acknowledgement: Acknowledgement::Reference("LPR-1".parse().unwrap()),
            notice: "Terima kasih".to_owned(),
            submitted: NOON,
            delivered: NOON.plus(9_000),
            citizens_word: false,
        },
        case: Some(Case {
            documents: Vec::new(),
            reference: Some("LPR-1".parse().unwrap()),
            status: status.clone(),
            service_name: "Jalan".to_owned(),
            service_code: "001".to_owned(),
            agency: "Dinas PU".to_owned(),
            received: Some(NOON.plus(9_000)),
            updated: None,
            expected: None,
            timeline: vec![Step {
                status: Some(status),
                at: Some(NOON.plus(10_000)),
                remark: "Diteruskan".to_owned(),
                links: vec!["https://lapor.example/1.jpg".to_owned()],
                ahead: false,
            }],
        }),
        as_of: Some(NOON.plus(11_000)),
        trouble: Some(Fault::Timeout),
        facts: Vec::new(),
    };
    let expected = include_str!("../../../../tests/fixtures/store/v1/case.json");
    sealed("case", expected, &Stored::Case(mine));
}

#[test]
fn a_login_is_stored_as_in_its_fixture() {
    let kept = Login {
        backend: "34.04/sid".parse().unwrap(),
        credentials: Credentials {
            identifier: Secret::new("3404014102900007".to_owned()),
            proof: Secret::new("123456".to_owned()),
        },
        name: "Siti".to_owned(),
    };
    let expected = include_str!("../../../../tests/fixtures/store/v1/kept_login.json");
    sealed("kept_login", expected, &Stored::Login(kept));
}

#[test]
fn what_has_arrived_is_no_longer_stored_in_the_outbox() {
    let arrived = at(Stage::Arrived {
        acknowledgement: Acknowledgement::Nothing,
        notice: String::new(),
        at: NOON,
        citizens_word: false,
    });
    assert_eq!(outgoing(&arrived), None);
}

#[test]
fn what_cannot_be_read_says_why_and_nothing_of_its_content() {
    let mut record = outgoing(&at(Stage::Ready)).unwrap();
    record.version = 7;
    assert_eq!(super::super::read(&record), Err(Unreadable::Newer(7)));
    record.version = 0;
    assert!(super::super::read(&record).is_err());
    record.version = 1;
    record.data = br#"{"id":"3404014102900007"}"#.to_vec();
    let said = super::super::read(&record).unwrap_err().to_string();
    assert!(!said.contains("3404"), "{said}");
    record.data = b"\xff".to_vec();
    assert!(super::super::read(&record).is_err());
}

#[test]
fn a_record_under_a_key_that_is_not_its_own_is_not_believed() {
    let mut record = outgoing(&at(Stage::Ready)).unwrap();
    record.key.id = "0f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10".to_owned();
    assert!(super::super::read(&record).is_err());
}
