//! Those who apply: logging in, permits and their forms, applying, and what one has.
//!
//! Natively only: a phone reaches it through the edge, by intent. Documents and files of the form are
//! handed in one by one and named in the application; what was handed in is a fact, and so is what the
//! list held before, by which an application is found again whose answer was lost. As at OpenSID, the
//! list is the applicant's alone, so it decides: one new application for the same permit has arrived,
//! none is absent, anything else cannot tell.

use std::sync::Arc;

use super::permits::{self, Permit, items};
use super::profile::{Applicants, Profile};
use super::{refusal, tracking, wire};
use crate::adapters::answer::case::bare;
use crate::adapters::answer::moment::day_first;
use crate::adapters::answer::record::Notes;
use crate::adapters::answer::resource::text;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::codec::{self, Payload, multipart, urlencoded};
use crate::adapters::http::{Body, Method, Part, Request, Response};
use crate::adapters::{Conversation, Fact, Intent, Known, Outcome, Reconciled, RoutePattern, Step, Submission, words};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::case::{Acknowledgement, Case, Reference};
use crate::model::json::value::{Members, Value};
use crate::model::login::{Credentials, Identifier, LoginForm, Proof};
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::service::ServiceCode;
use crate::model::text::Text;

const TOKEN: &str = "Pengguna/token.json";
const PERMITS: &str = "JenisIzin/getlist";
const UPLOAD: &str = "DokumenPemohon/upload";
const APPLICATIONS: &str = "PermohonanIzin.json";
/// Most pages of a list.
const MOST_PAGES: u32 = 20;
/// Milliseconds for a request with a file.
const FILE_TIMEOUT: u32 = 180_000;
const FACT_BEFORE: &str = "before";
const FACT_FILE: &str = "file ";

/// What can be done with an office that serves those who apply.
pub(super) fn capabilities(profile: &Profile, served: &Applicants) -> Capabilities {
    Capabilities {
        catalogue: CatalogueSource::Account,
        form: true,
        submit: true,
        upload: true,
        track: true,
        list: true,
        timeline: true,
        reconcile: profile.reconcile,
        login: Some(LoginForm {
            identifier: Identifier::Name,
            proof: Proof::Password,
            help: if served.login_help.is_empty() {
                Text::default()
            } else {
                Text::plain(served.login_help.as_str())
            },
        }),
        ..Capabilities::default()
    }
}

/// Every path that these conversations use.
pub(super) fn routes(profile: &Profile) -> Vec<RoutePattern> {
    let route = |method, at: &str| RoutePattern::new(method, wire::path(profile, at));
    vec![
        RoutePattern::login(wire::path(profile, TOKEN), "username"),
        route(Method::Get, PERMITS),
        route(Method::Get, "JenisIzin/getpersyaratan/*"),
        route(Method::Get, "Form/*"),
        route(Method::Post, UPLOAD),
        route(Method::Get, APPLICATIONS),
        route(Method::Post, APPLICATIONS),
        route(Method::Get, "PermohonanIzin/getprosespermohonan/*"),
    ]
}

enum Stage {
    LogIn(Credentials),
    Catalogue(Vec<Permit>),
    Form(ServiceCode, Vec<Permit>),
    Requirements(Permit),
    Canvas(Permit, Vec<(String, String, bool)>),
    Submit(Box<Submission>, Next),
    List(Vec<Case>),
    Track(Reference),
    Steps(String, Box<Case>),
    Reconcile(ServiceCode, Vec<Acknowledgement>, bool),
    Known(Outcome),
    Refuse(Problem),
    Over,
}

/// What an application needs next.
enum Next {
    Before(String),
    File,
    Send,
}

pub(super) struct Talk {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
    session: Option<Secret<String>>,
    stage: Stage,
    notes: Notes,
    facts: Vec<Fact>,
    kept: usize,
    page: u32,
}

/// The files of an application with their fields' ids, in the form's order.
fn files(submission: &Submission) -> Vec<(&str, &FileAnswer)> {
    let fields = submission.form.fields().into_iter();
    fields
        .filter_map(|field| match submission.answers.get(&field.id) {
            Some(Answer::Files(files)) => Some((field.id.as_str(), files.first()?)),
            _ => None,
        })
        .collect()
}

fn object(members: Vec<(&str, Value)>) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.collect::<Members>())
}

