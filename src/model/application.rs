//! Answers and attachments for one service, with an id made on the phone.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::case::Reference;
use super::json::object;
use super::map::Map;
use super::person::Acting;
use super::region::code;
use super::service::ServiceId;
use super::time::Timestamp;

pub(super) fn is_uuid(text: &str) -> bool {
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
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub meanings: Map<String>,
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
    /// Others whom it is filed for, by what was taken of theirs from the citizen's own data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acting: Vec<Acting>,
}

object!(Draft { id, service, title, form, meanings = default, answers, step, progress, submitted, updated, completes, acting = default });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answers::{Answer, FileAnswer, Place};
    use crate::model::json;
    use crate::model::person::Ground;

    /// The stored shape; a change of it must be read by what is written then.
    #[test]
    fn a_draft_is_stored_as_in_its_fixture_and_read_again() {
        let text = |text: &str| Answer::Text(text.to_owned());
        let draft = Draft {
            id: "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10".parse().unwrap(),
            service: "32.73/lapor/001".parse().unwrap(),
            title: "Jalan rusak".to_owned(),
            form: "f1".to_owned(),
            meanings: Map::new(),
            answers: Answers(Map::from([
                (
                    "berkas".to_owned(),
                    Answer::Files(vec![FileAnswer {
                        id: "0f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a11".parse().unwrap(),
                        name: "lubang.jpg".to_owned(),
                        media_type: "image/jpeg".to_owned(),
                        size: 1234,
                        was: None,
                    }]),
                ),
                (
                    "lokasi".to_owned(),
                    Answer::Place(Place {
                        lat: "-6.9".to_owned(),
                        long: String::new(),
                        address: "Braga".to_owned(),
                    }),
                ),
                ("pilihan".to_owned(), Answer::Many(vec!["a".to_owned()])),
                ("uraian".to_owned(), text(" ada lubang ")),
            ])),
            step: "satu".to_owned(),
            progress: (1, 3),
            submitted: Some(Timestamp(1_790_000_000_000)),
            updated: Timestamp(1_790_000_000_001),
            completes: Some("LPR-1".parse().unwrap()),
            acting: vec![Acting {
                name: "Sri".to_owned(),
                ground: Ground::Child,
            }],
        };
        let expected = include_str!("../../tests/fixtures/store/v1/draft.json").trim_end();
        assert_eq!(json::write(&draft).unwrap(), expected);
        assert_eq!(json::read::<Draft>(expected.as_bytes()).unwrap(), draft);
    }

    /// As they were before there were cases to complete and people to act for.
    #[test]
    fn a_draft_of_the_first_build_is_still_read() {
        let first = include_str!("../../tests/fixtures/store/v1/draft_of_the_first_build.json");
        let draft = json::read::<Draft>(first.as_bytes()).unwrap();
        assert_eq!((draft.completes, draft.acting), (None, Vec::new()));
        assert_eq!(draft.answers.text("uraian"), Some("ada lubang"));
    }
}
