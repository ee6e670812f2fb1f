//! A backend's register: SQLite, in a file or in memory.
//!
//! One connection, used by one piece of work at a time on a thread that may block: see
//! [`Register::with`]. Which tables there are, and what is done with them, each backend says itself.
//!
//! SQLite also does the reading and writing of dates, so that the sandbox shares no date code with
//! the program that it is to try out.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension};
use thiserror::Error;

/// Why the register could not do something.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// SQLite said no.
    #[error("the register: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The folder of the file could not be made.
    #[error("the register's folder: {0}")]
    Folder(#[from] std::io::Error),
    /// A row does not hold what was written into it.
    #[error("the register holds a damaged row: {0}")]
    Damaged(#[from] serde_json::Error),
    /// The work was stopped half-way.
    #[error("the register's work was stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

impl RegisterError {
    /// Writes it to the log: who asked is told only that something failed.
    pub(super) fn log(&self) {
        tracing::error!(error = %self, "the sandbox's register failed");
    }
}

/// The register; cheap to share.
#[derive(Clone, Debug)]
pub(super) struct Register(Arc<Mutex<Connection>>);

impl Register {
    /// Opens the file, or a register that is gone with the process, and makes the tables of `schema`.
    pub(super) fn open(file: Option<&Path>, schema: &str) -> Result<Self, RegisterError> {
        let connection = match file {
            Some(file) => {
                if let Some(folder) = file.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                Connection::open(file)?
            }
            None => Connection::open_in_memory()?,
        };
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        connection.execute_batch(schema)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does a piece of work in one transaction, all of it or nothing.
    pub(super) async fn with<T, W>(&self, work: W) -> Result<T, RegisterError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, RegisterError> + Send + 'static,
    {
        let register = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let mut connection = register.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction()?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await?
    }
}

/// The moment that a text says, in seconds since 1970: `YYYY-MM-DD`, or with `T` or a space
/// `HH:MM[:SS[.fff]]` and `Z` or `±HH:MM`. Without a zone it is western Indonesian time.
///
/// `None` for anything else, impossible days included.
pub(super) fn moment(connection: &Connection, text: &str) -> Result<Option<i64>, RegisterError> {
    /// Seconds by which western Indonesia is ahead of UTC.
    const WIB: i64 = 7 * 3600;
    let (Some(day), Some(rest)) = (text.get(..10), text.get(10..)) else {
        return Ok(None);
    };
    let shape = day.bytes().enumerate().all(|(at, byte)| {
        if at == 4 || at == 7 {
            byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    });
    if !shape || text.len() > 40 {
        return Ok(None);
    }
    let zoned = rest.ends_with(['Z', 'z']) || rest.contains(['+', '-']);
    let seconds: Option<i64> = connection
        .query_row(
            // SQLite rolls 30 February over into March; a day that changes was none.
            "SELECT unixepoch(?1) WHERE date(?2) = ?2",
            (text, day),
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    Ok(seconds.map(|seconds| if zoned { seconds } else { seconds.saturating_sub(WIB) }))
}
