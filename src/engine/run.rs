//! One try of one application: from its draft, over the published files and the comparison of its
//! form, through the conversation with its backend, to its end. Or, where a try before broke off, a
//! look at what became of it: at the edge's ledger, then at the backend.
//!
//! A run holds what the try needs and nothing that must survive it: after a restart a new run is
//! begun from the record. An answer that the ledger kept is handed to a fresh conversation in place
//! of the request that it answers, so there is one reading of answers, not two.

use crate::adapters::http::{Request, Response};
use crate::adapters::{Adapter, Conversation, Intent, Known, Reconciled};
use crate::delivery::{Held, Ledger, Task, Turn};
use crate::model::answers::Answers;
use crate::model::application::{ApplicationId, Draft};
use crate::model::form::Form;
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;

use super::access::Entry as Access;
use super::outbox::Entry;
use super::published::{Need, Place};
use super::{Effect, Engine, Owner, edge, wiring};

/// Requests of one conversation, at most: whatever a backend answers, it ends.
pub(super) const REQUESTS: u32 = 64;

/// A try under way.
pub(super) struct Run {
    pub(super) task: Task,
    pub(super) phase: Phase,
    /// The number of the last published file when the run began.
    pub(super) since: u64,
    /// Only files that came after that will do.
    pub(super) fresh: bool,
    pub(super) draft: Option<Draft>,
    pub(super) adapter: Option<Box<dyn Adapter>>,
    /// The backend's own form, once it was asked for; `Some(None)` where it cannot be had.
    pub(super) theirs: Option<Option<Form>>,
    /// The answer that the ledger kept, until the conversation comes to it.
    pub(super) kept: Option<Response>,
    /// The last request of the submission may have changed something.
    pub(super) keyed: bool,
    /// The backend itself has answered it: what the ledger holds of that.
    pub(super) answered: Option<Held>,
    pub(super) requests: u32,
    /// Bytes sent and of how many.
    pub(super) progress: Option<(u64, u64)>,
}

/// What a run waits for.
pub(super) enum Phase {
    /// Its draft.
    Draft,
    /// Published files.
    Published,
    /// The citizen's login at the backend.
    Login,
    /// A response.
    Asking(Kind, Box<dyn Conversation>),
    /// Its record being stored, before this request goes.
    Held(Box<dyn Conversation>, Box<Request>),
    /// The ledger.
    Ledger,
}

/// What a conversation of a run is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The backend's own form.
    Form,
    /// The delivery.
    Submit,
    /// What became of a delivery.
    Reconcile,
}

impl Engine {
    /// Begins what is due for an application.
    pub(super) fn begin(&mut self, id: &ApplicationId, task: Task) {
        if task == Task::Send {
            self.take(id, Turn::Started);
            self.tell(id);
        }
        let mut run = Run {
            task,
            phase: Phase::Draft,
            since: self.published.count(),
            fresh: false,
            draft: None,
            adapter: None,
            theirs: None,
            kept: None,
            keyed: false,
            answered: None,
            requests: 0,
            progress: None,
        };
        if task != Task::AskLedger {
            return self.want_draft(id, run);
        }
        let question = self.entry(id).and_then(|entry| {
            let attempt = entry.out.course.unsettled()?;
            Some(edge::question(&entry.out.service.backend, attempt))
        });
        if let Some(question) = question {
            self.fetch(Owner::Run(id.clone()), question);
            run.phase = Phase::Ledger;
            self.put_back(id, run);
        }
    }

    pub(super) fn put_back(&mut self, id: &ApplicationId, run: Run) {
        if let Some(entry) = self.entry(id) {
            entry.run = Some(run);
        }
    }

    pub(super) fn want_draft(&mut self, id: &ApplicationId, mut run: Run) {
        let held = self.entry(id).and_then(|entry| entry.draft.take());
        if held.is_some() {
            run.draft = held;
            return self.prepare(id, run);
        }
        run.phase = Phase::Draft;
        self.put_back(id, run);
        self.effects.push(Effect::ReadDraft(id.clone()));
    }

    /// The draft that a run waited for was read.
    pub(super) fn run_draft(&mut self, id: &ApplicationId, draft: Result<Option<Draft>, String>) {
        let Some(mut run) = self.entry(id).and_then(|entry| entry.run.take()) else {
            return;
        };
        match draft {
            Err(what) => self.fail(id, Fault::Storage { what }),
            // A draft that is no longer marked is being changed by the citizen: it is not sent. What
            // became of it when it was sent can still be asked.
            Ok(Some(draft)) if draft.submitted.is_some() || run.task != Task::Send => {
                run.draft = Some(draft);
                self.prepare(id, run);
            }
            Ok(_) => match run.task {
                Task::Send => {
                    let what = "the draft is not in the journal as submitted".to_owned();
                    self.fail(id, Fault::Storage { what });
                }
                Task::AskLedger => self.end(id, Turn::Ledger(Ledger::Unknown)),
                Task::AskBackend => self.end(id, Turn::Backend(Ok(Reconciled::CannotTell))),
            },
        }
    }

    /// Published files came, or failed to: whoever waits for some looks again.
    pub(super) fn resume_runs(&mut self) {
        let waits = |run: &Run| matches!(run.phase, Phase::Published);
        let waiting = self.outbox.iter().filter(|entry| entry.run.as_ref().is_some_and(waits));
        let waiting: Vec<ApplicationId> = waiting.map(|entry| entry.out.id.clone()).collect();
        for id in waiting {
            if let Some(run) = self.entry(&id).and_then(|entry| entry.run.take()) {
                self.prepare(&id, run);
            }
        }
    }

