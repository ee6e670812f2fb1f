//! The conversation: which request comes first, and what comes after each response.
//!
//! All but a login needs the citizen's session; without one, or where the server no longer knows it,
//! the conversation fails with [`Fault::LoginNeeded`] and is begun anew after a login. What it had won
//! by then is in the facts: the letter's number, what the list held before anything was sent, and the
//! number of each document that was handed in. So nothing is handed in twice.
//!
//! An application's steps: the letter is looked up, the list is remembered, documents go one by one,
//! then the application. Where its answer holds no number, the list is looked at again.

use std::sync::Arc;

use super::applying::Next;
use super::case;
use super::form::{self, COMPLAINT, Requirements};
use super::letters::{self, Letter};
use super::profile::Profile;
use super::refusal;
use super::search::{Search, Sought};
use super::wire;
use crate::adapters::answer::record::Notes;
use crate::adapters::answer::resource::{goes_on, resources, text, within};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::adapters::codec::{self, Payload};
use crate::adapters::http::{Request, Response};
use crate::adapters::{Conversation, Fact, Intent, Known, Outcome, Reconciled, Step, Submission};
use crate::model::case::{Acknowledgement, Case, Reference};
use crate::model::login::Credentials;
use crate::model::order::sort_by;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::service::ServiceCode;
use crate::model::status::Phase;

/// Most pages of a list.
const MOST_PAGES: u32 = 20;
/// Facts: the letter's number and name, what the list held before, and documents by their files.
pub(super) const FACT_LETTER: &str = "letter";
pub(super) const FACT_BEFORE: &str = "before";
pub(super) const FACT_DOCUMENT: &str = "document ";

/// Where a conversation stands.
pub(super) enum Stage {
    LogIn(Credentials),
    Catalogue(Vec<Letter>),
    Form(ServiceCode, Vec<Letter>),
    /// The names of the documents that a letter requires.
    Documents(Box<Letter>, Requirements),
    Submit(Box<Submission>, Next),
    /// A case by its number; of a complaint the list is looked through.
    Track(Reference),
    Thread(Box<Case>),
    /// The archive, for the letters of these cases; whether one case was asked for.
    Archive(Vec<Case>, bool),
    /// Applications, then complaints.
    List(Vec<Case>, bool),
    Document(String),
    Reconcile(Search),
    /// Whether an application was completed.
    Completed(Reference),
    Known(Outcome),
    Refuse(Problem),
    Over,
}

/// A conversation with one server.
pub(super) struct Talk {
    pub(super) profile: Arc<Profile>,
    backend: BackendId,
    pub(super) offset: i32,
    session: Option<Secret<String>>,
    stage: Stage,
    pub(super) notes: Notes,
    /// All that is known, and how much of it was kept already.
    facts: Vec<Fact>,
    kept: usize,
    /// The page that was asked for last.
    page: u32,
}

fn complaint_number(reference: &Reference) -> Option<&str> {
    reference.as_str().strip_prefix(case::COMPLAINT_PREFIX)
}

fn protocol(what: &str) -> Problem {
    Problem::unsent(Fault::Protocol { what: what.to_owned() })
}

impl Talk {
    pub(super) fn new(
        profile: Arc<Profile>,
        backend: BackendId,
        offset: i32,
        intent: Intent,
        known: Known<'_>,
    ) -> Self {
        let mut talk = Self {
            profile,
            backend,
            offset,
            session: known.session.cloned(),
            stage: Stage::Over,
            notes: Notes::default(),
            facts: known.facts.to_vec(),
            kept: known.facts.len(),
            page: 1,
        };
        talk.stage = talk.first(intent);
        talk
    }

