//! The conversation: requests one after the other, and what their answers say.
//!
//! In this order: a token's requests; for a submission each file by `upload`; the intent's own, the last of
//! them page by page where it has pages; for a case its `timeline`. The request that delivers is one
//! (`delivers`, usually the last): a failure before it has delivered nothing, a failure behind it leaves
//! what it gave.

use std::collections::VecDeque;
use std::sync::Arc;

use super::call::Call;
use super::case::{MOST_ROWS, Reader, rows, text};
use super::gives::Kind;
use super::pick::{Document, Place};
use super::profile::{Doing, Profile};
use super::read;
use super::request::request;
use super::wanted::{KEPT, OWNER, Wanted};
use crate::adapters::answer::case::bare;
use crate::adapters::answer::record::Notes;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::Response;
use crate::adapters::{Conversation, Fact, Intent, Known, Listed, Outcome, Reconciled, Step};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::case::{Acknowledgement, Case, Reference, Step as Past};
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::secret::Secret;

/// Most pages of a list.
const MOST_PAGES: u32 = 20;

/// A request to come.
struct Coming {
    kind: Kind,
    at: usize,
    file: Option<FileAnswer>,
}

pub(super) struct Talk {
    profile: Arc<Profile>,
    backend: BackendId,
    wanted: Wanted,
    coming: VecDeque<Coming>,
    now: Option<Coming>,
    documents: Vec<Document>,
    notes: Notes,
    /// Won by the answer before, to go along with the next request.
    won: Vec<Fact>,
    delivered: bool,
    pages: u32,
    rows: usize,
    listed: Vec<Listed>,
    cases: Vec<Case>,
    past: Vec<Past>,
    case: Option<Case>,
    known: Option<Reconciled>,
    /// What it fails with before anything is sent.
    refused: Option<Problem>,
}

/// Whether two texts are the same, in a time that tells nothing of where they differ.
fn same(one: &str, other: &str) -> bool {
    let length = one.len().max(other.len());
    let mut differ = u8::from(one.len() != other.len() || one.is_empty());
    for at in 0..length {
        let byte = |text: &str| text.as_bytes().get(at).copied().unwrap_or_default();
        differ |= byte(one) ^ byte(other);
    }
    std::hint::black_box(differ) == 0
}

impl Talk {
    pub(super) fn new(
        profile: &Arc<Profile>,
        backend: BackendId,
        offset: i32,
        intent: Intent,
        known: Known<'_>,
    ) -> Self {
        let nothing = matches!(
            &intent,
            Intent::Track {
                acknowledgement: Acknowledgement::Nothing,
                ..
            }
        );
        let wanted = Wanted::new(profile, offset, intent, known);
        let mut talk = Self {
            profile: Arc::clone(profile),
            backend,
            coming: VecDeque::new(),
            now: None,
            documents: Vec::new(),
            notes: Notes::default(),
            won: Vec::new(),
            delivered: false,
            pages: 0,
            rows: 0,
            listed: Vec::new(),
            cases: Vec::new(),
            past: Vec::new(),
            case: None,
            known: None,
            refused: None,
            wanted,
        };
        let asked = profile.second_fact.is_some() && talk.wanted.kind == Kind::Track;
        if nothing || (asked && talk.wanted.owner().is_none()) {
            talk.refused = Some(Problem::unsent(Fault::NotFound));
        }
        talk.plan();
        talk
    }

    fn plan(&mut self) {
        let kind = self.wanted.kind;
        if self.profile.doing(kind).is_none() {
            return;
        }
        self.queue(Kind::Token, None);
        if kind == Kind::Track && self.wanted.is_token {
            self.queue(Kind::Resolve, None);
        }
        if kind == Kind::Submit && self.profile.doing(Kind::Upload).is_some() {
            for file in self.files() {
                if !self.wanted.uploads.iter().any(|(id, _)| *id == file.id) {
                    self.queue(Kind::Upload, Some(&file));
                }
            }
        }
        self.queue(kind, None);
        if kind == Kind::Track {
            self.queue(Kind::Timeline, None);
        }
    }

    fn queue(&mut self, kind: Kind, file: Option<&FileAnswer>) {
        let count = self.profile.doing(kind).map_or(0, |doing| doing.calls.len());
        let calls = (0..count).map(|at| Coming {
            kind,
            at,
            file: file.cloned(),
        });
        self.coming.extend(calls);
    }