    /// A login ended: whoever waits for it goes on, or stops where it could not be tried.
    pub(super) fn login_settled(&mut self, backend: &BackendId, failed: Option<&Fault>) {
        let waits = |entry: &&Entry| {
            entry.out.service.backend == *backend
                && entry.run.as_ref().is_some_and(|run| matches!(run.phase, Phase::Login))
        };
        let waiting = self.outbox.iter().filter(waits).map(|entry| entry.out.id.clone());
        let passing = failed.filter(|fault| fault.is_passing());
        for id in waiting.collect::<Vec<_>>() {
            let Some(run) = self.entry(&id).and_then(|entry| entry.run.take()) else {
                continue;
            };
            match passing {
                Some(fault) if run.task == Task::Send => self.fail(&id, fault.clone()),
                Some(fault) => self.end(&id, Turn::Backend(Err(fault.clone()))),
                None => self.prepare(&id, run),
            }
        }
        if failed.is_none() {
            let waits = |entry: &&Entry| entry.out.service.backend == *backend && entry.out.course.needs_login();
            let waiting = self.outbox.iter().filter(waits).map(|entry| entry.out.id.clone());
            for id in waiting.collect::<Vec<_>>() {
                self.retry(&id);
            }
        }
        self.resume_logged_in(backend, passing);
        if failed.is_none() {
            let wanted = self
                .cases
                .iter()
                .filter(|mine| mine.receipt.service.backend == *backend && mine.trouble == Some(Fault::LoginNeeded));
            for id in wanted.map(|mine| mine.receipt.id.clone()).collect::<Vec<_>>() {
                self.refresh(Some(&id));
            }
        }
    }

    /// Gathers what the conversation needs, and begins it.
    pub(super) fn prepare(&mut self, id: &ApplicationId, mut run: Run) {
        let Some(service) = self.entry(id).map(|entry| entry.out.service.clone()) else {
            return;
        };
        let (since, fresh) = (run.since, run.fresh);
        let region = self.need(&Place::Region(service.backend.region.clone()), since, fresh);
        let page = self.need(&Place::Service(service.clone()), since, fresh);
        match (region, page) {
            (Need::Failed(problem), _) | (_, Need::Failed(problem)) => return self.fail(id, problem.fault),
            (Need::Here, Need::Here) => {}
            _ => {
                run.phase = Phase::Published;
                return self.put_back(id, run);
            }
        }
        // Compiled again where the files were asked for again.
        let adapter = match run.adapter.take() {
            Some(adapter) => adapter,
            None => match self.adapter(&service.backend) {
                Ok(adapter) => adapter,
                Err(problem) => return self.fail(id, problem.fault),
            },
        };
        let capabilities = adapter.capabilities();
        if capabilities.login.is_some() && self.enter(&service.backend) == Access::UnderWay {
            run.adapter = Some(adapter);
            run.phase = Phase::Login;
            return self.put_back(id, run);
        }
        let session = self.session(&service.backend);
        if run.task == Task::AskBackend && !capabilities.reconcile {
            return self.end(id, Turn::Backend(Ok(Reconciled::CannotTell)));
        }
        let entry = self.outbox.iter().find(|entry| entry.out.id == *id);
        let (Some(entry), Some(page), Some(draft)) = (entry, self.published.service(&service), &run.draft) else {
            return;
        };
        let known = Known {
            facts: &entry.out.facts,
            session: session.as_ref(),
        };
        let strict = run.task == Task::Send;
        let doubtful = if strict {
            page.upstream.is_some()
        } else {
            draft.form != page.fingerprint
        };
        if doubtful && capabilities.form && run.theirs.is_none() {
            let intent = Intent::Form {
                service: service.service,
            };
            let conversation = adapter.start(intent, known);
            run.adapter = Some(adapter);
            return self.converse(id, run, Kind::Form, conversation);
        }
        let theirs = run.theirs.as_ref().and_then(Option::as_ref);
        let form = match wiring::answered(draft, page, theirs, strict) {
            Ok(form) => form,
            // What is kept here may be older than what the citizen was shown.
            Err(_) if !run.fresh => {
                run.fresh = true;
                run.since = self.published.count();
                return self.prepare(id, run);
            }
            Err((form, fingerprint)) => return self.end(id, Turn::FormDiffers { form, fingerprint }),
        };
        let sent = match capabilities.complete {
            true => wiring::without_files(&draft.answers),
            false => Answers::default(),
        };
        let submission = wiring::submission(id, draft, form);
        let (kind, intent) = if run.task == Task::AskBackend {
            let since = entry.out.course.first_sent.unwrap_or(entry.out.submitted);
            (Kind::Reconcile, Intent::Reconcile { submission, since })
        } else {
            (Kind::Submit, Intent::Submit(submission))
        };
        let conversation = adapter.start(intent, known);
        run.adapter = Some(adapter);
        if let Some(entry) = self.entry(id) {
            entry.sent = sent;
        }
        self.converse(id, run, kind, conversation);
    }

    /// Ends a run before anything of it was sent.
    pub(super) fn fail(&mut self, id: &ApplicationId, fault: Fault) {
        let problem = Problem::unsent(fault);
        self.end(
            id,
            Turn::Failed {
                problem,
                answered: None,
            },
        );
    }

    /// Ends a run: it is not put back.
    pub(super) fn end(&mut self, id: &ApplicationId, turn: Turn) {
        self.take(id, turn);
        self.conclude(id);
    }
}
