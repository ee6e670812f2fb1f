//! What moves an application along, and how.

use crate::adapters::Reconciled;
use crate::model::case::Acknowledgement;
use crate::model::form::Form;
use crate::model::message::Decision;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::time::Timestamp;

use super::backoff;
use super::course::{Attempt, Course, Held, Look, Rest, Stage, Task};
use super::verdict::{Verdict, verdict};

/// For how long after an attempt a backend that finds nothing is asked once more, in milliseconds: a
/// request that broke off may still be at work there.
pub const SETTLE: i64 = 120_000;
/// After so many answers in the ledger's place that are no ledger's, there is none.
const FOREIGN: u32 = 6;
/// Spread of what a page's awaking sets off, in milliseconds.
const AWAKE_SPREAD: i64 = 1_000;

/// Something that happened to one application.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// The citizen gave it to be sent again, with changed content.
    Submitted,
    /// A try that was due has been started; nothing is sent yet.
    Started,
    /// A request that may change something is about to go; to be kept durably before it does.
    Began {
        /// Its key.
        key: String,
    },
    /// The attempt was answered, and the conversation goes on.
    Continued,
    /// The conversation is done.
    Arrived {
        /// How it was acknowledged.
        acknowledgement: Acknowledgement,
        /// What the backend said along with it.
        notice: String,
    },
    /// A try failed.
    Failed {
        /// How.
        problem: Problem,
        /// Where it is what became of the attempt, judged from an answer of the backend's own: what
        /// the ledger holds of that answer.
        answered: Option<Held>,
    },
    /// The form is not the one that was filled in.
    FormDiffers {
        /// The form now.
        form: Form,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// What the edge's ledger says of the attempt.
    Ledger(Ledger),
    /// What the backend says of the attempt, or why it says nothing.
    Backend(Result<Reconciled, Fault>),
    /// What the citizen says of it.
    Decided(Decision),
    /// The citizen wants it tried now.
    Retry,
    /// The network came back, or the page became visible.
    Awake,
    /// The engine was started again, and what was under way is lost.
    Restarted,
    /// The citizen gives it up.
    Discarded,
}

/// What the edge's ledger says of an attempt. An answer that it kept is not here: it goes through
/// the conversation like any answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Ledger {
    /// It has seen nothing; `proven` if it would have.
    Absent {
        /// The ledger goes back far enough to be believed.
        proven: bool,
    },
    /// It is at it.
    Pending,
    /// It let the request through and knows no more.
    Unknown,
    /// Somebody else answered in its place.
    Foreign,
    /// It could not be asked.
    Failed(Fault),
}

impl Course {
    /// Takes a turn. `random` is fresh for each one. `false` where the turn does not apply to where
    /// the application is; then nothing changes.
    pub fn take(&mut self, turn: Turn, now: Timestamp, random: u64) -> bool {
        match turn {
            Turn::Submitted => self.submitted(),
            Turn::Started => {
                let due = self.due(now) == Some(Task::Send);
                if due && !self.is_proved_absent() {
                    self.stage = Stage::Ready;
                }
                due
            }
            Turn::Began { key } => self.began(key, now),
            Turn::Continued => self.continued(),
            Turn::Arrived {
                acknowledgement,
                notice,
            } => self.arrived(acknowledgement, notice, now, false),
            Turn::Failed { problem, answered } => self.failed(problem, answered, now, random),
            Turn::FormDiffers { form, fingerprint } => self.form_differs(form, fingerprint),
            Turn::Ledger(word) => self.ledger(word, now, random),
            Turn::Backend(word) => self.backend(word, now, random),
            Turn::Decided(decision) => self.decided(decision, now),
            Turn::Retry => self.retry(now, random),
            Turn::Awake => self.cut(now, AWAKE_SPREAD, random),
            Turn::Restarted => self.restarted(now, random),
            Turn::Discarded => {
                let may = !matches!(
                    self.stage,
                    Stage::Sending(Some(_)) | Stage::Arrived { .. } | Stage::Discarded
                );
                if may {
                    self.stage = Stage::Discarded;
                }
                may
            }
        }
    }

    /// Changed content: a new edition if anything of this one was ever sent.
    fn submitted(&mut self) -> bool {
        if self.unsettled().is_some() || matches!(self.stage, Stage::Arrived { .. }) {
            return false;
        }
        if self.first_sent.is_some() {
            self.next_edition();
        }
        self.first_sent = None;
        self.failures = 0;
        self.stage = Stage::Ready;
        true
    }

    /// The ledger holds something under the key: what is sent from now on has another.
    fn next_edition(&mut self) {
        self.edition = self.edition.saturating_add(1);
        self.resend = None;
    }

    fn began(&mut self, key: String, now: Timestamp) -> bool {
        if !self.is_settled() {
            return false;
        }
        self.first_sent.get_or_insert(now);
        self.stage = Stage::Sending(Some(Attempt {
            key,
            at: now,
            held: Held::Nothing,
        }));
        true
    }

