//! The PIN of a shared phone.
//!
//! It changes nothing that is sealed: it only wraps the two databases' data keys anew, by a key that is
//! derived from it (PBKDF2 with SHA-256, RFC 8018) in place of the one that lies beside them. So
//! without the PIN nothing can be read, and since nothing is sent that cannot be read, nothing is sent.
//! There is no way round it: whoever has forgotten it can only erase.
//!
//! The journal's row says whether there is a PIN. Both rows cannot be written in one transaction, so
//! the journal's comes last, and the next [`unlock`] finishes what was cut off between the two.
//!
//! What is unwrapped once is held for the life of the page ([`super::crypto::hold`]), and handed to
//! the worker as keys, never as the PIN.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;

use super::crypto::{self, KEYS, PLACE, object_of, settled, subtle, uses};
use super::database::Database;
use super::failure::StoreError;
use super::script::{get, object, set};
use super::{indexeddb, journal};

/// Rounds of the derivation: about a second of a cheap phone.
const ROUNDS: f64 = 600_000.0;
/// Bytes of salt.
const SALT: u32 = 16;

/// Whether there is a PIN.
///
/// # Errors
/// What the browser says.
pub async fn is_set() -> Result<bool, StoreError> {
    Ok(is_wrapped(&row(&journal().await?).await?))
}

/// Opens both databases' keys and holds them; gives them, to be handed to the worker.
///
/// # Errors
/// [`StoreError::Locked`] if it is not the PIN, or what the browser says.
pub async fn unlock(pin: &str) -> Result<JsValue, StoreError> {
    let (journal, main) = both().await?;
    let found = row(&journal).await?;
    let derived = Derived::again(pin, &found).await?;
    let opened = derived.unwrap(&found, false).await.map_err(|_| StoreError::Locked)?;
    let other = row(&main).await?;
    let of_main = if same_salt(&other, &found) {
        derived.unwrap(&other, false).await?
    } else {
        // Setting or removing the PIN was cut off: the journal's word counts.
        let key = match is_wrapped(&other) {
            true => Derived::again(pin, &other).await?.unwrap(&other, true).await?,
            false => crypto::unwrap(&other, &get(&other, "by").unchecked_into(), true).await?,
        };
        derived.wrap(&main, &other, &key).await?;
        derived.unwrap(&row(&main).await?, false).await?
    };
    let keys = [(&found, opened), (&other, of_main)].map(|(row, key)| pair(row, &key));
    let keys: JsValue = keys.iter().collect::<Array>().into();
    crypto::hold(&keys);
    Ok(keys)
}

/// Sets a PIN where there is none; gives the keys, to be handed to the worker.
///
/// # Errors
/// What the browser says; then [`is_set`] says whether it holds.
pub async fn set_to(pin: &str) -> Result<JsValue, StoreError> {
    let (journal, main) = both().await?;
    let derived = Derived::new(pin, &crypto::random(SALT)?, ROUNDS).await?;
    for database in [&main, &journal] {
        let found = row(database).await?;
        let key = crypto::unwrap(&found, &get(&found, "by").unchecked_into(), true).await?;
        derived.wrap(database, &found, &key).await?;
    }
    unlock(pin).await
}

/// Takes the PIN away.
///
/// # Errors
/// [`StoreError::Locked`] if it is not the PIN, or what the browser says.
pub async fn remove(pin: &str) -> Result<(), StoreError> {
    unlock(pin).await?;
    let (journal, main) = both().await?;
    for database in [&main, &journal] {
        let found = row(database).await?;
        let derived = Derived::again(pin, &found).await?;
        let key = derived.unwrap(&found, true).await?;
        let by = crypto::wrapping_key().await?;
        let wrapped = crypto::wrap(&key, &by).await?;
        replace(database, &found, &[("by", by.into()), ("wrapped", wrapped)]).await?;
    }
    Ok(())
}

async fn journal() -> Result<Database, StoreError> {
    Database::open(journal::NAME, journal::STORES).await
}

async fn both() -> Result<(Database, Database), StoreError> {
    Ok((
        journal().await?,
        Database::open(indexeddb::NAME, indexeddb::STORES).await?,
    ))
}

/// The row of a database's key, made if there is none yet.
async fn row(database: &Database) -> Result<JsValue, StoreError> {
    crypto::row(database).await
}

fn is_wrapped(row: &JsValue) -> bool {
    !get(row, "salt").is_undefined()
}

fn salt(row: &JsValue) -> Vec<u8> {
    Uint8Array::new(&get(row, "salt")).to_vec()
}

fn same_salt(row: &JsValue, other: &JsValue) -> bool {
    is_wrapped(row) && is_wrapped(other) && salt(row) == salt(other)
}

fn pair(row: &JsValue, key: &CryptoKey) -> JsValue {
    [get(row, "number"), key.into()].iter().collect::<Array>().into()
}

/// Puts other words of the key's wrapping in a row's place, if its key is still the same.
async fn replace(database: &Database, found: &JsValue, fields: &[(&str, JsValue)]) -> Result<(), StoreError> {
    let row = object(fields);
    set(&row, "number", &get(found, "number"));
    let transaction = database.write(&[KEYS]).await?;
    let now = transaction.get(KEYS, PLACE).await?;
    if get(&now, "number").as_f64() != get(found, "number").as_f64() {
        transaction.abort();
        return Err(StoreError::Conflict { stored: None });
    }
    transaction.put(KEYS, PLACE, &row)?;
    transaction.commit().await
}

/// What is derived of a PIN.
struct Derived {
    key: CryptoKey,
    salt: Uint8Array,
    rounds: f64,
}

impl Derived {
    /// As a row was wrapped.
    async fn again(pin: &str, row: &JsValue) -> Result<Self, StoreError> {
        let rounds = get(row, "rounds").as_f64().unwrap_or(ROUNDS);
        Self::new(pin, &Uint8Array::new(&get(row, "salt")), rounds).await
    }

    async fn new(pin: &str, salt: &Uint8Array, rounds: f64) -> Result<Self, StoreError> {
        let pin = Uint8Array::from(pin.as_bytes());
        let base = subtle().import_key_with_str("raw", &pin, "PBKDF2", false, &uses(&["deriveKey"]));
        let base: CryptoKey = settled(base).await?.unchecked_into();
        let how = object(&[
            ("name", JsValue::from_str("PBKDF2")),
            ("hash", JsValue::from_str("SHA-256")),
            ("salt", salt.into()),
            ("iterations", JsValue::from_f64(rounds)),
        ]);
        let key = subtle().derive_key_with_object_and_object(
            &how,
            &base,
            &object_of("AES-KW"),
            false,
            &uses(&["wrapKey", "unwrapKey"]),
        );
        Ok(Self {
            key: settled(key).await?.unchecked_into(),
            salt: salt.clone(),
            rounds,
        })
    }

    async fn unwrap(&self, row: &JsValue, extractable: bool) -> Result<CryptoKey, StoreError> {
        crypto::unwrap(row, &self.key, extractable).await
    }

    async fn wrap(&self, database: &Database, found: &JsValue, key: &CryptoKey) -> Result<(), StoreError> {
        let wrapped = crypto::wrap(key, &self.key).await?;
        let rounds = JsValue::from_f64(self.rounds);
        let salt = self.salt.clone().into();
        replace(
            database,
            found,
            &[("salt", salt), ("rounds", rounds), ("wrapped", wrapped)],
        )
        .await
    }
}
