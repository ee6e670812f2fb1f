//! What the citizen entered, as typed: validation never changes or drops it.

use serde::{Deserialize, Serialize};

use super::application::AttachmentId;
use super::json::{Node, Read, choice, object};
use super::map::Map;

/// One answer, raw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Anything typed, and a single choice (its value). Dates are what was typed or `YYYY-MM-DD`,
    /// times `HH:MM`, moments `YYYY-MM-DDTHH:MM` in the citizen's own time.
    Text(String),
    /// Several choices, in the form's order.
    Many(Vec<String>),
    /// A place.
    Place(Place),
    /// Files, held in the journal under these handles.
    Files(Vec<FileAnswer>),
    /// A region of any level.
    Area(Area),
    /// The entries of a repeated group, each with its own answers.
    Rows(Vec<Answers>),
}

choice!(Answer {
    "text" => Text(_),
    "many" => Many(_),
    "place" => Place(_),
    "files" => Files(_),
    "area" => Area(_),
    "rows" => Rows(_),
});

impl Answer {
    /// Whether nothing was entered: no character but white space, nothing chosen, no file.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Many(values) => values.is_empty(),
            Self::Place(place) => place.is_blank(),
            Self::Files(files) => files.is_empty(),
            Self::Area(area) => area.code.trim().is_empty(),
            Self::Rows(rows) => rows.is_empty(),
        }
    }
}

/// A place: by coordinates, in words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Degrees north in decimal notation, as typed or as the phone gave it; empty if unknown.
    #[serde(default)]
    pub lat: String,
    /// Degrees east in decimal notation; empty if unknown.
    #[serde(default)]
    pub long: String,
    /// The place in words: street, landmark.
    #[serde(default)]
    pub address: String,
}

object!(Place { lat = default, long = default, address = default });

impl Place {
    /// Whether neither words nor coordinates were entered.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        [&self.lat, &self.long, &self.address]
            .into_iter()
            .all(|part| part.trim().is_empty())
    }
}

/// A region as the Ministry of Home Affairs lists it, from a province down to a village.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its code, dotted: `32`, `32.73`, `32.73.05`, `32.73.05.1002`.
    #[serde(default)]
    pub code: String,
    /// Its name and those above it, the smallest first, with commas: for people and for backends
    /// that know no codes.
    #[serde(default)]
    pub name: String,
}

object!(Area { code = default, name = default });

/// A file that the citizen added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAnswer {
    /// Handle of its bytes.
    pub id: AttachmentId,
    /// Name as the phone gave it.
    pub name: String,
    /// Media type as the phone gave it; may be empty.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Bytes of the photo that it was made of, where it was drawn anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u64>,
}

object!(FileAnswer {
    id,
    name,
    media_type,
    size,
    was
});

/// Answers by field path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub Map<Answer>);

impl Answers {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer of a field, if one was entered.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Answer> {
        self.0.get(field).filter(|answer| !answer.is_blank())
    }

    /// The trimmed text of a field that holds text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.get(field) {
            Some(Answer::Text(text)) => Some(text.trim()),
            _ => None,
        }
    }
}

impl Read for Answers {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        Self(Read::read(node, wrong))
    }
}
