//! From stored bytes to what the engine works with, and back.
//!
//! Each version of the format is a file of its own with types of its own, so that a change of the
//! model cannot change what is stored without a test noticing. A new version gets a new file that
//! reads its predecessor's types; nothing of an old version is ever edited.
//!
//! Reading never fails silently and never loses: what cannot be read is an [`Unreadable`], and the
//! record stays where it is for a build that can.

mod v1;

use thiserror::Error;

use crate::delivery::Outgoing;
use crate::model::case::MyCase;
use crate::model::login::Credentials;
use crate::model::region::BackendId;

use super::record::{Key, Kind, Record};

/// The version that is written.
pub const CURRENT: u32 = 1;

/// What a record holds.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "each lives for a moment; not large on 32 bits")
)]
pub enum Stored {
    /// An application on its way.
    Outgoing(Outgoing),
    /// One of the citizen's own cases.
    Case(MyCase),
    /// What the citizen logs in with at a backend.
    Login(Login),
}

/// What the citizen logs in with at a backend, and wants kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The system.
    pub backend: BackendId,
    /// With what.
    pub credentials: Credentials,
    /// Whom it greets; may be empty.
    pub name: String,
}

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// A newer build wrote it.
    #[error("version {0} is newer than this build")]
    Newer(u32),
    /// It is not what its version says.
    #[error("version {version}: {what}")]
    Broken {
        /// Its version.
        version: u32,
        /// What is wrong, without the record's content.
        what: String,
    },
}

/// Reads a record of any version.
///
/// # Errors
/// [`Unreadable`]; the record is to be kept then.
pub fn read(record: &Record) -> Result<Stored, Unreadable> {
    match record.version {
        0 => Err(broken(0, "there is no such version")),
        1 => v1::read(record),
        newer => Err(Unreadable::Newer(newer)),
    }
}

/// The record of an application on its way; `None` once it has arrived, since then its case is kept
/// instead.
#[must_use]
pub fn outgoing(outgoing: &Outgoing) -> Option<Record> {
    v1::outgoing(outgoing)
}

/// The record of a case.
#[must_use]
pub fn case(case: &MyCase) -> Record {
    v1::case(case)
}

/// The record of a login.
#[must_use]
pub fn login(login: &Login) -> Record {
    v1::login(login)
}

/// The place of a login's record.
#[must_use]
pub fn login_key(backend: &BackendId) -> Key {
    Key {
        kind: Kind::Login,
        id: backend.to_string(),
    }
}

/// The place of a record.
#[must_use]
pub fn key(kind: Kind, id: &crate::model::application::ApplicationId) -> Key {
    Key {
        kind,
        id: id.as_str().to_owned(),
    }
}

fn broken(version: u32, what: &str) -> Unreadable {
    Unreadable::Broken {
        version,
        what: what.to_owned(),
    }
}
