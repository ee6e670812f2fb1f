//! Protocols, sans-IO: an intent becomes requests, responses become outcomes.
//!
//! An adapter is a conversation: [`Adapter::start`] takes an intent and the facts already won and
//! gives a [`Conversation`], which says what to send and takes what came back until it is done or
//! has failed. It is a pure function of its input, so every protocol is tested from recorded bytes,
//! and after a restart it is replayed, not deserialised.
//!
//! Backends are hostile input: their text is text, links are http(s) only, sizes are bounded, and
//! a response of any shape gives an outcome plus diagnostics, or a typed problem.
//!
//! What this room does not do: no I/O, no clock, no retries (that is delivery's), no words for
//! citizens (that is the app's).

#![deny(clippy::arithmetic_side_effects)]

mod answer;
pub mod codec;
pub mod guarded;
pub mod http;
mod keys;
#[cfg(not(target_arch = "wasm32"))]
pub mod mapped;
pub mod open311;
#[cfg(not(target_arch = "wasm32"))]
pub mod opendk;
#[cfg(not(target_arch = "wasm32"))]
pub mod opensid;
#[cfg(not(target_arch = "wasm32"))]
pub mod sicantik;
mod words;

use serde::{Deserialize, Serialize};

use crate::model::answers::Answers;
use crate::model::application::ApplicationId;
use crate::model::capabilities::Capabilities;
use crate::model::case::{Acknowledgement, Case, Reference};
use crate::model::diagnostic::{Diagnostic, SAID};
pub use crate::model::fact::Fact;
use crate::model::form::Form;
use crate::model::json::{choice, object};
use crate::model::login::Credentials;
use crate::model::problem::Problem;
use crate::model::region::{Backend, BackendId};
use crate::model::secret::{self, Secret};
use crate::model::service::{Service, ServiceCode};
use crate::model::time::Timestamp;
use http::{Method, Request, Response};

/// What is wanted of a backend.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Everything that can be asked for.
    Catalogue,
    /// The form of one service.
    Form {
        /// Its code.
        service: ServiceCode,
    },
    /// Deliver an application.
    Submit(Submission),
    /// What has become of an application.
    Track {
        /// How it was acknowledged.
        acknowledgement: Acknowledgement,
        /// What only its owner knows, where [`Capabilities::second_fact`] asks for it.
        #[serde(serialize_with = "secret::expose_some")]
        second_fact: Option<Secret<String>>,
    },
    /// What the citizen has at the backend, from whatever phone or counter. Needs a session.
    List,
    /// A document of a case.
    Document {
        /// The case.
        reference: Reference,
        /// [`crate::model::case::Document::handle`].
        handle: String,
    },
    /// Log a citizen in.
    LogIn(Credentials),
    /// Whether an application arrived, after an attempt of which nobody knows.
    Reconcile {
        /// What was sent.
        submission: Submission,
        /// When it was first sent.
        since: Timestamp,
    },
}

choice!(Intent {
    "catalogue" => Catalogue,
    "form" => Form { service },
    "submit" => Submit(_),
    "track" => Track { acknowledgement, second_fact },
    "list" => List,
    "document" => Document { reference, handle },
    "log_in" => LogIn(_),
    "reconcile" => Reconcile { submission, since },
});

/// An application as an adapter needs it. Only answers of visible fields are in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Submission {
    /// The application's id, to be the request's key.
    pub id: ApplicationId,
    /// The service's code.
    pub service: ServiceCode,
    /// The form that was filled in.
    pub form: Form,
    /// The answers, raw; canonical where the form engine could make them so.
    pub answers: Answers,
    /// The case that it completes, where the office said that something is missing.
    pub completes: Option<Reference>,
}

object!(Submission {
    id,
    service,
    form,
    answers,
    completes
});

/// A service as a backend's catalogue tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What the catalogue says; its form, if any, comes by [`Intent::Form`].
    pub service: Service,
    /// Whether the backend has a form of its own for it.
    pub has_form: bool,
}

/// What a conversation ended in.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// To [`Intent::Catalogue`].
    Catalogue(Vec<Listed>),
    /// To [`Intent::Form`].
    Form(Form),
    /// To [`Intent::Submit`].
    Submitted {
        /// How it was acknowledged.
        acknowledgement: Acknowledgement,
        /// What the backend says along with it; may be empty.
        notice: String,
    },
    /// To [`Intent::Track`]; `None` while there is only a token that has not become a number.
    Case(Option<Box<Case>>),
    /// To [`Intent::List`]; newest first.
    Cases(Vec<Case>),
    /// To [`Intent::Document`].
    Document {
        /// A file's name, without a path.
        name: String,
        /// Its media type.
        content_type: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// To [`Intent::LogIn`].
    LoggedIn {
        /// What goes along with every conversation from now on.
        session: Secret<String>,
        /// Seconds until it expires, where the backend says so.
        lasts: Option<u32>,
        /// Whom the backend greets; may be empty.
        name: String,
    },
    /// To [`Intent::Reconcile`].
    Reconciled(Reconciled),
}

/// What a backend can say of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reconciled {
    /// It arrived.
    Arrived(Acknowledgement),
    /// It did not arrive.
    Absent,
    /// The backend cannot say.
    CannotTell,
}