    fn files(&self) -> Vec<FileAnswer> {
        let answers = self
            .wanted
            .submission
            .iter()
            .flat_map(|submission| submission.answers.0.values());
        let mut files: Vec<FileAnswer> = Vec::new();
        for answer in answers {
            if let Answer::Files(given) = answer {
                for file in given {
                    if !files.iter().any(|before| before.id == file.id) {
                        files.push(file.clone());
                    }
                }
            }
        }
        files
    }

    /// Sends what comes next, or ends.
    fn next(&mut self) -> Step {
        match self.coming.pop_front() {
            Some(coming) => self.send(coming),
            None => self.end(),
        }
    }

    fn send(&mut self, coming: Coming) -> Step {
        let profile = Arc::clone(&self.profile);
        let Some((doing, call)) = find(&profile, &coming) else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        self.wanted.file.clone_from(&coming.file);
        if let Some(pages) = &call.pages {
            self.wanted.page = pages.first.saturating_add(pages.step.saturating_mul(self.pages));
        }
        match request(&self.wanted, call, &self.backend, needs_page(doing)) {
            Ok(request) => {
                self.now = Some(coming);
                let facts = std::mem::take(&mut self.won);
                Step::Send { request, facts }
            }
            // Where there is nothing to ask about, what can be done without is.
            Err(_) if call.optional => self.without(&coming),
            Err(problem) => self.failed(problem, false),
        }
    }

    /// A failure, with what is known of the delivery.
    fn failed(&mut self, mut problem: Problem, delivers: bool) -> Step {
        self.coming.clear();
        self.now = None;
        if self.wanted.kind != Kind::Submit {
            problem.sent = Sent::No;
        } else if self.delivered {
            // Something was created; what it is called may have been said.
            if self.acknowledgement().is_some() {
                return self.end();
            }
            problem.sent = Sent::Unknown;
        } else if !delivers && !matches!(problem.fault, Fault::Rejected { .. }) {
            problem.sent = Sent::No;
        }
        self.hush(&mut problem.fault);
        Step::Failed(problem)
    }

    /// Takes out of a server's words what must not be said.
    fn hush(&self, fault: &mut Fault) {
        let unsaid = self.wanted.unsaid();
        let hush = |words: &mut String| {
            for text in unsaid.iter().filter(|text| !text.is_empty()) {
                *words = words.replace(text.as_str(), "…");
            }
        };
        match fault {
            Fault::Rejected { fields, message } => {
                hush(message);
                fields.iter_mut().for_each(|refusal| hush(&mut refusal.message));
            }
            Fault::Upstream { message, .. } => hush(message),
            _ => {}
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            documents: &self.documents,
            row: None,
            source: &self.wanted,
        }
    }

    fn answered(&mut self, coming: &Coming, response: &Response) -> Step {
        let profile = Arc::clone(&self.profile);
        let Some((doing, call)) = find(&profile, coming) else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        let (document, payload) = read::answer(call, response, needs_page(doing));
        self.documents.push(document);
        let delivers = coming.kind == Kind::Submit && call.delivers;
        let form = self.wanted.submission.as_ref().map(|submission| &submission.form);
        let form = form.filter(|_| coming.kind == Kind::Submit);
        let problem = read::problem(&profile, call, response, &payload, &self.documents, &self.wanted, form);
        if let Some(mut problem) = problem {
            if call.optional {
                self.documents.pop();
                return self.without(coming);
            }
            let logged_in = profile.asks.is_some() && self.wanted.kind != Kind::Login;
            if response.status == 401 && logged_in {
                problem = Problem::unsent(Fault::LoginNeeded);
            }
            return self.failed(problem, delivers);
        }
        self.delivered |= delivers;
        for (name, pick) in &call.take {
            let value = pick.first(self.place());
            let needed = self
                .coming
                .iter()
                .any(|coming| find(&profile, coming).is_some_and(|(_, call)| !call.optional));
            if value.is_empty() && !call.optional && needed {
                let what = ["the answer of ", &call.name, " with take/", name].concat();
                return self.failed(unread(response.status, &what), delivers);
            }
            self.wanted.took.push((name.clone(), value));
        }
        if coming.kind == Kind::Upload
            && coming.at.saturating_add(1) == doing.calls.len()
            && let Some(file) = &coming.file
        {
            let given = text(&doing.gives, "file", self.place());
            if given.is_empty() {
                return self.failed(
                    unread(response.status, "the answer to an upload with gives/file"),
                    false,
                );
            }
            let fact = self.wanted.uploaded(file, &given);
            self.won.push(fact);
        }
        if coming.kind == Kind::Resolve && coming.at.saturating_add(1) == doing.calls.len() {
            match text(&doing.gives, "reference", self.place()).parse() {
                Ok(reference) => {
                    self.wanted.reference = Some(reference);
                    self.wanted.is_token = false;
                }
                // There is only the token so far.
                Err(_) => {
                    self.coming.clear();
                    return self.done(Outcome::Case(None), Vec::new());
                }
            }
        }
        let own = coming.kind == self.wanted.kind || coming.kind == Kind::Timeline;
        let last_own = coming.at.saturating_add(1) == doing.calls.len();
        if own && last_own {
            match self.gather(doing, call, coming, response.status) {
                Ok(true) => {
                    self.pages = self.pages.saturating_add(1);
                    let again = Coming {
                        kind: coming.kind,
                        at: coming.at,
                        file: None,
                    };
                    return self.send(again);
                }
                Ok(false) => {
                    self.pages = 0;
                    self.rows = 0;
                }
                Err(problem) => return self.failed(problem, delivers),
            }
        }
        self.next()
    }

