//! Applications in the outbox: what the engine holds of each, what the citizen wants of them, and
//! what the app is told.

use crate::delivery::{Course, Outgoing, Stage, Turn};
use crate::model::answers::Answers;
use crate::model::application::{ApplicationId, Draft};
use crate::model::case::MyCase;
use crate::model::delivery::{Delivery, OutboxEntry};
use crate::model::message::{Decision, Event};
use crate::model::order::sort_by;
use crate::model::time::Timestamp;
use crate::store::migrations::{self, key};
use crate::store::record::Kind;

use super::run::Run;
use super::{Effect, Engine, Owner};

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
    /// What is being sent, without its files, to a backend that may ask for more.
    pub(super) sent: Answers,
    /// The try that is under way.
    pub(super) run: Option<Run>,
}

impl Entry {
    pub(super) fn stored(out: Outgoing) -> Self {
        Self {
            out,
            told: None,
            fresh: false,
            settling: false,
            draft: None,
            sent: Answers::default(),
            run: None,
        }
    }

    pub(super) fn new(draft: &Draft, submitted: Timestamp) -> Self {
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
    /// Says once more where an application is, whatever was said before.
    pub(super) fn again(&mut self, id: &ApplicationId) {
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
        keys.extend(self.forget_all());
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
        sort_by(&mut lines, |one, other| {
            (one.submitted, &one.id).cmp(&(other.submitted, &other.id))
        });
        self.emit(Event::Outbox(lines));
    }

    /// Gives a try up. Only where nothing of it is under way.
    pub(super) fn abort(&mut self, id: &ApplicationId) {
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

    pub(super) fn is_arriving(&self, id: &ApplicationId) -> bool {
        self.arriving.iter().any(|(arriving, _)| arriving == id)
    }

    pub(super) fn is_unreadable(&self, id: &ApplicationId) -> bool {
        self.unreadable.iter().any(|key| key.id == id.as_str())
    }
}
