//! A request's fields and files, and the refusal of those that break a rule.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use reqwest::Url;
use serde_json::{Value, json};

/// Most bytes of a body, files included.
const LARGEST_BODY: usize = 24 * 1024 * 1024;

/// A file as it came.
#[derive(Clone, Debug)]
pub(in crate::cli::sandbox) struct Upload {
    /// The name that the sender gave it.
    pub(in crate::cli::sandbox) name: String,
    pub(in crate::cli::sandbox) bytes: Vec<u8>,
}

/// What a request holds.
#[derive(Clone, Debug, Default)]
pub(in crate::cli::sandbox) struct Input {
    fields: BTreeMap<String, String>,
    pub(in crate::cli::sandbox) files: BTreeMap<String, Upload>,
    wants_json: bool,
}

impl Input {
    /// Reads a request's body, whatever kind it is of.
    ///
    /// # Errors
    /// 413 where it is too large.
    pub(in crate::cli::sandbox) async fn read(request: Request) -> Result<Self, Response> {
        let mut input = Self {
            wants_json: wants_json(request.headers()),
            ..Self::default()
        };
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            if request.method() == Method::POST {
                let parts = Multipart::from_request(request, &()).await;
                input.multipart(parts.map_err(IntoResponse::into_response)?).await?;
            }
            return Ok(input);
        }
        let body = to_bytes(request.into_body(), LARGEST_BODY)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        if kind.contains("json") {
            let Ok(Value::Object(members)) = serde_json::from_slice(&body) else {
                return Ok(input);
            };
            for (name, value) in members {
                let text = match value {
                    Value::Null => continue,
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                input.put(name, &text);
            }
        } else {
            let text = String::from_utf8_lossy(&body);
            if let Ok(form) = Url::parse(&format!("http://form/?{text}")) {
                for (name, value) in form.query_pairs() {
                    input.put(name.into_owned(), &value);
                }
            }
        }
        Ok(input)
    }

    async fn multipart(&mut self, mut parts: Multipart) -> Result<(), Response> {
        while let Some(part) = parts.next_field().await.map_err(IntoResponse::into_response)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                None => {
                    let text = part.text().await.map_err(IntoResponse::into_response)?;
                    self.put(name, &text);
                }
                Some(file) => {
                    let bytes = part.bytes().await.map_err(IntoResponse::into_response)?.to_vec();
                    // An empty one is what a browser sends for a file input that was left alone.
                    if !bytes.is_empty() {
                        self.files.insert(name, Upload { name: file, bytes });
                    }
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, name: String, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.fields.insert(name, value.to_owned());
        }
    }

    /// A field's value; `None` where it is missing or empty.
    pub(in crate::cli::sandbox) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// All fields, without the files.
    pub(in crate::cli::sandbox) const fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }

    /// A refusal of this request, to which reasons are added.
    pub(in crate::cli::sandbox) const fn invalid(&self) -> Invalid {
        Invalid {
            errors: BTreeMap::new(),
            wants_json: self.wants_json,
        }
    }

    /// Refuses the request unless all these fields are there.
    ///
    /// # Errors
    /// One reason for each that is missing.
    pub(in crate::cli::sandbox) fn require(&self, names: &[&str]) -> Result<(), Invalid> {
        let mut invalid = self.invalid();
        for name in names {
            if self.get(name).is_none() && !self.files.contains_key(*name) {
                invalid.missing(name);
            }
        }
        invalid.unless_empty()
    }
}

/// Whether whoever asks wants JSON: `Accept` must name it, "anything" is not enough.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| {
        let first = accept.split(',').next().unwrap_or_default();
        first.contains("/json") || first.contains("+json")
    })
}

/// A refusal by rules: what is wrong, by field.
#[derive(Debug)]
pub(in crate::cli::sandbox) struct Invalid {
    errors: BTreeMap<String, Vec<String>>,
    wants_json: bool,
}

impl Invalid {
    /// Adds a reason.
    pub(in crate::cli::sandbox) fn add(&mut self, field: &str, reason: String) {
        self.errors.entry(field.to_owned()).or_default().push(reason);
    }

    /// Adds that a field is missing, in the server's own words.
    pub(in crate::cli::sandbox) fn missing(&mut self, field: &str) {
        self.add(field, format!("Isian {} wajib diisi.", field.replace('_', " ")));
    }

    /// The refusal, if there is a reason for one.
    ///
    /// # Errors
    /// Itself.
    pub(in crate::cli::sandbox) fn unless_empty(self) -> Result<(), Self> {
        if self.errors.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl IntoResponse for Invalid {
    fn into_response(self) -> Response {
        if !self.wants_json {
            return (StatusCode::FOUND, [(LOCATION, "/")]).into_response();
        }
        let body = json!({ "message": "Data yang diberikan tidak valid.", "errors": self.errors });
        (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
    }
}
