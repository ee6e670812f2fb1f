//! Where one application is on its way, and what is due.

use crate::adapters::Fact;
use crate::model::application::ApplicationId;
use crate::model::case::Acknowledgement;
use crate::model::delivery::{Delivery, WaitingFor};
use crate::model::form::Form;
use crate::model::problem::{Fault, FieldRefusal};
use crate::model::service::ServiceId;
use crate::model::time::Timestamp;

use super::backoff;

/// An application in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Its id.
    pub id: ApplicationId,
    /// What is asked for.
    pub service: ServiceId,
    /// The service's name as the citizen saw it.
    pub title: String,
    /// When "Kirim" was pressed, last.
    pub submitted: Timestamp,
    /// Where it is.
    pub course: Course,
    /// What was won on the way with this content.
    pub facts: Vec<Fact>,
}

/// Where an application is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// The number in its keys; from 1.
    pub edition: u32,
    /// When anything of this content was first sent; `None` while nothing was.
    pub first_sent: Option<Timestamp>,
    /// The key of an attempt that the citizen wants sent again although it may have arrived.
    pub resend: Option<String>,
    /// How often the citizen has wanted that. Goes along with what is sent again, so that the edge
    /// lets each decision through once, however often the network repeats it.
    pub resends: u32,
    /// Failures in a row.
    pub failures: u32,
    /// The state.
    pub stage: Stage,
}

/// The state of a course.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// May be sent; nothing of it is unsettled.
    Ready,
    /// May be sent later; nothing of it is unsettled.
    Resting {
        /// Until when.
        rest: Rest,
        /// What went wrong last.
        fault: Fault,
    },
    /// May be sent once the citizen has logged in; nothing of it is unsettled.
    Login,
    /// The backend's form is no longer the one that was filled in; nothing of it is unsettled.
    FormChanged {
        /// The form now.
        form: Form,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// Under way: in a request that may change something, or between two of them.
    Sending(Option<Attempt>),
    /// Nobody knows whether the attempt arrived.
    Unknown {
        /// The attempt.
        attempt: Attempt,
        /// How it broke off.
        fault: Fault,
        /// Who is asked next.
        look: Look,
        /// When; meaningless where it is the citizen's turn.
        rest: Rest,
    },
    /// The backend refused it for good.
    Rejected {
        /// Refused fields.
        fields: Vec<FieldRefusal>,
        /// The backend's words; may be empty.
        message: String,
    },
    /// The backend has it. Final.
    Arrived {
        /// How it was acknowledged.
        acknowledgement: Acknowledgement,
        /// What the backend said along with it; may be empty.
        notice: String,
        /// When.
        at: Timestamp,
        /// Nobody but the citizen says so.
        citizens_word: bool,
    },
    /// The citizen gave it up; kept until its draft is certainly gone, lest the draft be taken for a
    /// new application.
    Discarded,
}

/// A request that may change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its key.
    pub key: String,
    /// When it was let go.
    pub at: Timestamp,
    /// What the ledger is known to hold under its key.
    pub held: Held,
}

/// What the ledger holds under a key, and would answer with instead of sending again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// Nothing that is known of: the same key can be sent again, and should be, since a copy of the
    /// first request that is still on its way will then find it.
    #[default]
    Nothing,
    /// That nobody knows what became of it.
    Unknown,
    /// An answer of the backend's.
    Answer,
}

/// Who is asked what became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The edge, by the attempt's key; so many answers of its were no ledger's.
    Ledger(u32),
    /// The edge once more, which had nothing of it; if it still has nothing, it is sent again.
    LedgerAgain,
    /// Nobody: the edge has just said that it has nothing, and it is sent again now. If that fails before
    /// anything goes, the proof is no longer fresh.
    Nobody,
    /// The backend; so many times in a row it found nothing.
    Backend(u32),
    /// The backend, once the citizen has logged in there.
    Login,
    /// The citizen: nobody else can tell.
    Citizen,
}

/// A wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    /// When it ends by itself.
    pub until: Timestamp,
    /// Before when it must not be cut short: somebody asked for it.
    pub not_before: Timestamp,
}

impl Rest {
    /// Whether it is over. A wait longer than any that is ever given means that the clock was set
    /// back: it is over too.
    fn is_over(self, now: Timestamp) -> bool {
        now >= self.until || self.until.since(now) > backoff::LONGEST
    }