    /// Goes on without an answer that can be done without; what the others say is read all the same.
    fn without(&mut self, coming: &Coming) -> Step {
        let profile = Arc::clone(&self.profile);
        if let Some((doing, call)) = find(&profile, coming)
            && coming.kind == self.wanted.kind
            && coming.at.saturating_add(1) == doing.calls.len()
            && !self.documents.is_empty()
            && let Err(problem) = self.gather(doing, call, coming, 200)
        {
            return self.failed(problem, false);
        }
        self.next()
    }

    /// Reads what an intent's last request gave; whether its list goes on.
    fn gather(&mut self, doing: &Doing, call: &Call, coming: &Coming, status: u16) -> Result<bool, Problem> {
        let profile = Arc::clone(&self.profile);
        let documents = std::mem::take(&mut self.documents);
        let result = self.gathered(&profile, doing, call, coming, status, &documents);
        self.documents = documents;
        result
    }

    fn gathered(
        &mut self,
        profile: &Profile,
        doing: &Doing,
        call: &Call,
        coming: &Coming,
        status: u16,
        documents: &[Document],
    ) -> Result<bool, Problem> {
        let place = Place {
            documents,
            row: None,
            source: &self.wanted,
        };
        let gives = &doing.gives;
        let mut reader = Reader {
            profile,
            offset: self.wanted.offset,
            notes: &mut self.notes,
        };
        let found = rows(gives, place);
        let listed = gives.pick("rows").is_some_and(|pick| pick.is_there(place));
        if gives.pick("rows").is_some() && !listed && found.is_empty() && !empties(documents, gives) {
            return Err(unread(status, "an answer with gives/rows"));
        }
        match coming.kind {
            Kind::Catalogue => {
                let has_form = profile.doing(Kind::Form).is_some();
                self.listed.extend(reader.services(gives, place, has_form));
            }
            Kind::List => {
                for place in &found {
                    let case = reader.case(gives, *place, None);
                    if case.reference.is_some() {
                        self.cases.push(case);
                    }
                }
            }
            Kind::Timeline => self.past.extend(reader.steps(gives, place)),
            Kind::Track => {
                let asked = self.wanted.reference.as_ref();
                // An answer about nothing is no case: what can say its number must say the one asked for.
                let nameless = gives.pick("rows").is_none() && gives.pick("reference").is_none();
                let own = found.iter().find(|place| {
                    let number = text(gives, "reference", **place);
                    let is_asked = |asked: &Reference| number.trim().eq_ignore_ascii_case(asked.as_str().trim());
                    nameless || asked.is_some_and(is_asked)
                });
                if let Some(place) = own {
                    let owner = gives.pick("owner").map(|pick| self.wanted.plain(&pick.first(*place)));
                    let asks = profile.second_fact.is_some();
                    let matches = match (owner, self.wanted.owner()) {
                        (Some(told), Some(known)) => same(&told, &known),
                        (Some(_), None) => !asks,
                        (None, _) => true,
                    };
                    let case = reader.case(gives, *place, asked);
                    if matches
                        && (case.status.phase != crate::model::status::Phase::Unknown || !case.status.code.is_empty())
                    {
                        self.case = Some(case);
                    } else if matches {
                        return Err(unread(status, "an answer with gives/status"));
                    }
                    return Ok(false);
                }
            }
            Kind::Reconcile => {
                let id = self
                    .wanted
                    .submission
                    .as_ref()
                    .map(|submission| submission.id.as_str())
                    .unwrap_or_default();
                for place in &found {
                    let key = text(gives, "key", *place);
                    if key.trim().eq_ignore_ascii_case(id)
                        && let Ok(reference) = text(gives, "reference", *place).parse()
                    {
                        self.known = Some(Reconciled::Arrived(Acknowledgement::Reference(reference)));
                        return Ok(false);
                    }
                }
            }
            _ => {}
        }
        self.rows = self.rows.saturating_add(found.len());
        let Some(pages) = &call.pages else { return Ok(false) };
        let number = |pick: &super::pick::Pick| pick.first(place).parse::<u32>().ok();
        let more = match (&pages.last, &pages.next, pages.size) {
            (Some(last), ..) => number(last).is_some_and(|last| self.wanted.page < last),
            (None, Some(next), _) => !next.first(place).is_empty(),
            (None, None, Some(size)) => found.len() >= usize::try_from(size).unwrap_or(usize::MAX),
            (None, None, None) => false,
        };
        Ok(more && !found.is_empty() && self.pages < MOST_PAGES && self.rows < MOST_ROWS)
    }

