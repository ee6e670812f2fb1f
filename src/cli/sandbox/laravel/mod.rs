//! What servers built on Laravel have in common: how a request's fields come in, how a wrong one is
//! refused, and how lists are cut into pages in the manner of JSON:API.
//!
//! OpenSID and OpenDK are such servers. Seen in their source:
//!
//! - Fields are taken from JSON, urlencoded and multipart alike; space around a value goes, and an
//!   empty one counts as missing. The body of a PUT that is multipart is not read at all: PHP does
//!   that for POST alone.
//! - A request that fails its rules is a 422 with `errors` by field, **if** it asks for JSON (`Accept`
//!   names it). Any other is sent to another page with a 302, as a browser with a form would be.

mod input;
mod pages;

pub(super) use input::{Input, Invalid};
pub(super) use pages::{Page, item, links};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::register::RegisterError;

/// The 500 of a server that does not show what went wrong.
pub(super) fn broken() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        Json(json!({ "message": "Server Error" })),
    )
        .into_response()
}

/// What whoever asks too often is told.
pub(super) fn busy() -> Response {
    (
        StatusCode::TOO_MANY_REQUESTS,
        Json(json!({ "message": "Too Many Attempts." })),
    )
        .into_response()
}

/// What a handler ends in when it cannot go on: an answer.
pub(super) struct Failed(Box<Response>);

impl Failed {
    /// The server's own 500.
    pub(super) fn broken() -> Self {
        broken().into()
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<Response> for Failed {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<Invalid> for Failed {
    fn from(invalid: Invalid) -> Self {
        invalid.into_response().into()
    }
}

impl From<RegisterError> for Failed {
    fn from(error: RegisterError) -> Self {
        error.log();
        Self::broken()
    }
}
