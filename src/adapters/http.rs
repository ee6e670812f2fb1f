//! Requests and responses as data: what a conversation asks of the transport, and what it gets.

use crate::model::application::AttachmentId;
use crate::model::region::BackendId;
use crate::model::secret::Secret;

/// An HTTP method; no others are ever sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; may be repeated at will.
    Get,
    /// Changes; carries a key.
    Post,
    /// Replaces; carries a key.
    Put,
}

impl Method {
    /// The method's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// Whom a request goes to. No request goes anywhere else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// An open backend: in the browser by the edge's `/r/{region}/{backend}/`, natively its own address.
    Backend(BackendId),
    /// A guarded backend, by intent: the edge's `/i/{region}/{backend}`; the path is empty.
    Guarded(BackendId),
    /// Pendopo's own origin: published files, the edge's ledger.
    Site,
}

/// A piece of a request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// Bytes that hold a credential.
    Secret(Secret<Vec<u8>>),
    /// The bytes of an attachment, which the transport puts in; nothing in between holds them.
    Attachment(AttachmentId),
}

/// A request's body: parts, sent one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Body {
    /// Value of `Content-Type`; empty where there is no body.
    pub content_type: String,
    /// The parts.
    pub parts: Vec<Part>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whom it goes to.
    pub target: Target,
    /// The method.
    pub method: Method,
    /// Path relative to the target, percent-encoded, without a leading slash for a backend and with
    /// one for the site; never with `..` or a query.
    pub path: String,
    /// Query parameters, not encoded.
    pub query: Vec<(String, String)>,
    /// Headers beyond `Content-Type`, `Accept` included.
    pub headers: Vec<(String, String)>,
    /// Headers that hold a credential, such as `Authorization`.
    pub secrets: Vec<(String, Secret<String>)>,
    /// The body.
    pub body: Body,
    /// `Idempotency-Key`: the application's id, with a suffix where one application needs several
    /// requests that change something. Every POST and PUT that does has one; a question in the form of
    /// a POST, as SOAP has them, has none. The suffix never begins with a
    /// dot: delivery puts the edition of the content there (`{id}.2…`).
    pub key: Option<String>,
    /// Milliseconds after which the transport gives up.
    pub timeout: u32,
}

impl Request {
    /// A request to an open backend that asks for JSON, without query and body; half a minute for it.
    #[must_use]
    pub fn to(backend: &BackendId, method: Method, path: String) -> Self {
        Self {
            target: Target::Backend(backend.clone()),
            method,
            path,
            query: Vec::new(),
            headers: vec![("Accept".to_owned(), "application/json".to_owned())],
            secrets: Vec::new(),
            body: Body::default(),
            key: None,
            timeout: 30_000,
        }
    }
}

/// A response: whatever came back with an HTTP status, be it 200 or 500.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, cut off by the transport at [`MAX_BODY`].
    pub body: Vec<u8>,
}

/// Most bytes of a response that a transport hands over; a longer one is [`crate::model::problem::Fault::TooLarge`].
pub const MAX_BODY: usize = 8 * 1024 * 1024;

impl Response {
    /// A header's value by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// On every answer that the edge makes itself instead of the backend: the fault, one of
/// `offline`, `timeout`, `unreachable`, `rate_limited`, `too_large`, `not_allowed`, `key_missing`,
/// `key_reused`, `pending`, `unknown`, `malformed`, `version`.
pub const HEADER_EDGE: &str = "pendopo-edge";
/// Beside [`HEADER_EDGE`]: whether the request had reached the backend: `no`, `yes` or `unknown`.
pub const HEADER_SENT: &str = "pendopo-sent";
/// On an answer of the ledger: `absent`, `pending`, `answered` or `unknown`.
pub const HEADER_LEDGER: &str = "pendopo-ledger";
/// On an `absent` answer of the ledger: since when it has kept everything, in milliseconds since 1970.
pub const HEADER_LEDGER_SINCE: &str = "pendopo-ledger-since";
/// On an `answered` answer of the ledger: the HTTP status that the backend gave.
pub const HEADER_LEDGER_STATUS: &str = "pendopo-status";
/// On a question to the ledger: whose answer is meant, `region/backend`.
pub const HEADER_BACKEND: &str = "pendopo-backend";
/// On a request with a key: nobody knows what became of the one before it, and the citizen wants it
/// sent all the same, for the n-th time of this application. Each number is let through once.
pub const HEADER_RESEND: &str = "pendopo-resend";
/// Where the ledger is asked: GET with the header `Idempotency-Key`, so that the key is in no address.
pub const LEDGER_PATH: &str = "/l";
