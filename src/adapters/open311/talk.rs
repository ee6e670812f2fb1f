//! The conversation: which request comes first, and what comes after each response.
//!
//! Where the profile names no format, JSON is asked for and XML where the server has none: after an
//! answer that shows that there is no such path or that the server speaks XML all the same, and only
//! once. A submission is put to the second path only where the first answered that it does not exist,
//! in no words of the protocol's, or refused it in XML; the second request has a key of its own. A
//! refusal has stored nothing, so neither has the first.
//!
//! Every conversation ends: pages are counted, and each other stage leads only forwards.

use std::sync::Arc;

use super::acknowledgement;
use super::case::{self, Told};
#[cfg(not(target_arch = "wasm32"))]
use super::catalogue;
use super::definition;
use super::profile::{Format, Metadata, Profile};
use super::refusal;
use super::search::Search;
use super::wire::{self, Resource};
#[cfg(not(target_arch = "wasm32"))]
use crate::adapters::Listed;
use crate::adapters::answer::case::bare;
use crate::adapters::answer::record::{Notes, Record};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::{self, Payload, urlencoded};
use crate::adapters::http::{Request, Response};
use crate::adapters::{Conversation, Fact, Intent, Outcome, Reconciled, Step, Submission};
use crate::model::case::{Acknowledgement, Reference};
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::service::ServiceCode;

/// The fact that a token became a number.
const FACT_REFERENCE: &str = "reference";
/// Where a conversation stands.
enum Stage {
    #[cfg(not(target_arch = "wasm32"))]
    Catalogue(Vec<Listed>),
    Form(ServiceCode),
    Submit(Submission),
    Token(Reference),
    Case {
        reference: Reference,
        by_token: bool,
    },
    History {
        reference: Reference,
        told: Box<Told>,
    },
    Search(Search),
    /// Known without asking.
    Known(Outcome),
    Over,
}

/// A conversation with one server.
pub(super) struct Talk {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
    format: Format,
    /// The server has shown that it speaks `format`, or the other one was tried.
    settled: bool,
    switched: bool,
    /// How the first format's path refused a submission; it holds where the second has no such path.
    refused: Option<Problem>,
    stage: Stage,
    notes: Notes,
    facts: Vec<Fact>,
    /// Facts that are kept with the case.
    won: Vec<Fact>,
    /// Pages read, and the query of the next one where the server named it.
    pages: u32,
    next: Option<Vec<(String, String)>>,
}

