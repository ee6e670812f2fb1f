//! The stored record: what the main database holds, as bytes with a kind and a version.
//!
//! The engine's own types are turned into records here and back, by migrations, one file a version.
//! A record that no migration can read is kept as it is and reported, never dropped.

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An application on its way.
    Outbox,
    /// One of the citizen's own cases, receipt included.
    Case,
    /// What the citizen logs in with at a backend, and wants kept.
    Login,
}

impl Kind {
    /// Its word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Case => "case",
            Self::Login => "login",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "outbox" => Some(Self::Outbox),
            "case" => Some(Self::Case),
            "login" => Some(Self::Login),
            _ => None,
        }
    }
}

/// A record's place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// Unique among its kind.
    pub id: String,
}

/// A record. Its bytes are in clear here; the database's driver seals them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place.
    pub key: Key,
    /// Version of its format.
    pub version: u32,
    /// JSON.
    pub data: Vec<u8>,
}
