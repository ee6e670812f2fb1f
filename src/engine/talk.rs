//! The conversation of a try: its requests go, its responses come, and what it ends in becomes a turn
//! of delivery.
//!
//! Only here is a request let go that may change something: after its attempt is stored. And only
//! here is a failure judged by what the edge said of it, before the conversation sees it.

use crate::adapters::http::{HEADER_RESEND, Method, Request, Response};
use crate::adapters::{Conversation, Fact, Outcome, Step};
use crate::delivery::{Held, Ledger, Task, Turn};
use crate::model::application::ApplicationId;
use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::problem::{Fault, Problem, Sent};

use super::edge::{self, Word};
use super::run::{Kind, Phase, REQUESTS, Run};
use super::{Engine, Owner, RequestId};

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
    pub(super) fn converse(
        &mut self,
        id: &ApplicationId,
        mut run: Run,
        kind: Kind,
        mut conversation: Box<dyn Conversation>,
    ) {
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
                Step::Done {
                    outcome,
                    diagnostics,
                    facts,
                } => {
                    self.note(diagnostics);
                    if let Some(entry) = self.entry(id) {
                        keep_facts(&mut entry.out.facts, facts);
                    }
                    return self.done(id, run, kind, outcome);
                }
                Step::Failed(problem) => {
                    let won = conversation.won();
                    if kind == Kind::Submit && !won.is_empty() {
                        if let Some(entry) = self.entry(id) {
                            let facts = &mut entry.out.facts;
                            facts.retain(|before| won.iter().all(|fact| fact.name != before.name));
                            facts.extend(won);
                        }
                        self.keep(id);
                    }
                    return self.failed(id, run, kind, problem);
                }
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
                    run.phase = Phase::Held(conversation, Box::new(request));
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
        let changed = keep_facts(&mut entry.out.facts, facts);
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
            let number = entry.out.course.resends.to_string();
            request.headers.push((HEADER_RESEND.to_owned(), number));
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
            self.fetch(Owner::Run(id.clone()), *request);
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
            Phase::Draft | Phase::Published | Phase::Login | Phase::Held(..) => self.put_back(id, run),
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
        // A session has ended: with a login that is known it is tried once more.
        let backend = self.entry(id).map(|entry| entry.out.service.backend.clone());
        let renews = problem.fault == Fault::LoginNeeded && backend.is_some_and(|backend| self.expire(&backend));
        match kind {
            Kind::Submit if renews => {
                let answered = run.answered.filter(|_| run.keyed);
                self.take(id, Turn::Failed { problem, answered });
                self.take(id, Turn::Retry);
                self.conclude(id);
            }
            Kind::Form | Kind::Reconcile if renews => self.prepare(id, run),
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
                if SAID {
                    let found = problem.fault.to_string();
                    self.note(vec![Diagnostic::new("/form", "the backend's form, to compare", found)]);
                }
                run.theirs = Some(None);
                self.prepare(id, run);
            }
        }
    }

    fn hush_for(&mut self, id: &ApplicationId, fault: &Fault) {
        if let Some(backend) = self.entry(id).map(|entry| entry.out.service.backend.clone()) {
            self.hush(&backend, fault);
        }
    }
}

/// Adds what is new; whether anything was. A fact of a name that is there already is replaced.
pub(super) fn keep_facts(known: &mut Vec<Fact>, facts: Vec<Fact>) -> bool {
    let mut changed = false;
    for fact in facts {
        if !known.contains(&fact) {
            known.retain(|other| other.name != fact.name);
            known.push(fact);
            changed = true;
        }
    }
    changed
}

/// A conversation that went where none should.
fn astray(what: &str) -> Problem {
    Problem {
        fault: Fault::Protocol { what: what.to_owned() },
        sent: Sent::Unknown,
    }
}
