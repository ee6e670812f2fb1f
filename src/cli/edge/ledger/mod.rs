//! The idempotency ledger: which keys were seen, and what became of their requests.
//!
//! One SQLite file, written through to the disk before anything is sent and before any answer is
//! given. An entry begins as *pending*; it becomes *answered*, with the sealed answer, or
//! *unknown*; or it is removed again where the request certainly had no effect, so that the phone
//! may try anew. Entries are kept for [`KEPT`] and then removed.
//!
//! The file has one owner: it is locked as long as the program runs, so what is still pending when
//! it is opened was left by a crash, and becomes unknown.
//!
//! What it does not do: decide what an answer means (that is `changes`), hold keys or plain answers
//! (see [`seal`]), or wait for anything but the disk.

pub mod seal;
mod tables;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use thiserror::Error;

use super::reply::Reply;
use crate::model::time::Timestamp;
use seal::{Fingerprint, Owner};

/// How long an entry is kept, in milliseconds: 24 hours.
pub const KEPT: i64 = 24 * 60 * 60 * 1000;

/// The version of the file's tables.
const VERSION: i64 = 3;

/// Why the ledger cannot be used.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// Another program has it open.
    #[error("it is in use by another program; each `pendopo serve` needs a ledger of its own")]
    InUse,
    /// It was written by another version of this program.
    #[error("its tables have version {0}, this program knows version {VERSION}")]
    Version(i64),
    /// The file cannot be made.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The database failed.
    #[error("{0}")]
    Database(rusqlite::Error),
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
}

/// What is known of a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Absent,
    /// It is being sent, or was when the program ended.
    Pending,
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

/// The ledger. Its methods wait for the disk on a thread of their own.
#[derive(Clone)]
pub struct Ledger {
    connection: Arc<Mutex<Connection>>,
    secret: [u8; 32],
}

impl Ledger {
    /// Opens or makes the file at `path`, readable by its owner alone; `now` is when.
    ///
    /// # Errors
    /// If it is in use, of another version, or cannot be read or written.
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, LedgerError> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(options.open(path)?);

