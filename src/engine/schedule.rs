//! When which application has its turn.
//!
//! Applications to one backend go one at a time, the oldest that is due first; one that has to wait
//! does not hold up those behind it. A backend that asked for quiet gets it.

use crate::delivery::Task;
use crate::model::application::ApplicationId;
use crate::model::order::sort_by;
use crate::model::time::Timestamp;

use super::outbox::Entry;
use super::{Engine, RUNS};

impl Engine {
    /// Starts what is due, the oldest first.
    pub(super) fn start_runs(&mut self) {
        if self.erasing.is_some() {
            return;
        }
        let mut due: Vec<(Timestamp, ApplicationId, Task)> = self
            .outbox
            .iter()
            .filter(|entry| entry.run.is_none() && !entry.fresh)
            .filter_map(|entry| {
                Some((
                    entry.out.submitted,
                    entry.out.id.clone(),
                    entry.out.course.due(self.now)?,
                ))
            })
            .collect();
        sort_by(&mut due, |one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        for (_, id, task) in due {
            let Some(entry) = self.outbox.iter().find(|entry| entry.out.id == id) else {
                continue;
            };
            if !self.is_held_up(entry) && self.quiet_for(entry, task).is_none() {
                self.begin(&id, task);
            }
        }
    }

    /// Whether others have to end first.
    fn is_held_up(&self, entry: &Entry) -> bool {
        let running = self.outbox.iter().filter(|other| other.run.is_some());
        let (mut count, mut same) = (0_usize, false);
        for other in running {
            count = count.saturating_add(1);
            same |= other.out.service.backend == entry.out.service.backend;
        }
        same || count >= RUNS
    }

    /// The ledger may be asked while the backend wants quiet.
    fn quiet_for(&self, entry: &Entry, task: Task) -> Option<Timestamp> {
        match task {
            Task::AskLedger => None,
            Task::Send | Task::AskBackend => self.quiet_until(&entry.out.service.backend),
        }
    }

    /// When something is to be done for an application that nothing else will set off.
    pub(super) fn entry_wakes_at(&self, entry: &Entry) -> Option<Timestamp> {
        if entry.run.is_some() || entry.fresh || self.erasing.is_some() {
            return None;
        }
        match entry.out.course.due(self.now) {
            Some(_) if self.is_held_up(entry) => None,
            Some(task) => Some(self.quiet_for(entry, task).unwrap_or(self.now)),
            None => entry.out.course.wakes_at(),
        }
    }
}
