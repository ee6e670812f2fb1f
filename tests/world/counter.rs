//! A protocol for tests: an office's counter that speaks JSON.
//!
//! | request | answer |
//! |---|---|
//! | GET `formulir/{service}` | a form |
//! | POST `berkas` | 201 `{"nomor":"…"}`: a file was taken in |
//! | POST `permohonan` | 201 `{"nomor":"…"}`, 422 `{"pesan":"…"}` |
//! | GET `permohonan/{nomor}` | `{"status":"…"}` |
//! | GET `cari?id=…` | `{"nomor":"…"}`, or null |
//!
//! | POST `masuk` | 200 `{"token":"…","detik":600}`, 401; without a key |
//! | GET `milik` | `{"milik":["LKT-1"]}` |
//! | GET `surat/{nomor}` | `{"isi":"…"}` |
//!
//! Profile: `berkas` (a file goes first), `cari` (it can be asked what arrived), `formulir`, `masuk` (but
//! for `masuk` itself everything needs its token).

use pendopo::adapters::http::{Body, Method, Part, Request, Response, Target};
use pendopo::adapters::{
    Adapter, Conversation, Fact, Intent, Known, Outcome, Reconciled, RoutePattern, Step, Submission,
};
use pendopo::model::capabilities::Capabilities;
use pendopo::model::case::{Acknowledgement, Case, Reference};
use pendopo::model::diagnostic::Diagnostic;
use pendopo::model::form::Form;
use pendopo::model::json;
use pendopo::model::login::LoginForm;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::region::{Backend, BackendId};
use pendopo::model::secret::Secret;
use pendopo::model::status::{Outcome as Ending, Phase, Status};
use serde_json::{Value, json};

pub fn compile(id: &BackendId, backend: &Backend, _: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    if backend.adapter != "counter" {
        return (None, vec![Diagnostic::new("/adapter", "counter", &backend.adapter)]);
    }
    let profile = backend.profile.as_object();
    let has = |name: &str| profile.and_then(|profile| profile.get(name)) == Some(&json::Value::Bool(true));
    let counter = Counter {
        id: id.clone(),
        file_first: has("berkas"),
        search: has("cari"),
        form: has("formulir"),
        login: has("masuk"),
    };
    (Some(Box::new(counter)), Vec::new())
}

struct Counter {
    id: BackendId,
    file_first: bool,
    search: bool,
    form: bool,
    login: bool,
}

impl Adapter for Counter {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            form: self.form,
            submit: true,
            track: true,
            reconcile: self.search,
            list: self.login,
            documents: self.login,
            login: self.login.then(LoginForm::default),
            ..Capabilities::default()
        }
    }

    fn routes(&self) -> Vec<RoutePattern> {
        Vec::new()
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        let file = known.facts.iter().find(|fact| fact.name == "berkas");
        Box::new(Talk {
            backend: self.id.clone(),
            intent,
            file: file.map(|fact| fact.value.clone()),
            file_first: self.file_first,
            login: self.login,
            session: known.session.cloned(),
        })
    }
}

struct Talk {
    backend: BackendId,
    intent: Intent,
    file: Option<String>,
    file_first: bool,
    login: bool,
    session: Option<Secret<String>>,
}

impl Talk {
    fn request(&self, method: Method, path: &str, key: Option<String>, body: &Value) -> Request {
        let body = match method {
            Method::Get => Body::default(),
            _ => Body {
                content_type: "application/json".to_owned(),
                parts: vec![Part::Bytes(body.to_string().into_bytes())],
            },
        };
        Request {
            target: Target::Backend(self.backend.clone()),
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            secrets: self
                .session
                .iter()
                .map(|token| ("Authorization".to_owned(), token.clone()))
                .collect(),
            body,
            key,
            timeout: 60_000,
        }
    }

    fn submit(&self, submission: &Submission) -> Request {
        let id = submission.id.as_str();
        if self.file_first && self.file.is_none() {
            return self.request(
                Method::Post,
                "berkas",
                Some(format!("{id}-berkas")),
                &json!({ "id": id }),
            );
        }
        let body = json!({ "id": id, "berkas": self.file, "jawaban": submission.answers });
        self.request(Method::Post, "permohonan", Some(id.to_owned()), &body)
    }
}

fn send(request: Request) -> Step {
    Step::Send {
        request,
        facts: Vec::new(),
    }
}

fn done(outcome: Outcome) -> Step {
    Step::Done {
        outcome,
        diagnostics: Vec::new(),
        facts: Vec::new(),
    }
}