choice!(Reconciled {
    "cannot_tell" => CannotTell,
    "absent" => Absent,
    "arrived" => Arrived(_),
});

/// What a conversation says next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Send this, and come back with what it gave. The facts are kept before it is sent.
    Send {
        /// The request.
        request: Request,
        /// Facts won by the response before.
        facts: Vec<Fact>,
    },
    /// It is over.
    Done {
        /// What it ended in.
        outcome: Outcome,
        /// What the backend said that could not be used.
        diagnostics: Vec<Diagnostic>,
        /// Facts to be kept with the case and given along with every later question about it: what
        /// only its owner knows, a token that became a number.
        facts: Vec<Fact>,
    },
    /// It failed.
    Failed(Problem),
}

/// What is known before a conversation begins.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// Facts won by the conversations before, about the same application.
    pub facts: &'a [Fact],
    /// The citizen's session at this backend.
    pub session: Option<&'a Secret<String>>,
}

impl<'a> From<&'a [Fact]> for Known<'a> {
    fn from(facts: &'a [Fact]) -> Self {
        Self { facts, session: None }
    }
}

/// A conversation with a backend.
pub trait Conversation: Send {
    /// What comes first.
    fn begin(&mut self) -> Step;

    /// What comes after a response or the transport's own failure. Transport failures are given to
    /// the conversation too, since a missing part (a definition, a history) may be done without.
    fn resume(&mut self, result: Result<Response, Problem>) -> Step;

    /// Facts that were won although it failed, to be kept for the next try in place of those of the
    /// same name. What a conversation wins itself goes along with its requests ([`Step::Send`]): only
    /// one whose requests are sent elsewhere has any left.
    fn won(&mut self) -> Vec<Fact> {
        Vec::new()
    }
}

/// A protocol family, fitted to one backend by its profile.
pub trait Adapter: Send + Sync {
    /// What it can do with this backend.
    fn capabilities(&self) -> Capabilities;

    /// The paths that its conversations use: the edge passes through these and nothing else.
    #[cfg(not(target_arch = "wasm32"))]
    fn routes(&self) -> Vec<RoutePattern>;

    /// Begins a conversation; what is known is not won again. Where it needs a session and has none,
    /// or one that the backend no longer knows, it fails with [`crate::model::problem::Fault::LoginNeeded`]:
    /// the engine logs in and begins it anew.
    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation>;
}

/// A path that the edge lets pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutePattern {
    /// The method's name.
    pub method: String,
    /// Path relative to the backend; `*` stands for one or more characters other than `/`.
    pub path: String,
    /// Where citizens log in here: the member of the body, or the field of the form, that says who
    /// logs in. The edge counts the tries for each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

impl RoutePattern {
    /// A pattern.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method: method.name().to_owned(),
            path: path.into(),
            login: None,
        }
    }

    /// The pattern of a POST by which citizens log in. The body is JSON or form-urlencoded, and who
    /// logs in stands in its `identifier` (`credential`, `LoginForm[username]`), in ASCII; anything
    /// else the edge refuses, since it could not count the tries.
    #[must_use]
    pub fn login(path: impl Into<String>, identifier: impl Into<String>) -> Self {
        Self {
            login: Some(identifier.into()),
            ..Self::new(Method::Post, path)
        }
    }
}

/// Fits the adapter that `backend` names to it; to a guarded one, whatever it names, that which
/// leaves the conversation to the edge.
///
/// `utc_offset` is in minutes east of UTC and holds for dates without a zone. Diagnostics have paths
/// relative to the backend (`/profile/…`); `None` where the adapter is unknown or the profile
/// cannot be used at all.
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    if backend.guarded {
        return (Some(guarded::compile(id, backend)), Vec::new());
    }
    match backend.adapter.as_str() {
        open311::NAME => open311::compile(id, backend, utc_offset),
        #[cfg(not(target_arch = "wasm32"))]
        opensid::NAME => opensid::compile(id, backend, utc_offset),
        #[cfg(not(target_arch = "wasm32"))]
        sicantik::NAME => sicantik::compile(id, backend, utc_offset),
        #[cfg(not(target_arch = "wasm32"))]
        opendk::NAME => opendk::compile(id, backend, utc_offset),
        #[cfg(not(target_arch = "wasm32"))]
        mapped::NAME => mapped::compile(id, backend, utc_offset),
        _ if !SAID => (None, Vec::new()),
        other => (
            None,
            vec![Diagnostic::new(
                "/adapter",
                "a known adapter: open311, or of a guarded backend opensid, sicantik, opendk or mapped",
                other,
            )],
        ),
    }
}

/// Whether a phone holds this adapter. The others are of systems whose answers tell more than they
/// should: they are guarded, so the edge alone speaks to them, and a phone need not download what
/// would never run there.
#[must_use]
pub fn is_on_phones(adapter: &str) -> bool {
    adapter == open311::NAME
}

/// The form of a service whose backend has none of its own ([`Listed::has_form`] is false), made
/// without a request; `None` where the adapter knows no such form.
#[must_use]
pub fn base_form(backend: &Backend) -> Option<Form> {
    (backend.adapter == open311::NAME).then(|| open311::base_form(backend))
}
