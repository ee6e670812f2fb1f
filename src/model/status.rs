//! A case's status: phase, outcome, and always the backend's own words.

use serde::{Deserialize, Serialize};

use super::json::{Node, Read, object};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Phase {
    Draft,
    Submitted,
    InReview,
    NeedsCitizen,
    AwaitingPayment,
    InProgress,
    Scheduled,
    OnHold,
    Referred,
    Ready,
    Closed,
    /// The backend's code has no mapping: its own words are shown, nothing is guessed.
    Unknown,
}

/// How a case ended, where the backend says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Outcome {
    #[default]
    None,
    Granted,
    Resolved,
    Refused,
    Withdrawn,
    Duplicate,
    NotResponsible,
    NoAction,
    Suspended,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// The word in addresses, attributes and published data.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The value of a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

impl Read for Phase {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        Self::from_word(node.text(wrong)).unwrap_or_else(|| {
            *wrong = true;
            Self::Unknown
        })
    }
}

impl Read for Outcome {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        Self::from_word(node.text(wrong)).unwrap_or_else(|| {
            *wrong = true;
            Self::None
        })
    }
}

words!(Phase {
    Draft = "draft", Submitted = "submitted", InReview = "in_review", NeedsCitizen = "needs_citizen",
    AwaitingPayment = "awaiting_payment", InProgress = "in_progress", Scheduled = "scheduled",
    OnHold = "on_hold", Referred = "referred", Ready = "ready", Closed = "closed", Unknown = "unknown",
});
words!(Outcome {
    None = "none", Granted = "granted", Resolved = "resolved", Refused = "refused",
    Withdrawn = "withdrawn", Duplicate = "duplicate", NotResponsible = "not_responsible",
    NoAction = "no_action", Suspended = "suspended",
});

/// A status as shown: canonical where a mapping names the code, and raw always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where it stands.
    pub phase: Phase,
    /// How it ended.
    #[serde(default)]
    pub outcome: Outcome,
    /// The backend's code, verbatim.
    pub code: String,
    /// The backend's words for it, where it has any; shown in quotes.
    #[serde(default)]
    pub label: String,
}

object!(Status { phase, outcome = default, code, label = default });
