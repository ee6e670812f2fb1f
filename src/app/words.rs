//! Which words fit: from typed states and faults to messages. The only place where a state becomes
//! a sentence, so that the same thing is said the same way everywhere.

use super::messages as m;
use crate::model::delivery::{Delivery, OutboxEntry, WaitingFor};
use crate::model::person::Ground;
use crate::model::problem::Fault;
use crate::model::status::{Outcome, Phase, Status};

/// How a thing stands, for colour and icon; never shown by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Under way.
    Going,
    /// Somebody must act, or time must pass.
    Wait,
    /// Well ended.
    Done,
    /// Refused or broken.
    Stop,
    /// Not known.
    Quiet,
}

impl Tone {
    /// The CSS class of a badge in this tone.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Going => "badge going",
            Self::Wait => "badge wait",
            Self::Done => "badge done",
            Self::Stop => "badge stop",
            Self::Quiet => "badge quiet",
        }
    }

    /// The mark before the word.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Going => "◔",
            Self::Wait => "!",
            Self::Done => "✓",
            Self::Stop => "✕",
            Self::Quiet => "?",
        }
    }
}

/// A status in plain words. Where the backend's code has no mapping, its own words stand alone.
#[must_use]
pub fn status(status: &Status) -> String {
    match status.phase {
        Phase::Unknown => raw(status).to_owned(),
        Phase::Closed => outcome(status.outcome).to_owned(),
        phase => self::phase(phase).to_owned(),
    }
}

/// The backend's own words for a status: its label, else its code.
#[must_use]
pub fn raw(status: &Status) -> &str {
    if status.label.is_empty() {
        &status.code
    } else {
        &status.label
    }
}

/// A phase in plain words.
#[must_use]
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Draft => m::phase_draft(),
        Phase::Submitted => m::phase_submitted(),
        Phase::InReview => m::phase_in_review(),
        Phase::NeedsCitizen => m::phase_needs_citizen(),
        Phase::AwaitingPayment => m::phase_awaiting_payment(),
        Phase::InProgress => m::phase_in_progress(),
        Phase::Scheduled => m::phase_scheduled(),
        Phase::OnHold => m::phase_on_hold(),
        Phase::Referred => m::phase_referred(),
        Phase::Ready => m::phase_ready(),
        Phase::Closed => m::phase_closed(),
        Phase::Unknown => m::phase_unknown(),
    }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::None => m::outcome_none(),
        Outcome::Granted => m::outcome_granted(),
        Outcome::Resolved => m::outcome_resolved(),
        Outcome::Refused => m::outcome_refused(),
        Outcome::Withdrawn => m::outcome_withdrawn(),
        Outcome::Duplicate => m::outcome_duplicate(),
        Outcome::NotResponsible => m::outcome_not_responsible(),
        Outcome::NoAction => m::outcome_no_action(),
        Outcome::Suspended => m::outcome_suspended(),
    }
}

/// The tone of a status.
#[must_use]
pub const fn status_tone(status: &Status) -> Tone {
    match (status.phase, status.outcome) {
        (Phase::Closed, Outcome::Granted | Outcome::Resolved) | (Phase::Ready, _) => Tone::Done,
        (Phase::Closed, Outcome::Refused | Outcome::NotResponsible) => Tone::Stop,
        (Phase::Closed | Phase::Unknown, _) => Tone::Quiet,
        (Phase::NeedsCitizen | Phase::AwaitingPayment | Phase::OnHold, _) => Tone::Wait,
        _ => Tone::Going,
    }
}

/// A delivery in a few words, for a badge.
#[must_use]
pub fn delivery(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Draft => m::delivery_draft().to_owned(),
        Delivery::Queued => m::delivery_queued().to_owned(),
        Delivery::Sending { progress } => match percent(*progress) {
            Some(percent) => m::delivery_sending_percent(&percent.to_string()),
            None => m::delivery_sending().to_owned(),
        },
        Delivery::Delivered(_) => m::delivery_delivered().to_owned(),
        Delivery::Rejected { .. } => m::delivery_rejected().to_owned(),
        Delivery::Uncertain { .. } => m::delivery_uncertain().to_owned(),
        Delivery::Waiting(_) => m::delivery_waiting().to_owned(),
    }
}

