//! The ledger's tables: the one place with SQL. Each function is a transaction of its own.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, named_params};

use super::seal::{Fingerprint, Owner};
use super::{Claim, Ending, KEPT, LedgerError, VERSION};
use crate::cli::edge::reply::Reply;
use crate::model::time::Timestamp;

/// Makes the tables, or takes over what the last program left: what was pending is unknown. Gives the
/// ledger's secret.
pub fn prepare(connection: &mut Connection, now: Timestamp) -> Result<[u8; 32], LedgerError> {
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

/// An entry as it is stored.
pub struct Row {
    fingerprint: Fingerprint,
    /// `pending`, `answered` or `unknown`.
    pub state: String,
    answer: Option<Vec<u8>>,
    /// The last decision to send again that was granted.
    resends: u32,
}

impl Row {
    /// The answer, if there is one and this owner can open it.
    pub fn answer(&self, owner: &Owner) -> Option<Reply> {
        let sealed = self.answer.as_deref().filter(|_| self.state == "answered")?;
        Reply::from_bytes(&owner.open(self.fingerprint, sealed)?)
    }
}

/// The entry of an owner.
pub fn row(connection: &Connection, owner: &Owner) -> Result<Option<Row>, LedgerError> {
    let row = connection
        .prepare_cached("select fingerprint, state, answer, resends from entries where name = ?1")?
        .query_row([owner.name], |row| {
            Ok(Row {
                fingerprint: Fingerprint(row.get(0)?),
                state: row.get(1)?,
                answer: row.get(2)?,
                resends: row.get(3)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// See [`super::Ledger::claim`].
pub fn claim(
    connection: &mut Connection,
    owner: &Owner,
    fingerprint: Fingerprint,
    resend: u32,
    now: Timestamp,
) -> Result<Claim, LedgerError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(row) = row(&transaction, owner)? {
        let same = row.fingerprint == fingerprint;
        match row.answer(owner) {
            Some(reply) if same => return Ok(Claim::Answered(reply)),
            Some(reply) if reply.status.is_client_error() => {}
            _ if !same => return Ok(Claim::Reused),
            _ if resend <= row.resends => return Ok(Claim::Unknown),
            _ => {}
        }
    }
    transaction.execute(
        "insert or replace into entries (name, fingerprint, state, created, resends)
         values (:name, :fingerprint, 'pending', :now, :resends)",
        named_params! {":name": owner.name, ":fingerprint": fingerprint.0, ":now": now.0, ":resends": resend},
    )?;
    transaction.commit()?;
    Ok(Claim::Granted)
}

/// See [`super::Ledger::settle`].
pub fn settle(
    connection: &mut Connection,
    owner: &Owner,
    fingerprint: Fingerprint,
    ending: &Ending,
) -> Result<(), LedgerError> {
    match ending {
        Ending::Answered(reply) => {
            let sealed = owner.seal(fingerprint, &reply.to_bytes()).ok_or(LedgerError::Seal)?;
            connection.execute(
                "update entries set state = 'answered', answer = :answer where name = :name",
                named_params! {":name": owner.name, ":answer": sealed},
            )?;
        }
        Ending::Unknown => {
            connection.execute("update entries set state = 'unknown' where name = ?1", [owner.name])?;
        }
        Ending::Void => {
            connection.execute("delete from entries where name = ?1", [owner.name])?;
        }
    }
    Ok(())
}

/// Since when everything is kept.
pub fn since(connection: &Connection) -> Result<Timestamp, LedgerError> {
    let since = connection.query_row("select value from meta where name = 'since'", [], |row| row.get(0))?;
    Ok(Timestamp(since))
}

/// Removes what is too old, and remembers that it did.
pub fn purge(connection: &mut Connection, now: Timestamp) -> Result<(), LedgerError> {
    let oldest = now.plus(-KEPT).0;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("delete from entries where created < ?1", [oldest])?;
    transaction.execute("update meta set value = max(value, ?1) where name = 'since'", [oldest])?;
    Ok(transaction.commit()?)
}

/// Writes something, to know that writing works.
pub fn probe(connection: &Connection, now: Timestamp) -> Result<(), LedgerError> {
    connection.execute(
        "insert into meta values ('probed', :now) on conflict (name) do update set value = :now",
        named_params! {":now": now.0},
    )?;
    Ok(())
}
