//! The envelope of every answer: `success`, `message`, `data`, and `errors` where it failed.
//!
//! A failure is a 422, unless the caller says that it is the office's app (`Source: android`): then
//! it is a 200, and `success` alone tells. What the framework refuses before the office's own code
//! is reached, a call without a token, has no envelope.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Who calls: a browser, or the office's own app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) is_app: bool,
}

impl Source {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let source = headers.get("source").and_then(|value| value.to_str().ok());
        Self {
            is_app: source.is_some_and(|source| source.eq_ignore_ascii_case("android")),
        }
    }

    /// An answer that says that it failed.
    pub(super) fn failure(self, message: &str, data: &Value, errors: &Value) -> Response {
        let status = if self.is_app {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let body = json!({"success": false, "message": message, "data": data, "errors": errors});
        (status, Json(body)).into_response()
    }

    /// A failure with a message alone.
    pub(super) fn failed(self, message: &str) -> Response {
        self.failure(message, &json!([]), &json!([]))
    }

    /// A failure by field: the rule that each broke, and its words.
    pub(super) fn invalid(self, wrong: &[(String, &str)]) -> Response {
        let mut errors = Map::new();
        for (field, rule) in wrong {
            let words = match *rule {
                "_required" => "This field is required",
                _ => "This field cannot be left empty",
            };
            errors.insert(field.clone(), json!({ *rule: words }));
        }
        let message = "Permohonan izin tidak berhasil disimpan. Silahkan coba kembali.";
        self.failure(message, &json!({}), &Value::Object(errors))
    }
}

/// An answer that says that it succeeded.
pub(super) fn success(message: &str, data: &Value) -> Response {
    Json(json!({"success": true, "message": message, "data": data})).into_response()
}

/// What the framework says itself, outside the envelope.
pub(super) fn refused(status: StatusCode, message: &str, url: &str) -> Response {
    let body = json!({"message": message, "url": url, "code": status.as_u16()});
    (status, Json(body)).into_response()
}

/// A server that fails shows a page, not an envelope.
pub(in crate::cli::sandbox) fn broken() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Error</title></head><body><h2>An Internal Error Has Occurred.</h2></body></html>";
    (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
}

/// What whoever asks too often is told, by the server before the software.
pub(in crate::cli::sandbox) fn busy() -> Response {
    let page =
        "<html><head><title>429 Too Many Requests</title></head><body><h1>429 Too Many Requests</h1></body></html>";
    (StatusCode::TOO_MANY_REQUESTS, Html(page)).into_response()
}

/// The headers with which every page of the world may call.
pub(super) fn open(mut response: Response) -> Response {
    let headers = [
        ("access-control-allow-origin", "*"),
        (
            "access-control-allow-headers",
            "origin, x-requested-with, content-type, accept",
        ),
        ("access-control-allow-methods", "OPTIONS, PUT, GET, POST, DELETE"),
    ];
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
