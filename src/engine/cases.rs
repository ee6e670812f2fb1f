//! Questions about cases: the citizen's own, and any by its number.
//!
//! At most three are asked of one backend at once, so that a delivery always has the fourth place.
//! A question that fails never takes away what was known: its trouble is kept beside it.

use crate::adapters::codec::base64;
use crate::adapters::http::Response;
use crate::adapters::{Conversation, Intent, Known, Outcome, Step};
use crate::model::answers::Answers;
use crate::model::application::ApplicationId;
use crate::model::case::{Acknowledgement, Case, MyCase, Reference};
use crate::model::message::{Event, File};
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::status::Phase;
use crate::store::migrations;

use super::access::Entry;
use super::published::{Need, Place};
use super::run::REQUESTS;
use super::talk::keep_facts;
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
    /// Its session had ended, and another was won.
    renewed: bool,
}

/// What a question is about.
#[derive(Clone, PartialEq, Eq)]
enum About {
    /// One of the citizen's own cases.
    Own(ApplicationId),
    /// A case by its number, and what only its owner knows.
    Number(Reference, Option<Secret<String>>),
    /// What the citizen has at the backend.
    Mine,
    /// A document of a case.
    Document(Reference, String),
}

enum State {
    /// Others are asked first.
    Waiting,
    /// The region's file is on its way.
    Published,
    /// The citizen's login is on its way.
    Login,
    /// A response is on its way.
    Asking(Box<dyn Conversation>),
}

/// What a question ended in.
type Answer = Result<Outcome, Problem>;

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
    pub(super) fn look_up(&mut self, backend: BackendId, reference: Reference, second_fact: Option<Secret<String>>) {
        self.inquire(backend, About::Number(reference, second_fact));
    }

    /// Lists what the citizen has at a backend.
    pub(super) fn list_mine(&mut self, backend: BackendId) {
        self.inquire(backend, About::Mine);
    }

    /// Fetches a document of a case.
    pub(super) fn fetch_document(&mut self, backend: BackendId, reference: Reference, handle: String) {
        self.inquire(backend, About::Document(reference, handle));
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
            renewed: false,
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
        let adapter = match self.adapter(&inquiry.backend) {
            Ok(adapter) => adapter,
            Err(problem) => return self.learn(inquiry, Err(problem)),
        };
        let capabilities = adapter.capabilities();
        let can = match inquiry.about {
            About::Own(_) | About::Number(..) => capabilities.track,
            About::Mine => capabilities.list,
            About::Document(..) => capabilities.documents,
        };
        if !can {
            // Nothing is wrong with one's own case where nobody can be asked.
            let answer = match inquiry.about {
                About::Own(_) => Ok(Outcome::Case(None)),
                _ => Err(astray("this backend cannot be asked that")),
            };
            return self.learn(inquiry, answer);
        }
        if capabilities.login.is_some() && self.enter(&inquiry.backend) == Entry::UnderWay {
            inquiry.state = State::Login;
            return self.inquiries.push(inquiry);
        }
        let session = self.session(&inquiry.backend);
        let mut facts = Vec::new();
        let intent = match &inquiry.about {
            About::Own(id) => {
                let Some(mine) = self.my_case(id) else {
                    return;
                };
                facts.clone_from(&mine.facts);
                Intent::Track {
                    acknowledgement: known_as(mine),
                    second_fact: None,
                }
            }
            About::Number(reference, second_fact) => Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference.clone()),
                second_fact: second_fact.clone(),
            },
            About::Mine => Intent::List,
            About::Document(reference, handle) => {
                // What only the owner of the case knows opens its documents too.
                let of_it = |mine: &&MyCase| {
                    mine.receipt.service.backend == inquiry.backend && known_as(mine).shown() == Some(reference)
                };
                if let Some(mine) = self.cases.iter().find(of_it) {
                    facts.clone_from(&mine.facts);
                }
                Intent::Document {
                    reference: reference.clone(),
                    handle: handle.clone(),
                }
            }
        };
        let known = Known {
            facts: &facts,
            session: session.as_ref(),
        };
        let mut conversation = adapter.start(intent, known);
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
                let needed = problem.fault == Fault::LoginNeeded;
                if needed && self.expire(&inquiry.backend) && !inquiry.renewed {
                    inquiry.renewed = true;
                    return self.ask(inquiry);
                }
                Err(problem)
            }
            Step::Done {
                outcome,
                diagnostics,
                facts,
            } => {
                self.note(diagnostics);
                if let About::Own(id) = &inquiry.about
                    && let Some(mine) = self.my_case(id)
                {
                    keep_facts(&mut mine.facts, facts);
                }
                Ok(outcome)
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

    /// A login ended: questions that wait for it are asked, or not where it could not be tried.
    pub(super) fn resume_logged_in(&mut self, backend: &BackendId, passing: Option<&Fault>) {
        let inquiries = std::mem::take(&mut self.inquiries);
        for inquiry in inquiries {
            if inquiry.backend != *backend || !matches!(inquiry.state, State::Login) {
                self.inquiries.push(inquiry);
            } else if let Some(fault) = passing {
                self.learn(inquiry, Err(Problem::unsent(fault.clone())));
            } else {
                self.ask(inquiry);
            }
        }
    }

    /// A question has its answer.
    fn learn(&mut self, inquiry: Inquiry, answer: Answer) {
        let (now, backend) = (self.now, inquiry.backend);
        match inquiry.about {
            About::Number(reference, _) => {
                let answer = case(answer).and_then(|case| {
                    let case = case.ok_or_else(|| Problem::unsent(Fault::NotFound))?;
                    Ok((*case, now))
                });
                self.emit(Event::LookedUp {
                    backend,
                    reference,
                    answer,
                });
            }
            About::Own(id) => {
                let Some(mine) = self.my_case(&id) else {
                    return;
                };
                match case(answer) {
                    Ok(case) => {
                        if let Some(case) = case {
                            if case.status.phase == Phase::Closed {
                                // Nothing will be asked for any more.
                                mine.answers = Answers::default();
                            }
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
            About::Mine => {
                let answer = answer.and_then(|outcome| match outcome {
                    Outcome::Cases(cases) => Ok(cases),
                    _ => Err(astray(ASTRAY)),
                });
                self.emit(Event::Mine { backend, answer });
            }
            About::Document(_, handle) => {
                let answer = answer.and_then(|outcome| match outcome {
                    Outcome::Document {
                        name,
                        content_type,
                        bytes,
                    } => Ok(File {
                        name,
                        content_type,
                        base64: base64::write(&bytes),
                    }),
                    _ => Err(astray(ASTRAY)),
                });
                self.emit(Event::Document {
                    backend,
                    handle,
                    answer,
                });
            }
        }
    }
}

const ASTRAY: &str = "the conversation ended in something else";

/// The case that an answer holds; `None` where the backend has no number for it yet.
fn case(answer: Answer) -> Result<Option<Box<Case>>, Problem> {
    match answer? {
        Outcome::Case(case) => Ok(case),
        _ => Err(astray(ASTRAY)),
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
