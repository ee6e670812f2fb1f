//! Sealing: AES-256-GCM by WebCrypto, under a data key that is stored wrapped.
//!
//! A database's data key is random. It lies in the store `keys` of the same database, wrapped
//! (AES-KW, RFC 3394) by a second key which the browser never lets out, and which is stored beside it
//! as an object. So nothing that is copied out of the database file alone can be read as text, and a
//! PIN, once there is one, only wraps the data key anew: nothing needs to be sealed again.
//!
//! Each row is sealed with a fresh 12-byte IV, and with the row's place as additional data: a row
//! that was moved or swapped does not open. What this does not do: it does not protect from whoever
//! holds the unlocked phone, since the wrapping key lies in the same browser profile.
//!
//! Two contexts that start at once do not make two keys: both make one, the first to come adds it in
//! a transaction, and both then use what is there.

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
const PLACE: &str = "data";
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
    /// What the browser says.
    pub async fn of(database: &Database) -> Result<Self, StoreError> {
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
        let key = subtle().unwrap_key_with_buffer_source_and_str_and_str(
            "raw",
            get(&row, "wrapped").unchecked_ref(),
            get(&row, "by").unchecked_ref(),
            "AES-KW",
            "AES-GCM",
            false,
            &uses(&["encrypt", "decrypt"]),
        );
        Ok(Self {
            key: settled(key).await?.unchecked_into(),
            number: get(&row, "number").as_f64().unwrap_or_default(),
        })
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

/// A new data key, wrapped, as a row.
async fn make() -> Result<JsValue, StoreError> {
    let algorithm = |name: &str| object(&[("name", JsValue::from_str(name)), ("length", JsValue::from_f64(256.0))]);
    let subtle = subtle();
    let by = subtle.generate_key_with_object(&algorithm("AES-KW"), false, &uses(&["wrapKey", "unwrapKey"]));
    let by: CryptoKey = settled(by).await?.unchecked_into();
    let key = subtle.generate_key_with_object(&algorithm("AES-GCM"), true, &uses(&["encrypt", "decrypt"]));
    let key: CryptoKey = settled(key).await?.unchecked_into();
    let wrapped = settled(subtle.wrap_key_with_str("raw", &key, &by, "AES-KW")).await?;
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

fn uses(names: &[&str]) -> JsValue {
    names
        .iter()
        .map(|name| JsValue::from_str(name))
        .collect::<Array>()
        .into()
}

fn subtle() -> SubtleCrypto {
    global::<Crypto>("crypto").subtle()
}

async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, StoreError> {
    Ok(JsFuture::from(promise?).await?)
}
