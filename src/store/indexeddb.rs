//! The main database, `pendopo`: the engine's records. Only the engine opens it.
//!
//! Stores: `keys`, and `records` by `{kind}/{id}`, sealed, with the version of their format in clear.
//!
//! Several tabs have an engine each, and one of them runs (see [`crate::browser::worker`]). A tab that
//! the phone has put to sleep may wake up and still believe to be that one. So the running engine
//! writes a random token into the database when it takes over, in the transaction that reads the
//! records; and every later write looks in its own transaction whether the token is still there.
//! An engine that was replaced can therefore write nothing, and since nothing is sent before it was
//! written down, it can send nothing either. This is safer than a lease with a time: it does not
//! depend on two clocks.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::crypto::{KEYS, random};
use super::failure::StoreError;
use super::record::{Key, Kind, Record};
use super::script::{get, object, warn};
use super::vault::{Expected, Guard, Row, Vault};

/// The database's name.
pub const NAME: &str = "pendopo";
/// Its stores.
pub const STORES: &[&str] = &[KEYS, RECORDS];
const RECORDS: &str = "records";
/// The place of the token, in `keys`.
const LEADER: &str = "leader";

/// The main database, taken over by this engine.
pub struct Main {
    vault: Vault,
    token: f64,
}

impl Main {
    /// Opens the database, takes it over, and reads all records. A record that does not open is given
    /// with version 0 and no bytes, so that the engine reports it; it stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Blocked`], [`StoreError::Newer`], [`StoreError::Full`], or what the browser says.
    pub async fn take_over() -> Result<(Self, Vec<Record>), StoreError> {
        let vault = Vault::open(NAME, STORES).await?;
        let token = random(6)?.to_vec().into_iter();
        let token = token.fold(0.0, |sum, byte| sum * 256.0 + f64::from(byte));
        let transaction = vault.database.write(&[KEYS, RECORDS]).await?;
        transaction.put(KEYS, LEADER, &token_row(token))?;
        let rows = transaction.rows(RECORDS).await?;
        transaction.commit().await?;
        let mut records = Vec::with_capacity(rows.len());
        for (place, row) in rows {
            let Some(key) = key_of(&place) else {
                warn("a record of an unknown kind is kept as it is");
                continue;
            };
            let version = get(&row, "version").as_f64().unwrap_or_default();
            let record = match vault.open_row(RECORDS, &place, &row).await {
                Ok(data) => Record {
                    key,
                    version: whole(version),
                    data: Uint8Array::new(&data).to_vec(),
                },
                Err(_) => Record {
                    key,
                    version: 0,
                    data: Vec::new(),
                },
            };
            records.push(record);
        }
        Ok((Self { vault, token }, records))
    }

    /// Writes and removes records in one strict transaction.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if another engine has taken over, [`StoreError::Full`], or what the browser says.
    pub async fn commit(&self, put: &[Record], delete: &[Key]) -> Result<(), StoreError> {
        let data: Vec<Uint8Array> = put.iter().map(|record| record.data.as_slice().into()).collect();
        let clear: Vec<[(&str, f64); 1]> = put
            .iter()
            .map(|record| [("version", f64::from(record.version))])
            .collect();
        let rows: Vec<Row<'_>> = put
            .iter()
            .zip(&data)
            .zip(&clear)
            .map(|((record, data), clear)| Row {
                store: RECORDS,
                key: place_of(&record.key),
                clear,
                data,
            })
            .collect();
        let delete: Vec<(&str, String)> = delete.iter().map(|key| (RECORDS, place_of(key))).collect();
        let guard = Guard {
            store: KEYS,
            key: LEADER,
            field: "token",
            expected: Expected::Number(self.token),
        };
        match self.vault.write(Some(guard), &rows, &delete).await {
            Err(StoreError::Conflict { .. }) => Err(StoreError::Replaced),
            end => end,
        }
    }

    /// Erases everything, the key and what could not be read included.
    ///
    /// # Errors
    /// What the browser says; then nothing is erased.
    pub async fn erase(&self) -> Result<(), StoreError> {
        let transaction = self.vault.database.write(&[KEYS, RECORDS]).await?;
        transaction.clear(RECORDS)?;
        transaction.clear(KEYS)?;
        transaction.put(KEYS, LEADER, &token_row(self.token))?;
        transaction.commit().await
    }
}

fn token_row(token: f64) -> JsValue {
    object(&[("token", JsValue::from_f64(token))]).into()
}

fn place_of(key: &Key) -> String {
    [key.kind.word(), &key.id].join("/")
}

fn key_of(place: &str) -> Option<Key> {
    let (kind, id) = place.split_once('/')?;
    Some(Key {
        kind: Kind::from_word(kind)?,
        id: id.to_owned(),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates; a version that is no whole number is none that we wrote"
)]
const fn whole(number: f64) -> u32 {
    number as u32
}
