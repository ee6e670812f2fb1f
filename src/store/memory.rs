//! The main database and the journal in memory, with the semantics of their drivers: for tests, for
//! simulation, and for programs that keep nothing.
//!
//! A save is one transaction: all of it or nothing. Failures are ordered beforehand
//! ([`MemoryStore::fail_next`]), so that a test says when the disk is full.

use std::collections::BTreeMap;

use crate::model::application::{ApplicationId, Draft};

use super::record::{Key, Record};

/// The main database.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    records: BTreeMap<Key, Record>,
    failures: u32,
}

impl MemoryStore {
    /// Lets the next saves fail.
    pub const fn fail_next(&mut self, saves: u32) {
        self.failures = saves;
    }

    /// All records.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.records.values().cloned().collect()
    }

    /// The record at a place.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&Record> {
        self.records.get(key)
    }

    /// Writes and removes in one transaction.
    ///
    /// # Errors
    /// What a browser would say, where a failure was ordered; then nothing is changed.
    pub fn save(&mut self, put: Vec<Record>, delete: &[Key]) -> Result<(), String> {
        if let Some(left) = self.failures.checked_sub(1) {
            self.failures = left;
            return Err("QuotaExceededError".to_owned());
        }
        for key in delete {
            self.records.remove(key);
        }
        for record in put {
            self.records.insert(record.key.clone(), record);
        }
        Ok(())
    }
}

/// The journal.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal {
    drafts: BTreeMap<ApplicationId, Draft>,
}

impl MemoryJournal {
    /// Writes a draft.
    pub fn put(&mut self, draft: Draft) {
        self.drafts.insert(draft.id.clone(), draft);
    }

    /// A draft.
    #[must_use]
    pub fn get(&self, id: &ApplicationId) -> Option<&Draft> {
        self.drafts.get(id)
    }

    /// The drafts that are marked as submitted.
    #[must_use]
    pub fn submitted(&self) -> Vec<Draft> {
        let marked = self.drafts.values().filter(|draft| draft.submitted.is_some());
        marked.cloned().collect()
    }

    /// Removes a draft.
    pub fn drop_draft(&mut self, id: &ApplicationId) {
        self.drafts.remove(id);
    }

    /// Takes back the mark of a draft as submitted.
    pub fn reopen(&mut self, id: &ApplicationId) {
        if let Some(draft) = self.drafts.get_mut(id) {
            draft.submitted = None;
        }
    }
}
