//! What outlives a page: record types and their migrations, memory and IndexedDB beneath, the
//! journal, encryption.

pub mod record;
