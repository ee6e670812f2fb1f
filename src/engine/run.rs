//! One try of one application: from its draft, over the published files and the comparison of its
//! form, through the conversation with its backend, to its end. Or, where a try before broke off, a
//! look at what became of it: at the edge's ledger, then at the backend.
//!
//! A run holds what the try needs and nothing that must survive it: after a restart a new run is
//! begun from the record. An answer that the ledger kept is handed to a fresh conversation in place
//! of the request that it answers, so there is one reading of answers, not two.

use crate::adapters::http::{HEADER_RESEND, Method, Request, Response};
use crate::adapters::{Adapter, Conversation, Fact, Intent, Outcome, Reconciled, Step};
use crate::delivery::{Held, Ledger, Task, Turn};
use crate::model::application::{ApplicationId, Draft};
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Form;
use crate::model::problem::{Fault, Problem, Sent};

use super::edge::{self, Word};
use super::published::{Need, Place};
use super::{Engine, Owner, RequestId, wiring};

/// Requests of one conversation, at most: whatever a backend answers, it ends.
pub(super) const REQUESTS: u32 = 64;

/// A try under way.
pub(super) struct Run {
    task: Task,
    pub(super) phase: Phase,
    /// The number of the last published file when the run began.
    since: u64,
    /// Only files that came after that will do.
    fresh: bool,
    draft: Option<Draft>,
    adapter: Option<Box<dyn Adapter>>,
    /// The backend's own form, once it was asked for; `Some(None)` where it cannot be had.
    theirs: Option<Option<Form>>,
    /// The answer that the ledger kept, until the conversation comes to it.
    kept: Option<Response>,
    /// The last request of the submission may have changed something.
    keyed: bool,
    /// The backend itself has answered it: what the ledger holds of that.
    answered: Option<Held>,
    requests: u32,
    /// Bytes sent and of how many.
    pub(super) progress: Option<(u64, u64)>,
}

/// What a run waits for.
pub(super) enum Phase {
    /// Its draft.
    Draft,
    /// Published files.
    Published,
    /// A response.
    Asking(Kind, Box<dyn Conversation>),
    /// Its record being stored, before this request goes.
    Held(Box<dyn Conversation>, Request),
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

/// What a conversation's next request of a delivery comes to.
enum Next {
    /// It is answered already.
    Answered(Response),
    /// It goes once the record is stored.
    Hold(Request),
    /// It goes.
    Go(Request),
    /// It must not go.
    Stop,
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

    fn put_back(&mut self, id: &ApplicationId, run: Run) {
        if let Some(entry) = self.entry(id) {
            entry.run = Some(run);
        }
    }

