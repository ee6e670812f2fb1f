//! The idempotency ledger: which keys were seen, and what became of their requests.
//!
//! Written through to the disk before anything is sent and before any answer is given. An entry begins
//! as *pending*; it becomes *answered*, with the sealed answer, or *unknown*; or it is removed again
//! where the request certainly had no effect, so that the phone may try anew. Entries are kept for
//! [`KEPT`] and then removed.
//!
//! | it lies in | of | what was pending when its program died |
//! |---|---|---|
//! | a file, [`sqlite`] | one program, which locks it | becomes unknown when the file is opened |
//! | a database, [`postgres`] | any number of them | counts as unknown as soon as the database knows that the program is gone |
//!
//! Both follow the same rules, in [`Row::decide`]; one suite, `tests/ledger`, holds for both.
//!
//! What it does not do: decide what an answer means (that is `changes`), hold keys or plain answers
//! (see [`seal`]), or wait for anything but its disk.

mod postgres;
pub mod seal;
mod sqlite;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::reply::Reply;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use postgres::Database;
use seal::{Fingerprint, Owner};
use sqlite::File;

/// How long an entry is kept, in milliseconds: 24 hours.
pub const KEPT: i64 = 24 * 60 * 60 * 1000;

/// The version of the tables.
const VERSION: i64 = 3;

/// Where a ledger lies.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a file of this program's own.
    File(PathBuf),
    /// In a PostgreSQL database, reached so.
    Postgres(Secret<String>),
}

impl<T: AsRef<Path> + ?Sized> From<&T> for Place {
    fn from(path: &T) -> Self {
        Self::File(path.as_ref().to_owned())
    }
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl fmt::Display for Place {
    /// A file's path; of a database nothing, since its address may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Postgres(_) => formatter.write_str("PostgreSQL"),
        }
    }
}

/// Why the ledger cannot be used.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// Another program has it open.
    #[error("it is in use by another program; each `pendopo serve` needs a file of its own")]
    InUse,
    /// It was written by another version of this program.
    #[error("its tables have version {0}, this program knows version {VERSION}")]
    Version(i64),
    /// The file cannot be made.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The file's database failed.
    #[error("{0}")]
    Database(rusqlite::Error),
    /// PostgreSQL failed, or cannot be reached.
    #[error("{}", postgres::said(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// PostgreSQL gave no answer in time.
    #[error("PostgreSQL gives no answer")]
    Late,
    /// An answer could not be sealed.
    #[error("the system gives no random bytes")]
    Seal,
    /// The task that wrote to it was stopped.
    #[error("stopped")]
    Stopped,
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::Database(error),
        }
    }
}

/// Whether a request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It may: it is entered as pending.
    Granted,
    /// It was answered before.
    Answered(Reply),
    /// It was sent before and nobody knows what became of it.
    Unknown,
    /// The key was used for another request.
    Reused,
    /// Another program is sending it now.
    Elsewhere,
}

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Absent,
    /// This program is sending it, or left it so.
    Pending,
    /// Another program is sending it now.
    Elsewhere,
    /// Nobody knows what became of it.
    Unknown,
    /// It was answered.
    Answered(Reply),
}

/// How a request ended.
#[derive(Debug)]
pub enum Ending {
    /// With this answer.
    Answered(Reply),
    /// Nobody knows.
    Unknown,
    /// It had no effect: as if it had never been.
    Void,
}

/// An entry as it is stored.
struct Row {
    fingerprint: Fingerprint,
    state: State,
    answer: Option<Vec<u8>>,
    /// The last decision to send again that was granted.
    resends: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Pending,
    /// Pending, and another program that lives has it.
    Elsewhere,
    Answered,
    Unknown,
}

impl State {
    fn read(text: &str) -> Self {
        match text {
            "pending" => Self::Pending,
            "answered" => Self::Answered,
            _ => Self::Unknown,
        }
    }
}

impl Row {
    /// The answer, if there is one and this owner can open it.
    fn answer(&self, owner: &Owner) -> Option<Reply> {
        let sealed = self.answer.as_deref().filter(|_| self.state == State::Answered)?;
        Reply::from_bytes(&owner.open(self.fingerprint, sealed)?)
    }