    /// How the server acknowledged an application, if it did.
    fn acknowledgement(&self) -> Option<Acknowledgement> {
        let gives = &self.profile.doing(Kind::Submit)?.gives;
        let read = |key: &str| {
            let pick = gives.pick(key)?;
            // Wherever it was said: a request behind the one that delivers may have no answer.
            let found = pick.first(self.place());
            let mut earlier = (0..self.documents.len()).rev().filter_map(|end| {
                let place = Place {
                    documents: self.documents.get(..end)?,
                    ..self.place()
                };
                Some(pick.first(place)).filter(|found| !found.is_empty())
            });
            let found = if found.is_empty() {
                earlier.next().unwrap_or_default()
            } else {
                found
            };
            found.parse().ok()
        };
        let reference = read("reference").map(Acknowledgement::Reference);
        reference.or_else(|| read("token").map(Acknowledgement::Token))
    }

    fn end(&mut self) -> Step {
        let Some(doing) = self.profile.doing(self.wanted.kind).cloned() else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        self.now = None;
        let outcome = match self.wanted.kind {
            Kind::Submit => return self.submitted(&doing),
            Kind::Catalogue => Outcome::Catalogue(std::mem::take(&mut self.listed)),
            Kind::List => {
                let mut cases = std::mem::take(&mut self.cases);
                cases.sort_by_key(|case| std::cmp::Reverse(case.received));
                Outcome::Cases(cases)
            }
            Kind::Track => match self.tracked(&doing) {
                Some(case) => Outcome::Case(Some(Box::new(case))),
                None => return Step::Failed(Problem::unsent(Fault::NotFound)),
            },
            Kind::Reconcile => {
                let unknown = if doing.complete {
                    Reconciled::Absent
                } else {
                    Reconciled::CannotTell
                };
                Outcome::Reconciled(self.known.take().unwrap_or(unknown))
            }
            Kind::Form => {
                let documents = std::mem::take(&mut self.documents);
                let place = Place {
                    documents: &documents,
                    row: None,
                    source: &self.wanted,
                };
                let mut reader = Reader {
                    profile: &self.profile,
                    offset: self.wanted.offset,
                    notes: &mut self.notes,
                };
                Outcome::Form(reader.form(&doing.gives, place))
            }
            Kind::Login => {
                let told = |key: &str| text(&doing.gives, key, self.place());
                let session = told("session");
                if session.is_empty() {
                    return self.failed(unread(200, "an answer with gives/session"), false);
                }
                Outcome::LoggedIn {
                    session: Secret::new(session),
                    lasts: told("lasts").parse().ok(),
                    name: told("name"),
                }
            }
            Kind::Token | Kind::Upload | Kind::Resolve | Kind::Timeline | Kind::Document => {
                return Step::Failed(Problem::unsent(Fault::NotFound));
            }
        };
        self.done(outcome, Vec::new())
    }

    fn done(&mut self, outcome: Outcome, facts: Vec<Fact>) -> Step {
        Step::Done {
            outcome,
            diagnostics: self.notes.take(),
            facts,
        }
    }