    /// Ends it as early as it may be, after a random share of `spread` milliseconds.
    pub(super) fn cut(&mut self, now: Timestamp, spread: i64, random: u64) {
        let early = now.plus(backoff::share(spread, random)).max(self.not_before);
        self.until = self.until.min(early);
    }
}

/// What is to be done for an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Send it.
    Send,
    /// Ask the edge's ledger what became of the attempt.
    AskLedger,
    /// Ask the backend.
    AskBackend,
}

impl Course {
    /// The course of an application that was just given to be sent.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            edition: 1,
            first_sent: None,
            resend: None,
            resends: 0,
            failures: 0,
            stage: Stage::Ready,
        }
    }

    /// What is due now; `None` while it rests, is under way, or is at its end.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Task> {
        match &self.stage {
            Stage::Ready | Stage::Sending(None) => Some(Task::Send),
            Stage::Resting { rest, .. } => rest.is_over(now).then_some(Task::Send),
            Stage::Unknown { look, rest, .. } => match look {
                Look::Ledger(_) | Look::LedgerAgain => rest.is_over(now).then_some(Task::AskLedger),
                Look::Backend(_) => rest.is_over(now).then_some(Task::AskBackend),
                Look::Nobody => Some(Task::Send),
                Look::Login | Look::Citizen => None,
            },
            Stage::Login
            | Stage::FormChanged { .. }
            | Stage::Sending(Some(_))
            | Stage::Rejected { .. }
            | Stage::Arrived { .. }
            | Stage::Discarded => None,
        }
    }

    /// When something will be due that is not due yet.
    #[must_use]
    pub fn wakes_at(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Resting { rest, .. }
            | Stage::Unknown {
                look: Look::Ledger(_) | Look::LedgerAgain | Look::Backend(_),
                rest,
                ..
            } => Some(rest.until),
            _ => None,
        }
    }

    /// Whether it goes on once the citizen has logged in at its backend.
    #[must_use]
    pub const fn needs_login(&self) -> bool {
        matches!(self.stage, Stage::Login | Stage::Unknown { look: Look::Login, .. })
    }

    /// What of it has been sent and not been answered.
    #[must_use]
    pub const fn unsettled(&self) -> Option<&Attempt> {
        match &self.stage {
            Stage::Unknown { look: Look::Nobody, .. } => None,
            Stage::Sending(Some(attempt)) | Stage::Unknown { attempt, .. } => Some(attempt),
            _ => None,
        }
    }

    /// An adapter's key in this edition: the number goes right after the application's id, so that
    /// no suffix of an adapter's can be taken for it.
    #[must_use]
    pub fn key(&self, id: &ApplicationId, adapters: &str) -> String {
        if self.edition <= 1 {
            return adapters.to_owned();
        }
        let mut key = id.as_str().to_owned();
        key.push('.');
        key.push_str(&self.edition.to_string());
        key.push_str(adapters.strip_prefix(id.as_str()).unwrap_or(adapters));
        key
    }

    /// What the citizen is told; `None` where it is no longer in the outbox.
    #[must_use]
    pub fn told(&self, progress: Option<(u64, u64)>) -> Option<Delivery> {
        Some(match &self.stage {
            Stage::Ready | Stage::Unknown { look: Look::Nobody, .. } => Delivery::Queued,
            Stage::Resting { rest, fault }
            | Stage::Unknown {
                look: Look::LedgerAgain,
                rest,
                fault,
                ..
            } => Delivery::Waiting(WaitingFor::Network {
                until: rest.until,
                fault: fault.clone(),
            }),
            Stage::Login => Delivery::Waiting(WaitingFor::Login),
            Stage::FormChanged { form, fingerprint } => Delivery::Waiting(WaitingFor::FormChanged {
                form: form.clone(),
                fingerprint: fingerprint.clone(),
            }),
            Stage::Sending(_) => Delivery::Sending { progress },
            Stage::Unknown {
                attempt, look, rest, ..
            } => Delivery::Uncertain {
                since: attempt.at,
                until: (!matches!(look, Look::Login | Look::Citizen)).then_some(rest.until),
                login: *look == Look::Login,
            },
            Stage::Rejected { fields, message } => Delivery::Rejected {
                fields: fields.clone(),
                message: message.clone(),
            },
            Stage::Arrived { .. } | Stage::Discarded => return None,
        })
    }
}

impl Default for Course {
    fn default() -> Self {
        Self::new()
    }
}
