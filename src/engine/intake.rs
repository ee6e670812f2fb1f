//! Drafts that come in: what was stored and submitted before, and what is submitted now.
//!
//! A draft and its record live in two databases, and no transaction spans both. So the order counts:
//! a record is stored before its draft is sent, and a draft is dropped or reopened only after the
//! record that says why is stored. Whatever dies in between, [`Engine::start`] finds a record and a
//! draft that say enough: the same moment of submission in both means that the draft was not yet
//! dealt with, another one that it was submitted again.

use crate::delivery::{Stage, Turn};
use crate::model::application::{ApplicationId, Draft};
use crate::model::case::MyCase;
use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::message::Event;
use crate::model::status;
use crate::model::time::Timestamp;
use crate::store::migrations::{self, Stored, key};
use crate::store::record::{Kind, Record};

use super::access::Access;
use super::outbox::Entry;
use super::run::Phase;
use super::{Effect, Engine};

/// How long a case that its office has closed is kept, in milliseconds: a year.
const KEPT: i64 = 365 * 86_400_000;

/// Whether a case is finished for so long that the phone need not keep it: closed when the office was
/// last asked, and that a year ago. Opening the app asks about what is open, so nothing that still
/// moves is meant.
fn is_over(mine: &MyCase, now: Timestamp) -> bool {
    let closed = mine
        .case
        .as_ref()
        .is_some_and(|case| case.status.phase == status::Phase::Closed);
    closed && mine.as_of.is_some_and(|at| now.since(at) > KEPT)
}

impl Engine {
    /// Takes up what was stored, and what was submitted and not stored.
    pub(super) fn start(&mut self, records: &[Record], submitted: Vec<Draft>, build: String) {
        if self.build.is_some() {
            return;
        }
        self.build = Some(build);
        for record in records {
            match migrations::read(record) {
                Ok(Stored::Outgoing(mut out)) => {
                    let random = self.roll();
                    out.course.take(Turn::Restarted, self.now, random);
                    self.outbox.push(Entry::stored(out));
                }
                Ok(Stored::Case(mine)) if is_over(&mine, self.now) => self.writer.delete(record.key.clone()),
                Ok(Stored::Case(mine)) => self.cases.push(mine),
                Ok(Stored::Login(login)) => self.accesses.push(Access::kept(login)),
                Err(error) => {
                    if SAID {
                        // Without its key: whoever holds an application's id may ask what became of it.
                        let path = ["/", record.key.kind.word()].concat();
                        let found = error.to_string();
                        self.note(vec![Diagnostic::new(path, "a record that this build can read", found)]);
                    }
                    self.unreadable.push(record.key.clone());
                }
            }
        }
        let is_marked = |id: &ApplicationId| submitted.iter().any(|draft| draft.id == *id);
        // What is delivered is no longer on its way; what was discarded is forgotten once its draft is.
        let (cases, writer) = (&self.cases, &mut self.writer);
        self.outbox.retain(|entry| {
            let id = &entry.out.id;
            let gone = cases.iter().any(|mine| mine.receipt.id == *id)
                || (entry.out.course.stage == Stage::Discarded && !is_marked(id));
            if gone {
                writer.delete(key(Kind::Outbox, id));
            }
            !gone
        });
        for draft in submitted {
            let id = draft.id.clone();
            if !self.admit(draft) {
                self.finish_draft(&id);
            }
        }
        // The engine may have died between a delivery and the first question about it.
        let unasked = |mine: &&MyCase| mine.case.is_none() && mine.trouble.is_none();
        let unasked = self.cases.iter().filter(unasked).map(|mine| mine.receipt.id.clone());
        for id in unasked.collect::<Vec<_>>() {
            self.refresh(Some(&id));
        }
        for command in std::mem::take(&mut self.early) {
            self.command(command);
        }
    }

    /// Puts a submitted draft into the outbox. `false` if there is nothing new in it.
    fn admit(&mut self, draft: Draft) -> bool {
        let id = draft.id.clone();
        let Some(submitted) = draft.submitted else {
            return false;
        };
        if self.my_case(&id).is_some() || self.is_unreadable(&id) {
            return false;
        }
        if let Some(entry) = self.entry(&id) {
            if entry.out.submitted == submitted {
                return false;
            }
            // A try that has sent nothing yet is given up for the new content.
            if entry.out.course.unsettled().is_none() {
                self.abort(&id);
            }
            if !self.take(&id, Turn::Submitted) {
                return false;
            }
            if let Some(entry) = self.entry(&id) {
                entry.out.submitted = submitted;
                entry.out.service = draft.service.clone();
                entry.out.title.clone_from(&draft.title);
                entry.out.facts.clear();
                entry.told = None;
                entry.fresh = true;
                entry.settling = false;
                entry.draft = Some(draft);
            }
        } else {
            let mut entry = Entry::new(&draft, submitted);
            entry.draft = Some(draft);
            self.outbox.push(entry);
        }
        self.keep(&id);
        true
    }

    /// Does to a draft what its record says, where that may not have been done.
    pub(super) fn finish_draft(&mut self, id: &ApplicationId) {
        let is_delivered = self.my_case(id).is_some() && !self.is_arriving(id);
        let effect = match self.entry(id).map(|entry| &entry.out.course.stage) {
            Some(Stage::Rejected { .. } | Stage::FormChanged { .. }) => Effect::ReopenDraft(id.clone()),
            Some(Stage::Discarded) => Effect::DropDraft(id.clone()),
            None if is_delivered => Effect::DropDraft(id.clone()),
            _ => return,
        };
        self.effects.push(effect);
    }

    /// A draft was read: for somebody who submitted it, for a try, or for both.
    pub(super) fn draft_read(&mut self, id: &ApplicationId, draft: Result<Option<Draft>, String>) {
        if let Some(at) = self.intake.iter().position(|waiting| waiting == id) {
            self.intake.swap_remove(at);
            self.submitted(id, draft.clone());
        }
        let waits = |entry: &Entry| entry.run.as_ref().is_some_and(|run| matches!(run.phase, Phase::Draft));
        if self.entry(id).is_some_and(|entry| waits(entry)) {
            self.run_draft(id, draft);
        }
    }

    fn submitted(&mut self, id: &ApplicationId, draft: Result<Option<Draft>, String>) {
        let what = match draft {
            Ok(Some(draft)) if draft.id == *id && draft.submitted.is_some() => {
                if self.is_unreadable(id) {
                    "the application's record cannot be read by this build".to_owned()
                } else {
                    if !self.admit(draft) {
                        self.again(id);
                    }
                    return;
                }
            }
            Ok(_) => "the draft is not in the journal as submitted".to_owned(),
            Err(what) => what,
        };
        self.emit(Event::StoreFailed { what });
    }
}
