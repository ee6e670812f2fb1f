//! Questions about cases: the citizen's own, and any by its number.
//!
//! At most three are asked of one backend at once, so that a delivery always has the fourth place.
//! A question that fails never takes away what was known: its trouble is kept beside it.

use crate::adapters::http::Response;
use crate::adapters::{Conversation, Intent, Known, Outcome, Step};
use crate::model::application::ApplicationId;
use crate::model::case::{Acknowledgement, Case, MyCase, Reference};
use crate::model::message::Event;
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use crate::model::status::Phase;
use crate::store::migrations;

use super::published::{Need, Place};
use super::run::REQUESTS;
use super::{Engine, Owner, edge};

/// How many are asked of one backend at once.
const AT_ONCE: usize = 3;

/// A question.
pub(super) struct Inquiry {
    number: u64,
    backend: BackendId,
    about: About,
    state: State,
    /// The number of the last published file when it was asked.
    since: u64,
    requests: u32,
}

/// What a question is about.
#[derive(Clone, PartialEq, Eq)]
enum About {
    /// One of the citizen's own cases.
    Own(ApplicationId),
    /// A case by its number.
    Number(Reference),
}

enum State {
    /// Others are asked first.
    Waiting,
    /// The region's file is on its way.
    Published,
    /// A response is on its way.
    Asking(Box<dyn Conversation>),
}

/// What a question ended in; `None` where the backend has no number for it yet.
type Answer = Result<Option<Box<Case>>, Problem>;

impl Engine {
    /// Asks about one case, or about all that are open.
    pub(super) fn refresh(&mut self, id: Option<&ApplicationId>) {
        let is_open = |mine: &MyCase| mine.case.as_ref().is_none_or(|case| case.status.phase != Phase::Closed);
        let cases: Vec<MyCase> = self
            .cases
            .iter()
            .filter(|mine| id.map_or_else(|| is_open(mine), |id| mine.receipt.id == *id))
            .cloned()
            .collect();
        for mine in cases {
            if known_as(&mine) == Acknowledgement::Nothing {
                self.emit(Event::Case(mine));
            } else {
                self.inquire(mine.receipt.service.backend, About::Own(mine.receipt.id));
            }
        }
    }

    /// Looks a case up by its number.
    pub(super) fn look_up(&mut self, backend: BackendId, reference: Reference) {
        self.inquire(backend, About::Number(reference));
    }

    fn inquire(&mut self, backend: BackendId, about: About) {
        let is_same = |inquiry: &Inquiry| inquiry.backend == backend && inquiry.about == about;
        if self.inquiries.iter().any(is_same) {
            return;
        }
        self.numbers = self.numbers.saturating_add(1);
        self.inquiries.push(Inquiry {
            number: self.numbers,
            backend,
            about,
            state: State::Waiting,
            since: self.published.count(),
            requests: 0,
        });
    }

    pub(super) fn start_inquiries(&mut self) {
        // Each that ends at once may make room for another.
        while let Some(at) = self.inquiries.iter().position(|inquiry| self.may_ask(inquiry)) {
            let inquiry = self.inquiries.remove(at);
            self.ask(inquiry);
        }
    }

    fn may_ask(&self, inquiry: &Inquiry) -> bool {
        let asked = self
            .inquiries
            .iter()
            .filter(|other| other.backend == inquiry.backend && !matches!(other.state, State::Waiting));
        matches!(inquiry.state, State::Waiting) && asked.count() < AT_ONCE
    }

    /// Published files came, or failed to.
    pub(super) fn resume_inquiries(&mut self) {
        let inquiries = std::mem::take(&mut self.inquiries);
        for inquiry in inquiries {
            if matches!(inquiry.state, State::Published) {
                self.ask(inquiry);
            } else {
                self.inquiries.push(inquiry);
            }
        }
    }

