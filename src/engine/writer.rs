//! What is to be stored, one transaction at a time.
//!
//! Everything that is wanted goes into the next transaction, whole: what changed together is written
//! together. A failed transaction goes back under what has been wanted since, and is tried again.

use crate::delivery::backoff;
use crate::model::time::Timestamp;
use crate::store::record::{Key, Record};

use super::contract::{Effect, Ticket};

/// The longest wait before a failed write is tried again, in milliseconds.
const LONGEST: i64 = 30_000;

/// The last word on each place: a record, or nothing.
type Changes = Vec<(Key, Option<Record>)>;

/// The writer.
#[derive(Default)]
pub(super) struct Writer {
    wanted: Changes,
    going: Option<(Ticket, Changes)>,
    tickets: u64,
    failures: u32,
    retry_at: Option<Timestamp>,
}

impl Writer {
    pub(super) fn put(&mut self, record: Record) {
        want(&mut self.wanted, record.key.clone(), Some(record));
    }

    pub(super) fn delete(&mut self, key: Key) {
        want(&mut self.wanted, key, None);
    }

    /// Whether the last word on a place is stored.
    pub(super) fn is_durable(&self, key: &Key) -> bool {
        let is_free = |changes: &Changes| changes.iter().all(|(changed, _)| changed != key);
        is_free(&self.wanted) && self.going.as_ref().is_none_or(|(_, changes)| is_free(changes))
    }

    /// Whether there is nothing left to store.
    pub(super) fn is_idle(&self) -> bool {
        self.wanted.is_empty() && self.going.is_none()
    }

    /// All places that are about to be written.
    pub(super) fn places(&self) -> impl Iterator<Item = &Key> {
        let going = self.going.iter().flat_map(|(_, changes)| changes);
        self.wanted.iter().chain(going).map(|(key, _)| key)
    }

    /// Lets a failed write be tried again at once.
    pub(super) fn hurry(&mut self) {
        self.retry_at = None;
    }

    /// When it wants to try again.
    pub(super) const fn wakes_at(&self) -> Option<Timestamp> {
        self.retry_at
    }

    /// The next transaction, if one is due.
    pub(super) fn flush(&mut self, now: Timestamp) -> Option<Effect> {
        // A wait longer than any that is given means that the clock was set back.
        let waits = self.retry_at.is_some_and(|at| at > now && at.since(now) <= LONGEST);
        if waits || self.going.is_some() || self.wanted.is_empty() {
            return None;
        }
        self.retry_at = None;
        self.tickets = self.tickets.saturating_add(1);
        let ticket = Ticket(self.tickets);
        let changes = std::mem::take(&mut self.wanted);
        let put = changes.iter().filter_map(|(_, record)| record.clone()).collect();
        let delete = changes.iter().filter(|(_, record)| record.is_none());
        let delete = delete.map(|(key, _)| key.clone()).collect();
        self.going = Some((ticket, changes));
        Some(Effect::Save { ticket, put, delete })
    }

    /// The end of a transaction; `None` if it is not the one that is going.
    pub(super) fn saved(
        &mut self,
        ticket: Ticket,
        result: Result<(), String>,
        now: Timestamp,
        random: u64,
    ) -> Option<Result<(), String>> {
        let (_, changes) = self.going.take_if(|(going, _)| *going == ticket)?;
        if result.is_ok() {
            self.failures = 0;
            return Some(result);
        }
        let newer = std::mem::replace(&mut self.wanted, changes);
        for (key, record) in newer {
            want(&mut self.wanted, key, record);
        }
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Some(now.plus(backoff::delay(self.failures, random).min(LONGEST)));
        Some(result)
    }
}

fn want(changes: &mut Changes, key: Key, record: Option<Record>) {
    match changes.iter_mut().find(|(changed, _)| *changed == key) {
        Some((_, last)) => *last = record,
        None => changes.push((key, record)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::record::Kind;

    fn record(id: &str, data: &str) -> Record {
        Record {
            key: key(id),
            version: 1,
            data: data.as_bytes().to_vec(),
        }
    }

    fn key(id: &str) -> Key {
        Key {
            kind: Kind::Outbox,
            id: id.to_owned(),
        }
    }

    const NOON: Timestamp = Timestamp(1_790_000_000_000);

    #[test]
    fn one_transaction_goes_at_a_time_and_holds_all_that_is_wanted() {
        let mut writer = Writer::default();
        writer.put(record("a", "1"));
        writer.delete(key("b"));
        let effect = writer.flush(NOON);
        assert_eq!(
            effect,
            Some(Effect::Save {
                ticket: Ticket(1),
                put: vec![record("a", "1")],
                delete: vec![key("b")]
            })
        );
        writer.put(record("a", "2"));
        assert_eq!(writer.flush(NOON), None);
        assert_eq!(writer.saved(Ticket(1), Ok(()), NOON, 0), Some(Ok(())));
        assert!(!writer.is_durable(&key("a")), "a newer word is not stored yet");
        assert!(writer.is_durable(&key("b")));
        assert!(writer.flush(NOON).is_some());
        assert_eq!(
            writer.saved(Ticket(1), Ok(()), NOON, 0),
            None,
            "an old ticket says nothing"
        );
    }

    #[test]
    fn what_failed_is_tried_again_but_never_over_something_newer() {
        let mut writer = Writer::default();
        writer.put(record("a", "1"));
        writer.put(record("b", "1"));
        assert!(writer.flush(NOON).is_some());
        writer.put(record("a", "2"));
        assert!(writer.saved(Ticket(1), Err("full".to_owned()), NOON, 1_500).is_some());
        assert_eq!(writer.flush(NOON), None, "not at once");
        let again = writer.wakes_at().unwrap();
        assert_eq!(
            writer.flush(again),
            Some(Effect::Save {
                ticket: Ticket(2),
                put: vec![record("a", "2"), record("b", "1")],
                delete: Vec::new()
            })
        );
    }

    #[test]
    fn a_clock_set_back_does_not_hold_a_write() {
        let mut writer = Writer::default();
        writer.put(record("a", "1"));
        assert!(writer.flush(NOON).is_some());
        assert!(writer.saved(Ticket(1), Err("full".to_owned()), NOON, 1_500).is_some());
        assert!(writer.flush(Timestamp(0)).is_some());
    }
}