fn number(value: &Value) -> Option<Reference> {
    value["nomor"].as_str()?.parse().ok()
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        if self.login && self.session.is_none() && !matches!(self.intent, Intent::LogIn(_)) {
            return Step::Failed(Problem::unsent(Fault::LoginNeeded));
        }
        send(match &self.intent {
            Intent::Form { service } => self.request(Method::Get, &format!("formulir/{service}"), None, &Value::Null),
            Intent::Submit(submission) => self.submit(submission),
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } => self.request(Method::Get, &format!("permohonan/{reference}"), None, &Value::Null),
            Intent::Reconcile { submission, .. } => {
                let mut request = self.request(Method::Get, "cari", None, &Value::Null);
                request.query.push(("id".to_owned(), submission.id.to_string()));
                request
            }
            Intent::LogIn(credentials) => {
                let body = json!({ "nama": credentials.identifier.expose(), "sandi": credentials.proof.expose() });
                let mut request = self.request(Method::Post, "masuk", None, &Value::Null);
                request.body.parts = vec![Part::Secret(Secret::new(body.to_string().into_bytes()))];
                request
            }
            Intent::List => self.request(Method::Get, "milik", None, &Value::Null),
            Intent::Document { reference, .. } => {
                self.request(Method::Get, &format!("surat/{reference}"), None, &Value::Null)
            }
            _ => return Step::Failed(Problem::unsent(Fault::NotFound)),
        })
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let value = match result.and_then(|response| read(&response)) {
            Ok(value) => value,
            Err(problem) => return Step::Failed(problem),
        };
        match &self.intent {
            Intent::Form { .. } => match serde_json::from_value::<Form>(value) {
                Ok(form) => done(Outcome::Form(form)),
                Err(_) => Step::Failed(garbled()),
            },
            Intent::Submit(submission) => {
                let Some(reference) = number(&value) else {
                    return Step::Failed(garbled());
                };
                if self.file_first && self.file.is_none() {
                    let value = reference.to_string();
                    self.file = Some(value.clone());
                    let name = "berkas".to_owned();
                    return Step::Send {
                        request: self.submit(submission),
                        facts: vec![Fact { name, value }],
                    };
                }
                done(Outcome::Submitted {
                    acknowledgement: Acknowledgement::Reference(reference),
                    notice: "Diterima".to_owned(),
                })
            }
            Intent::LogIn(_) => done(Outcome::LoggedIn {
                session: Secret::new(value["token"].as_str().unwrap_or_default().to_owned()),
                lasts: value["detik"].as_u64().and_then(|seconds| seconds.try_into().ok()),
                name: "Siti".to_owned(),
            }),
            Intent::List => done(Outcome::Cases(
                value["milik"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|one| case(one.as_str().unwrap_or_default()))
                    .collect(),
            )),
            Intent::Document { .. } => done(Outcome::Document {
                name: "surat.pdf".to_owned(),
                content_type: "application/pdf".to_owned(),
                bytes: value["isi"].as_str().unwrap_or_default().as_bytes().to_vec(),
            }),
            Intent::Reconcile { .. } => done(Outcome::Reconciled(match number(&value) {
                Some(reference) => Reconciled::Arrived(Acknowledgement::Reference(reference)),
                None if value["nomor"].is_null() => Reconciled::Absent,
                None => Reconciled::CannotTell,
            })),
            _ => done(Outcome::Case(Some(Box::new(case(
                value["status"].as_str().unwrap_or_default(),
            ))))),
        }
    }
}

fn garbled() -> Problem {
    Problem {
        fault: Fault::Protocol {
            what: "not the counter's JSON".to_owned(),
        },
        sent: Sent::Unknown,
    }
}

fn read(response: &Response) -> Result<Value, Problem> {
    let value: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let message = value["pesan"].as_str().unwrap_or_default().to_owned();
    let fault = match response.status {
        200 | 201 if value.is_object() => return Ok(value),
        200 | 201 => return Err(garbled()),
        401 => Fault::LoginNeeded,
        404 => Fault::NotFound,
        422 => Fault::Rejected {
            fields: Vec::new(),
            message,
        },
        429 => Fault::RateLimited {
            after: response.header("retry-after").and_then(|text| text.parse().ok()),
        },
        status => Fault::Upstream { status, message },
    };
    Err(Problem { fault, sent: Sent::Yes })
}

fn case(code: &str) -> Case {
    Case {
        reference: None,
        status: Status {
            phase: Phase::Submitted,
            outcome: Ending::None,
            code: code.to_owned(),
            label: String::new(),
        },
        service_name: String::new(),
        service_code: String::new(),
        agency: String::new(),
        received: None,
        updated: None,
        expected: None,
        timeline: Vec::new(),
        documents: Vec::new(),
    }
}