fn number(id: &str) -> Value {
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        Value::Number(id.to_owned())
    } else {
        Value::String(id.to_owned())
    }
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
            Intent::Track {
                acknowledgement: Acknowledgement::Token(_) | Acknowledgement::Nothing,
                ..
            } => Stage::Known(Outcome::Case(None)),
            Intent::Document { .. } => Stage::Refuse(Problem::unsent(Fault::NotFound)),
            _ if self.session.is_none() => Stage::Refuse(Problem::unsent(Fault::LoginNeeded)),
            Intent::Catalogue => Stage::Catalogue(Vec::new()),
            Intent::Form { service } => Stage::Form(service, Vec::new()),
            Intent::Submit(submission) => {
                let next = self.next(&submission);
                Stage::Submit(Box::new(submission), next)
            }
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } if tracking::is_number(&reference) => Stage::Track(reference),
            Intent::Track { .. } => Stage::Refuse(Problem::unsent(Fault::NotFound)),
            Intent::List => Stage::List(Vec::new()),
            Intent::Reconcile { submission, .. } => {
                if self.profile.reconcile && self.fact(FACT_BEFORE).is_some() {
                    Stage::Reconcile(submission.service, Vec::new(), false)
                } else {
                    Stage::Known(Outcome::Reconciled(Reconciled::CannotTell))
                }
            }
        }
    }

    fn fact(&self, name: &str) -> Option<&str> {
        let fact = self.facts.iter().find(|fact| fact.name == name);
        fact.map(|fact| fact.value.as_str())
    }

    fn file_name(&self, file: &FileAnswer) -> Option<&str> {
        self.fact(&[FACT_FILE, file.id.as_str()].concat())
    }

    fn next(&self, submission: &Submission) -> Next {
        if self.profile.reconcile && self.fact(FACT_BEFORE).is_none() {
            return Next::Before(String::new());
        }
        self.rest(submission)
    }

    fn rest(&self, submission: &Submission) -> Next {
        if self.due(submission).is_some() {
            Next::File
        } else {
            Next::Send
        }
    }

    fn due<'a>(&self, submission: &'a Submission) -> Option<(&'a str, &'a FileAnswer)> {
        files(submission)
            .into_iter()
            .find(|(_, file)| self.file_name(file).is_none())
    }

    fn base(&self, method: Method, at: &str) -> Request {
        let mut request = Request::to(&self.backend, method, wire::path(&self.profile, at));
        if self.profile.applicants.as_ref().is_some_and(|served| served.app) {
            request.headers.push(("Source".to_owned(), "android".to_owned()));
        }
        if let Some(session) = &self.session {
            let bearer = ["Bearer ", session.expose()].concat();
            request.secrets.push(("Authorization".to_owned(), Secret::new(bearer)));
        }
        request
    }

    fn list(&self, at: &str, more: &[(&str, &str)]) -> Request {
        let mut request = self.base(Method::Get, at);
        let most = self.profile.applicants.as_ref().map_or(100, |served| served.per_page);
        let (page, limit) = (self.page.to_string(), most.to_string());
        let pairs = [("page", page.as_str()), ("limit", limit.as_str())];
        request.query = pairs
            .iter()
            .chain(more)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        request
    }

    fn request(&self) -> Option<Request> {
        let get = |at: &str, id: &str| {
            let id = crate::model::route::encode(id);
            self.base(Method::Get, &[at, &id].concat())
        };
        Some(match &self.stage {
            Stage::LogIn(credentials) => {
                let mut request = self.base(Method::Post, TOKEN);
                let pairs = [
                    ("username".to_owned(), credentials.identifier.expose().trim().to_owned()),
                    ("password".to_owned(), credentials.proof.expose().clone()),
                ];
                request.secrets.clear();
                request.body = Body {
                    content_type: urlencoded::CONTENT_TYPE.to_owned(),
                    parts: vec![Part::Secret(Secret::new(urlencoded::encode(&pairs).into_bytes()))],
                };
                request
            }
            Stage::Catalogue(_) | Stage::Form(..) => self.list(PERMITS, &[]),
            Stage::Requirements(permit) => get("JenisIzin/getpersyaratan/", permit.code.as_str()),
            Stage::Canvas(permit, _) => get("Form/", &permit.form),
            Stage::Submit(_, Next::Before(_)) | Stage::List(_) | Stage::Reconcile(..) => {
                self.list(APPLICATIONS, &[("order", "-id")])
            }
            Stage::Submit(submission, Next::File) => {
                let (_, file) = self.due(submission)?;
                let mut request = self.base(Method::Post, UPLOAD);
                request.body = multipart::body(file.id.as_str(), &[], &[("file".to_owned(), file)]);
                request.key = Some([submission.id.as_str(), "-", file.id.as_str()].concat());
                request.timeout = FILE_TIMEOUT;
                request
            }
            Stage::Submit(submission, Next::Send) => {
                let mut request = self.base(Method::Post, APPLICATIONS);
                request.body = Body {
                    content_type: "application/json".to_owned(),
                    parts: vec![Part::Bytes(self.application(submission).json().into_bytes())],
                };
                request.key = Some(submission.id.as_str().to_owned());
                request
            }
            Stage::Track(reference) => self.list(APPLICATIONS, &[("q", reference.as_str())]),
            Stage::Steps(id, _) => get("PermohonanIzin/getprosespermohonan/", id),
            Stage::Known(_) | Stage::Refuse(_) | Stage::Over => return None,
        })
    }

    /// The body of an application.
    fn application(&self, submission: &Submission) -> Value {
        let mut members = vec![("jenis_izin_id", number(submission.service.as_str()))];
        let mut documents = Vec::new();
        for field in submission.form.fields() {
            let id = field.id.as_str();
            let requirement = id.strip_prefix("persyaratan[").and_then(|id| id.strip_suffix(']'));
            match submission.answers.get(id) {
                Some(Answer::Text(text)) => members.push((id, Value::String(text.trim().to_owned()))),
                Some(Answer::Many(values)) => {
                    members.push((id, Value::Array(values.iter().cloned().map(Value::String).collect())));
                }
                Some(Answer::Place(place)) => members.push((id, Value::String(place.address.trim().to_owned()))),
                Some(Answer::Area(area)) => members.push((id, Value::String(words::area(area)))),
                Some(Answer::Rows(rows)) => members.push((id, Value::String(words::rows(&field.fields, rows)))),
                Some(Answer::Files(files)) => {
                    let name = files.first().and_then(|file| self.file_name(file)).unwrap_or_default();
                    let name = Value::String(name.to_owned());
                    match requirement {
                        Some(kind) => {
                            documents.push(object(vec![("jenis_dokumen_id", number(kind)), ("file_name", name)]));
                        }
                        None => members.push((id, name)),
                    }
                }
                None => {}
            }
        }
        members.push(("persyaratan", Value::Array(documents)));
        object(members)
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
                _ => Step::Failed(Problem::unsent(Fault::Protocol {
                    what: "nothing was asked".to_owned(),
                })),
            },
        }
    }

    fn stay(&mut self, stage: Stage) -> Step {
        self.stage = stage;
        self.send()
    }

    fn go(&mut self, stage: Stage) -> Step {
        self.page = 1;
        self.stay(stage)
    }

    fn done(&mut self, outcome: Outcome) -> Step {
        Step::Done {
            outcome,
            diagnostics: self.notes.take(),
            facts: Vec::new(),
        }
    }

    /// Whether the next page is asked for.
    fn turn(&mut self, more: bool) -> bool {
        let turns = more && self.page < MOST_PAGES;
        if turns {
            self.page = self.page.saturating_add(1);
        }
        turns
    }

    fn failed(&mut self, stage: Stage, problem: Problem) -> Step {
        match stage {
            Stage::Steps(_, case) => {
                self.notes
                    .add("", "the case's steps; done without", &problem.fault.to_string());
                self.done(Outcome::Case(Some(case)))
            }
            Stage::Submit(_, Next::File | Next::Send) => Step::Failed(problem),
            _ => Step::Failed(Problem::unsent(problem.fault)),
        }
    }

    /// A row of the list of applications.
    fn row(&self, item: &Node) -> Option<(String, Case)> {
        let fields = &self.profile.fields;
        let reference = text(item, &fields.number).parse::<Reference>().ok()?;
        let mut case = bare(Some(reference));
        text(item, "jenis_izin_id").clone_into(&mut case.service_code);
        case.service_name = clean(text(item, &fields.permit));
        case.received = day_first(text(item, &fields.sent), self.offset);
        // Told by the steps; until they are known, as it is written.
        case.status.code = clean(text(item, "status"));
        Some((text(item, "id").to_owned(), case))
    }

    fn settled(&mut self, case: Case, rows: &[crate::adapters::answer::record::Found<'_>]) -> Case {
        let Some(reference) = case.reference.clone() else {
            return case;
        };
        let fallback = case.clone();
        let read = tracking::case(
            &self.profile,
            rows,
            &reference,
            Some(case),
            self.offset,
            &mut self.notes,
        );
        read.unwrap_or(fallback)
    }

    fn succeeded(&mut self, stage: Stage, response: &Response, payload: &Payload) -> Step {
        let Payload::Tree(root) = payload else {
            return self.unreadable(stage, response, payload);
        };
        let read = match stage {
            Stage::LogIn(_) => Some(self.logged_in(root, response, payload)),
            Stage::Catalogue(mut found) => permits::read(root, self.page, &mut found, &mut self.notes).map(|more| {
                if self.turn(more) {
                    self.stay(Stage::Catalogue(found))
                } else {
                    self.done(Outcome::Catalogue(permits::listed(&found)))
                }
            }),
            Stage::Form(service, mut found) => {
                permits::read(root, self.page, &mut found, &mut self.notes).map(|more| {
                    match found.iter().find(|permit| permit.code == service) {
                        Some(permit) => {
                            let permit = permit.clone();
                            self.go(Stage::Requirements(permit))
                        }
                        None if self.turn(more) => self.stay(Stage::Form(service, found)),
                        None => Step::Failed(Problem::unsent(Fault::NotFound)),
                    }
                })
            }
            Stage::Requirements(permit) => permits::requirements(root).map(|documents| {
                if permit.form.is_empty() {
                    let form = self.form(&Node::default(), &documents);
                    self.done(Outcome::Form(form))
                } else {
                    self.go(Stage::Canvas(permit, documents))
                }
            }),
            Stage::Canvas(_, documents) => {
                let form = self.form(root, &documents);
                Some(self.done(Outcome::Form(form)))
            }
            Stage::Submit(submission, next) => return self.submission(submission, next, response, root),
            Stage::List(mut cases) => items(root, self.page).map(|(found, more)| {
                for item in found {
                    if let Some((_, case)) = self.row(item) {
                        let case = self.settled(case, &[]);
                        cases.push(case);
                    }
                }
                if self.turn(more) {
                    self.stay(Stage::List(cases))
                } else {
                    self.done(Outcome::Cases(cases))
                }
            }),
            Stage::Track(reference) => items(root, self.page).map(|(found, more)| {
                let found = found.into_iter().filter_map(|item| self.row(item));
                let mut found = found.filter(|(_, case)| case.reference.as_ref() == Some(&reference));
                match found.next() {
                    Some((id, case)) => self.go(Stage::Steps(id, Box::new(case))),
                    None if self.turn(more) => self.stay(Stage::Track(reference)),
                    None => Step::Failed(Problem::unsent(Fault::NotFound)),
                }
            }),
            Stage::Steps(_, case) => {
                let rows = tracking::rows(root, None, &mut self.notes).unwrap_or_default();
                let case = self.settled(*case, &rows);
                Some(self.done(Outcome::Case(Some(Box::new(case)))))
            }
            Stage::Reconcile(service, found, doubtful) => self.reconcile(service, found, doubtful, root),
            Stage::Known(_) | Stage::Refuse(_) | Stage::Over => None,
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

    fn form(&mut self, root: &Node, documents: &[(String, String, bool)]) -> crate::model::form::Form {
        let most = self
            .profile
            .applicants
            .as_ref()
            .map_or(1_000_000, |served| served.upload_max_bytes);
        permits::form(root, documents, most, &mut self.notes)
    }

    /// A token stands in `data`, or (for the office's app) in `data.token`.
    fn logged_in(&mut self, root: &Node, response: &Response, payload: &Payload) -> Step {
        let data = root.children.iter().find_map(|top| top.named("data").next());
        let token = data.map(|data| match text(data, "token") {
            "" => data.scalar(),
            token => token,
        });
        match token {
            Some(token) if !token.is_empty() => self.done(Outcome::LoggedIn {
                session: Secret::new(token.to_owned()),
                lasts: None,
                name: String::new(),
            }),
            _ => Step::Failed(Problem::unsent(refusal::unreadable(response.status, payload))),
        }
    }

    fn submission(&mut self, submission: Box<Submission>, next: Next, response: &Response, root: &Node) -> Step {
        let unreadable = |sent| {
            Step::Failed(Problem {
                fault: refusal::unreadable(response.status, &Payload::Tree(Node::default())),
                sent,
            })
        };
        let data = root.children.iter().find_map(|top| top.named("data").next());
        match next {
            Next::Before(mut before) => {
                let Some((found, more)) = items(root, self.page) else {
                    return unreadable(Sent::No);
                };
                for item in found {
                    before.push_str(text(item, &self.profile.fields.number));
                    before.push('\n');
                }
                if self.turn(more) {
                    return self.stay(Stage::Submit(submission, Next::Before(before)));
                }
                // A list without an end is no help; the application goes all the same.
                if !more {
                    self.facts.push(Fact {
                        name: FACT_BEFORE.to_owned(),
                        value: before,
                    });
                }
                let next = self.rest(&submission);
                self.go(Stage::Submit(submission, next))
            }
            Next::File => {
                let name = data.map(|data| text(data, "file_name")).unwrap_or_default();
                let (false, Some((_, file))) = (name.is_empty(), self.due(&submission)) else {
                    return unreadable(Sent::Unknown);
                };
                self.facts.push(Fact {
                    name: [FACT_FILE, file.id.as_str()].concat(),
                    value: name.to_owned(),
                });
                let next = self.rest(&submission);
                self.go(Stage::Submit(submission, next))
            }
            Next::Send => {
                let Some(top) = root.children.iter().find(|top| text(top, "success") == "true") else {
                    return unreadable(Sent::Unknown);
                };
                let number = data
                    .map(|data| text(data, &self.profile.fields.number))
                    .unwrap_or_default();
                let acknowledgement = number
                    .parse()
                    .map_or(Acknowledgement::Nothing, Acknowledgement::Reference);
                let notice = bounded(clean(text(top, "message")), 500);
                self.done(Outcome::Submitted {
                    acknowledgement,
                    notice,
                })
            }
        }
    }

    fn reconcile(
        &mut self,
        service: ServiceCode,
        mut found: Vec<Acknowledgement>,
        mut doubtful: bool,
        root: &Node,
    ) -> Option<Step> {
        let (rows, more) = items(root, self.page)?;
        let before = self.fact(FACT_BEFORE).unwrap_or_default().to_owned();
        for item in rows {
            let number = text(item, &self.profile.fields.number);
            let permit = text(item, "jenis_izin_id");
            if before.lines().any(|known| known == number) {
                continue;
            }
            match number.parse::<Reference>() {
                Ok(reference) if permit == service.as_str() => found.push(Acknowledgement::Reference(reference)),
                Ok(_) if !permit.is_empty() => {}
                _ => doubtful = true,
            }
        }
        if self.turn(more) {
            return Some(self.stay(Stage::Reconcile(service, found, doubtful)));
        }
        let outcome = match (doubtful || more, found.len(), found.pop()) {
            (false, 1, Some(acknowledgement)) => Reconciled::Arrived(acknowledgement),
            (false, 0, _) => Reconciled::Absent,
            _ => Reconciled::CannotTell,
        };
        Some(self.done(Outcome::Reconciled(outcome)))
    }
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
        let form = match &stage {
            Stage::Submit(submission, Next::File | Next::Send) => Some(&submission.form),
            _ => None,
        };
        let problem = refusal::of_response(&response, &payload, form);
        match (problem, stage) {
            (Some(problem), Stage::LogIn(credentials)) => refused_login(&problem, &credentials),
            (Some(problem), stage) => self.failed(stage, problem),
            (None, stage) => self.succeeded(stage, &response, &payload),
        }
    }
}

/// A refused login, without what was typed being said again.
fn refused_login(problem: &Problem, credentials: &Credentials) -> Step {
    let mut fault = problem.fault.clone();
    if let Fault::Rejected { message, fields } = &mut fault {
        fields.clear();
        for secret in [&credentials.identifier, &credentials.proof] {
            let secret = secret.expose().trim();
            if !secret.is_empty() {
                *message = message.replace(secret, "…");
            }
        }
    }
    Step::Failed(Problem::unsent(fault))
}
