//! A protocol for tests, with all that a guarded backend can have: files that go first, a login, a
//! fact that opens a case, documents.
//!
//! | request | answer |
//! |---|---|
//! | POST `masuk` `{"nik","pin"}` | 200 `{"token"}`, 401 |
//! | POST `berkas` multipart | 201 `{"berkas"}` |
//! | POST `permohonan` | 201 `{"nomor"}`, 422 `{"pesan"}` |
//! | GET `permohonan/{nomor}` | `{"nomor","nik","catatan"}`, 404 |
//! | GET `permohonan` with the token | `[…]`, 401 |
//! | GET `dokumen` with a header `x-dokumen` | bytes |
//! | GET `formulir/{kode}` with the token | a form, 401 |
//! | GET `cari?id=` | `{"nomor"}`, 404 |

use pendopo::adapters::codec::multipart;
use pendopo::adapters::guarded::files;
use pendopo::adapters::http::{Body, Method, Part, Request, Response, Target};
use pendopo::adapters::{
    Adapter, Conversation, Fact, Intent, Known, Outcome, Reconciled, RoutePattern, Step, Submission,
};
use pendopo::model::answers::FileAnswer;
use pendopo::model::capabilities::{Capabilities, CatalogueSource};
use pendopo::model::case::{Acknowledgement, Case, Reference, Step as Stage};
use pendopo::model::login::{Identifier, LoginForm, Proof, SecondFact};
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::region::BackendId;
use pendopo::model::secret::Secret;
use pendopo::model::status::{Outcome as Ending, Phase, Status};
use serde_json::{Value, json};

/// The adapter.
pub struct Office(pub BackendId);

impl Adapter for Office {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            catalogue: CatalogueSource::Account,
            form: true,
            submit: true,
            upload: true,
            track: true,
            list: true,
            reconcile: true,
            documents: true,
            login: Some(LoginForm {
                identifier: Identifier::Nik,
                proof: Proof::Pin,
                help: "".into(),
            }),
            second_fact: Some(SecondFact {
                label: "NIK".into(),
                hint: "".into(),
                digits: true,
            }),
            ..Capabilities::default()
        }
    }

    fn routes(&self) -> Vec<RoutePattern> {
        vec![
            RoutePattern::login("masuk", "nik"),
            RoutePattern::new(Method::Get, "permohonan/*"),
        ]
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        Box::new(Talk {
            backend: self.0.clone(),
            intent,
            facts: known.facts.to_vec(),
            session: known.session.cloned(),
            asked: None,
        })
    }
}

struct Talk {
    backend: BackendId,
    intent: Intent,
    facts: Vec<Fact>,
    session: Option<Secret<String>>,
    /// The file that was sent last.
    asked: Option<String>,
}

impl Talk {
    fn request(&self, method: Method, path: &str) -> Request {
        let bearer = |token: &Secret<String>| Secret::new(format!("Bearer {}", token.expose()));
        Request {
            target: Target::Backend(self.backend.clone()),
            method,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            secrets: self
                .session
                .iter()
                .map(|token| ("Authorization".to_owned(), bearer(token)))
                .collect(),
            body: Body::default(),
            key: None,
            timeout: 60_000,
        }
    }

    fn post(&self, path: &str, key: Option<String>, body: &Value) -> Request {
        Request {
            body: Body {
                content_type: "application/json".to_owned(),
                parts: vec![Part::Secret(Secret::new(body.to_string().into_bytes()))],
            },
            key,
            ..self.request(Method::Post, path)
        }
    }

