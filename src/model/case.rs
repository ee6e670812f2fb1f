//! What a backend says of an application.

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::fact::Fact;
use super::json::{choice, object};
use super::problem::Fault;
use super::receipt::Receipt;
use super::region::{BackendId, code};
use super::status::Status;
use super::time::Timestamp;

code!(
    /// A case's number as the backend writes it: 1 to 200 characters without controls. Shown
    /// verbatim, grouped by style only.
    Reference,
    "a reference of 1 to 200 characters",
    |text| !text.trim().is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control)
);

/// How a backend acknowledged an application.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledgement {
    /// With the case's number.
    Reference(Reference),
    /// With a token that becomes a number later.
    Token(Reference),
    /// With nothing that could be asked about.
    Nothing,
}

choice!(Acknowledgement {
    "nothing" => Nothing,
    "reference" => Reference(_),
    "token" => Token(_),
});

impl Acknowledgement {
    /// What can be shown and quoted: the number, else the token.
    #[must_use]
    pub const fn shown(&self) -> Option<&Reference> {
        match self {
            Self::Reference(reference) | Self::Token(reference) => Some(reference),
            Self::Nothing => None,
        }
    }
}

/// One step of a case's history, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Status after this step; `None` where only a remark was made.
    pub status: Option<Status>,
    /// When, where the backend says.
    pub at: Option<Timestamp>,
    /// The backend's words; text, never markup.
    #[serde(default)]
    pub remark: String,
    /// http(s) links that the backend gave along, such as a photo.
    #[serde(default)]
    pub links: Vec<String>,
    /// It is still to come, as the backend says: not what is being done now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ahead: bool,
}

object!(Step { status, at, remark = default, links = default, ahead = default });

/// A case as a backend last told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number; `None` while there is only a token.
    pub reference: Option<Reference>,
    /// Status now.
    pub status: Status,
    /// The service's name in the backend's words; may be empty.
    #[serde(default)]
    pub service_name: String,
    /// The service's code where the backend says it.
    #[serde(default)]
    pub service_code: String,
    /// Who has it, in the backend's words; may be empty.
    #[serde(default)]
    pub agency: String,
    /// When the backend received it.
    pub received: Option<Timestamp>,
    /// When the backend last changed it.
    pub updated: Option<Timestamp>,
    /// When the backend expects it to be done.
    pub expected: Option<Timestamp>,
    /// History, oldest first; empty where the backend keeps none that can be read.
    #[serde(default)]
    pub timeline: Vec<Step>,
    /// Documents that the backend has ready.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

object!(Case { reference, status, service_name = default, service_code = default, agency = default, received, updated, expected, timeline = default, documents = default });

/// A document of a case, to be fetched when it is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is, in the backend's words.
    pub label: String,
    /// The adapter's own name for it.
    pub handle: String,
}

object!(Document { label, handle });

/// One of the citizen's own cases, kept on the phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyCase {
    /// The proof; its id is also the local id in addresses.
    pub receipt: Receipt,
    /// What the backend last said; `None` until it was asked, and while it has only a token.
    pub case: Option<Case>,
    /// When it last said so.
    pub as_of: Option<Timestamp>,
    /// What went wrong when it was last asked, if anything did.
    #[serde(default)]
    pub trouble: Option<Fault>,
    /// What every question about it takes along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// What was sent, without its files, where the office may ask for more and until it has closed the
    /// case: nobody types the rest again.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub answers: Answers,
}

object!(MyCase { receipt, case, as_of, trouble, facts = default, answers = default });

/// Where a shown case comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The system.
    pub backend: BackendId,
    /// As of when.
    pub as_of: Timestamp,
}
