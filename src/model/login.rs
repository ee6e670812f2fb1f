//! Logins of citizens at backends: what is asked, and what is said between app and engine.

use serde::{Deserialize, Serialize};

use super::json::{choice, object};
use super::region::BackendId;
use super::secret::{self, Secret};
use super::text::Text;

/// By what a backend knows a citizen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// A NIK of 16 digits.
    Nik,
    /// An address of email.
    Email,
    /// Either of the two.
    NikOrEmail,
    /// A name of the citizen's own choice.
    #[default]
    Name,
}

choice!(Identifier {
    "name" => Name,
    "nik" => Nik,
    "email" => Email,
    "nik_or_email" => NikOrEmail,
});

/// With what a citizen proves it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Digits alone.
    Pin,
    /// Anything.
    #[default]
    Password,
}

choice!(Proof {
    "password" => Password,
    "pin" => Pin,
});

/// What a backend asks of a citizen who logs in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    /// By what it knows the citizen.
    #[serde(default)]
    pub identifier: Identifier,
    /// With what the citizen proves it.
    #[serde(default)]
    pub proof: Proof,
    /// Where one gets it, in a sentence; may be empty.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub help: Text,
}

object!(LoginForm { identifier = default, proof = default, help = default });

/// What a citizen logs in with. It is written where it has to go: over the port, to the edge of a
/// guarded backend, and sealed into the store where the citizen wants it kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// NIK, address or name.
    #[serde(serialize_with = "secret::expose")]
    pub identifier: Secret<String>,
    /// PIN or password.
    #[serde(serialize_with = "secret::expose")]
    pub proof: Secret<String>,
}

object!(Credentials { identifier, proof });

/// A login that the engine holds, as the app is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The system.
    pub backend: BackendId,
    /// Whom it greets; may be empty.
    pub name: String,
    /// Kept on this phone, sealed, beyond the life of the engine.
    pub kept: bool,
}

object!(Access { backend, name, kept });

/// A fact beside its number that a guarded backend wants to be told of a case before it shows it:
/// something that only its owner knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFact {
    /// What is asked: `NIK pelapor`.
    pub label: Text,
    /// How it is written: `16 angka`; may be empty.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub hint: Text,
    /// Digits alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub digits: bool,
}

object!(SecondFact { label, hint = default, digits = default });