impl Talk {
    pub(super) fn new(profile: Arc<Profile>, backend: BackendId, offset: i32, intent: Intent, facts: &[Fact]) -> Self {
        let known = |name: &str| facts.iter().find(|fact| fact.name == name);
        let stage = match intent {
            #[cfg(not(target_arch = "wasm32"))]
            Intent::Catalogue => Stage::Catalogue(Vec::new()),
            Intent::Form { .. } if profile.metadata == Metadata::Never => {
                Stage::Known(Outcome::Form(definition::base(&profile)))
            }
            Intent::Form { service } => Stage::Form(service),
            Intent::Submit(submission) => Stage::Submit(submission),
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } => Stage::Case {
                reference,
                by_token: false,
            },
            Intent::Track {
                acknowledgement: Acknowledgement::Token(token),
                ..
            } => match known(FACT_REFERENCE).and_then(|fact| fact.value.parse().ok()) {
                Some(reference) => Stage::Case {
                    reference,
                    by_token: true,
                },
                None => Stage::Token(token),
            },
            Intent::Track {
                acknowledgement: Acknowledgement::Nothing,
                ..
            } => Stage::Known(Outcome::Case(None)),
            // Catalogues are read where they are published; a phone carries none of that.
            #[cfg(target_arch = "wasm32")]
            Intent::Catalogue => Stage::Over,
            // The protocol has no accounts: nothing asks for these where the capabilities say so.
            Intent::List | Intent::Document { .. } | Intent::LogIn(_) => Stage::Over,
            Intent::Reconcile { submission, since } => {
                match Search::new(&submission, since).filter(|_| profile.reconcile) {
                    Some(search) => Stage::Search(search),
                    None => Stage::Known(Outcome::Reconciled(Reconciled::CannotTell)),
                }
            }
        };
        let format = profile.format.unwrap_or(Format::Json);
        Self {
            settled: profile.format.is_some(),
            profile,
            backend,
            offset,
            format,
            switched: false,
            refused: None,
            stage,
            notes: Notes::default(),
            facts: Vec::new(),
            won: Vec::new(),
            pages: 0,
            next: None,
        }
    }

    /// The request of the stage; `None` where nothing is left to ask.
    fn request(&self) -> Option<Request> {
        let get =
            |resource, value: &str, query| wire::get(&self.profile, &self.backend, self.format, resource, value, query);
        Some(match &self.stage {
            #[cfg(not(target_arch = "wasm32"))]
            Stage::Catalogue(_) => get(Resource::Services, "", self.paged(Vec::new())),
            Stage::Form(service) => get(Resource::Definition, service.as_str(), Vec::new()),
            Stage::Submit(submission) => wire::submit(
                &self.profile,
                &self.backend,
                self.format,
                submission,
                self.offset,
                self.switched,
            ),
            Stage::Token(token) => get(Resource::Token, token.as_str(), Vec::new()),
            Stage::Case { reference, .. } => get(
                Resource::Case,
                reference.as_str(),
                wire::case_query(&self.profile, reference.as_str()),
            ),
            Stage::History { reference, told } => get(
                Resource::History,
                reference.as_str(),
                wire::history_query(&self.profile, reference.as_str(), told.case.received, self.offset),
            ),
            Stage::Search(search) => get(Resource::List, "", self.paged(search.query(&self.profile, self.offset))),
            Stage::Known(_) | Stage::Over => return None,
        })
    }

    /// A list's query with the page that is due.
    fn paged(&self, mut query: Vec<(String, String)>) -> Vec<(String, String)> {
        if let Some(next) = &self.next {
            return next.clone();
        }
        let paging = &self.profile.paging;
        if let Some(page) = &paging.page {
            query.push((page.clone(), paging.first.saturating_add(self.pages).to_string()));
        }
        if let Some(size) = &paging.size {
            query.push((size.clone(), paging.per_page.to_string()));
        }
        query
    }

    /// Whether a list goes on after a page of `rows` rows, of which `new` were new.
    fn goes_on(&mut self, response: &Response, rows: usize, new: usize) -> bool {
        self.pages = self.pages.saturating_add(1);
        self.next = response.header("x-next-page-url").and_then(|url| {
            let (_, query) = url.trim().split_once('?')?;
            let query = query.split('#').next().unwrap_or_default();
            let own = ["jurisdiction_id", "api_key"];
            let mut pairs = urlencoded::decode(query);
            pairs.retain(|(name, _)| !own.contains(&name.as_str()));
            (!pairs.is_empty()).then_some(pairs)
        });
        if new == 0 {
            return false;
        }
        let paging = &self.profile.paging;
        let full = paging.size.is_none() || u32::try_from(rows).is_ok_and(|rows| rows >= paging.per_page);
        self.next.is_some() || (paging.page.is_some() && full)
    }

    /// Whether more pages may be asked for.
    const fn may_go_on(&self, most: u32) -> bool {
        self.pages < most
    }

    fn send(&mut self) -> Step {
        match self.request() {
            Some(request) => Step::Send {
                request,
                facts: std::mem::take(&mut self.facts),
            },
            None => match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Known(outcome) => self.done(outcome),
                _ => Step::Failed(Problem::unsent(Fault::Protocol {
                    what: "nothing was asked".to_owned(),
                })),
            },
        }
    }

    fn done(&mut self, outcome: Outcome) -> Step {
        Step::Done {
            outcome,
            diagnostics: self.notes.take(),
            facts: std::mem::take(&mut self.won),
        }
    }

    /// Whether an answer shows that the server does not have this format.
    fn lacks_format(&self, response: &Response, payload: &Payload) -> bool {
        if self.settled {
            return false;
        }
        let told = matches!(payload, Payload::Tree(root) if refusal::tells(root));
        let submits = matches!(self.stage, Stage::Submit(_));
        // An error in XML where JSON was asked for: perhaps that is what is wrong.
        let in_xml = told && is_markup(&response.body);
        match response.status {
            406 | 415 => true,
            404 | 501 => !told || in_xml,
            400 => in_xml,
            // A site that shows its start page for every path it does not know.
            200 => !submits && *payload == Payload::Page,
            _ => false,
        }
    }

    fn failed(&mut self, stage: Stage, problem: Problem) -> Step {
        let gone = matches!(problem.fault, Fault::NotFound | Fault::Rejected { .. });
        match stage {
            Stage::History { told, .. } => {
                self.notes.add_fault("the case's history; done without", &problem.fault);
                self.done(Outcome::Case(Some(Box::new(case::conclude(*told, Vec::new())))))
            }
            Stage::Form(_) if gone => {
                self.notes
                    .add_fault("a definition; the form without it is used", &problem.fault);
                self.done(Outcome::Form(definition::base(&self.profile)))
            }
            Stage::Case {
                reference,
                by_token: true,
            } if problem.fault == Fault::NotFound => {
                self.notes
                    .add("", "the request that the token became", reference.as_str());
                self.done(Outcome::Case(Some(Box::new(bare(Some(reference))))))
            }
            Stage::Search(_) if gone => {
                self.notes.add_fault("a list of requests to search", &problem.fault);
                self.done(Outcome::Reconciled(Reconciled::CannotTell))
            }
            Stage::Submit(_) => Step::Failed(problem),
            _ => Step::Failed(Problem::unsent(problem.fault)),
        }
    }

    fn succeeded(&mut self, stage: Stage, response: &Response, payload: &Payload) -> Step {
        let unreadable = || Problem {
            fault: refusal::unreadable(response.status, payload),
            sent: Sent::Unknown,
        };
        match (stage, payload) {
            (Stage::Submit(_), _) => match acknowledgement::read(response, payload, &mut self.notes) {
                Ok((acknowledgement, notice)) => self.done(Outcome::Submitted {
                    acknowledgement,
                    notice,
                }),
                Err(fault) => Step::Failed(Problem {
                    fault,
                    sent: Sent::Unknown,
                }),
            },
            #[cfg(not(target_arch = "wasm32"))]
            (Stage::Catalogue(listed), Payload::Tree(root)) => self.catalogue(listed, response, root),
            (Stage::Form(_), Payload::Tree(root)) => {
                let form = definition::read(&self.profile, root, &mut self.notes);
                self.done(Outcome::Form(form))
            }
            (Stage::Form(_), Payload::Empty) => {
                self.notes.add("", "a definition; the form without it is used", "");
                self.done(Outcome::Form(definition::base(&self.profile)))
            }
            (Stage::Token(token), Payload::Tree(root)) => self.token(&token, root),
            (Stage::Token(_), Payload::Empty) => self.done(Outcome::Case(None)),
            (Stage::Case { reference, by_token }, Payload::Tree(root)) => self.case(reference, by_token, root),
            (stage @ Stage::Case { .. }, Payload::Empty) if response.status == 204 => {
                self.failed(stage, Problem::unsent(Fault::NotFound))
            }
            (Stage::History { reference, told }, Payload::Tree(root)) => {
                let offset = self.offset;
                let steps = case::history(&self.profile, root, reference.as_str(), offset, &mut self.notes);
                self.done(Outcome::Case(Some(Box::new(case::conclude(*told, steps)))))
            }
            (Stage::Search(search), Payload::Tree(root)) => self.search(search, response, root),
            (stage, _) => self.failed(stage, unreadable()),
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn catalogue(&mut self, mut listed: Vec<Listed>, response: &Response, root: &Node) -> Step {
        let (rows, new) = catalogue::read(&self.profile, root, &mut self.notes, &mut listed);
        let is_list = root.is_blank() || root.children.iter().any(|node| has_list(node, 8));
        if rows == 0 && self.pages == 0 && !is_list {
            return Step::Failed(Problem::unsent(refusal::unreadable(
                response.status,
                &Payload::Tree(Node::default()),
            )));
        }
        if self.goes_on(response, rows, new) {
            if self.may_go_on(self.profile.paging.max_pages) {
                self.stage = Stage::Catalogue(listed);
                return self.send();
            }
            let pages = self.pages.to_string();
            self.notes
                .add("", "the end of the list within paging.max_pages", &pages);
        }
        self.done(Outcome::Catalogue(listed))
    }

    fn token(&mut self, token: &Reference, root: &Node) -> Step {
        let (row, _) = case::pick(root, token.as_str(), &mut self.notes);
        let Some(row) = row else {
            return self.done(Outcome::Case(None));
        };
        let mut record = Record::new(&row, &mut self.notes);
        let number = record.identifier("service_request_id");
        record.raw("token");
        let reference = number.parse::<Reference>();
        if reference.is_err() && !number.is_empty() {
            record.wrong("service_request_id", "a number of at most 200 characters", number);
        }
        record.finish("token", &acknowledgement::TOLD_LATER);
        let Ok(reference) = reference else {
            return self.done(Outcome::Case(None));
        };
        let fact = Fact {
            name: FACT_REFERENCE.to_owned(),
            value: reference.as_str().to_owned(),
        };
        self.facts.push(fact.clone());
        self.won.push(fact);
        self.stage = Stage::Case {
            reference,
            by_token: true,
        };
        self.send()
    }

    fn case(&mut self, reference: Reference, by_token: bool, root: &Node) -> Step {
        let (row, rows) = case::pick(root, reference.as_str(), &mut self.notes);
        let Some(row) = row else {
            let fault = if rows == 0 && !root.is_blank() {
                refusal::unreadable(200, &Payload::Tree(Node::default()))
            } else {
                // An empty list, or other cases: not this one.
                Fault::NotFound
            };
            return self.failed(Stage::Case { reference, by_token }, Problem::unsent(fault));
        };
        let told = case::read(&self.profile, &row, &reference, self.offset, &mut self.notes);
        let apart = self.profile.history.as_ref().is_some_and(|history| !history.inline);
        if apart {
            self.stage = Stage::History {
                reference,
                told: Box::new(told),
            };
            return self.send();
        }
        self.done(Outcome::Case(Some(Box::new(case::conclude(told, Vec::new())))))
    }

    fn search(&mut self, mut search: Search, response: &Response, root: &Node) -> Step {
        let rows = search.look(&self.profile, root, self.offset, &mut self.notes);
        let more = self.goes_on(response, rows, rows);
        if more && self.may_go_on(self.profile.paging.max_pages) {
            self.stage = Stage::Search(search);
            return self.send();
        }
        let found = search.conclude(&self.profile, !more);
        self.done(Outcome::Reconciled(found))
    }
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        self.send()
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let response = match result {
            Ok(response) => response,
            Err(problem) => {
                let stage = std::mem::replace(&mut self.stage, Stage::Over);
                return self.failed(stage, problem);
            }
        };
        if matches!(self.stage, Stage::Over | Stage::Known(_)) {
            return self.send();
        }
        let payload = codec::read(&response.body, response.header("content-type"));
        let form = match &self.stage {
            Stage::Submit(submission) => Some(&submission.form),
            _ => None,
        };
        let problem = refusal::of_response(&response, &payload, form);
        if self.lacks_format(&response, &payload) {
            self.refused = problem.filter(|problem| form.is_some() && matches!(problem.fault, Fault::Rejected { .. }));
            self.settled = true;
            self.switched = true;
            self.format = Format::Xml;
            return self.send();
        }
        self.settled = true;
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        let first = self.refused.take();
        match problem {
            Some(problem) => {
                let no_path = matches!(problem.fault, Fault::NotFound | Fault::Protocol { .. });
                let first = first.filter(|_| no_path && problem.sent == Sent::No);
                self.failed(stage, first.unwrap_or(problem))
            }
            None => self.succeeded(stage, &response, &payload),
        }
    }
}

/// Whether a body begins as XML does.
fn is_markup(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii_start().first() == Some(&b'<')
}

/// Whether there is a list of services in it, even an empty one.
#[cfg(not(target_arch = "wasm32"))]
fn has_list(node: &Node, depth: u8) -> bool {
    depth > 0
        && (node.is("services")
            || node.is("service")
            || node
                .children
                .iter()
                .any(|child| has_list(child, depth.saturating_sub(1))))
}