    fn submitted(&mut self, doing: &Doing) -> Step {
        let says = doing.gives.pick("reference").is_some() || doing.gives.pick("token").is_some();
        let acknowledgement = match self.acknowledgement() {
            Some(acknowledgement) => acknowledgement,
            None if says => {
                let mut problem = unread(200, "an answer with gives/reference");
                problem.sent = Sent::Unknown;
                return Step::Failed(problem);
            }
            None => Acknowledgement::Nothing,
        };
        let notice = bounded(clean(&text(&doing.gives, "notice", self.place())), 500);
        let owner = doing
            .owner
            .as_ref()
            .map(|owner| self.wanted.plain(&owner.text(&self.wanted)));
        let owner = owner.map(|value| (OWNER.to_owned(), value));
        let keeps = doing.keeps.iter();
        let keeps = keeps.map(|(name, value)| ([KEPT, name].concat(), value.text(&self.wanted)));
        let facts = owner.into_iter().chain(keeps).map(|(name, value)| Fact { name, value });
        let facts: Vec<Fact> = facts.filter(|fact| !fact.value.is_empty()).collect();
        self.done(
            Outcome::Submitted {
                acknowledgement,
                notice,
            },
            facts,
        )
    }

    /// The case with its history; of one that the list hides no more than its number, to its sender.
    fn tracked(&mut self, doing: &Doing) -> Option<Case> {
        let mut case = match self.case.take() {
            Some(case) => case,
            None if doing.hides && self.wanted.own => {
                self.notes.add("rows", "the case in the list, which hides some", "none");
                return Some(bare(self.wanted.reference.clone()));
            }
            None => return None,
        };
        if !self.past.is_empty() {
            case.timeline = std::mem::take(&mut self.past);
        }
        Some(case)
    }

    fn paper(&mut self, response: &Response) -> Step {
        let Some(doing) = self.profile.doing(Kind::Document).cloned() else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        let name = text(&doing.gives, "name", self.place());
        let safe: String = name
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '.' | '-' | '_'))
            .take(100)
            .collect();
        let content_type = response
            .header("content-type")
            .unwrap_or("application/octet-stream")
            .to_owned();
        self.done(
            Outcome::Document {
                name: if safe.trim().is_empty() {
                    "dokumen".to_owned()
                } else {
                    safe
                },
                content_type,
                bytes: response.body.clone(),
            },
            Vec::new(),
        )
    }
}

fn find<'a>(profile: &'a Profile, coming: &Coming) -> Option<(&'a Doing, &'a Call)> {
    let doing = profile.doing(coming.kind)?;
    Some((doing, doing.calls.get(coming.at)?))
}

/// Whether an intent's answers are read as pages.
fn needs_page(doing: &Doing) -> bool {
    let picks = doing.calls.iter().flat_map(Call::picks).chain(doing.gives.all());
    picks.into_iter().any(super::pick::Pick::needs_page)
}

/// Whether a list that is not there may be an empty one: an element that would hold it is there.
fn empties(documents: &[Document], gives: &super::gives::Gives) -> bool {
    let Some(document) = documents.last() else { return false };
    let page = gives.pick("rows").is_some_and(super::pick::Pick::needs_page);
    if page {
        document.page.is_some()
    } else {
        document.tree.is_some()
    }
}

fn unread(status: u16, expected: &str) -> Problem {
    let status = status.to_string();
    Problem {
        fault: Fault::Protocol {
            what: ["expected ", expected, ", got something else with HTTP ", &status].concat(),
        },
        sent: Sent::Unknown,
    }
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        match self.refused.take() {
            Some(problem) => Step::Failed(problem),
            None if self.coming.is_empty() => Step::Failed(Problem::unsent(Fault::NotFound)),
            None => self.next(),
        }
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let Some(coming) = self.now.take() else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        let response = match result {
            Ok(response) => response,
            Err(problem) => {
                let profile = Arc::clone(&self.profile);
                let call = find(&profile, &coming).map(|(_, call)| call);
                if call.is_some_and(|call| call.optional && !call.delivers) {
                    return self.without(&coming);
                }
                let delivers = coming.kind == Kind::Submit && call.is_some_and(|call| call.delivers);
                return self.failed(problem, delivers);
            }
        };
        if coming.kind == Kind::Document && self.coming.is_empty() && (200..300).contains(&response.status) {
            return self.paper(&response);
        }
        self.answered(&coming, &response)
    }
}
