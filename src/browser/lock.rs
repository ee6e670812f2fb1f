//! The PIN of a shared phone, for the app: see [`crate::store::pin`].
//!
//! What is unlocked here is unlocked in every tab: the port hands the keys to the worker, and workers
//! hand them to each other and to their pages.

use wasm_bindgen::prelude::*;

use super::port::Port;
use crate::store::failure::StoreError;
use crate::store::{crypto, pin};

/// Fewest digits of a PIN.
pub const FEWEST: usize = 6;

/// Whether there is a PIN; `false` where the browser does not say.
pub async fn is_set() -> bool {
    pin::is_set().await.unwrap_or_default()
}

/// Unlocks what the phone holds.
///
/// # Errors
/// [`StoreError::Locked`] if it is not the PIN, or what the browser says.
pub async fn unlock(pin: &str, port: &Port) -> Result<(), StoreError> {
    port.hand_over(&pin::unlock(pin).await?);
    Ok(())
}

/// Sets a PIN where there is none.
///
/// # Errors
/// What the browser says.
pub async fn set(pin: &str, port: &Port) -> Result<(), StoreError> {
    port.hand_over(&pin::set_to(pin).await?);
    Ok(())
}

/// Takes the PIN away.
///
/// # Errors
/// [`StoreError::Locked`] if it is not the PIN, or what the browser says.
pub async fn remove(pin: &str) -> Result<(), StoreError> {
    pin::remove(pin).await
}

/// Holds keys that came from another tab.
pub fn hold(keys: &JsValue) {
    crypto::hold(keys);
}
