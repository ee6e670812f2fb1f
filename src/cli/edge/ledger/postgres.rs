//! The ledger in a PostgreSQL database, that any number of programs share.
//!
//! What one program sends must not be sent by another, and what a program left pending when it died
//! must be known for what it is. So each program holds, on a connection of its own, an advisory lock
//! on its number for as long as it lives, and pending entries bear that number. Whether a pending
//! entry is being sent now is whether that lock is held; the database gives it up the moment the
//! connection ends, by whatever death. A program whose connection broke while it went on sending
//! finds its entry unknown to others, and settles it when it is connected again: others have sent
//! nothing in between but by a citizen's decision, and then the entry is no longer its own.
//!
//! All of PostgreSQL's SQL is here, in tables `pendopo_ledger…` of the schema that the connection's
//! user has. Each operation is a transaction of its own with the database's usual durability.
//!
//! What it does not do: encrypt the connection. The database listens on a socket, or in a network of the
//! programs' own; there is nothing readable in what goes over it (see [`super::seal`]) but the
//! password, which PostgreSQL does not send in clear.

use std::fmt::Write as _;
use std::future::Future;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::timeout;
use tokio_postgres::{Client, Config, NoTls, Transaction};

use super::seal::{Fingerprint, Owner};
use super::{Claim, Entry, KEPT, LedgerError, Row, State, VERSION};
use crate::model::secret::Secret;
use crate::model::time::Timestamp;

/// Connections that work at once.
const CONNECTIONS: usize = 4;
/// How long the database may take over one operation.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first half of the advisory locks that say which programs live.
const LIVING: i32 = 0x0050_4e44;
/// The advisory lock under which the tables are made.
const MAKING: i64 = 0x0070_656e_646f_706f;

/// The database.
pub(super) struct Database {
    way: Config,
    /// This program's number.
    program: i32,
    /// Holds the lock that says that this program lives.
    living: Mutex<Option<Client>>,
    places: Semaphore,
    idle: std::sync::Mutex<Vec<Client>>,
}

/// What PostgreSQL said, without what it was asked: its own errors may repeat values.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("PostgreSQL: {} ({})", error.message(), error.code().code()),
        None => {
            let mut text = format!("PostgreSQL: {error}");
            let mut next = std::error::Error::source(error);
            while let Some(cause) = next {
                // Writing to a string cannot fail.
                let _ = write!(text, ": {cause}");
                next = cause.source();
            }
            text
        }
    }
}

impl Database {
    /// Connects, makes the tables if they are not there, and gives the ledger's secret.
    pub(super) async fn open(way: &Secret<String>, now: Timestamp) -> Result<(Self, [u8; 32]), LedgerError> {
        let mut way: Config = way.expose().parse()?;
        way.application_name("pendopo");
        way.connect_timeout(PATIENCE);
        way.keepalives_idle(Duration::from_secs(30));
        let database = Self {
            program: random()?,
            living: Mutex::new(None),
            places: Semaphore::new(CONNECTIONS),
            idle: std::sync::Mutex::default(),
            way,
        };
        let secret = in_time(database.prepare(now)).await?;
        in_time(database.live()).await?;
        Ok((database, secret))
    }

    async fn connect(&self) -> Result<Client, LedgerError> {
        let (client, connection) = self.way.connect(NoTls).await?;
        tokio::spawn(async move {
            // Whoever uses it next is told.
            let _ = connection.await;
        });
        Ok(client)
    }

    /// Sees to it that the database knows that this program lives.
    async fn live(&self) -> Result<(), LedgerError> {
        let mut living = self.living.lock().await;
        if living.as_ref().is_some_and(|client| !client.is_closed()) {
            return Ok(());
        }
        let client = self.connect().await?;
        // After a break the database may not have noticed yet that the old connection is gone.
        client
            .execute("select pg_advisory_lock($1, $2)", &[&LIVING, &self.program])
            .await?;
        *living = Some(client);
        Ok(())
    }