        let mut connection = Connection::open(path)?;
        connection.busy_timeout(std::time::Duration::ZERO)?;
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "secure_delete", true)?;
        let secret = tables::prepare(&mut connection, now)?;
        let ledger = Self {
            connection: Arc::new(Mutex::new(connection)),
            secret,
        };
        ledger.with(|connection| tables::purge(connection, now))?;
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
    /// An entry that is pending counts as unknown: whoever asks must know that no request of this
    /// program is on its way. `resend` is how often the citizen has decided to send again what is unknown;
    /// each number is granted once, so that a request which the network repeats is not. A key
    /// whose request was refused by the backend (400 to 499) is free for another request, since a
    /// refused application may be mended and sent again.
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
        self.blocking(move |connection| tables::claim(connection, &owner, fingerprint, resend, now))
            .await
    }

    /// Enters how a request ended.
    ///
    /// # Errors
    /// If the disk fails; then the entry counts as unknown.
    pub async fn settle(&self, owner: Arc<Owner>, fingerprint: Fingerprint, ending: Ending) -> Result<(), LedgerError> {
        self.blocking(move |connection| tables::settle(connection, &owner, fingerprint, &ending))
            .await
    }

    /// What is known of a key, and since when the ledger has kept everything.
    ///
    /// # Errors
    /// If the disk fails.
    pub async fn look(&self, owner: Arc<Owner>) -> Result<(Entry, Timestamp), LedgerError> {
        self.blocking(move |connection| {
            let entry = match tables::row(connection, &owner)? {
                None => Entry::Absent,
                Some(row) if row.state == "pending" => Entry::Pending,
                Some(row) => row.answer(&owner).map_or(Entry::Unknown, Entry::Answered),
            };
            Ok((entry, tables::since(connection)?))
        })
        .await
    }

    /// Removes what is older than [`KEPT`].
    ///
    /// # Errors
    /// If the disk fails.
    pub async fn purge(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.blocking(move |connection| tables::purge(connection, now)).await
    }

    /// Writes something, to know that writing works.
    ///
    /// # Errors
    /// If it does not.
    pub async fn probe(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.blocking(move |connection| tables::probe(connection, now)).await
    }

    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        // A panic inside leaves no half-done transaction: SQLite rolls it back.
        work(&mut self.connection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let ledger = self.clone();
        tokio::task::spawn_blocking(move || ledger.with(work))
            .await
            .unwrap_or(Err(LedgerError::Stopped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::edge::reply::EdgeFault;
    use axum::http::StatusCode;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    struct Fixture {
        folder: tempfile::TempDir,
        ledger: Option<Ledger>,
        owner: Arc<Owner>,
    }

    impl Fixture {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let ledger = Ledger::open(&folder.path().join("ledger"), NOW).unwrap();
            Self {
                folder,
                ledger: Some(ledger),
                owner: Arc::new(Owner::new(&"32.73/lapor".parse().unwrap(), "key-1")),
            }
        }

        fn ledger(&self) -> &Ledger {
            self.ledger.as_ref().unwrap()
        }

        fn reopen(&mut self, now: Timestamp) {
            self.ledger = None;
            self.ledger = Some(Ledger::open(&self.folder.path().join("ledger"), now).unwrap());
        }

        async fn claim(&self, body: &[u8], resend: u32) -> Claim {
            let fingerprint = self.owner.fingerprint(&[], [body]);
            let claim = self.ledger().claim(Arc::clone(&self.owner), fingerprint, resend, NOW);
            claim.await.unwrap()
        }

        async fn settle(&self, body: &[u8], ending: Ending) {
            let fingerprint = self.owner.fingerprint(&[], [body]);
            let settled = self.ledger().settle(Arc::clone(&self.owner), fingerprint, ending);
            settled.await.unwrap();
        }

        async fn look(&self) -> (Entry, Timestamp) {
            self.ledger().look(Arc::clone(&self.owner)).await.unwrap()
        }
    }

    fn reply(status: StatusCode, body: &'static str) -> Reply {
        let mut reply = Reply::fault(EdgeFault::Unknown);
        reply.status = status;
        reply.body = body.into();
        reply
    }

    #[tokio::test]
    async fn a_request_is_granted_once_and_then_answered_with_the_same_answer() {
        let ledger = Fixture::new();
        assert_eq!(ledger.look().await, (Entry::Absent, NOW));
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        assert_eq!(ledger.look().await.0, Entry::Pending);
        let answer = reply(StatusCode::CREATED, "SL-1");
        ledger.settle(b"a", Ending::Answered(answer.clone())).await;
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Answered(answer.clone()));
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Answered(answer.clone()));
        assert_eq!(ledger.claim(b"b", 1).await, Claim::Reused);
        assert_eq!(ledger.look().await.0, Entry::Answered(answer));
    }

    #[tokio::test]
    async fn what_is_unknown_is_sent_again_only_by_decision() {
        let ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(ledger.look().await.0, Entry::Unknown);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
        assert_eq!(ledger.claim(b"b", 1).await, Claim::Reused);
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
    }

    #[tokio::test]
    async fn a_decision_to_send_again_is_granted_once_however_often_the_network_repeats_it() {
        let mut ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(
            ledger.claim(b"a", 1).await,
            Claim::Unknown,
            "the copy of the first decision"
        );
        ledger.reopen(NOW.plus(1000));
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Unknown, "after a restart too");
        assert_eq!(
            ledger.claim(b"a", 3).await,
            Claim::Granted,
            "a later decision, one was lost on its way"
        );
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(
            ledger.claim(b"a", 2).await,
            Claim::Unknown,
            "and that one comes after all"
        );
    }

    #[tokio::test]
    async fn what_had_no_effect_was_never_there() {
        let ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Void).await;
        assert_eq!(ledger.look().await.0, Entry::Absent);
        assert_eq!(ledger.claim(b"b", 0).await, Claim::Granted);
    }

    #[tokio::test]
    async fn a_refused_request_may_be_mended_and_sent_again_with_its_key() {
        let ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        let refusal = reply(StatusCode::UNPROCESSABLE_ENTITY, "nik");
        ledger.settle(b"a", Ending::Answered(refusal.clone())).await;
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Answered(refusal));
        assert_eq!(ledger.claim(b"b", 0).await, Claim::Granted);
        assert_eq!(ledger.look().await.0, Entry::Pending);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Reused);
    }

    #[tokio::test]
    async fn what_was_pending_at_a_crash_is_unknown_afterwards() {
        let mut ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.reopen(NOW.plus(1000));
        assert_eq!(ledger.look().await, (Entry::Unknown, NOW));
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
    }

    #[tokio::test]
    async fn entries_are_kept_for_a_day_and_the_ledger_says_since_when() {
        let mut ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.ledger().purge(NOW.plus(KEPT)).await.unwrap();
        assert_eq!(ledger.look().await, (Entry::Pending, NOW));
        ledger.ledger().purge(NOW.plus(KEPT + 1)).await.unwrap();
        assert_eq!(ledger.look().await, (Entry::Absent, NOW.plus(1)));
        // A clock that jumps back does not make it promise more.
        ledger.reopen(NOW);
        assert_eq!(ledger.look().await, (Entry::Absent, NOW.plus(1)));
    }

    #[tokio::test]
    async fn a_file_of_version_1_is_taken_over_with_what_it_knows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let owner = Arc::new(Owner::new(&"32.73/lapor".parse().unwrap(), "key-1"));
        let fingerprint = owner.fingerprint(&[], [&b"a"[..]]);
        let old = Connection::open(&path).unwrap();
        old.execute_batch(
            "create table meta (name text primary key, value integer not null) strict;
             create table entries (
                 name blob primary key, fingerprint blob not null,
                 state text not null check (state in ('pending', 'answered', 'unknown')),
                 created integer not null, answer blob
             ) strict;
             create index entries_by_age on entries (created);
             insert into meta values ('since', 5);
             pragma user_version = 1;",
        )
        .unwrap();
        old.execute(
            "insert into entries values (?1, ?2, 'pending', ?3, null)",
            rusqlite::params![owner.name, fingerprint.0, NOW.0],
        )
        .unwrap();
        drop(old);
        let mut ledger = Fixture {
            ledger: Some(Ledger::open(&path, NOW).unwrap()),
            folder,
            owner,
        };
        assert_eq!(ledger.look().await, (Entry::Unknown, NOW.plus(-KEPT)));
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
        ledger.reopen(NOW);
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Unknown);
    }

    #[tokio::test]
    async fn a_ledger_has_one_owner() {
        let ledger = Fixture::new();
        let second = Ledger::open(&ledger.folder.path().join("ledger"), NOW);
        assert!(matches!(second, Err(LedgerError::InUse)));
    }

    #[tokio::test]
    async fn an_answer_that_was_tampered_with_counts_as_unknown() {
        let ledger = Fixture::new();
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger
            .settle(b"a", Ending::Answered(reply(StatusCode::CREATED, "SL-1")))
            .await;
        ledger
            .ledger()
            .with(|connection| Ok(connection.execute("update entries set answer = x'00'", [])?))
            .unwrap();
        assert_eq!(ledger.look().await.0, Entry::Unknown);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
    }
}