    fn first(&self, intent: Intent) -> Stage {
        match intent {
            Intent::LogIn(credentials) => Stage::LogIn(credentials),
            Intent::Form { service } if service.as_str() == COMPLAINT => {
                Stage::Known(Outcome::Form(form::complaint(&self.profile)))
            }
            Intent::Track {
                acknowledgement: Acknowledgement::Token(_) | Acknowledgement::Nothing,
                ..
            } => Stage::Known(Outcome::Case(None)),
            _ if self.session.is_none() => Stage::Refuse(Problem::unsent(Fault::LoginNeeded)),
            Intent::Catalogue => Stage::Catalogue(Vec::new()),
            Intent::Form { service } => Stage::Form(service, Vec::new()),
            Intent::Submit(submission) if submission.completes.is_some() && !self.profile.complete => {
                // A release is known that cancels an application by the request that completes it.
                Stage::Refuse(protocol("this server cannot complete an application"))
            }
            Intent::Submit(submission) => {
                let next = self.next(&submission);
                Stage::Submit(Box::new(submission), next)
            }
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } => Stage::Track(reference),
            Intent::List => Stage::List(Vec::new(), false),
            Intent::Document { handle, .. } => Stage::Document(handle),
            Intent::Reconcile { submission, .. } => match (&submission.completes, self.sought(&submission)) {
                _ if !self.profile.reconcile => Stage::Known(Outcome::Reconciled(Reconciled::CannotTell)),
                (Some(reference), _) => Stage::Completed(reference.clone()),
                (None, Some(sought)) => {
                    Stage::Reconcile(Search::new(sought, self.fact(FACT_BEFORE).map(str::to_owned)))
                }
                // It never came as far as to be sent, or nobody knows.
                (None, None) => Stage::Known(Outcome::Reconciled(Reconciled::CannotTell)),
            },
        }
    }

    pub(super) fn fact(&self, name: &str) -> Option<&str> {
        let fact = self.facts.iter().find(|fact| fact.name == name);
        fact.map(|fact| fact.value.as_str())
    }

    pub(super) fn win(&mut self, name: String, value: String) {
        self.facts.push(Fact { name, value });
    }

    /// The request of the stage; `None` where nothing is left to ask.
    fn request(&self) -> Option<Request> {
        let profile = &self.profile;
        if let Stage::LogIn(credentials) = &self.stage {
            return Some(wire::log_in(profile, &self.backend, credentials));
        }
        let session = self.session.as_ref()?;
        let get = |path: &str, query| wire::get(profile, &self.backend, session, path, query);
        let list = |path: &str| get(path, wire::page(profile, self.page, path == wire::APPLICATIONS));
        let one = |reference: &Reference| {
            let filter = ("filter[id]".to_owned(), reference.as_str().to_owned());
            get(wire::APPLICATIONS, vec![filter])
        };
        let complaints = &profile.paths.complaints;
        Some(match &self.stage {
            Stage::Catalogue(_) | Stage::Form(..) | Stage::Submit(_, Next::Letter(_)) => list(wire::KINDS),
            Stage::Documents(..) => get(wire::REQUIREMENTS, Vec::new()),
            Stage::Submit(submission, Next::Before(_) | Next::Number(..)) => {
                let complains = submission.service.as_str() == COMPLAINT;
                list(if complains { complaints } else { wire::APPLICATIONS })
            }
            Stage::Submit(submission, Next::Document) => {
                let (requirement, _, file) = self.due(submission)?;
                wire::upload(profile, &self.backend, session, submission, requirement, file)
            }
            Stage::Submit(submission, Next::Send) if submission.service.as_str() == COMPLAINT => {
                wire::complain(profile, &self.backend, session, submission)
            }
            Stage::Submit(submission, Next::Send) => {
                let letter = self.fact(FACT_LETTER).and_then(|letter| letter.split('\n').next());
                let uploaded = self.uploaded(submission);
                let letter = letter.unwrap_or_default();
                wire::apply(profile, &self.backend, session, submission, letter, &uploaded)
            }
            Stage::Submit(submission, Next::Status(_)) => one(submission.completes.as_ref()?),
            Stage::Track(reference) if complaint_number(reference).is_some() => list(complaints),
            Stage::Track(reference) | Stage::Completed(reference) => one(reference),
            Stage::Thread(case) => {
                let number = case.reference.as_ref().and_then(complaint_number)?;
                get(&profile.paths.complaint, vec![("id".to_owned(), number.to_owned())])
            }
            Stage::Archive(..) => list(wire::ARCHIVE),
            Stage::List(_, complains) => list(if *complains { complaints } else { wire::APPLICATIONS }),
            Stage::Document(handle) => get(&wire::document(profile, handle), Vec::new()),
            Stage::Reconcile(search) => list(match search.sought {
                Sought::Complaint(..) => complaints,
                Sought::Letter(_) => wire::APPLICATIONS,
            }),
            Stage::LogIn(_) | Stage::Known(_) | Stage::Refuse(_) | Stage::Over => return None,
        })
    }

    fn send(&mut self) -> Step {
        match self.request() {
            Some(request) => {
                let facts = self.facts.get(self.kept..).unwrap_or_default().to_vec();
                self.kept = self.facts.len();
                Step::Send { request, facts }
            }
            None => match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Known(outcome) => self.done(outcome),
                Stage::Refuse(problem) => Step::Failed(problem),
                _ => Step::Failed(protocol("nothing was asked")),
            },
        }
    }

    pub(super) fn stay(&mut self, stage: Stage) -> Step {
        self.stage = stage;
        self.send()
    }

    /// The stage that comes now, from the first page of its list.
    pub(super) fn go(&mut self, stage: Stage) -> Step {
        self.page = 1;
        self.stay(stage)
    }

    pub(super) fn done(&mut self, outcome: Outcome) -> Step {
        Step::Done {
            outcome,
            diagnostics: self.notes.take(),
            facts: Vec::new(),
        }
    }

    /// Whether a list's next page is due; it is counted.
    pub(super) fn more(&mut self, root: &Node) -> More {
        if !goes_on(root, self.page) {
            return More::No;
        }
        if self.page >= MOST_PAGES {
            self.notes
                .add("", "the end of the list within 20 pages", &self.page.to_string());
            return More::Cut;
        }
        self.page = self.page.saturating_add(1);
        More::Yes
    }

    fn failed(&mut self, stage: Stage, problem: Problem) -> Step {
        match stage {
            Stage::Thread(case) => {
                self.notes.add(
                    "",
                    "the answers to a complaint; done without",
                    &problem.fault.to_string(),
                );
                self.done(Outcome::Case(Some(case)))
            }
            Stage::Archive(cases, one) => {
                self.notes
                    .add("", "the archive; done without", &problem.fault.to_string());
                self.cases(cases, one)
            }
            Stage::Documents(letter, documents) => {
                self.notes.add(
                    "",
                    "the documents' names; their numbers are shown",
                    &problem.fault.to_string(),
                );
                let form = form::read(&self.profile, &letter.node, &letter.path, &documents, &mut self.notes);
                self.done(Outcome::Form(form))
            }
            // It has arrived, whatever the list says of it or does not.
            Stage::Submit(_, Next::Number(_, notice)) => self.submitted(Acknowledgement::Nothing, notice),
            Stage::Submit(submission, Next::Status(notice)) => {
                let reference = submission.completes.map(Acknowledgement::Reference);
                self.submitted(reference.unwrap_or(Acknowledgement::Nothing), notice)
            }
            Stage::Submit(submission, Next::Document) => {
                let field = self.due(&submission).map(|(_, field, _)| field);
                Step::Failed(match field {
                    Some(field) => refusal::of_document(problem, field),
                    None => problem,
                })
            }
            Stage::Submit(_, Next::Send) | Stage::LogIn(_) => Step::Failed(problem),
            _ => Step::Failed(Problem::unsent(problem.fault)),
        }
    }

    pub(super) fn submitted(&mut self, acknowledgement: Acknowledgement, notice: String) -> Step {
        self.done(Outcome::Submitted {
            acknowledgement,
            notice,
        })
    }

    fn cases(&mut self, mut cases: Vec<Case>, one: bool) -> Step {
        if one {
            return self.done(Outcome::Case(cases.pop().map(Box::new)));
        }
        // Stable: those without a date come last, in the server's order.
        sort_by(&mut cases, |left, right| right.received.cmp(&left.received));
        self.done(Outcome::Cases(cases))
    }

    /// Cases as they were found, and the archive if a letter of theirs may be in it.
    fn with_documents(&mut self, cases: Vec<Case>, one: bool) -> Step {
        if cases.iter().any(case::is_written) {
            return self.go(Stage::Archive(cases, one));
        }
        self.cases(cases, one)
    }

    fn succeeded(&mut self, stage: Stage, response: &Response, payload: &Payload) -> Step {
        let root = match (&stage, payload) {
            (Stage::Document(handle), _) => return self.document(handle, response),
            (_, Payload::Tree(root)) => root,
            (_, other) => return self.unreadable(stage, response, other),
        };
        let read = match stage {
            Stage::LogIn(credentials) => return self.logged_in(credentials, response, root),
            Stage::Catalogue(letters) => self.letters(root, letters, Stage::Catalogue),
            Stage::Form(service, letters) => self.letters(root, letters, |letters| Stage::Form(service, letters)),
            Stage::Submit(submission, next) => return self.submission(submission, next, response, root),
            Stage::Documents(letter, mut documents) => {
                letters::name_documents(root, &mut documents, &mut self.notes);
                let form = form::read(&self.profile, &letter.node, &letter.path, &documents, &mut self.notes);
                Some(self.done(Outcome::Form(form)))
            }
            Stage::Track(reference) => self.track(reference, root),
            Stage::Completed(reference) => self.completed(&reference, root),
            Stage::Thread(mut case) => {
                case::answers(&mut case, root, self.offset, &mut self.notes);
                Some(self.done(Outcome::Case(Some(case))))
            }
            Stage::Archive(mut cases, one) => {
                case::documents(&mut cases, root, self.offset, &mut self.notes);
                Some(match self.more(root) {
                    More::Yes => self.stay(Stage::Archive(cases, one)),
                    _ => self.cases(cases, one),
                })
            }
            Stage::List(cases, complains) => self.list(cases, complains, root),
            Stage::Reconcile(mut search) => search.look(root, &mut self.notes).map(|()| match self.more(root) {
                More::Yes => self.stay(Stage::Reconcile(search)),
                more => {
                    let found = search.conclude(more == More::No);
                    self.done(Outcome::Reconciled(found))
                }
            }),
            Stage::Document(_) | Stage::Known(_) | Stage::Refuse(_) | Stage::Over => None,
        };
        read.unwrap_or_else(|| Step::Failed(Problem::unsent(refusal::unreadable(response.status, payload))))
    }

    fn unreadable(&mut self, stage: Stage, response: &Response, payload: &Payload) -> Step {
        let problem = Problem {
            fault: refusal::unreadable(response.status, payload),
            sent: Sent::Unknown,
        };
        self.failed(stage, problem)
    }

    /// A page of the letters, and what was wanted of them once all are there.
    pub(super) fn letters(
        &mut self,
        root: &Node,
        mut letters: Vec<Letter>,
        stage: impl FnOnce(Vec<Letter>) -> Stage,
    ) -> Option<Step> {
        letters::read(root, &mut self.notes, &mut letters)?;
        let more = self.more(root) == More::Yes;
        let stage = stage(letters);
        if more {
            return Some(self.stay(stage));
        }
        Some(match stage {
            Stage::Form(service, letters) => {
                let Some(letter) = letters.into_iter().find(|letter| letter.code == service) else {
                    return Some(Step::Failed(Problem::unsent(Fault::NotFound)));
                };
                let documents = form::requirements(&letter.node);
                let unnamed = documents.iter().any(|(_, name)| name.is_empty());
                let letter = Box::new(letter);
                if unnamed {
                    self.go(Stage::Documents(letter, documents))
                } else {
                    let form = form::read(&self.profile, &letter.node, &letter.path, &documents, &mut self.notes);
                    self.done(Outcome::Form(form))
                }
            }
            Stage::Submit(submission, Next::Letter(letters)) => {
                let Some(letter) = letters.iter().find(|letter| letter.code == submission.service) else {
                    return Some(Step::Failed(Problem::unsent(Fault::NotFound)));
                };
                self.win(FACT_LETTER.to_owned(), [&letter.id, "\n", &letter.name].concat());
                self.advance(submission)
            }
            Stage::Catalogue(letters) => {
                let listed = letters::listed(&self.profile, &letters);
                self.done(Outcome::Catalogue(listed))
            }
            other => self.stay(other),
        })
    }

    fn track(&mut self, reference: Reference, root: &Node) -> Option<Step> {
        let rows = resources(root, &mut self.notes)?;
        if let Some(number) = complaint_number(&reference) {
            // Only in the citizen's own list: the address of one complaint shows anybody's.
            let row = rows.iter().find(|row| row.id == number);
            let case = row.and_then(|row| case::complaint(&self.profile, row, self.offset, &mut self.notes));
            return Some(match case {
                Some(case) => self.go(Stage::Thread(Box::new(case))),
                None if self.more(root) == More::Yes => self.stay(Stage::Track(reference)),
                None => Step::Failed(Problem::unsent(Fault::NotFound)),
            });
        }
        let row = rows.iter().find(|row| row.id == reference.as_str());
        let case = row.and_then(|row| case::application(&self.profile, row, self.offset, &mut self.notes));
        Some(match case {
            Some(case) => self.with_documents(vec![case], true),
            None => Step::Failed(Problem::unsent(Fault::NotFound)),
        })
    }

    fn completed(&mut self, reference: &Reference, root: &Node) -> Option<Step> {
        let rows = resources(root, &mut self.notes)?;
        let row = rows.iter().find(|row| row.id == reference.as_str());
        let case = row.and_then(|row| case::application(&self.profile, row, self.offset, &mut self.notes));
        let found = match case.map(|case| case.status.phase) {
            Some(Phase::NeedsCitizen) => Reconciled::Absent,
            None | Some(Phase::Unknown) => Reconciled::CannotTell,
            Some(_) => Reconciled::Arrived(Acknowledgement::Reference(reference.clone())),
        };
        Some(self.done(Outcome::Reconciled(found)))
    }

    fn list(&mut self, mut cases: Vec<Case>, complains: bool, root: &Node) -> Option<Step> {
        let rows = resources(root, &mut self.notes)?;
        let read = if complains { case::complaint } else { case::application };
        for row in &rows {
            cases.extend(read(&self.profile, row, self.offset, &mut self.notes));
        }
        Some(if self.more(root) == More::Yes {
            self.stay(Stage::List(cases, complains))
        } else if !complains && self.profile.complaints {
            self.go(Stage::List(cases, true))
        } else {
            self.with_documents(cases, false)
        })
    }

    fn document(&mut self, handle: &str, response: &Response) -> Step {
        // A page of an error, or of a login, is no letter.
        if !response.body.starts_with(b"%PDF-") {
            let payload = codec::read(&response.body, response.header("content-type"));
            return Step::Failed(Problem::unsent(refusal::unreadable(response.status, &payload)));
        }
        self.done(Outcome::Document {
            name: ["surat-", handle, ".pdf"].concat(),
            content_type: "application/pdf".to_owned(),
            bytes: response.body.clone(),
        })
    }

    fn logged_in(&mut self, credentials: Credentials, response: &Response, root: &Node) -> Step {
        let told = root.children.first().and_then(|top| {
            let attributes = within(top, &["data", "attributes"]).unwrap_or(top);
            let token = within(attributes, &["access_token"])?;
            let (token, beside) = match text(token, "token") {
                "" => (token.scalar(), attributes),
                inner => (inner, token),
            };
            Some((
                token.to_owned(),
                text(beside, "expires_in").parse().ok(),
                clean(text(attributes, "nama")),
            ))
        });
        drop(credentials);
        match told {
            Some((token, lasts, name)) if !token.is_empty() => self.done(Outcome::LoggedIn {
                session: Secret::new(token),
                lasts,
                name,
            }),
            _ => {
                let payload = Payload::Tree(Node::default());
                Step::Failed(Problem::unsent(refusal::unreadable(response.status, &payload)))
            }
        }
    }
}

/// Whether a list goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    Yes,
    No,
    /// It does, but too far.
    Cut,
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        self.send()
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        if matches!(stage, Stage::Over | Stage::Known(_) | Stage::Refuse(_)) {
            return self.stay(stage);
        }
        let response = match result {
            Ok(response) => response,
            Err(problem) => return self.failed(stage, problem),
        };
        let payload = codec::read(&response.body, response.header("content-type"));
        let problem = match &stage {
            Stage::LogIn(credentials) => refusal::of_login(&self.profile, credentials, &response, &payload),
            Stage::Submit(submission, Next::Document | Next::Send) => {
                refusal::of_response(&response, &payload, Some(&submission.form))
            }
            _ => refusal::of_response(&response, &payload, None),
        };
        match problem {
            Some(problem) => self.failed(stage, problem),
            None => self.succeeded(stage, &response, &payload),
        }
    }
}