    async fn prepare(&self, now: Timestamp) -> Result<[u8; 32], LedgerError> {
        let mut client = self.connect().await?;
        let transaction = client.transaction().await?;
        transaction
            .execute("select pg_advisory_xact_lock($1)", &[&MAKING])
            .await?;
        let made = "select to_regclass('pendopo_ledger_meta') is not null";
        let made: bool = transaction.query_one(made, &[]).await?.get(0);
        if made {
            let version = "select value from pendopo_ledger_meta where name = 'version'";
            let version: i64 = transaction.query_one(version, &[]).await?.get(0);
            if version != VERSION {
                return Err(LedgerError::Version(version));
            }
        } else {
            let mut secret = [0_u8; 32];
            getrandom::fill(&mut secret).map_err(|_| LedgerError::Seal)?;
            transaction
                .batch_execute(
                    "create table pendopo_ledger_meta (name text primary key, value bigint not null);
                     create table pendopo_ledger_secret (value bytea not null);
                     create table pendopo_ledger (
                         name bytea primary key,
                         fingerprint bytea not null,
                         state text not null check (state in ('pending', 'answered', 'unknown')),
                         created bigint not null,
                         answer bytea,
                         resends bigint not null default 0,
                         program integer not null
                     );
                     create index pendopo_ledger_by_age on pendopo_ledger (created);",
                )
                .await?;
            let meta = "insert into pendopo_ledger_meta values ('since', $1), ('version', $2)";
            transaction.execute(meta, &[&now.0, &VERSION]).await?;
            let kept = "insert into pendopo_ledger_secret values ($1)";
            transaction.execute(kept, &[&&secret[..]]).await?;
        }
        let secret: Vec<u8> = transaction
            .query_one("select value from pendopo_ledger_secret", &[])
            .await?
            .get(0);
        transaction.commit().await?;
        secret.try_into().map_err(|_| LedgerError::Version(0))
    }

    pub(super) async fn claim(
        &self,
        owner: &Owner,
        fingerprint: Fingerprint,
        resend: u32,
        now: Timestamp,
    ) -> Result<Claim, LedgerError> {
        // What is entered as pending by a program that does not seem to live would count as unknown.
        in_time(self.live()).await?;
        self.transact(async |transaction| {
            // Whoever asks for the same key at the same time waits here, entry or none.
            let first = owner.name.first_chunk().copied().unwrap_or_default();
            let lock = "select pg_advisory_xact_lock($1)";
            transaction.execute(lock, &[&i64::from_be_bytes(first)]).await?;
            let row = self.row(transaction, owner).await?;
            if let Some(claim) = row.and_then(|row| row.decide(owner, fingerprint, resend)) {
                return Ok(claim);
            }
            let enter = "insert into pendopo_ledger (name, fingerprint, state, created, resends, program)
                 values ($1, $2, 'pending', $3, $4, $5)
                 on conflict (name) do update set fingerprint = excluded.fingerprint, state = excluded.state,
                     created = excluded.created, answer = null, resends = excluded.resends,
                     program = excluded.program";
            let (name, fingerprint) = (&owner.name[..], &fingerprint.0[..]);
            let resends = i64::from(resend);
            transaction
                .execute(enter, &[&name, &fingerprint, &now.0, &resends, &self.program])
                .await?;
            Ok(Claim::Granted)
        })
        .await
    }

    /// Without a state the entry is removed. An entry that is another program's by now is left alone.
    pub(super) async fn settle(
        &self,
        owner: &Owner,
        state: Option<&'static str>,
        answer: Option<Vec<u8>>,
    ) -> Result<(), LedgerError> {
        let name = &owner.name[..];
        self.transact(async |transaction| {
            match state {
                Some(state) => {
                    let enter = "update pendopo_ledger set state = $2, answer = $3 where name = $1 and program = $4";
                    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
                        [&name, &state, &answer, &self.program];
                    transaction.execute(enter, &values).await?
                }
                None => {
                    let remove = "delete from pendopo_ledger where name = $1 and program = $2";
                    transaction.execute(remove, &[&name, &self.program]).await?
                }
            };
            Ok(())
        })
        .await
    }