    /// The file that is not at the office yet.
    fn missing<'a>(&self, submission: &'a Submission) -> Option<&'a FileAnswer> {
        let known = |file: &&FileAnswer| self.facts.iter().all(|fact| fact.name != file.id.as_str());
        files(&submission.answers.0).into_iter().find(known)
    }

    fn next(&mut self) -> Step {
        let mut facts = Vec::new();
        let request = match &self.intent {
            Intent::Catalogue => self.request(Method::Get, "layanan"),
            Intent::Form { service } => self.request(Method::Get, &format!("formulir/{service}")),
            Intent::Submit(submission) => {
                let id = submission.id.as_str();
                facts.clone_from(&self.facts);
                match self.missing(submission) {
                    Some(file) => {
                        let mut request = self.post("berkas", Some(format!("{id}-{}", file.id)), &Value::Null);
                        request.body = multipart::body(id, &[], &[("berkas".to_owned(), file)]);
                        self.asked = Some(file.id.as_str().to_owned());
                        request
                    }
                    None => {
                        self.asked = None;
                        let handles: Vec<_> = self.facts.iter().map(|fact| &fact.value).collect();
                        let body = json!({"jawaban": submission.answers, "berkas": handles});
                        self.post("permohonan", Some(id.to_owned()), &body)
                    }
                }
            }
            Intent::Track { acknowledgement, .. } => {
                let shown = acknowledgement.shown().unwrap();
                self.request(Method::Get, &format!("permohonan/{shown}"))
            }
            Intent::List => self.request(Method::Get, "permohonan"),
            Intent::Document { handle, .. } => {
                let mut request = self.request(Method::Get, "dokumen");
                request.headers.push(("x-dokumen".to_owned(), handle.clone()));
                request
            }
            Intent::LogIn(credentials) => {
                let body = json!({"nik": credentials.identifier.expose(), "pin": credentials.proof.expose()});
                self.post("masuk", None, &body)
            }
            Intent::Reconcile { submission, .. } => {
                let mut request = self.request(Method::Get, "cari");
                request.query.push(("id".to_owned(), submission.id.to_string()));
                request
            }
        };
        Step::Send { request, facts }
    }
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        if let Intent::Submit(submission) = &self.intent {
            // What a careless adapter would do with what it holds.
            assert_ne!(
                submission.service.as_str(),
                "panik",
                "{:?}",
                self.session.as_ref().map(Secret::expose)
            );
        }
        self.next()
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let (status, value) = match result.map(|response| read(&response)) {
            Ok(told) => told,
            Err(problem) => return Step::Failed(problem),
        };
        let answered = |fault| Step::Failed(Problem { fault, sent: Sent::Yes });
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        match status {
            200..300 => {}
            401 => return answered(Fault::LoginNeeded),
            404 => return answered(Fault::NotFound),
            413 => return answered(Fault::TooLarge),
            422 => {
                let message = text("pesan");
                return answered(Fault::Rejected {
                    fields: Vec::new(),
                    message,
                });
            }
            429 => return answered(Fault::RateLimited { after: Some(77) }),
            500.. => {
                return answered(Fault::Upstream {
                    status,
                    message: value.to_string(),
                });
            }
            _ => {
                return Step::Failed(Problem {
                    fault: Fault::Protocol {
                        what: value.to_string(),
                    },
                    sent: Sent::Unknown,
                });
            }
        }
        let number = || text("nomor").parse::<Reference>().ok();
        let mut facts = Vec::new();
        let outcome = match &self.intent {
            Intent::Submit(submission) => {
                if let Some(name) = self.asked.take() {
                    let value = text("berkas");
                    if submission.service.as_str() != "berputar" {
                        self.facts.push(Fact { name, value });
                    }
                    return self.next();
                }
                let Some(reference) = number() else {
                    return Step::Failed(Problem {
                        fault: Fault::Protocol {
                            what: value.to_string(),
                        },
                        sent: Sent::Unknown,
                    });
                };
                facts.push(Fact {
                    name: "nik".to_owned(),
                    value: submission.answers.text("nik").unwrap_or_default().to_owned(),
                });
                Outcome::Submitted {
                    acknowledgement: Acknowledgement::Reference(reference),
                    notice: text("pesan"),
                }
            }
            Intent::Track { second_fact, .. } => {
                let nik = text("nik");
                let told = second_fact.as_ref().map(|fact| fact.expose().clone());
                let kept = self
                    .facts
                    .iter()
                    .find(|fact| fact.name == "nik")
                    .map(|fact| fact.value.clone());
                if told.or(kept) != Some(nik) {
                    return answered(Fault::NotFound);
                }
                Outcome::Case(Some(Box::new(case(number(), text("catatan")))))
            }
            Intent::List => {
                let items = value.as_array().unwrap().iter();
                Outcome::Cases(
                    items
                        .map(|item| case(item["nomor"].as_str().unwrap().parse().ok(), String::new()))
                        .collect(),
                )
            }
            Intent::Document { .. } => Outcome::Document {
                name: "surat.pdf".to_owned(),
                content_type: text("jenis"),
                bytes: text("isi").into_bytes(),
            },
            Intent::LogIn(_) => Outcome::LoggedIn {
                session: Secret::new(text("token")),
                lasts: Some(900),
                name: "Siti".to_owned(),
            },
            Intent::Form { .. } => match serde_json::from_value(value) {
                Ok(form) => Outcome::Form(form),
                Err(_) => return answered(Fault::NotFound),
            },
            Intent::Reconcile { .. } => Outcome::Reconciled(number().map_or(Reconciled::Absent, |number| {
                Reconciled::Arrived(Acknowledgement::Reference(number))
            })),
            Intent::Catalogue => return answered(Fault::NotFound),
        };
        Step::Done {
            outcome,
            diagnostics: Vec::new(),
            facts,
        }
    }
}

fn read(response: &Response) -> (u16, Value) {
    let text = String::from_utf8_lossy(&response.body);
    let value = serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned()));
    (response.status, value)
}

fn case(reference: Option<Reference>, remark: String) -> Case {
    let status = Status {
        phase: Phase::InReview,
        outcome: Ending::None,
        code: "proses".to_owned(),
        label: "Diproses".to_owned(),
    };
    Case {
        reference,
        status: status.clone(),
        service_name: String::new(),
        service_code: String::new(),
        agency: String::new(),
        received: None,
        updated: None,
        expected: None,
        timeline: vec![Stage {
            status: Some(status),
            at: None,
            remark,
            links: Vec::new(),
            ahead: false,
        }],
        documents: Vec::new(),
    }
}