    fn want_draft(&mut self, id: &ApplicationId, mut run: Run) {
        let held = self.entry(id).and_then(|entry| entry.draft.take());
        if held.is_some() {
            run.draft = held;
            return self.prepare(id, run);
        }
        run.phase = Phase::Draft;
        self.put_back(id, run);
        self.effects.push(super::Effect::ReadDraft(id.clone()));
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

    /// Gathers what the conversation needs, and begins it.
    fn prepare(&mut self, id: &ApplicationId, mut run: Run) {
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
        if run.task == Task::AskBackend && !capabilities.reconcile {
            return self.end(id, Turn::Backend(Ok(Reconciled::CannotTell)));
        }
        let entry = self.outbox.iter().find(|entry| entry.out.id == *id);
        let (Some(entry), Some(page), Some(draft)) = (entry, self.published.service(&service), &run.draft) else {
            return;
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
            let conversation = adapter.start(intent, &entry.out.facts);
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
        let submission = wiring::submission(id, draft, form);
        let (kind, intent) = if run.task == Task::AskBackend {
            let since = entry.out.course.first_sent.unwrap_or(entry.out.submitted);
            (Kind::Reconcile, Intent::Reconcile { submission, since })
        } else {
            (Kind::Submit, Intent::Submit(submission))
        };
        let conversation = adapter.start(intent, &entry.out.facts);
        run.adapter = Some(adapter);
        self.converse(id, run, kind, conversation);
    }

    fn converse(&mut self, id: &ApplicationId, mut run: Run, kind: Kind, mut conversation: Box<dyn Conversation>) {
        run.requests = 0;
        let step = conversation.begin();
        self.follow(id, run, kind, conversation, step);
    }

    /// Does what a conversation says, until it has to wait or is over.
    fn follow(
        &mut self,
        id: &ApplicationId,
        mut run: Run,
        kind: Kind,
        mut conversation: Box<dyn Conversation>,
        mut step: Step,
    ) {
        loop {
            let (request, facts) = match step {
                Step::Send { request, facts } => (request, facts),
                Step::Done { outcome, diagnostics } => {
                    self.note(diagnostics);
                    return self.done(id, run, kind, outcome);
                }
                Step::Failed(problem) => return self.failed(id, run, kind, problem),
            };
            run.requests = run.requests.saturating_add(1);
            if run.requests > REQUESTS {
                return self.failed(id, run, kind, astray("the conversation does not end"));
            }
            let next = if kind == Kind::Submit {
                self.submission_request(id, &mut run, request, facts)
            } else {
                Next::Go(request)
            };
            match next {
                Next::Answered(response) => step = conversation.resume(Ok(response)),
                Next::Hold(request) => {
                    run.phase = Phase::Held(conversation, request);
                    return self.put_back(id, run);
                }
                Next::Go(request) => {
                    self.fetch(Owner::Run(id.clone()), request);
                    run.phase = Phase::Asking(kind, conversation);
                    return self.put_back(id, run);
                }
                Next::Stop => return self.conclude(id),
            }
        }
    }

    /// The next request of a delivery: its key in this edition, its facts kept, and, if it may change
    /// something, the attempt noted before it goes.
    fn submission_request(
        &mut self,
        id: &ApplicationId,
        run: &mut Run,
        mut request: Request,
        facts: Vec<Fact>,
    ) -> Next {
        if run.keyed {
            self.take(id, Turn::Continued);
            run.keyed = false;
            run.answered = None;
        }
        let Some(entry) = self.entry(id) else {
            return Next::Stop;
        };
        let mut changed = false;
        for fact in facts {
            if !entry.out.facts.contains(&fact) {
                entry.out.facts.push(fact);
                changed = true;
            }
        }
        let may_change = request.method != Method::Get;
        let key = request
            .key
            .take()
            .or_else(|| may_change.then(|| id.as_str().to_owned()));
        let Some(key) = key else {
            if changed {
                self.keep(id);
                return Next::Hold(request);
            }
            return Next::Go(request);
        };
        let key = entry.out.course.key(id, &key);
        if let Some(kept) = run.kept.take() {
            let attempt = entry.out.course.unsettled();
            if attempt.is_some_and(|attempt| attempt.key == key) {
                run.keyed = true;
                run.answered = Some(Held::Answer);
                return Next::Answered(kept);
            }
            // The answer belongs to a request that this conversation does not make: it is no help.
            self.take(id, Turn::Ledger(Ledger::Unknown));
            return Next::Stop;
        }
        if entry.out.course.resend.as_ref() == Some(&key) {
            request.headers.push((HEADER_RESEND.to_owned(), "yes".to_owned()));
        }
        request.key = Some(key.clone());
        if !self.take(id, Turn::Began { key }) {
            return Next::Stop;
        }
        run.keyed = true;
        run.progress = None;
        self.keep(id);
        Next::Hold(request)
    }

    /// The record of an application is stored: a request that waited for it goes.
    pub(super) fn release(&mut self, id: &ApplicationId) {
        let Some(mut run) = self.entry(id).and_then(|entry| entry.run.take()) else {
            return;
        };
        if let Phase::Held(conversation, request) = run.phase {
            self.fetch(Owner::Run(id.clone()), request);
            run.phase = Phase::Asking(Kind::Submit, conversation);
            self.put_back(id, run);
            self.tell(id);
        } else {
            self.put_back(id, run);
        }
    }

    /// A response for a run.
    pub(super) fn run_answered(&mut self, id: &ApplicationId, result: Result<Response, Problem>) {
        let Some(mut run) = self.entry(id).and_then(|entry| entry.run.take()) else {
            return;
        };
        match run.phase {
            Phase::Ledger => {
                let now = self.now;
                let attempt = self.entry(id).and_then(|entry| entry.out.course.unsettled().cloned());
                let Some(attempt) = attempt else {
                    return;
                };
                match edge::answer(result, &attempt, now) {
                    Word::Says(word) => self.end(id, Turn::Ledger(word)),
                    Word::Answered(response) => {
                        run.kept = Some(response);
                        self.want_draft(id, run);
                    }
                }
            }
            Phase::Asking(kind, mut conversation) => {
                run.phase = Phase::Published;
                let result = result.and_then(edge::backends_own);
                if run.keyed {
                    match &result {
                        // Whatever the conversation could make of it: nobody knows whether it arrived.
                        Err(problem) if problem.sent != Sent::No => {
                            let problem = problem.clone();
                            return self.failed(id, run, kind, problem);
                        }
                        _ => run.answered = result.as_ref().ok().map(edge::held),
                    }
                }
                let step = conversation.resume(result);
                self.follow(id, run, kind, conversation, step);
            }
            Phase::Draft | Phase::Published | Phase::Held(..) => self.put_back(id, run),
        }
    }

    /// Bytes of a request are on their way; the app is told of every twentieth part.
    pub(super) fn progress(&mut self, flight: RequestId, sent: u64, total: u64) {
        let owner = self
            .flights
            .iter()
            .find(|(id, _)| *id == flight)
            .map(|(_, owner)| owner);
        let Some(Owner::Run(id)) = owner.cloned() else {
            return;
        };
        let Some(run) = self.entry(&id).and_then(|entry| entry.run.as_mut()) else {
            return;
        };
        if !run.keyed || total == 0 {
            return;
        }
        let part = |sent: u64| sent.saturating_mul(20).checked_div(total);
        if run
            .progress
            .is_none_or(|(before, of)| of != total || part(before) != part(sent))
        {
            run.progress = Some((sent.min(total), total));
            self.tell(&id);
        }
    }

    fn done(&mut self, id: &ApplicationId, mut run: Run, kind: Kind, outcome: Outcome) {
        match (kind, outcome) {
            (Kind::Form, Outcome::Form(form)) => {
                run.theirs = Some(Some(form));
                self.prepare(id, run);
            }
            (
                Kind::Submit,
                Outcome::Submitted {
                    acknowledgement,
                    notice,
                },
            ) => self.end(
                id,
                Turn::Arrived {
                    acknowledgement,
                    notice,
                },
            ),
            (Kind::Reconcile, Outcome::Reconciled(reconciled)) => self.end(id, Turn::Backend(Ok(reconciled))),
            _ => self.failed(id, run, kind, astray("the conversation ended in something else")),
        }
    }

    fn failed(&mut self, id: &ApplicationId, mut run: Run, kind: Kind, problem: Problem) {
        self.hush_for(id, &problem.fault);
        match kind {
            Kind::Submit => {
                let answered = run.answered.filter(|_| run.keyed);
                self.end(id, Turn::Failed { problem, answered });
            }
            Kind::Reconcile => self.end(id, Turn::Backend(Err(problem.fault))),
            Kind::Form => {
                let garbled = matches!(problem.fault, Fault::Protocol { .. });
                let passing = problem.fault == Fault::LoginNeeded || (problem.fault.is_passing() && !garbled);
                if passing && run.task == Task::Send {
                    return self.fail(id, problem.fault);
                }
                // A backend that has no form to show, or none that can be read, is no reason to hold
                // an application back.
                let found = problem.fault.to_string();
                self.note(vec![Diagnostic::new("/form", "the backend's form, to compare", found)]);
                run.theirs = Some(None);
                self.prepare(id, run);
            }
        }
    }

    /// Ends a run before anything of it was sent.
    fn fail(&mut self, id: &ApplicationId, fault: Fault) {
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
    fn end(&mut self, id: &ApplicationId, turn: Turn) {
        self.take(id, turn);
        self.conclude(id);
    }

    fn hush_for(&mut self, id: &ApplicationId, fault: &Fault) {
        if let Some(backend) = self.entry(id).map(|entry| entry.out.service.backend.clone()) {
            self.hush(&backend, fault);
        }
    }
}

/// A conversation that went where none should.
fn astray(what: &str) -> Problem {
    Problem {
        fault: Fault::Protocol { what: what.to_owned() },
        sent: Sent::Unknown,
    }
}