    pub(super) async fn look(&self, owner: &Owner) -> Result<(Entry, Timestamp), LedgerError> {
        self.transact(async |transaction| {
            let row = self.row(transaction, owner).await?;
            let since = "select value from pendopo_ledger_meta where name = 'since'";
            let since: i64 = transaction.query_one(since, &[]).await?.get(0);
            let entry = row.map_or(Entry::Absent, |row| row.entry(owner));
            Ok((entry, Timestamp(since)))
        })
        .await
    }

    pub(super) async fn purge(&self, now: Timestamp) -> Result<(), LedgerError> {
        let oldest = now.plus(-KEPT).0;
        self.transact(async |transaction| {
            let remove = "delete from pendopo_ledger where created < $1";
            transaction.execute(remove, &[&oldest]).await?;
            let since = "update pendopo_ledger_meta set value = greatest(value, $1) where name = 'since'";
            transaction.execute(since, &[&oldest]).await?;
            Ok(())
        })
        .await
    }

    pub(super) async fn probe(&self, now: Timestamp) -> Result<(), LedgerError> {
        in_time(self.live()).await?;
        self.transact(async |transaction| {
            let probe = "insert into pendopo_ledger_meta values ('probed', $1)
                 on conflict (name) do update set value = excluded.value";
            transaction.execute(probe, &[&now.0]).await?;
            Ok(())
        })
        .await
    }

    /// The entry of an owner; if it is pending, whether by a program that lives.
    async fn row(&self, transaction: &Transaction<'_>, owner: &Owner) -> Result<Option<Row>, LedgerError> {
        let row = "select fingerprint, state, answer, resends, program from pendopo_ledger where name = $1";
        let Some(row) = transaction.query_opt(row, &[&&owner.name[..]]).await? else {
            return Ok(None);
        };
        let fingerprint: Vec<u8> = row.get(0);
        let (resends, program): (i64, i32) = (row.get(3), row.get(4));
        let mut state = State::read(row.get(1));
        if state == State::Pending && program != self.program {
            // It is free if nobody has it; then this transaction has it until it ends, which harms nobody.
            let free = "select pg_try_advisory_xact_lock_shared($1, $2)";
            let free: bool = transaction.query_one(free, &[&LIVING, &program]).await?.get(0);
            state = if free { State::Unknown } else { State::Elsewhere };
        }
        Ok(Some(Row {
            // Of another length it is no fingerprint of ours: as if of another request.
            fingerprint: Fingerprint(fingerprint.try_into().unwrap_or_default()),
            state,
            answer: row.get(2),
            resends: u32::try_from(resends).unwrap_or(u32::MAX),
        }))
    }

    /// Does something in a transaction, in time, on a connection that is free or new.
    async fn transact<T>(
        &self,
        work: impl AsyncFnOnce(&Transaction<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        in_time(async {
            let _place = self.places.acquire().await.map_err(|_| LedgerError::Stopped)?;
            let idle = || self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let kept = {
                let mut idle = idle();
                // After a break all of them are closed.
                idle.retain(|client| !client.is_closed());
                idle.pop()
            };
            let mut client = match kept {
                Some(client) => client,
                None => self.connect().await?,
            };
            let transaction = client.transaction().await?;
            let result = work(&transaction).await?;
            transaction.commit().await?;
            idle().push(client);
            Ok(result)
        })
        .await
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, LedgerError>>) -> Result<T, LedgerError> {
    timeout(PATIENCE, work).await.unwrap_or(Err(LedgerError::Late))
}

fn random() -> Result<i32, LedgerError> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|_| LedgerError::Seal)?;
    Ok(i32::from_be_bytes(bytes))
}
