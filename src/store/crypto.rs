//! Sealing: AES-256-GCM by WebCrypto, under a data key that is stored wrapped.
//!
//! A database's data key is random. It lies in the store `keys` of the same database, wrapped
//! (AES-KW, RFC 3394) by a second key which the browser never lets out, and which is stored beside it
//! as an object. So nothing that is copied out of the database file alone can be read as text, and a
//! PIN only wraps the data key anew ([`super::pin`]): nothing needs to be sealed again. A key that a
//! PIN wraps is used once it was unwrapped in this page or worker, or handed to it ([`hold`]).
//!
//! Each row is sealed with a fresh 12-byte IV, and with the row's place as additional data: a row
//! that was moved or swapped does not open. What this does not do: it does not protect from whoever
//! holds the unlocked phone, since the wrapping key lies in the same browser profile.
//!
//! Two contexts that start at once do not make two keys: both make one, the first to come adds it in
//! a transaction, and both then use what is there.

use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, SubtleCrypto};

use super::database::{Database, Transaction};
use super::failure::StoreError;
use super::script::{get, global, object, set};

/// The store that holds the wrapped key.
pub const KEYS: &str = "keys";
/// The key's place in it.
pub(super) const PLACE: &str = "data";
/// Bytes of an IV (NIST SP 800-38D, section 8.2).
const IV: u32 = 12;

/// A database's key, in use.
pub struct DataKey {
    key: CryptoKey,
    number: f64,
}

impl DataKey {
    /// The database's key, made if there is none yet.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where a PIN wraps it and it was not unlocked, or what the browser says.
    pub async fn of(database: &Database) -> Result<Self, StoreError> {
        let row = row(database).await?;
        let number = get(&row, "number").as_f64().unwrap_or_default();
        let by = get(&row, "by");
        let key = if by.is_undefined() {
            let held = HELD.with_borrow(|held| held.iter().find(|(of, _)| *of == number).map(|(_, key)| key.clone()));
            held.ok_or(StoreError::Locked)?
        } else {
            unwrap(&row, by.unchecked_ref(), false).await?
        };
        Ok(Self { key, number })
    }

    /// Whether this is still the database's key, asked within a transaction over [`KEYS`].
    ///
    /// # Errors
    /// What the browser says.
    pub async fn holds(&self, transaction: &Transaction) -> Result<bool, StoreError> {
        let row = transaction.get(KEYS, PLACE).await?;
        Ok(get(&row, "number").as_f64() == Some(self.number))
    }

    /// Whether a row was sealed by this key.
    #[must_use]
    pub fn sealed(&self, row: &JsValue) -> bool {
        get(row, "key").as_f64() == Some(self.number)
    }

    /// Seals `data` (an `ArrayBuffer` or a view of one) for its place, into the row's fields `key`, `iv` and `sealed`.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn seal(&self, place: &str, data: &Object, row: &Object) -> Result<(), StoreError> {
        let iv = random(IV)?;
        let sealed = subtle().encrypt_with_object_and_buffer_source(&gcm(&iv, place), &self.key, data);
        let sealed = settled(sealed).await?;
        set(row, "key", &JsValue::from_f64(self.number));
        set(row, "iv", &iv);
        set(row, "sealed", &sealed);
        Ok(())
    }

    /// Opens what [`DataKey::seal`] has sealed for the same place.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where the row does not open.
    pub async fn open(&self, place: &str, row: &JsValue) -> Result<ArrayBuffer, StoreError> {
        let iv = get(row, "iv").unchecked_into();
        let opened = subtle().decrypt_with_object_and_buffer_source(
            &gcm(&iv, place),
            &self.key,
            get(row, "sealed").unchecked_ref(),
        );
        match settled(opened).await {
            Ok(data) => Ok(data.unchecked_into()),
            Err(error) => Err(StoreError::Unreadable {
                what: error.to_string(),
            }),
        }
    }
}

/// Random bytes.
///
/// # Errors
/// What the browser says.
pub fn random(bytes: u32) -> Result<Uint8Array, StoreError> {
    let array = Uint8Array::new_with_length(bytes);
    global::<Crypto>("crypto").get_random_values_with_js_u8_array(&array)?;
    Ok(array)
}

