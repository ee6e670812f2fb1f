//! Applications in the outbox: given to be sent, decided about, discarded, and told of.
//!
//! A draft and its record live in two databases, and no transaction spans both. So the order counts:
//! a record is stored before its draft is sent, and a draft is dropped or reopened only after the
//! record that says why is stored. Whatever dies in between, [`Engine::start`] finds a record and a
//! draft that say enough: the same moment of submission in both means that the draft was not yet
//! dealt with, another one that it was submitted again.

use crate::delivery::{Course, Outgoing, Stage, Task, Turn};
use crate::model::application::{ApplicationId, Draft};
use crate::model::case::MyCase;
use crate::model::delivery::{Delivery, OutboxEntry};
use crate::model::diagnostic::Diagnostic;
use crate::model::message::{Decision, Event};
use crate::model::receipt::Receipt;
use crate::model::time::Timestamp;
use crate::store::migrations::{self, Stored, key};
use crate::store::record::{Kind, Record};

use super::run::{Phase, Run};
use super::{Effect, Engine, Owner, RUNS, Ticket};

/// An application, and what the engine holds of it while it lives.
pub(super) struct Entry {
    pub(super) out: Outgoing,
    /// What the app was last told.
    pub(super) told: Option<Delivery>,
    /// Not stored yet for the first time: the app is not told before.
    pub(super) fresh: bool,
    /// Its draft is to be dropped or reopened once its record is stored.
    pub(super) settling: bool,
    /// Its draft, read when it was submitted and not yet used.
    pub(super) draft: Option<Draft>,
    /// The try that is under way.
    pub(super) run: Option<Run>,
}

impl Entry {
    const fn stored(out: Outgoing) -> Self {
        Self {
            out,
            told: None,
            fresh: false,
            settling: false,
            draft: None,
            run: None,
        }
    }

    fn new(draft: &Draft, submitted: Timestamp) -> Self {
        let out = Outgoing {
            id: draft.id.clone(),
            service: draft.service.clone(),
            title: draft.title.clone(),
            submitted,
            course: Course::new(),
            facts: Vec::new(),
        };
        Self {
            fresh: true,
            ..Self::stored(out)
        }
    }

    fn line(&self, delivery: Delivery) -> OutboxEntry {
        OutboxEntry {
            id: self.out.id.clone(),
            service: self.out.service.clone(),
            title: self.out.title.clone(),
            submitted: self.out.submitted,
            delivery,
        }
    }

