//! People whom the citizen files for, themselves first: what of theirs can be offered to a form.
//!
//! Kept on the phone alone, sealed like drafts, by *concept*: what it is, whatever a form calls it.
//! Nothing of it goes anywhere by itself; a form is offered it field by field.

use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::application::is_uuid;
use super::json::{choice, object};
use super::region::code;
use super::time::Timestamp;

code!(
    /// A person's id on this phone: a random UUID in lower case.
    PersonId,
    "a UUID in lower case",
    is_uuid
);

/// On what ground somebody files for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// It is the citizen.
    #[default]
    Own,
    /// A child, whose parent or guardian the citizen is.
    Child,
    /// Somebody of the family who has asked for it.
    Family,
    /// Somebody else, who has given a written power.
    Proxy,
}

choice!(Ground {
    "own" => Own,
    "child" => Child,
    "family" => Family,
    "proxy" => Proxy,
});

impl Ground {
    /// All of them, with their words in stored data.
    pub const ALL: [(&'static str, Self); 4] = [
        ("own", Self::Own),
        ("child", Self::Child),
        ("family", Self::Family),
        ("proxy", Self::Proxy),
    ];
}

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// On what ground the citizen files for them.
    pub ground: Ground,
    /// What is known of them, by concept, as typed; documents under `ktp` and `kk_document`.
    pub known: Answers,
    /// When it was last written.
    pub updated: Timestamp,
}

object!(Person {
    id,
    ground,
    known,
    updated
});

impl Person {
    /// What they are called; empty where nothing was entered.
    #[must_use]
    pub fn name(&self) -> &str {
        self.known.text("name").unwrap_or_default()
    }
}

/// Somebody whom an application is filed for by another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// Their name, as typed.
    pub name: String,
    /// On what ground.
    pub ground: Ground,
}

object!(Acting { name, ground });

/// What is asked of a person, in this order: concepts of the form format that are a line of text.
pub const CONCEPTS: [&str; 10] = [
    "name",
    "nik",
    "kk",
    "birth_place",
    "birth_date",
    "address",
    "phone",
    "email",
    "mother_name",
    "npwp",
];

/// Pictures of documents that are kept of a person.
pub const DOCUMENTS: [&str; 2] = ["ktp", "kk_document"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answers::{Answer, FileAnswer};
    use crate::model::json;
    use crate::model::map::Map;

    /// The stored shape; a change of it must be read by what is written then.
    #[test]
    fn a_person_is_stored_as_in_its_fixture_and_read_again() {
        let person = Person {
            id: "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10".parse().unwrap(),
            ground: Ground::Family,
            known: Answers(Map::from([
                ("name".to_owned(), Answer::Text("Sri Wahyuni".to_owned())),
                (
                    "ktp".to_owned(),
                    Answer::Files(vec![FileAnswer {
                        id: "0f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a11".parse().unwrap(),
                        name: "ktp.jpg".to_owned(),
                        media_type: "image/jpeg".to_owned(),
                        size: 1234,
                        was: None,
                    }]),
                ),
            ])),
            updated: Timestamp(1_790_000_000_000),
        };
        let expected = include_str!("../../tests/fixtures/store/v1/person.json").trim_end();
        assert_eq!(json::write(&person).unwrap(), expected);
        assert_eq!(json::read::<Person>(expected.as_bytes()).unwrap(), person);
        assert_eq!(person.name(), "Sri Wahyuni");
    }

    #[test]
    fn every_ground_has_its_word() {
        for (word, ground) in Ground::ALL {
            assert_eq!(json::write(&ground).unwrap(), format!("\"{word}\""));
        }
    }
}
