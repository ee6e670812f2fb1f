//! Guarded backends: the conversation is held at the edge, and only its end comes back.
//!
//! A backend that needs a shared secret, lies in a private network or tells too much in its answers
//! is reached by intent. The phone's conversation is one request, `POST /i/{region}/{backend}`; the
//! edge holds the real one, with an adapter fitted by a profile that no phone ever sees, and answers
//! with what it ended in. Both sides of that request are here, so that they cannot drift apart.
//!
//! | | is |
//! |---|---|
//! | asked | JSON `{"format":1,"intent":…,"facts":[…],"session":…}`; where files go along, `multipart/form-data` with that JSON first, as `intent`, and then each file under its id |
//! | answered | JSON `{"format":1,"ended":…,"facts":[…]}`; behind a document's, a line feed and its bytes |
//!
//! The status of an answer says for the engine and for the edge's ledger what may be done next, by
//! the same rules as for a backend that is passed through ([`status`]); the body says the rest, since
//! the ledger keeps no more than the two. Facts come back from a failure too ([`Conversation::won`]),
//! so that a file which was taken in is not sent to the backend twice. What is in a fact or a session
//! is for the edge alone: the phone keeps them and gives them back.
//!
//! What it deliberately does not do: ask for a catalogue (what a phone needs of it is published), or
//! read what an edge of another format says: that is a problem like any other answer that is none.

use serde::Serialize;

#[cfg(not(target_arch = "wasm32"))]
use super::RoutePattern;
use super::codec::multipart;
use super::http::{Body, Method, Part, Request, Response, Target};
use super::{Adapter, Conversation, Fact, Intent, Known, Outcome, Reconciled, Step};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::capabilities::Capabilities;
use crate::model::case::{Acknowledgement, Case};
use crate::model::form::Form;
use crate::model::json::{self, choice, object, shape};
use crate::model::map::Map;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::{Backend, BackendId};
use crate::model::secret::{self, Secret};

/// Version of what is said between phone and edge.
pub const FORMAT: u32 = 1;
/// The part of a multipart body that holds the intent.
pub const INTENT: &str = "intent";
/// How long the phone waits, in milliseconds: longer than the longest conversation that an edge holds.
const TIMEOUT: u32 = 150_000;

/// What is asked of the edge.
#[derive(Debug, Serialize)]
pub struct Ask {
    format: u32,
    /// What is wanted.
    pub intent: Intent,
    /// What was won before.
    pub facts: Vec<Fact>,
    /// The citizen's session.
    #[serde(serialize_with = "secret::expose_some", skip_serializing_if = "Option::is_none")]
    pub session: Option<Secret<String>>,
}

object!(Ask { format, intent, facts = default, session });

/// Why an edge cannot read what it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is of another format than [`FORMAT`].
    Version,
    /// It is nothing that this format has.
    Malformed,
}

impl Ask {
    /// Reads it at the edge.
    ///
    /// # Errors
    /// Where it is no such thing.
    pub fn read(text: &[u8]) -> Result<Self, Unread> {
        let tree = json::tree::parse(text).map_err(|_| Unread::Malformed)?;
        let mut wrong = false;
        let format: u32 = shape::member(&tree, "format", &mut wrong);
        if wrong {
            return Err(Unread::Malformed);
        }
        if format != FORMAT {
            return Err(Unread::Version);
        }
        let ask = json::Read::read(&tree, &mut wrong);
        if wrong { Err(Unread::Malformed) } else { Ok(ask) }
    }
}

/// What a conversation at the edge ended in, as it is written.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Ended {
    Failed(Problem),
    Form(Form),
    Submitted {
        acknowledgement: Acknowledgement,
        notice: String,
    },
    Case(Option<Case>),
    Cases(Vec<Case>),
    /// Its bytes come behind.
    Document {
        name: String,
        content_type: String,
    },
    LoggedIn {
        #[serde(serialize_with = "secret::expose")]
        session: Secret<String>,
        lasts: Option<u32>,
        name: String,
    },
    Reconciled(Reconciled),
}