    fn told_now(&self) -> Option<Delivery> {
        self.out.course.told(self.run.as_ref().and_then(|run| run.progress))
    }
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
                Ok(Stored::Case(mine)) => self.cases.push(mine),
                Err(error) => {
                    // Without its key: whoever holds an application's id may ask what became of it.
                    let path = ["/", record.key.kind.word()].concat();
                    let diagnostic = Diagnostic::new(path, "a record that this build can read", error.to_string());
                    self.note(vec![diagnostic]);
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
    fn finish_draft(&mut self, id: &ApplicationId) {
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

    /// Says once more where an application is, whatever was said before.
    fn again(&mut self, id: &ApplicationId) {
        if let Some(mine) = self.my_case(id).cloned() {
            if !self.is_arriving(id) {
                self.effects.push(Effect::DropDraft(id.clone()));
                self.emit(Event::Case(mine));
            }
        } else if let Some(entry) = self.entry(id) {
            entry.told = None;
            self.tell(id);
        }
    }

    pub(super) fn retry(&mut self, id: &ApplicationId) {
        if self.take(id, Turn::Retry) {
            self.keep(id);
        }
        self.again(id);
    }

    pub(super) fn decide(&mut self, id: &ApplicationId, decision: Decision) {
        let uncertain = |entry: &Entry| matches!(entry.out.course.stage, Stage::Unknown { .. });
        if self.entry(id).is_some_and(|entry| uncertain(entry)) {
            self.abort(id);
            self.take(id, Turn::Decided(decision));
            self.conclude(id);
        } else {
            self.again(id);
        }
    }

    pub(super) fn discard(&mut self, id: &ApplicationId) {
        if self.take(id, Turn::Discarded) {
            self.abort(id);
            self.conclude(id);
        } else {
            self.again(id);
        }
    }

    pub(super) fn awake(&mut self) {
        for at in 0..self.outbox.len() {
            let (now, random) = (self.now, self.roll());
            if let Some(entry) = self.outbox.get_mut(at) {
                entry.out.course.take(Turn::Awake, now, random);
            }
        }
        self.writer.hurry();
    }

    /// Forgets everything; what is under way is given up.
    pub(super) fn erase(&mut self) {
        let mut drafts = Vec::new();
        let entries = std::mem::take(&mut self.outbox);
        let cases = std::mem::take(&mut self.cases);
        let mut keys = std::mem::take(&mut self.unreadable);
        keys.extend(self.writer.places().cloned());
        for entry in entries {
            keys.push(key(Kind::Outbox, &entry.out.id));
            drafts.push(entry.out.id);
        }
        for mine in cases {
            keys.push(key(Kind::Case, &mine.receipt.id));
            drafts.push(mine.receipt.id);
        }
        for key in keys {
            self.writer.delete(key);
        }
        self.inquiries.clear();
        self.arriving.clear();
        self.intake.clear();
        self.flights.retain(|(_, owner)| matches!(owner, Owner::Published(_)));
        self.erasing.get_or_insert_default().extend(drafts);
        self.settle();
    }

    /// A write has ended.
    pub(super) fn saved(&mut self, ticket: Ticket, result: Result<(), String>) {
        let (now, random) = (self.now, self.roll());
        match self.writer.saved(ticket, result, now, random) {
            None => return,
            Some(Ok(())) => {}
            Some(Err(what)) => {
                self.emit(Event::StoreFailed { what });
                self.tell_unstored();
            }
        }
        self.settle();
    }

    /// Does what waited for something to be stored.
    fn settle(&mut self) {
        let ids: Vec<ApplicationId> = self.outbox.iter().map(|entry| entry.out.id.clone()).collect();
        for id in ids {
            if !self.writer.is_durable(&key(Kind::Outbox, &id)) {
                continue;
            }
            let Some(entry) = self.entry(&id) else {
                continue;
            };
            let (fresh, settling) = (entry.fresh, entry.settling);
            entry.fresh = false;
            entry.settling = false;
            let discarded = entry.out.course.stage == Stage::Discarded;
            if settling {
                self.finish_draft(&id);
                if discarded {
                    self.emit_outbox();
                }
            }
            if fresh || settling {
                self.tell(&id);
            }
            self.release(&id);
        }
        let arriving = std::mem::take(&mut self.arriving);
        for (id, told) in arriving {
            let stored =
                self.writer.is_durable(&key(Kind::Outbox, &id)) && self.writer.is_durable(&key(Kind::Case, &id));
            if stored {
                self.delivered(&id, told);
            } else {
                self.arriving.push((id, told));
            }
        }
        if self.writer.is_idle()
            && let Some(drafts) = self.erasing.take()
        {
            self.effects.extend(drafts.into_iter().map(Effect::DropDraft));
            self.emit(Event::Erased);
        }
    }

    /// Ends a try, or a decision: stores where the application is now, and tells of it.
    pub(super) fn conclude(&mut self, id: &ApplicationId) {
        let Some(entry) = self.entry(id) else {
            return;
        };
        entry.draft = None;
        match &entry.out.course.stage {
            Stage::Arrived {
                acknowledgement,
                notice,
                at,
                citizens_word,
            } => {
                let receipt = Receipt {
                    id: id.clone(),
                    service: entry.out.service.clone(),
                    title: entry.out.title.clone(),
                    acknowledgement: acknowledgement.clone(),
                    notice: notice.clone(),
                    submitted: entry.out.submitted,
                    delivered: *at,
                    citizens_word: *citizens_word,
                };
                self.arrive(receipt);
            }
            Stage::Rejected { .. } | Stage::FormChanged { .. } | Stage::Discarded => {
                entry.settling = true;
                self.keep(id);
            }
            _ => {
                self.keep(id);
                self.tell(id);
            }
        }
    }

    /// The case in place of the application, in one transaction.
    fn arrive(&mut self, receipt: Receipt) {
        let id = receipt.id.clone();
        let mine = MyCase {
            receipt,
            case: None,
            as_of: None,
            trouble: None,
        };
        self.writer.put(migrations::case(&mine));
        self.writer.delete(key(Kind::Outbox, &id));
        self.outbox.retain(|entry| entry.out.id != id);
        self.cases.push(mine);
        self.arriving.push((id, false));
    }

    /// A delivery is stored: the draft has done its duty.
    fn delivered(&mut self, id: &ApplicationId, told: bool) {
        self.effects.push(Effect::DropDraft(id.clone()));
        if !told {
            self.tell_delivered(id);
        }
        if let Some(mine) = self.my_case(id).cloned() {
            self.emit(Event::Case(mine));
            self.refresh(Some(id));
        }
    }

    /// The disk is full, but the citizen must know what cannot wait: that it was delivered, and under
    /// which number, or that it was refused. Drafts stay as they are until it is stored.
    fn tell_unstored(&mut self) {
        let untold: Vec<ApplicationId> = self
            .arriving
            .iter_mut()
            .filter(|(_, told)| !*told)
            .map(|(id, told)| {
                *told = true;
                id.clone()
            })
            .collect();
        for id in untold {
            self.tell_delivered(&id);
        }
        let settling = self.outbox.iter().filter(|entry| entry.settling);
        let settling: Vec<ApplicationId> = settling.map(|entry| entry.out.id.clone()).collect();
        for id in settling {
            self.tell(&id);
        }
    }

    fn tell_delivered(&mut self, id: &ApplicationId) {
        let Some(mine) = self.my_case(id) else {
            return;
        };
        let receipt = mine.receipt.clone();
        self.emit(Event::Delivery(OutboxEntry {
            id: receipt.id.clone(),
            service: receipt.service.clone(),
            title: receipt.title.clone(),
            submitted: receipt.submitted,
            delivery: Delivery::Delivered(receipt),
        }));
    }

    /// Tells the app where an application is, if it was told otherwise before.
    pub(super) fn tell(&mut self, id: &ApplicationId) {
        let Some(entry) = self.entry(id).filter(|entry| !entry.fresh) else {
            return;
        };
        let Some(delivery) = entry.told_now() else {
            return;
        };
        if entry.told.as_ref() == Some(&delivery) {
            return;
        }
        entry.told = Some(delivery.clone());
        let line = entry.line(delivery);
        self.emit(Event::Delivery(line));
    }

    pub(super) fn emit_outbox(&mut self) {
        let mut lines: Vec<OutboxEntry> = self
            .outbox
            .iter()
            .filter_map(|entry| Some(entry.line(entry.told_now()?)))
            .collect();
        lines.sort_by(|one, other| (one.submitted, &one.id).cmp(&(other.submitted, &other.id)));
        self.emit(Event::Outbox(lines));
    }

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
        due.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
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

    /// Gives a try up. Only where nothing of it is under way.
    fn abort(&mut self, id: &ApplicationId) {
        if let Some(entry) = self.entry(id) {
            entry.run = None;
        }
        self.flights.retain(|(_, owner)| *owner != Owner::Run(id.clone()));
    }

    pub(super) fn take(&mut self, id: &ApplicationId, turn: Turn) -> bool {
        let (now, random) = (self.now, self.roll());
        self.entry(id)
            .is_some_and(|entry| entry.out.course.take(turn, now, random))
    }

    /// Stores where an application is.
    pub(super) fn keep(&mut self, id: &ApplicationId) {
        let record = self.entry(id).and_then(|entry| migrations::outgoing(&entry.out));
        if let Some(record) = record {
            self.writer.put(record);
        }
    }

    pub(super) fn entry(&mut self, id: &ApplicationId) -> Option<&mut Entry> {
        self.outbox.iter_mut().find(|entry| entry.out.id == *id)
    }

    pub(super) fn my_case(&mut self, id: &ApplicationId) -> Option<&mut MyCase> {
        self.cases.iter_mut().find(|mine| mine.receipt.id == *id)
    }

    fn is_arriving(&self, id: &ApplicationId) -> bool {
        self.arriving.iter().any(|(arriving, _)| arriving == id)
    }

    fn is_unreadable(&self, id: &ApplicationId) -> bool {
        self.unreadable.iter().any(|key| key.id == id.as_str())
    }
}
