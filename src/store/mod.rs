//! What outlives a page: record types and their migrations, memory and IndexedDB beneath, the
//! journal, encryption.

pub mod memory;
pub mod migrations;
pub mod record;
