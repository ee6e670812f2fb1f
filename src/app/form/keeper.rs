//! Keeps the draft: writes it to the journal soon after a change, and says so.
//!
//! A write begins at most [`DELAY`] after the first change since the last one, not after the last
//! change, so that steady typing is written too. When the page is hidden it begins at once. Writes
//! follow one another; none overwrites what another tab wrote meanwhile.

use super::filling::{Handle, whole};
use crate::app::state::journal;
use crate::browser::{clock, persistence};
use crate::model::application::Draft;
use crate::model::time::Timestamp;
use crate::store::journal::{Journal, StoreError};

/// Milliseconds between a change and its write.
const DELAY: i32 = 300;

/// What is said about the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing was entered yet.
    Untouched,
    /// As of then.
    At(Timestamp),
    /// The phone refused.
    Refused,
    /// Another tab wrote a newer version.
    NewerElsewhere,
    /// A newer build has changed the journal: this page can write no more.
    Outdated,
    /// It was to be removed, and the phone refused.
    NotDiscarded,
}

/// Where the writing stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Nothing to write.
    #[default]
    Idle,
    /// A write will begin.
    Soon,
    /// A write is under way; `true` where something changed since it began.
    Writing(bool),
}

/// Something changed: see that it is written.
pub fn touch(form: Handle) {
    let begin = form.quietly(|form| match form.pace {
        Pace::Idle => {
            form.pace = Pace::Soon;
            true
        }
        Pace::Writing(_) => {
            form.pace = Pace::Writing(true);
            false
        }
        Pace::Soon => false,
    });
    if begin == Some(true) {
        clock::after(DELAY, move || write(form));
    }
}

/// Begins the write that is due, at once.
pub fn flush(form: Handle) {
    let form = whole(form);
    if form.try_look(|form| form.pace) == Some(Pace::Soon) {
        write(form);
    }
}

/// What is done once everything that was entered is written, or could not be.
pub type Then = Box<dyn FnOnce(Result<(), StoreError>) + Send + Sync>;

/// Writes now, and calls `then` once the draft as it is at this moment is in the journal.
pub fn write_then(form: Handle, then: Then) {
    let begin = form.quietly(|form| {
        form.then = Some(then);
        match form.pace {
            Pace::Writing(_) => {
                form.pace = Pace::Writing(true);
                false
            }
            Pace::Idle | Pace::Soon => {
                form.pace = Pace::Soon;
                true
            }
        }
    });
    if begin == Some(true) {
        write(form);
    }
}

fn write(form: Handle) {
    let due = form.quietly(|form| {
        // A flush may have come before the timer.
        if form.pace != Pace::Soon {
            return None;
        }
        form.pace = Pace::Writing(false);
        form.draft.updated = clock::now();
        Some((form.draft.clone(), form.on_disk, form.kept))
    });
    let Some(Some((draft, on_disk, kept))) = due else {
        return;
    };
    leptos::task::spawn_local(async move {
        let result = match journal().await {
            Ok(journal) => put(&journal, &draft, on_disk).await,
            Err(error) => Err(error),
        };
        let said = match &result {
            Ok(()) => Kept::At(draft.updated),
            Err(StoreError::Conflict { .. }) => Kept::NewerElsewhere,
            Err(StoreError::Newer) => Kept::Outdated,
            Err(_) => Kept::Refused,
        };
        kept.set(said);
        let Some((again, then)) = form.quietly(|form| {
            let changed = form.pace == Pace::Writing(true);
            if result.is_ok() && form.on_disk.replace(draft.updated).is_none() {
                persistence::ask();
            }
            form.pace = if changed { Pace::Soon } else { Pace::Idle };
            // What came while this was written is not written yet; a failure is told at once.
            let then = if changed && result.is_ok() {
                None
            } else {
                form.then.take()
            };
            (changed, then)
        }) else {
            return;
        };
        if let Some(then) = then {
            then(result);
        }
        if again {
            write(form);
        }
    });
}

/// Writes a draft. The first write looks whether another tab has begun the same meanwhile: there is one
/// draft a service.
async fn put(journal: &Journal, draft: &Draft, on_disk: Option<Timestamp>) -> Result<(), StoreError> {
    if on_disk.is_none() {
        let kept = journal.drafts().await?;
        let same = |other: &&Draft| other.service == draft.service && other.submitted.is_none() && other.id != draft.id;
        if let Some(other) = kept.drafts.iter().find(same) {
            return Err(StoreError::Conflict {
                stored: Some(other.updated),
            });
        }
    }
    journal.put(draft, on_disk).await
}
