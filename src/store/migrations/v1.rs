//! Version 1 of the stored records.

use serde::Serialize;

use crate::adapters::Fact;
use crate::delivery::{Attempt, Course, Held, Look, Outgoing, Rest, Stage};
use crate::model::answers::Answers;
use crate::model::application::ApplicationId;
use crate::model::case::{Case, MyCase};
use crate::model::form::Form;
use crate::model::json::{self, choice, object};
use crate::model::login::Credentials;
use crate::model::problem::{Fault, FieldRefusal};
use crate::model::receipt::Receipt;
use crate::model::region::BackendId;
use crate::model::secret::{self, Secret};
use crate::model::service::ServiceId;
use crate::model::time::Timestamp;
use crate::store::record::{Kind, Record};

use super::{Login, Stored, Unreadable, broken, key, login_key};

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
    #[serde(skip_serializing_if = "is_zero")]
    resends: u32,
    failures: u32,
    stage: StageV1,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<Fact>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

object!(OutgoingV1 { id, service, title, submitted, edition, first_sent, resend, resends = default, failures, stage, facts = default });

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<Fact>,
    #[serde(skip_serializing_if = "Answers::is_empty")]
    answers: Answers,
}

object!(CaseV1 { receipt, case, as_of, trouble, facts = default, answers = default });

#[derive(Serialize)]
struct LoginV1 {
    backend: BackendId,
    #[serde(serialize_with = "secret::expose")]
    identifier: Secret<String>,
    #[serde(serialize_with = "secret::expose")]
    proof: Secret<String>,
    name: String,
}

object!(LoginV1 {
    backend,
    identifier,
    proof,
    name
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
                facts,
                answers,
            } = parse(&record.data)?;
            let id = receipt.id.clone();
            (
                Stored::Case(MyCase {
                    receipt,
                    case,
                    as_of,
                    trouble,
                    facts,
                    answers,
                }),
                id,
            )
        }
        Kind::Login => {
            let stored = parse::<LoginV1>(&record.data)?;
            let login = Login {
                backend: stored.backend,
                credentials: Credentials {
                    identifier: stored.identifier,
                    proof: stored.proof,
                },
                name: stored.name,
            };
            let own = login_key(&login.backend) == record.key;
            return if own { Ok(Stored::Login(login)) } else { Err(astray()) };
        }
    };
    if id.as_str() == record.key.id {
        Ok(stored)
    } else {
        Err(astray())
    }
}

fn astray() -> Unreadable {
    broken(VERSION, "its id is not its key's")
}

pub(super) fn login(login: &Login) -> Record {
    let Login {
        backend,
        credentials,
        name,
    } = login.clone();
    Record {
        key: login_key(&backend),
        version: VERSION,
        data: write(&LoginV1 {
            backend,
            identifier: credentials.identifier,
            proof: credentials.proof,
            name,
        }),
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
            resends: course.resends,
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
        facts,
        answers,
    } = case.clone();
    Record {
        key: key(Kind::Case, &receipt.id),
        version: VERSION,
        data: write(&CaseV1 {
            receipt,
            case,
            as_of,
            trouble,
            facts,
            answers,
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
                resends: stored.resends,
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
mod tests;
