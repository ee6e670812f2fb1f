//! Version 1 of the stored records.

use serde::Serialize;

use crate::adapters::Fact;
use crate::delivery::{Attempt, Course, Held, Look, Outgoing, Rest, Stage};
use crate::model::application::ApplicationId;
use crate::model::case::{Case, MyCase};
use crate::model::form::Form;
use crate::model::json::{self, choice, object};
use crate::model::problem::{Fault, FieldRefusal};
use crate::model::receipt::Receipt;
use crate::model::service::ServiceId;
use crate::model::time::Timestamp;
use crate::store::record::{Kind, Record};

use super::{Stored, Unreadable, broken, key};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct OutgoingV1 {
    id: ApplicationId,
    service: ServiceId,
    title: String,
    submitted: Timestamp,
    edition: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_sent: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resend: Option<String>,
    failures: u32,
    stage: StageV1,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<Fact>,
}

object!(OutgoingV1 { id, service, title, submitted, edition, first_sent, resend, failures, stage, facts = default });

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StageV1 {
    Ready,
    Resting {
        fault: Fault,
        not_before: Timestamp,
    },
    Login,
    FormChanged {
        form: Form,
        fingerprint: String,
    },
    Sending {
        attempt: AttemptV1,
    },
    /// Between two requests: the one before was answered, the next is not begun.
    Between,
    Unknown {
        attempt: AttemptV1,
        fault: Fault,
        /// Only the citizen can tell; else it is looked for from the beginning.
        citizen: bool,
    },
    Rejected {
        fields: Vec<FieldRefusal>,
        message: String,
    },
    Discarded,
}

choice!(StageV1 {
    "ready" => Ready,
    "resting" => Resting { fault, not_before },
    "login" => Login,
    "form_changed" => FormChanged { form, fingerprint },
    "sending" => Sending { attempt },
    "between" => Between,
    "unknown" => Unknown { attempt, fault, citizen },
    "rejected" => Rejected { fields, message },
    "discarded" => Discarded,
});

#[derive(Serialize)]
struct AttemptV1 {
    key: String,
    at: Timestamp,
    held: HeldV1,
}

object!(AttemptV1 { key, at, held });

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum HeldV1 {
    Nothing,
    Unknown,
    Answer,
}

choice!(HeldV1 {
    "nothing" => Nothing,
    "unknown" => Unknown,
    "answer" => Answer,
});

#[derive(Serialize)]
struct CaseV1 {
    receipt: Receipt,
    case: Option<Case>,
    as_of: Option<Timestamp>,
    trouble: Option<Fault>,
}

object!(CaseV1 {
    receipt,
    case,
    as_of,
    trouble
});

pub(super) fn read(record: &Record) -> Result<Stored, Unreadable> {
    let (stored, id) = match record.key.kind {
        Kind::Outbox => {
            let stored: Outgoing = parse::<OutgoingV1>(&record.data)?.into();
            let id = stored.id.clone();
            (Stored::Outgoing(stored), id)
        }
        Kind::Case => {
            let CaseV1 {
                receipt,
                case,
                as_of,
                trouble,
            } = parse(&record.data)?;
            let id = receipt.id.clone();
            (
                Stored::Case(MyCase {
                    receipt,
                    case,
                    as_of,
                    trouble,
                }),
                id,
            )
        }
    };
    if id.as_str() == record.key.id {
        Ok(stored)
    } else {
        Err(broken(VERSION, "its id is not its key's"))
    }
}