choice!(Ended {
    "failed" => Failed(_),
    "form" => Form(_),
    "submitted" => Submitted { acknowledgement, notice },
    "case" => Case(_),
    "cases" => Cases(_),
    "document" => Document { name, content_type },
    "logged_in" => LoggedIn { session, lasts, name },
    "reconciled" => Reconciled(_),
});

#[derive(Serialize)]
struct Told {
    format: u32,
    ended: Ended,
    facts: Vec<Fact>,
}

object!(Told { format, ended, facts = default });

/// The HTTP status of a failed conversation's answer; 503 goes with `Retry-After`.
///
/// It follows `delivery`'s table of verdicts: what certainly did not arrive is declined (the ledger
/// forgets it, and the same key may be tried again), what was refused is an answer, and where nobody
/// knows the edge's ledger must not know either.
#[must_use]
pub const fn status(problem: &Problem) -> u16 {
    match (&problem.fault, problem.sent) {
        (Fault::Rejected { .. }, _) => 422,
        (Fault::Timeout, Sent::Unknown | Sent::Yes) => 504,
        (_, Sent::Unknown) => 502,
        (Fault::TooLarge, _) => 413,
        (Fault::LoginNeeded, _) => 401,
        (Fault::RateLimited { .. }, _) => 429,
        (Fault::NotFound, _) => 404,
        (_, Sent::No) => 503,
        (_, Sent::Yes) => 502,
    }
}

/// The body of the edge's answer; `None` for a catalogue, which no phone is told.
#[must_use]
pub fn answer(result: Result<Outcome, Problem>, facts: Vec<Fact>) -> Option<Vec<u8>> {
    let mut document = None;
    let ended = match result {
        Err(problem) => Ended::Failed(problem),
        Ok(Outcome::Catalogue(_)) => return None,
        Ok(Outcome::Form(form)) => Ended::Form(form),
        Ok(Outcome::Submitted {
            acknowledgement,
            notice,
        }) => Ended::Submitted {
            acknowledgement,
            notice,
        },
        Ok(Outcome::Case(case)) => Ended::Case(case.map(|case| *case)),
        Ok(Outcome::Cases(cases)) => Ended::Cases(cases),
        Ok(Outcome::Document {
            name,
            content_type,
            bytes,
        }) => {
            document = Some(bytes);
            Ended::Document { name, content_type }
        }
        Ok(Outcome::LoggedIn { session, lasts, name }) => Ended::LoggedIn { session, lasts, name },
        Ok(Outcome::Reconciled(reconciled)) => Ended::Reconciled(reconciled),
    };
    let told = Told {
        format: FORMAT,
        ended,
        facts,
    };
    let mut body = json::write(&told).ok()?.into_bytes();
    if let Some(bytes) = document {
        // JSON without white space has no line feed of its own.
        body.push(b'\n');
        body.extend(bytes);
    }
    Some(body)
}

/// Reads the edge's answer.
fn told(body: &[u8]) -> Option<(Result<Outcome, Problem>, Vec<Fact>)> {
    let end = body.iter().position(|byte| *byte == b'\n').unwrap_or(body.len());
    let (head, rest) = body.split_at_checked(end)?;
    let told: Told = json::read(head).ok().filter(|told: &Told| told.format == FORMAT)?;
    let outcome = match told.ended {
        Ended::Failed(problem) => return Some((Err(problem), told.facts)),
        Ended::Form(form) => Outcome::Form(form),
        Ended::Submitted {
            acknowledgement,
            notice,
        } => Outcome::Submitted {
            acknowledgement,
            notice,
        },
        Ended::Case(case) => Outcome::Case(case.map(Box::new)),
        Ended::Cases(cases) => Outcome::Cases(cases),
        Ended::Document { name, content_type } => Outcome::Document {
            name,
            content_type,
            bytes: rest.get(1..)?.to_vec(),
        },
        Ended::LoggedIn { session, lasts, name } => Outcome::LoggedIn { session, lasts, name },
        Ended::Reconciled(reconciled) => Outcome::Reconciled(reconciled),
    };
    Some((Ok(outcome), told.facts))
}

