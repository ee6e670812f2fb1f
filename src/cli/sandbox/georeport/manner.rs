//! What differs between one city and another that both speak GeoReport.
//!
//! | | Bandung | Semarang |
//! |---|---|---|
//! | format | JSON | XML, and nothing else |
//! | a POST answers | 201 | 200 |
//! | references | `BDG-2026-000417` | a bare number |
//! | dates | with their zone | without |
//! | status | finer words of its own | `open` and `closed` |
//! | history | `requests/{id}/updates.json` | FixMyStreet's `servicerequestupdates.xml` |
//! | one request | a list of one | the record itself, without its list |
//! | attributes | in `attributes` | right under `service_definition` |
//! | token without a number | `null` | an empty element |
//! | photos | `media` | `media`, or `photo1` to `photo3` |

use axum::http::StatusCode;

use super::cases::Case;
use super::status::Status;
use super::wire::Wire;

/// How a city numbers its cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// This word, the year and a running number.
    Dated(&'static str),
    /// A running number that goes on from this one.
    Plain(i64),
}

/// A city's own ways.
#[derive(Debug)]
pub(in crate::cli::sandbox) struct Manner {
    /// The file of its services.
    pub(super) services: &'static str,
    /// Its `jurisdiction_id`; it need not be sent.
    pub(super) jurisdiction: &'static str,
    pub(super) wire: Wire,
    /// What a POST that is taken in answers.
    pub(super) taken: StatusCode,
    pub(super) numbering: Numbering,
    /// Whether dates carry their zone.
    pub(super) zoned: bool,
    /// Whether a status may be a word of its own, or is one of GeoReport's two.
    pub(super) own_words: bool,
    /// Names of parts that may be photos.
    pub(super) photos: &'static [&'static str],
}

/// Kota Bandung.
pub(in crate::cli::sandbox) const BANDUNG: Manner = Manner {
    services: include_str!("services.json"),
    jurisdiction: "bandung.go.id",
    wire: Wire::Json,
    taken: StatusCode::CREATED,
    numbering: Numbering::Dated("BDG"),
    zoned: true,
    own_words: true,
    photos: &["media", "media[]"],
};

/// Kota Semarang.
pub(in crate::cli::sandbox) const SEMARANG: Manner = Manner {
    services: include_str!("semarang.json"),
    jurisdiction: "semarangkota.go.id",
    wire: Wire::Xml,
    taken: StatusCode::OK,
    numbering: Numbering::Plain(240_118),
    zoned: false,
    own_words: false,
    photos: &["media", "media[]", "photo1", "photo2", "photo3"],
};

impl Manner {
    /// A moment of the register's, as this city writes it.
    pub(super) fn moment(&self, moment: String) -> String {
        match moment.strip_suffix("+07:00") {
            Some(bare) if !self.zoned => bare.to_owned(),
            _ => moment,
        }
    }

    /// The word for where a case stands.
    pub(super) fn status(&self, word: String) -> String {
        if self.own_words {
            return word;
        }
        let finished = Status::from_word(&word).is_some_and(Status::is_finished);
        if finished { "closed" } else { "open" }.to_owned()
    }

    /// A case as this city writes its moments and its status.
    pub(super) fn case(&self, mut case: Case) -> Case {
        case.status = self.status(case.status);
        for moment in [
            &mut case.requested_datetime,
            &mut case.updated_datetime,
            &mut case.expected_datetime,
        ] {
            *moment = self.moment(std::mem::take(moment));
        }
        case
    }
}
