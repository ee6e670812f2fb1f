//! What outlives a page: record types and their migrations, memory and IndexedDB beneath, the
//! journal, encryption.
//!
//! Two databases. The *journal* (`journal`) holds what the citizen typed; app and engine both open
//! it. The *main database* (`indexeddb`) holds what is on its way and what was delivered; only the
//! engine opens it. Each is a `vault`: rows sealed by a key that lies wrapped in the same database,
//! by a `pin` where the citizen wants one.

pub mod failure;
pub mod memory;
pub mod migrations;
pub mod record;

#[cfg(target_arch = "wasm32")]
pub mod crypto;
#[cfg(target_arch = "wasm32")]
pub mod database;
#[cfg(target_arch = "wasm32")]
pub mod indexeddb;
#[cfg(target_arch = "wasm32")]
pub mod journal;
#[cfg(target_arch = "wasm32")]
pub mod pin;
#[cfg(target_arch = "wasm32")]
pub mod script;
#[cfg(target_arch = "wasm32")]
pub mod vault;