/// Fits it to a backend, which can do what was published of it.
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend) -> Box<dyn Adapter> {
    Box::new(Guarded {
        backend: id.clone(),
        capabilities: backend.capabilities.clone().unwrap_or_default(),
    })
}

struct Guarded {
    backend: BackendId,
    capabilities: Capabilities,
}

impl Adapter for Guarded {
    fn capabilities(&self) -> Capabilities {
        self.capabilities.clone()
    }

    /// None: a guarded backend is not passed through.
    #[cfg(not(target_arch = "wasm32"))]
    fn routes(&self) -> Vec<RoutePattern> {
        Vec::new()
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        Box::new(Talk {
            backend: self.backend.clone(),
            keyed: matches!(intent, Intent::Submit(_)),
            ask: Some(Ask {
                format: FORMAT,
                intent,
                facts: known.facts.to_vec(),
                session: known.session.cloned(),
            }),
            won: Vec::new(),
        })
    }
}

/// One request and its answer.
struct Talk {
    backend: BackendId,
    /// It delivers an application.
    keyed: bool,
    ask: Option<Ask>,
    won: Vec<Fact>,
}

impl Talk {
    fn no_answer(&self) -> Problem {
        Problem {
            fault: Fault::Protocol {
                what: "edge: no answer of this format".to_owned(),
            },
            sent: if self.keyed { Sent::Unknown } else { Sent::No },
        }
    }
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        let ask = self.ask.take();
        let written = ask.as_ref().and_then(|ask| json::write(ask).ok());
        let (Some(ask), Some(text)) = (ask, written) else {
            return Step::Failed(Problem::unsent(Fault::Protocol {
                what: "edge: nothing was asked".to_owned(),
            }));
        };
        let submission = match &ask.intent {
            Intent::Submit(submission) => Some(submission),
            _ => None,
        };
        let files = submission
            .map(|submission| files(&submission.answers.0))
            .unwrap_or_default();
        let body = match submission {
            Some(submission) if !files.is_empty() => {
                let files: Vec<_> = files.iter().map(|file| (file.id.as_str().to_owned(), *file)).collect();
                let mut body = multipart::body(submission.id.as_str(), &[(INTENT.to_owned(), text)], &files);
                if let Some(Part::Bytes(bytes)) = body.parts.first_mut() {
                    let bytes = Secret::new(std::mem::take(bytes));
                    body.parts.splice(..1, [Part::Secret(bytes)]);
                }
                body
            }
            _ => Body {
                content_type: "application/json".to_owned(),
                parts: vec![Part::Secret(Secret::new(text.into_bytes()))],
            },
        };
        Step::Send {
            request: Request {
                target: Target::Guarded(self.backend.clone()),
                method: Method::Post,
                path: String::new(),
                query: Vec::new(),
                headers: vec![("Accept".to_owned(), "application/json".to_owned())],
                secrets: Vec::new(),
                body,
                key: submission.map(|submission| submission.id.as_str().to_owned()),
                timeout: TIMEOUT,
            },
            facts: Vec::new(),
        }
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let response = match result {
            Ok(response) => response,
            Err(problem) => return Step::Failed(problem),
        };
        match told(&response.body) {
            None => Step::Failed(self.no_answer()),
            Some((Ok(outcome), facts)) => Step::Done {
                outcome,
                diagnostics: Vec::new(),
                facts,
            },
            Some((Err(problem), facts)) => {
                self.won = facts;
                Step::Failed(problem)
            }
        }
    }

    fn won(&mut self) -> Vec<Fact> {
        std::mem::take(&mut self.won)
    }
}

/// The files among answers, each once.
pub fn files(answers: &Map<Answer>) -> Vec<&FileAnswer> {
    let mut found: Vec<&FileAnswer> = Vec::new();
    for answer in answers.values() {
        if let Answer::Files(files) = answer {
            for file in files {
                if !found.iter().any(|before| before.id == file.id) {
                    found.push(file);
                }
            }
        }
    }
    found
}