thread_local! {
    /// Keys that a PIN wraps and that were unwrapped, by their numbers.
    static HELD: RefCell<Vec<(f64, CryptoKey)>> = const { RefCell::new(Vec::new()) };
}

/// Holds unwrapped keys, `[[number, key], …]`, for the life of this page or worker.
pub fn hold(keys: &JsValue) {
    for pair in Array::from(keys) {
        if let Some(number) = get(&pair, "0").as_f64() {
            let key = get(&pair, "1").unchecked_into();
            HELD.with_borrow_mut(|held| held.push((number, key)));
        }
    }
}

/// The row of a database's key, made if there is none yet.
///
/// # Errors
/// What the browser says.
pub(super) async fn row(database: &Database) -> Result<JsValue, StoreError> {
    let mut row = database.read(&[KEYS]).await?.get(KEYS, PLACE).await?;
    if row.is_undefined() {
        let made = make().await?;
        let transaction = database.write(&[KEYS]).await?;
        row = transaction.get(KEYS, PLACE).await?;
        if row.is_undefined() {
            transaction.put(KEYS, PLACE, &made)?;
            row = made;
        }
        transaction.commit().await?;
    }
    Ok(row)
}

/// The data key of a row, unwrapped by `by`.
///
/// # Errors
/// What the browser says, above all if `by` is not what wrapped it.
pub(super) async fn unwrap(row: &JsValue, by: &CryptoKey, extractable: bool) -> Result<CryptoKey, StoreError> {
    let key = subtle().unwrap_key_with_buffer_source_and_str_and_str(
        "raw",
        get(row, "wrapped").unchecked_ref(),
        by,
        "AES-KW",
        "AES-GCM",
        extractable,
        &uses(&["encrypt", "decrypt"]),
    );
    Ok(settled(key).await?.unchecked_into())
}

/// A data key, wrapped.
///
/// # Errors
/// What the browser says.
pub(super) async fn wrap(key: &CryptoKey, by: &CryptoKey) -> Result<JsValue, StoreError> {
    settled(subtle().wrap_key_with_str("raw", key, by, "AES-KW")).await
}

/// A new key to wrap with, which the browser never lets out.
///
/// # Errors
/// What the browser says.
pub(super) async fn wrapping_key() -> Result<CryptoKey, StoreError> {
    let by = subtle().generate_key_with_object(&object_of("AES-KW"), false, &uses(&["wrapKey", "unwrapKey"]));
    Ok(settled(by).await?.unchecked_into())
}

/// An algorithm with 256 bits.
pub(super) fn object_of(algorithm: &str) -> Object {
    object(&[
        ("name", JsValue::from_str(algorithm)),
        ("length", JsValue::from_f64(256.0)),
    ])
}

/// A new data key, wrapped, as a row.
async fn make() -> Result<JsValue, StoreError> {
    let by = wrapping_key().await?;
    let key = subtle().generate_key_with_object(&object_of("AES-GCM"), true, &uses(&["encrypt", "decrypt"]));
    let key: CryptoKey = settled(key).await?.unchecked_into();
    let wrapped = wrap(&key, &by).await?;
    // Tells keys apart without looking at them; 48 random bits, exact in a number.
    let number = random(6)?
        .to_vec()
        .into_iter()
        .fold(0.0, |sum, byte| sum * 256.0 + f64::from(byte));
    Ok(object(&[
        ("by", by.into()),
        ("wrapped", wrapped),
        ("number", JsValue::from_f64(number)),
    ])
    .into())
}

fn gcm(iv: &Uint8Array, place: &str) -> Object {
    object(&[
        ("name", JsValue::from_str("AES-GCM")),
        ("iv", iv.into()),
        ("additionalData", Uint8Array::from(place.as_bytes()).into()),
    ])
}

pub(super) fn uses(names: &[&str]) -> JsValue {
    names
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect::<Array>()
        .into()
}

pub(super) fn subtle() -> SubtleCrypto {
    global::<Crypto>("crypto").subtle()
}

pub(super) async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, StoreError> {
    Ok(JsFuture::from(promise?).await?)
}
