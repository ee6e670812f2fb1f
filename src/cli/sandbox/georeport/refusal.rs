//! How a demonstration city says no: GeoReport's list of `code` and `description`.
//!
//! The specification wants 404 for what does not exist and 400 for everything else that the client
//! did; what the city itself could not do is a 500 in the same shape. Descriptions are in the
//! city's language, since they are meant for its citizens.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::super::register::RegisterError;

/// One thing that was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Reason {
    pub(super) code: u16,
    pub(super) description: String,
}

/// A refusal with all its reasons; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    pub(super) reasons: Vec<Reason>,
}

impl Refusal {
    fn one(status: StatusCode, description: impl Into<String>) -> Self {
        Self {
            status,
            reasons: vec![Reason {
                code: status.as_u16(),
                description: description.into(),
            }],
        }
    }

    /// It does not exist.
    pub(super) fn not_found(description: impl Into<String>) -> Self {
        Self::one(StatusCode::NOT_FOUND, description)
    }

    /// It cannot be done as asked, for this reason.
    pub(super) fn bad(description: impl Into<String>) -> Self {
        Self::one(StatusCode::BAD_REQUEST, description)
    }

    /// It cannot be done as asked, for all these reasons; `None` where there is none.
    pub(super) fn all(descriptions: Vec<String>) -> Option<Self> {
        let code = StatusCode::BAD_REQUEST.as_u16();
        let reasons: Vec<Reason> = descriptions
            .into_iter()
            .map(|description| Reason { code, description })
            .collect();
        (!reasons.is_empty()).then_some(Self {
            status: StatusCode::BAD_REQUEST,
            reasons,
        })
    }

    /// The city's own system failed.
    pub(super) fn broken() -> Self {
        Self::one(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Sistem sedang bermasalah. Silakan coba lagi nanti.",
        )
    }
}

impl From<RegisterError> for Refusal {
    fn from(error: RegisterError) -> Self {
        error.log();
        Self::broken()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(&self.reasons)).into_response();
        // For a city that does not speak JSON: see `wire::refuse_in_xml`.
        response.extensions_mut().insert(self);
        response
    }
}