    fn ask(&mut self, mut inquiry: Inquiry) {
        if let Some(until) = self.quiet_until(&inquiry.backend) {
            let seconds = until.since(self.now).saturating_add(999).checked_div(1000);
            let after = seconds.and_then(|seconds| u32::try_from(seconds).ok());
            return self.learn(inquiry, Err(Problem::unsent(Fault::RateLimited { after })));
        }
        let place = Place::Region(inquiry.backend.region.clone());
        match self.need(&place, inquiry.since, false) {
            Need::Here => {}
            Need::Failed(problem) => return self.learn(inquiry, Err(problem)),
            Need::Wait | Need::Load(_) => {
                inquiry.state = State::Published;
                return self.inquiries.push(inquiry);
            }
        }
        let acknowledgement = match &inquiry.about {
            About::Number(reference) => Acknowledgement::Reference(reference.clone()),
            About::Own(id) => match self.my_case(id) {
                Some(mine) => known_as(mine),
                None => return,
            },
        };
        let adapter = match self.adapter(&inquiry.backend) {
            Ok(adapter) => adapter,
            Err(problem) => return self.learn(inquiry, Err(problem)),
        };
        if !adapter.capabilities().track {
            // Nothing is wrong with one's own case where nobody can be asked.
            let answer = match inquiry.about {
                About::Own(_) => Ok(None),
                About::Number(_) => Err(Problem::unsent(Fault::Protocol {
                    what: "this backend cannot be asked about a case".to_owned(),
                })),
            };
            return self.learn(inquiry, answer);
        }
        let mut conversation = adapter.start(
            Intent::Track {
                acknowledgement,
                second_fact: None,
            },
            Known::default(),
        );
        let step = conversation.begin();
        self.go_on(inquiry, conversation, step);
    }

    fn go_on(&mut self, mut inquiry: Inquiry, conversation: Box<dyn Conversation>, step: Step) {
        let answer = match step {
            Step::Send { request, .. } => {
                inquiry.requests = inquiry.requests.saturating_add(1);
                if inquiry.requests <= REQUESTS {
                    self.fetch(Owner::Inquiry(inquiry.number), request);
                    inquiry.state = State::Asking(conversation);
                    return self.inquiries.push(inquiry);
                }
                Err(astray("the conversation does not end"))
            }
            Step::Failed(problem) => {
                self.hush(&inquiry.backend, &problem.fault);
                Err(problem)
            }
            Step::Done {
                outcome, diagnostics, ..
            } => {
                self.note(diagnostics);
                match outcome {
                    Outcome::Case(case) => Ok(case),
                    _ => Err(astray("the conversation ended in something else")),
                }
            }
        };
        self.learn(inquiry, answer);
    }

    pub(super) fn inquiry_answered(&mut self, number: u64, result: Result<Response, Problem>) {
        let Some(at) = self.inquiries.iter().position(|inquiry| inquiry.number == number) else {
            return;
        };
        let mut inquiry = self.inquiries.remove(at);
        match std::mem::replace(&mut inquiry.state, State::Published) {
            State::Asking(mut conversation) => {
                let step = conversation.resume(result.and_then(edge::backends_own));
                self.go_on(inquiry, conversation, step);
            }
            state => {
                inquiry.state = state;
                self.inquiries.push(inquiry);
            }
        }
    }

    /// A question has its answer.
    fn learn(&mut self, inquiry: Inquiry, answer: Answer) {
        let now = self.now;
        match inquiry.about {
            About::Number(reference) => {
                let answer = answer.and_then(|case| {
                    let case = case.ok_or_else(|| Problem::unsent(Fault::NotFound))?;
                    Ok((*case, now))
                });
                self.emit(Event::LookedUp {
                    backend: inquiry.backend,
                    reference,
                    answer,
                });
            }
            About::Own(id) => {
                let Some(mine) = self.my_case(&id) else {
                    return;
                };
                match answer {
                    Ok(case) => {
                        if let Some(case) = case {
                            mine.case = Some(*case);
                            mine.as_of = Some(now);
                        }
                        mine.trouble = None;
                    }
                    Err(problem) => mine.trouble = Some(problem.fault),
                }
                let mine = mine.clone();
                self.writer.put(migrations::case(&mine));
                self.emit(Event::Case(mine));
            }
        }
    }
}

/// What the backend can be asked by: the number that it named last, else how it acknowledged.
fn known_as(mine: &MyCase) -> Acknowledgement {
    let number = mine.case.as_ref().and_then(|case| case.reference.clone());
    number.map_or_else(|| mine.receipt.acknowledgement.clone(), Acknowledgement::Reference)
}

fn astray(what: &str) -> Problem {
    Problem::unsent(Fault::Protocol { what: what.to_owned() })
}
