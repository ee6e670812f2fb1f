//! Answers and attachments for one service, with an id made on the phone.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::case::Reference;
use super::json::object;
use super::region::code;
use super::service::ServiceId;
use super::time::Timestamp;

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

code!(
    /// An application's id: a random UUID in lower case, made on the phone. It goes along as
    /// `Idempotency-Key`, and whoever holds it may ask the edge what became of it: it is not shown
    /// to anyone but its owner.
    ApplicationId,
    "a UUID in lower case",
    is_uuid
);

code!(
    /// The handle of a file's bytes in the journal: a random UUID in lower case.
    AttachmentId,
    "a UUID in lower case",
    is_uuid
);

/// Writes sixteen random bytes as a version 4 UUID (RFC 9562, section 5.4).
#[must_use]
pub fn uuid_from(random: [u8; 16]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(36);
    for (at, byte) in random.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let byte = match at {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What the citizen has entered for one service, and whether it was given to be sent.
///
/// The journal holds one for each application from the first answer until it is delivered or
/// discarded; the engine reads it from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The application's id.
    pub id: ApplicationId,
    /// What is asked for.
    pub service: ServiceId,
    /// The service's name as the citizen saw it, for lists.
    pub title: String,
    /// Fingerprint of the published form that the answers were given to.
    pub form: String,
    /// What each question meant when it was answered (`forms::meanings`), by its field's id. A draft of
    /// an older build has none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub meanings: BTreeMap<String, String>,
    /// The answers, raw.
    pub answers: Answers,
    /// Identifier of the step that the citizen was at.
    pub step: String,
    /// Number of that step and of all visible ones, for lists.
    pub progress: (u32, u32),
    /// When "Kirim" was pressed; `None` while it is being filled in.
    pub submitted: Option<Timestamp>,
    /// When it was last written.
    pub updated: Timestamp,
    /// The case that it completes, where the office said that something is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completes: Option<Reference>,
}

object!(Draft {
    id,
    service,
    title,
    form,
    meanings = default,
    answers,
    step,
    progress,
    submitted,
    updated,
    completes
});
