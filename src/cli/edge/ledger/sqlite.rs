//! The ledger in a file, by SQLite: of one program, which locks it as long as it runs.
//!
//! What is still pending when it is opened was therefore left by a crash, and becomes unknown. All of
//! SQLite's SQL is here; each operation is a transaction of its own, on a thread that may wait for the
//! disk.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

use super::seal::{Fingerprint, Owner};
use super::{Claim, Entry, KEPT, LedgerError, Row, State, VERSION};
use crate::model::time::Timestamp;

/// The file. Cheap to clone.
#[derive(Clone)]
pub(super) struct File(Arc<Mutex<Connection>>);

impl File {
    /// Opens or makes the file, readable by its owner alone. Gives the ledger's secret too.
    pub(super) async fn open(path: &Path, now: Timestamp) -> Result<(Self, [u8; 32]), LedgerError> {
        let path = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || open(&path, now)).await;
        let (connection, secret) = opened.unwrap_or(Err(LedgerError::Stopped))?;
        Ok((Self(Arc::new(Mutex::new(connection))), secret))
    }

    pub(super) async fn claim(
        &self,
        owner: Arc<Owner>,
        fingerprint: Fingerprint,
        resend: u32,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        self.blocking(move |connection| claim(connection, &owner, fingerprint, resend, now))
            .await
    }

    /// Without a state the entry is removed.
    pub(super) async fn settle(
        &self,
        owner: Arc<Owner>,
        state: Option<&'static str>,
        answer: Option<Vec<u8>>,
    ) -> Result<(), LedgerError> {
        self.blocking(move |connection| {
            match state {
                Some(state) => connection.execute(
                    "update entries set state = :state, answer = :answer where name = :name",
                    named_params! {":name": owner.name, ":state": state, ":answer": answer},
                )?,
                None => connection.execute("delete from entries where name = ?1", [owner.name])?,
            };
            Ok(())
        })
        .await
    }

    pub(super) async fn look(&self, owner: Arc<Owner>) -> Result<(Entry, Timestamp), LedgerError> {
        self.blocking(move |connection| {
            let entry = row(connection, &owner)?.map_or(Entry::Absent, |row| row.entry(&owner));
            let since = connection.query_row("select value from meta where name = 'since'", [], |row| row.get(0))?;
            Ok((entry, Timestamp(since)))
        })
        .await
    }

    pub(super) async fn purge(&self, now: Timestamp) -> Result<(), LedgerError> {
        let oldest = now.plus(-KEPT).0;
        self.blocking(move |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute("delete from entries where created < ?1", [oldest])?;
            transaction.execute("update meta set value = max(value, ?1) where name = 'since'", [oldest])?;
            Ok(transaction.commit()?)
        })
        .await
    }

    pub(super) async fn probe(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.blocking(move |connection| {
            connection.execute(
                "insert into meta values ('probed', :now) on conflict (name) do update set value = :now",
                named_params! {":now": now.0},
            )?;
            Ok(())
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let connection = Arc::clone(&self.0);
        // A panic inside leaves no half-done transaction: SQLite rolls it back.
        tokio::task::spawn_blocking(move || work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner)))
            .await
            .unwrap_or(Err(LedgerError::Stopped))
    }
}

fn open(path: &Path, now: Timestamp) -> Result<(Connection, [u8; 32]), LedgerError> {
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
    let secret = prepare(&mut connection, now)?;
    Ok((connection, secret))
}

/// Makes the tables, or takes over what the last program left: what was pending is unknown. Gives the
/// ledger's secret.
fn prepare(connection: &mut Connection, now: Timestamp) -> Result<[u8; 32], LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            transaction.execute_batch(
                "create table meta (name text primary key, value integer not null) strict;
                 create table entries (
                     name blob primary key,
                     fingerprint blob not null,
                     state text not null check (state in ('pending', 'answered', 'unknown')),
                     created integer not null,
                     answer blob,
                     resends integer not null default 0
                 ) strict;
                 create index entries_by_age on entries (created);",
            )?;
            transaction.execute("insert into meta values ('since', ?1)", [now.0])?;
        }
        // The first had no secret, the second no numbers of decisions.
        1 | 2 => transaction.execute_batch("alter table entries add column resends integer not null default 0")?,
        VERSION => {}
        other => return Err(LedgerError::Version(other)),
    }
    if version < 2 {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret).map_err(|_| LedgerError::Seal)?;
        transaction.execute_batch("create table secret (value blob not null) strict;")?;
        transaction.execute("insert into secret values (?1)", [secret])?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.execute("update entries set state = 'unknown' where state = 'pending'", [])?;
    let secret = transaction.query_row("select value from secret", [], |row| row.get(0))?;
    transaction.commit()?;
    Ok(secret)
}

/// The entry of an owner.
fn row(connection: &Connection, owner: &Owner) -> Result<Option<Row>, LedgerError> {
    let row = connection
        .prepare_cached("select fingerprint, state, answer, resends from entries where name = ?1")?
        .query_row([owner.name], |row| {
            Ok(Row {
                fingerprint: Fingerprint(row.get(0)?),
                state: State::read(&row.get::<_, String>(1)?),
                answer: row.get(2)?,
                resends: row.get(3)?,
            })
        })
        .optional()?;
    Ok(row)
}

fn claim(
    connection: &mut Connection,
    owner: &Owner,
    fingerprint: Fingerprint,
    resend: u32,
    now: Timestamp,
) -> Result<Claim, LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = row(&transaction, owner)?;
    if let Some(claim) = row.and_then(|row| row.decide(owner, fingerprint, resend)) {
        return Ok(claim);
    }
    transaction.execute(
        "insert or replace into entries (name, fingerprint, state, created, resends)
         values (:name, :fingerprint, 'pending', :now, :resends)",
        named_params! {":name": owner.name, ":fingerprint": fingerprint.0, ":now": now.0, ":resends": resend},
    )?;
    transaction.commit()?;
    Ok(Claim::Granted)
}