    fn continued(&mut self) -> bool {
        if self.unsettled().is_none() {
            return false;
        }
        self.resend = None;
        self.failures = 0;
        self.stage = Stage::Sending(None);
        true
    }

    fn arrived(
        &mut self,
        acknowledgement: Acknowledgement,
        notice: String,
        at: Timestamp,
        citizens_word: bool,
    ) -> bool {
        if matches!(self.stage, Stage::Arrived { .. } | Stage::Discarded) {
            return false;
        }
        self.stage = Stage::Arrived {
            acknowledgement,
            notice,
            at,
            citizens_word,
        };
        true
    }

    /// Whether the next request may be one that changes something.
    const fn is_settled(&self) -> bool {
        matches!(self.stage, Stage::Ready | Stage::Sending(None)) || self.is_proved_absent()
    }

    const fn is_proved_absent(&self) -> bool {
        matches!(self.stage, Stage::Unknown { look: Look::Nobody, .. })
    }

    /// Nothing went of what was to be sent again: the ledger is asked anew before it is tried anew.
    fn proof_ages(&mut self, problem: Problem, now: Timestamp, random: u64) -> bool {
        let fault = problem.fault.clone();
        let sent = Sent::No;
        match (verdict(Problem { sent, ..problem }), &mut self.stage) {
            (Verdict::Refused { fields, message }, _) => self.stage = Stage::Rejected { fields, message },
            (Verdict::Login, Stage::Unknown { look, .. }) => *look = Look::Login,
            (_, Stage::Unknown { look, .. }) => {
                *look = Look::LedgerAgain;
                return self.look_later(&fault, now, random);
            }
            _ => return false,
        }
        true
    }

    fn failed(&mut self, mut problem: Problem, answered: Option<Held>, now: Timestamp, random: u64) -> bool {
        if self.is_proved_absent() {
            return self.proof_ages(problem, now, random);
        }
        let mut attempt = match &self.stage {
            // The question failed, not the attempt: it is asked again later.
            Stage::Unknown { .. } if answered.is_none() => return self.look_later(&problem.fault, now, random),
            Stage::Sending(Some(attempt)) | Stage::Unknown { attempt, .. } => Some(attempt.clone()),
            Stage::Ready | Stage::Sending(None) => None,
            _ => return false,
        };
        match &mut attempt {
            Some(attempt) => attempt.held = answered.unwrap_or_default(),
            // Nothing is unsettled, so nothing of this failure can have arrived.
            None => problem.sent = Sent::No,
        }
        self.failures = self.failures.saturating_add(1);
        let fault = problem.fault.clone();
        let judged = matches!(self.stage, Stage::Unknown { .. });
        self.stage = match (verdict(problem), attempt) {
            (Verdict::Unknown, Some(attempt)) => Stage::Unknown {
                attempt,
                fault,
                // Where the ledger's own answer was just judged, it has nothing more to say.
                look: if judged { Look::Backend(0) } else { Look::Ledger(0) },
                rest: Rest::default(),
            },
            (Verdict::Refused { fields, message }, _) => Stage::Rejected { fields, message },
            (verdict, attempt) => {
                if answered.is_some() {
                    self.resend = None;
                }
                if attempt.is_some_and(|attempt| attempt.held != Held::Nothing) {
                    self.next_edition();
                }
                if verdict == Verdict::Login {
                    Stage::Login
                } else {
                    let rest = self.rest_after(&fault, now, random);
                    Stage::Resting { rest, fault }
                }
            }
        };
        true
    }

    fn form_differs(&mut self, form: Form, fingerprint: String) -> bool {
        if !self.is_settled() {
            return false;
        }
        self.failures = 0;
        self.stage = Stage::FormChanged { form, fingerprint };
        true
    }

    fn ledger(&mut self, word: Ledger, now: Timestamp, random: u64) -> bool {
        let Stage::Unknown {
            attempt,
            fault,
            look,
            rest,
        } = &mut self.stage
        else {
            return false;
        };
        if !matches!(look, Look::Ledger(_) | Look::LedgerAgain) {
            return false;
        }
        match word {
            // A copy that the network kept back may arrive at the edge while one waits: what is
            // sent follows the ledger's word without a wait between them. What the citizen wanted
            // sent again stays marked as that, or such a copy, which is marked, would pass for news.
            Ledger::Absent { proven: true } if rest.until > attempt.at => *look = Look::Nobody,
            Ledger::Absent { proven: true } => {
                let fault = fault.clone();
                *look = Look::LedgerAgain;
                return self.look_later(&fault, now, random);
            }
            Ledger::Absent { proven: false } | Ledger::Unknown => {
                if word == Ledger::Unknown {
                    attempt.held = Held::Unknown;
                }
                *look = Look::Backend(0);
                *rest = Rest::default();
            }
            Ledger::Pending => {
                *look = Look::Ledger(0);
                let wait = backoff::delay(self.failures.min(4), random).saturating_add(1_000);
                *rest = Rest {
                    until: now.plus(wait),
                    not_before: now,
                };
                self.failures = self.failures.saturating_add(1);
            }
            Ledger::Foreign => {
                match look {
                    Look::Ledger(foreign) if *foreign < FOREIGN => *foreign = foreign.saturating_add(1),
                    Look::Ledger(_) => {
                        *look = Look::Backend(0);
                        *rest = Rest::default();
                        return true;
                    }
                    _ => *look = Look::Ledger(1),
                }
                return self.look_later(&Fault::Unreachable, now, random);
            }
            Ledger::Failed(fault) => return self.look_later(&fault, now, random),
        }
        true
    }

