//! Ends that are stored: what waits until they are, and what is done then.
//!
//! A try or a decision ends in [`Engine::conclude`]; where its end does something to a draft (drop
//! it, reopen it), that waits in [`Engine::settle`] for the store. Where the store cannot write, the
//! citizen is told what cannot wait.

use crate::delivery::Stage;
use crate::model::answers::Answers;
use crate::model::application::ApplicationId;
use crate::model::case::MyCase;
use crate::model::delivery::{Delivery, OutboxEntry};
use crate::model::fact::Fact;
use crate::model::message::Event;
use crate::model::receipt::Receipt;
use crate::store::migrations::{self, key};
use crate::store::record::Kind;

use super::{Effect, Engine, Ticket};

impl Engine {
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
    pub(super) fn settle(&mut self) {
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
                let facts = entry.out.facts.clone();
                let answers = std::mem::take(&mut entry.sent);
                self.arrive(receipt, facts, answers);
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
    pub(super) fn arrive(&mut self, receipt: Receipt, facts: Vec<Fact>, answers: Answers) {
        let id = receipt.id.clone();
        let mine = MyCase {
            receipt,
            case: None,
            as_of: None,
            trouble: None,
            facts,
            answers,
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
}