    /// What is said of a request while this entry stands; `None` where it may be sent in its place.
    fn decide(&self, owner: &Owner, fingerprint: Fingerprint, resend: u32) -> Option<Claim> {
        let same = self.fingerprint == fingerprint;
        match self.answer(owner) {
            Some(reply) if same => return Some(Claim::Answered(reply)),
            Some(reply) if reply.status.is_client_error() => return None,
            _ => {}
        }
        if !same {
            Some(Claim::Reused)
        } else if self.state == State::Elsewhere {
            Some(Claim::Elsewhere)
        } else if resend <= self.resends {
            Some(Claim::Unknown)
        } else {
            None
        }
    }

    /// What is known of it.
    fn entry(&self, owner: &Owner) -> Entry {
        match self.state {
            State::Pending => Entry::Pending,
            State::Elsewhere => Entry::Elsewhere,
            State::Answered | State::Unknown => self.answer(owner).map_or(Entry::Unknown, Entry::Answered),
        }
    }
}

/// The ledger. Cheap to clone: all clones are the same one.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    secret: [u8; 32],
}

#[derive(Clone)]
enum Store {
    File(File),
    Database(Arc<Database>),
}

impl Ledger {
    /// Opens or makes the ledger at a place; `now` is when.
    ///
    /// # Errors
    /// If it is in use, of another version, or cannot be read or written.
    pub async fn open(place: &Place, now: Timestamp) -> Result<Self, LedgerError> {
        let (store, secret) = match place {
            Place::File(path) => {
                let (file, secret) = File::open(path, now).await?;
                (Store::File(file), secret)
            }
            Place::Postgres(way) => {
                let (database, secret) = Database::open(way, now).await?;
                (Store::Database(Arc::new(database)), secret)
            }
        };
        let ledger = Self { store, secret };
        ledger.purge(now).await?;
        Ok(ledger)
    }

    /// Random bytes that were made with the ledger and live as long: what phones keep for the edge is
    /// sealed by them. They open nothing that lies in the ledger itself.
    #[must_use]
    pub const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// Asks whether a request may be sent, and enters it if so.
    ///
    /// An entry that this program left pending counts as unknown: whoever asks must know that no
    /// request of this program is on its way. `resend` is how often the citizen has decided to send
    /// again what is unknown; each number is granted once, so that a request which the network repeats
    /// is not. A key whose request was refused by the backend (400 to 499) is free for another request,
    /// since a refused application may be mended and sent again.
    ///
    /// # Errors
    /// If the disk fails; then nothing may be sent.
    pub async fn claim(
        &self,
        owner: Arc<Owner>,
        fingerprint: Fingerprint,
        resend: u32,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        match &self.store {
            Store::File(file) => file.claim(owner, fingerprint, resend, now).await,
            Store::Database(database) => database.claim(&owner, fingerprint, resend, now).await,
        }
    }

    /// Enters how a request ended.
    ///
    /// # Errors
    /// If the disk fails; then the entry counts as unknown.
    pub async fn settle(&self, owner: Arc<Owner>, fingerprint: Fingerprint, ending: Ending) -> Result<(), LedgerError> {
        let (state, answer) = match &ending {
            Ending::Answered(reply) => {
                let sealed = owner.seal(fingerprint, &reply.to_bytes()).ok_or(LedgerError::Seal)?;
                (Some("answered"), Some(sealed))
            }
            Ending::Unknown => (Some("unknown"), None),
            Ending::Void => (None, None),
        };
        match &self.store {
            Store::File(file) => file.settle(owner, state, answer).await,
            Store::Database(database) => database.settle(&owner, state, answer).await,
        }
    }

    /// What is known of a key, and since when the ledger has kept everything.
    ///
    /// # Errors
    /// If the disk fails.
    pub async fn look(&self, owner: Arc<Owner>) -> Result<(Entry, Timestamp), LedgerError> {
        match &self.store {
            Store::File(file) => file.look(owner).await,
            Store::Database(database) => database.look(&owner).await,
        }
    }

    /// Removes what is older than [`KEPT`].
    ///
    /// # Errors
    /// If the disk fails.
    pub async fn purge(&self, now: Timestamp) -> Result<(), LedgerError> {
        match &self.store {
            Store::File(file) => file.purge(now).await,
            Store::Database(database) => database.purge(now).await,
        }
    }

    /// Writes something, to know that writing works.
    ///
    /// # Errors
    /// If it does not.
    pub async fn probe(&self, now: Timestamp) -> Result<(), LedgerError> {
        match &self.store {
            Store::File(file) => file.probe(now).await,
            Store::Database(database) => database.probe(now).await,
        }
    }
}