    fn backend(&mut self, word: Result<Reconciled, Fault>, now: Timestamp, random: u64) -> bool {
        let Stage::Unknown {
            attempt, look, rest, ..
        } = &mut self.stage
        else {
            return false;
        };
        let Look::Backend(absent) = look else {
            return false;
        };
        match word {
            Ok(Reconciled::Arrived(acknowledgement)) => {
                return self.arrived(acknowledgement, String::new(), now, false);
            }
            // Where the ledger holds the backend's answer, the request has ended there. A clock that was
            // put back makes nobody wait longer.
            Ok(Reconciled::Absent)
                if *absent == 0 && attempt.held != Held::Answer && now.since(attempt.at) < SETTLE =>
            {
                *absent = 1;
                let until = attempt.at.min(now).plus(SETTLE);
                *rest = Rest {
                    until,
                    not_before: until,
                };
            }
            Ok(Reconciled::Absent) => {
                if attempt.held != Held::Nothing {
                    self.next_edition();
                }
                self.stage = Stage::Ready;
            }
            Ok(Reconciled::CannotTell) => *look = Look::Citizen,
            Err(Fault::LoginNeeded) => *look = Look::Login,
            Err(fault) if fault.is_passing() => return self.look_later(&fault, now, random),
            Err(_) => *look = Look::Citizen,
        }
        true
    }

    fn decided(&mut self, decision: Decision, now: Timestamp) -> bool {
        let Stage::Unknown { attempt, .. } = &self.stage else {
            return false;
        };
        if self.is_proved_absent() {
            return false;
        }
        match decision {
            Decision::SendAgain => {
                if attempt.held == Held::Answer {
                    self.next_edition();
                } else {
                    self.resend = Some(attempt.key.clone());
                    self.resends = self.resends.saturating_add(1);
                }
                self.failures = 0;
                self.stage = Stage::Ready;
                true
            }
            Decision::Arrived { reference } => {
                let acknowledgement = reference.map_or(Acknowledgement::Nothing, Acknowledgement::Reference);
                self.arrived(acknowledgement, String::new(), now, true)
            }
        }
    }

    fn retry(&mut self, now: Timestamp, random: u64) -> bool {
        match &mut self.stage {
            Stage::Login => {
                self.stage = Stage::Ready;
                true
            }
            Stage::Unknown {
                look: look @ (Look::Login | Look::Citizen),
                rest,
                ..
            } => {
                *look = Look::Ledger(0);
                *rest = Rest::default();
                true
            }
            _ => self.cut(now, 0, random),
        }
    }

    fn restarted(&mut self, now: Timestamp, random: u64) -> bool {
        match &mut self.stage {
            Stage::Sending(None) => self.stage = Stage::Ready,
            Stage::Sending(Some(attempt)) => {
                self.stage = Stage::Unknown {
                    attempt: attempt.clone(),
                    fault: Fault::Offline,
                    look: Look::Ledger(0),
                    rest: Rest::default(),
                };
            }
            Stage::Unknown { look, .. } if *look != Look::Citizen => {
                let moved = *look != Look::Ledger(0);
                *look = Look::Ledger(0);
                return self.cut(now, AWAKE_SPREAD, random) || moved;
            }
            _ => return self.cut(now, AWAKE_SPREAD, random),
        }
        true
    }

    /// Ends a wait early, within `spread` milliseconds.
    fn cut(&mut self, now: Timestamp, spread: i64, random: u64) -> bool {
        match &mut self.stage {
            Stage::Resting { rest, .. }
            | Stage::Unknown {
                look: Look::Ledger(_) | Look::LedgerAgain | Look::Backend(_),
                rest,
                ..
            } => {
                let before = *rest;
                rest.cut(now, spread, random);
                *rest != before
            }
            _ => false,
        }
    }

    /// The question what became of the attempt could not be answered: the same one later.
    fn look_later(&mut self, fault: &Fault, now: Timestamp, random: u64) -> bool {
        self.failures = self.failures.saturating_add(1);
        let later = self.rest_after(fault, now, random);
        if let Stage::Unknown { rest, .. } = &mut self.stage {
            *rest = later;
        }
        true
    }

    fn rest_after(&self, fault: &Fault, now: Timestamp, random: u64) -> Rest {
        let asked = match fault {
            Fault::RateLimited { after: Some(seconds) } => backoff::asked_for(*seconds),
            _ => 0,
        };
        let wait = backoff::delay(self.failures, random).max(asked);
        Rest {
            until: now.plus(wait),
            not_before: now.plus(asked),
        }
    }
}
