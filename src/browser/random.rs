//! Random numbers from the browser's cryptographic source.

use js_sys::{Reflect, global};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::application::uuid_from;

/// Fills `bytes`; leaves them as they are where the browser has no source, which a secure context always has.
pub fn fill(bytes: &mut [u8]) {
    let crypto = Reflect::get(&global(), &JsValue::from_str("crypto")).ok();
    if let Some(crypto) = crypto.and_then(|crypto| crypto.dyn_into::<web_sys::Crypto>().ok()) {
        let _ = crypto.get_random_values_with_u8_array(bytes);
    }
}

/// A random number.
#[must_use]
pub fn number() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// A version 4 UUID.
#[must_use]
pub fn uuid() -> String {
    let mut bytes = [0; 16];
    fill(&mut bytes);
    uuid_from(bytes)
}
