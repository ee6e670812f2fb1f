//! What can go wrong between a phone and a backend, as data.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::json::{choice, object};

/// Whether a request's content reached the other side. After `Unknown` nothing is sent again before
/// somebody has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// It certainly did not.
    No,
    /// It did.
    Yes,
    /// Nobody can say.
    Unknown,
}

choice!(Sent {
    "no" => No,
    "yes" => Yes,
    "unknown" => Unknown,
});

/// A field that a backend refused, with its reason in the backend's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRefusal {
    /// Field path.
    pub field: String,
    /// The backend's words.
    pub message: String,
}

object!(FieldRefusal { field, message });

/// What went wrong, in the terms that decide what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The phone has no network.
    #[error("no network")]
    Offline,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// The backend's host cannot be reached.
    #[error("unreachable")]
    Unreachable,
    /// Too many requests; `after` is in seconds where it is known.
    #[error("rate limited")]
    RateLimited {
        /// Seconds to wait.
        after: Option<u32>,
    },
    /// The citizen must log in at the backend.
    #[error("login needed")]
    LoginNeeded,
    /// The backend understood and refused for good.
    #[error("rejected: {message}")]
    Rejected {
        /// Refused fields.
        fields: Vec<FieldRefusal>,
        /// The backend's own words; may be empty.
        message: String,
    },
    /// There is no such thing at the backend.
    #[error("not found")]
    NotFound,
    /// The request is too large for the backend.
    #[error("too large")]
    TooLarge,
    /// The answer is not what the protocol says; `what` is for operators.
    #[error("protocol: {what}")]
    Protocol {
        /// What was expected and what came.
        what: String,
    },
    /// The backend failed.
    #[error("upstream failed with {status}: {message}")]
    Upstream {
        /// HTTP status.
        status: u16,
        /// The backend's own words, bounded; may be empty.
        message: String,
    },
    /// This phone could not keep or read its own data (full disk, storage refused).
    #[error("storage: {what}")]
    Storage {
        /// What the browser said.
        what: String,
    },
}

choice!(Fault {
    "offline" => Offline,
    "timeout" => Timeout,
    "unreachable" => Unreachable,
    "rate_limited" => RateLimited { after },
    "login_needed" => LoginNeeded,
    "rejected" => Rejected { fields, message },
    "not_found" => NotFound,
    "too_large" => TooLarge,
    "protocol" => Protocol { what },
    "upstream" => Upstream { status, message },
    "storage" => Storage { what },
});

impl Fault {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Offline
                | Self::Timeout
                | Self::Unreachable
                | Self::RateLimited { .. }
                | Self::Upstream { .. }
                | Self::Protocol { .. }
                | Self::Storage { .. }
        )
    }
}

/// A fault, and whether the request had been sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[error("{fault} (sent: {sent:?})")]
pub struct Problem {
    /// What went wrong.
    pub fault: Fault,
    /// Whether the request reached the backend.
    pub sent: Sent,
}

object!(Problem { fault, sent });

impl Problem {
    /// A fault of a request that changes nothing, where it does not matter whether it was sent.
    #[must_use]
    pub const fn unsent(fault: Fault) -> Self {
        Self { fault, sent: Sent::No }
    }
}