pub(super) fn outgoing(outgoing: &Outgoing) -> Option<Record> {
    let Outgoing {
        id,
        service,
        title,
        submitted,
        course,
        facts,
    } = outgoing.clone();
    let stage = match course.stage {
        Stage::Ready => StageV1::Ready,
        Stage::Resting { rest, fault } => StageV1::Resting {
            fault,
            not_before: rest.not_before,
        },
        Stage::Login => StageV1::Login,
        Stage::FormChanged { form, fingerprint } => StageV1::FormChanged { form, fingerprint },
        Stage::Sending(Some(attempt)) => StageV1::Sending {
            attempt: attempt.into(),
        },
        Stage::Sending(None) => StageV1::Between,
        Stage::Unknown {
            attempt, fault, look, ..
        } => StageV1::Unknown {
            attempt: attempt.into(),
            fault,
            citizen: look == Look::Citizen,
        },
        Stage::Rejected { fields, message } => StageV1::Rejected { fields, message },
        Stage::Arrived { .. } => return None,
        Stage::Discarded => StageV1::Discarded,
    };
    Some(Record {
        key: key(Kind::Outbox, &id),
        version: VERSION,
        data: write(&OutgoingV1 {
            id,
            service,
            title,
            submitted,
            edition: course.edition,
            first_sent: course.first_sent,
            resend: course.resend,
            failures: course.failures,
            stage,
            facts,
        }),
    })
}

pub(super) fn case(case: &MyCase) -> Record {
    let MyCase {
        receipt,
        case,
        as_of,
        trouble,
    } = case.clone();
    Record {
        key: key(Kind::Case, &receipt.id),
        version: VERSION,
        data: write(&CaseV1 {
            receipt,
            case,
            as_of,
            trouble,
        }),
    }
}

impl From<OutgoingV1> for Outgoing {
    fn from(stored: OutgoingV1) -> Self {
        let stage = match stored.stage {
            StageV1::Ready => Stage::Ready,
            StageV1::Resting { fault, not_before } => Stage::Resting {
                rest: Rest {
                    until: not_before,
                    not_before,
                },
                fault,
            },
            StageV1::Login => Stage::Login,
            StageV1::FormChanged { form, fingerprint } => Stage::FormChanged { form, fingerprint },
            StageV1::Sending { attempt } => Stage::Sending(Some(attempt.into())),
            StageV1::Between => Stage::Sending(None),
            StageV1::Unknown {
                attempt,
                fault,
                citizen,
            } => Stage::Unknown {
                attempt: attempt.into(),
                fault,
                look: if citizen { Look::Citizen } else { Look::Ledger(0) },
                rest: Rest::default(),
            },
            StageV1::Rejected { fields, message } => Stage::Rejected { fields, message },
            StageV1::Discarded => Stage::Discarded,
        };
        Self {
            id: stored.id,
            service: stored.service,
            title: stored.title,
            submitted: stored.submitted,
            course: Course {
                edition: stored.edition,
                first_sent: stored.first_sent,
                resend: stored.resend,
                failures: stored.failures,
                stage,
            },
            facts: stored.facts,
        }
    }
}

impl From<AttemptV1> for Attempt {
    fn from(AttemptV1 { key, at, held }: AttemptV1) -> Self {
        let held = match held {
            HeldV1::Nothing => Held::Nothing,
            HeldV1::Unknown => Held::Unknown,
            HeldV1::Answer => Held::Answer,
        };
        Self { key, at, held }
    }
}

impl From<Attempt> for AttemptV1 {
    fn from(Attempt { key, at, held }: Attempt) -> Self {
        let held = match held {
            Held::Nothing => HeldV1::Nothing,
            Held::Unknown => HeldV1::Unknown,
            Held::Answer => HeldV1::Answer,
        };
        Self { key, at, held }
    }
}

/// The error says nothing of what was found: a record's content is personal.
fn parse<T: json::Read>(data: &[u8]) -> Result<T, Unreadable> {
    json::read(data).map_err(|error| broken(VERSION, &error.to_string()))
}

/// Cannot fail: it writes to memory, and no map in a record has keys other than text.
fn write<T: Serialize>(value: &T) -> Vec<u8> {
    json::write(value).unwrap_or_default().into_bytes()
}

#[cfg(test)]
mod tests {
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
                let expected = include_str!(concat!("../../../tests/fixtures/store/v1/", $file, ".json"));
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
        let expected = include_str!("../../../tests/fixtures/store/v1/fresh.json");
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
                }],
            }),
            as_of: Some(NOON.plus(11_000)),
            trouble: Some(Fault::Timeout),
        };
        let expected = include_str!("../../../tests/fixtures/store/v1/case.json");
        sealed("case", expected, &Stored::Case(mine));
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
}
