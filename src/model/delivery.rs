//! Where an application is on its way from the phone to the backend.

use serde::{Deserialize, Serialize};

use super::application::ApplicationId;
use super::form::Form;
use super::json::{choice, object};
use super::problem::{Fault, FieldRefusal};
use super::receipt::Receipt;
use super::service::ServiceId;
use super::time::Timestamp;

/// What an application that cannot go on is waiting for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitingFor {
    /// A network, or a backend that answers. `until` is when it is tried again by itself.
    Network {
        /// When it is tried again.
        until: Timestamp,
        /// What went wrong last.
        fault: Fault,
    },
    /// A login of the citizen at the backend.
    Login,
    /// The citizen, since the backend's form is no longer the one that was filled in.
    FormChanged {
        /// The backend's form now.
        form: Form,
        /// Its fingerprint.
        fingerprint: String,
    },
    /// The PIN of a shared phone.
    Unlock,
}

choice!(WaitingFor {
    "login" => Login,
    "network" => Network { until, fault },
    "form_changed" => FormChanged { form, fingerprint },
    "unlock" => Unlock,
});

/// The state of an application's delivery.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Being filled in.
    Draft,
    /// Given to be sent, and kept.
    Queued,
    /// On its way; bytes sent and of how many, where it is known.
    Sending {
        /// `(sent, total)` in bytes.
        progress: Option<(u64, u64)>,
    },
    /// The backend has it.
    Delivered(Receipt),
    /// The backend refused it for good.
    Rejected {
        /// Refused fields.
        fields: Vec<FieldRefusal>,
        /// The backend's own words; may be empty.
        message: String,
    },
    /// It was sent and nobody can say whether it arrived.
    Uncertain {
        /// Since when.
        since: Timestamp,
        /// When somebody is asked again by itself; `None`: it is the citizen's turn.
        until: Option<Timestamp>,
        /// The backend can tell, once the citizen has logged in there; else only the citizen can.
        login: bool,
    },
    /// It cannot go on yet.
    Waiting(WaitingFor),
}

choice!(Delivery {
    "draft" => Draft,
    "queued" => Queued,
    "sending" => Sending { progress },
    "delivered" => Delivered(_),
    "rejected" => Rejected { fields, message },
    "uncertain" => Uncertain { since, until, login },
    "waiting" => Waiting(_),
});

impl Delivery {
    /// The word in `data-delivery`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Sending { .. } => "sending",
            Self::Delivered(_) => "delivered",
            Self::Rejected { .. } => "rejected",
            Self::Uncertain { .. } => "uncertain",
            Self::Waiting(_) => "waiting",
        }
    }
}

/// An application in the outbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The application's id.
    pub id: ApplicationId,
    /// What is asked for.
    pub service: ServiceId,
    /// The service's name as the citizen saw it.
    pub title: String,
    /// When "Kirim" was pressed.
    pub submitted: Timestamp,
    /// Where it is.
    pub delivery: Delivery,
}

object!(OutboxEntry {
    id,
    service,
    title,
    submitted,
    delivery
});
