//! What app and engine say to each other: JSON, one message a `postMessage`.
//!
//! Both come from one build; `Hello` makes sure of it before anything else is said.

use serde::{Deserialize, Serialize};

use super::application::ApplicationId;
use super::case::{Case, MyCase, Reference};
use super::delivery::OutboxEntry;
use super::json::{choice, object};
use super::login::{Access, Credentials};
use super::problem::Problem;
use super::region::BackendId;
use super::secret::{self, Secret};
use super::time::Timestamp;

/// From the app to the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// First word; answered by [`Event::Hello`].
    Hello {
        /// The app's build.
        build: String,
    },
    /// Send the application whose draft in the journal is marked as submitted.
    Submit {
        /// The application.
        id: ApplicationId,
    },
    /// Try a waiting application now.
    Retry {
        /// The application.
        id: ApplicationId,
    },
    /// What the citizen says of an uncertain application.
    Decide {
        /// The application.
        id: ApplicationId,
        /// What is to be done.
        decision: Decision,
    },
    /// Forget an application that is not delivered, here only; nothing is withdrawn at a backend.
    Discard {
        /// The application.
        id: ApplicationId,
    },
    /// Say what is in the outbox and which cases there are; answered by [`Event::Outbox`] and [`Event::Cases`].
    List,
    /// Ask the backends about one case, or about all that are open.
    Refresh {
        /// One case, or all.
        id: Option<ApplicationId>,
    },
    /// Look up a case by its number; answered by [`Event::LookedUp`].
    LookUp {
        /// The system.
        backend: BackendId,
        /// Its number there.
        reference: Reference,
        /// What only its owner knows, where the system asks for it.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            serialize_with = "secret::expose_some"
        )]
        second_fact: Option<Secret<String>>,
    },
    /// Log the citizen in; answered by [`Event::LoggedIn`]. What waits for it goes on by itself.
    LogIn {
        /// The system.
        backend: BackendId,
        /// With what.
        credentials: Credentials,
        /// Keep them on this phone, sealed.
        keep: bool,
    },
    /// Forget a login.
    LogOut {
        /// The system.
        backend: BackendId,
    },
    /// Say what the citizen has at a system, filed from wherever; answered by [`Event::Mine`].
    Mine {
        /// The system.
        backend: BackendId,
    },
    /// Fetch a document of a case; answered by [`Event::Document`].
    Document {
        /// The system.
        backend: BackendId,
        /// The case's number there.
        reference: Reference,
        /// [`super::case::Document::handle`].
        handle: String,
    },
    /// The page saw the network come or go, or became visible: what waits may be tried.
    Awake {
        /// What the browser says of the network.
        online: bool,
    },
    /// Erase everything that the main database holds; answered by [`Event::Erased`].
    Erase,
}

choice!(Command {
    "hello" => Hello { build },
    "submit" => Submit { id },
    "retry" => Retry { id },
    "decide" => Decide { id, decision },
    "discard" => Discard { id },
    "list" => List,
    "refresh" => Refresh { id },
    "look_up" => LookUp { backend, reference, second_fact },
    "log_in" => LogIn { backend, credentials, keep },
    "log_out" => LogOut { backend },
    "mine" => Mine { backend },
    "document" => Document { backend, reference, handle },
    "awake" => Awake { online },
    "erase" => Erase,
});

/// What a citizen decides of an uncertain application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It did not arrive: send it again, at the risk that it arrives twice.
    SendAgain,
    /// It arrived, under this number where one is known.
    Arrived {
        /// The number that the office named.
        reference: Option<Reference>,
    },
}

choice!(Decision {
    "send_again" => SendAgain,
    "arrived" => Arrived { reference },
});

/// A file on its way to the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, without a path.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes in base64 (RFC 4648, section 4).
    pub base64: String,
}

object!(File {
    name,
    content_type,
    base64
});

/// From the engine to the app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "each lives for a moment; not large on 32 bits")
)]
pub enum Event {
    /// First word back.
    Hello {
        /// The engine's build; where it is not the app's, the app offers a reload.
        build: String,
    },
    /// One application's delivery changed.
    Delivery(OutboxEntry),
    /// Everything that is not yet delivered, oldest first.
    Outbox(Vec<OutboxEntry>),
    /// The citizen's own cases, newest first.
    Cases(Vec<MyCase>),
    /// One case changed or was asked about.
    Case(MyCase),
    /// The answer to a look-up.
    LookedUp {
        /// The system.
        backend: BackendId,
        /// The number that was asked for.
        reference: Reference,
        /// The case and when it was said, or what went wrong.
        answer: Result<(Case, Timestamp), Problem>,
    },
    /// A login has ended well or not; with the name that the system greets.
    LoggedIn {
        /// The system.
        backend: BackendId,
        /// Whom it greets, or what went wrong.
        answer: Result<String, Problem>,
    },
    /// The logins that are held, whenever that changes.
    Accesses(Vec<Access>),
    /// What the citizen has at a system.
    Mine {
        /// The system.
        backend: BackendId,
        /// Its cases, newest first.
        answer: Result<Vec<Case>, Problem>,
    },
    /// A document was fetched.
    Document {
        /// The system.
        backend: BackendId,
        /// Which one.
        handle: String,
        /// The file.
        answer: Result<File, Problem>,
    },
    /// Everything in the main database is gone.
    Erased,
    /// The engine cannot keep its data; nothing is sent before it can.
    StoreFailed {
        /// What the browser said.
        what: String,
    },
}

choice!(Event {
    "hello" => Hello { build },
    "delivery" => Delivery(_),
    "outbox" => Outbox(_),
    "cases" => Cases(_),
    "case" => Case(_),
    "looked_up" => LookedUp { backend, reference, answer },
    "logged_in" => LoggedIn { backend, answer },
    "accesses" => Accesses(_),
    "mine" => Mine { backend, answer },
    "document" => Document { backend, handle, answer },
    "erased" => Erased,
    "store_failed" => StoreFailed { what },
});