fn percent(progress: Option<(u64, u64)>) -> Option<u64> {
    let (sent, total) = progress?;
    sent.checked_mul(100)?
        .checked_div(total)
        .map(|percent| percent.min(100))
}

/// The tone of a delivery.
#[must_use]
pub const fn delivery_tone(delivery: &Delivery) -> Tone {
    match delivery {
        Delivery::Draft => Tone::Quiet,
        Delivery::Queued | Delivery::Sending { .. } => Tone::Going,
        Delivery::Delivered(_) => Tone::Done,
        Delivery::Rejected { .. } => Tone::Stop,
        Delivery::Uncertain { .. } | Delivery::Waiting(_) => Tone::Wait,
    }
}

/// What happened, what is safe and what comes next, for an application that is not delivered.
/// `moment` turns a timestamp into words.
#[must_use]
pub fn delivery_story(entry: &OutboxEntry, moment: impl Fn(crate::model::time::Timestamp) -> String) -> Vec<String> {
    match &entry.delivery {
        Delivery::Waiting(WaitingFor::Network { until, fault: trouble }) => {
            vec![fault(trouble), m::waiting_network(&moment(*until))]
        }
        Delivery::Waiting(WaitingFor::Login) => vec![m::waiting_login().to_owned()],
        Delivery::Waiting(WaitingFor::FormChanged { .. }) => vec![m::waiting_form().to_owned()],
        Delivery::Waiting(WaitingFor::Unlock) => vec![m::waiting_unlock().to_owned()],
        Delivery::Rejected { message, .. } => {
            let mut story = vec![m::rejected_lead().to_owned()];
            if !message.is_empty() {
                story.push(m::quoted(message));
            }
            story
        }
        Delivery::Uncertain { login: true, .. } => vec![m::uncertain_login().to_owned()],
        Delivery::Uncertain { until: Some(_), .. } => vec![m::uncertain_asking().to_owned()],
        Delivery::Uncertain { until: None, .. } => vec![m::uncertain_decide().to_owned()],
        Delivery::Draft | Delivery::Queued | Delivery::Sending { .. } | Delivery::Delivered(_) => Vec::new(),
    }
}

/// On what ground somebody acts for a person.
#[must_use]
pub fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Own => m::ground_own(),
        Ground::Child => m::ground_child(),
        Ground::Family => m::ground_family(),
        Ground::Proxy => m::ground_proxy(),
    }
}

/// What a concept of the citizen's own data is called.
#[must_use]
pub fn concept(concept: &str) -> &'static str {
    match concept {
        "name" => m::concept_name(),
        "nik" => m::concept_nik(),
        "kk" => m::concept_kk(),
        "birth_place" => m::concept_birth_place(),
        "birth_date" => m::concept_birth_date(),
        "address" => m::concept_address(),
        "phone" => m::concept_phone(),
        "email" => m::concept_email(),
        "mother_name" => m::concept_mother_name(),
        "npwp" => m::concept_npwp(),
        "ktp" => m::concept_ktp(),
        "kk_document" => m::concept_kk_document(),
        _ => "",
    }
}

/// A fault in plain words.
#[must_use]
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::Offline => m::fault_offline(),
        Fault::Timeout => m::fault_timeout(),
        Fault::Unreachable => m::fault_unreachable(),
        Fault::RateLimited { .. } => m::fault_rate_limited(),
        Fault::LoginNeeded => m::fault_login(),
        Fault::Rejected { message, .. } => return m::fault_rejected(message),
        Fault::NotFound => m::fault_not_found(),
        Fault::TooLarge => m::fault_too_large(),
        Fault::Protocol { .. } => m::fault_protocol(),
        Fault::Upstream { .. } => m::fault_upstream(),
        Fault::Storage { .. } => m::fault_storage(),
    }
    .to_owned()
}
