//! The two formats: the same records as JSON or as XML.
//!
//! In XML a list is an element with an element for each record, what is missing is an empty element,
//! and a record that was asked for alone stands without its list.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::refusal::Refusal;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Json,
    Xml,
}

impl Wire {
    /// How addresses end.
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }

    /// The name in `name.json`, or in `name.xml`.
    pub(super) fn resource(self, file: &str) -> Result<&str, Refusal> {
        file.strip_suffix(self.extension())
            .and_then(|name| name.strip_suffix('.'))
            .ok_or_else(|| self.unknown_format())
    }

    /// What is said where somebody asks for the other format.
    pub(super) fn unknown_format(self) -> Refusal {
        let extension = self.extension();
        let name = extension.to_uppercase();
        Refusal::not_found(format!("Layanan ini hanya berbicara {name} (.{extension})."))
    }

    /// A list of records: `list` and `record` are the names of their elements.
    pub(super) fn list<T: Serialize>(self, status: StatusCode, list: &str, record: &str, rows: &[T]) -> Response {
        match self {
            Self::Json => (status, Json(rows)).into_response(),
            Self::Xml => {
                let rows = rows.iter().map(|row| json!({ record: row }));
                xml(status, &json!({ list: rows.collect::<Vec<_>>() }))
            }
        }
    }

    /// A record that was asked for alone.
    pub(super) fn alone<T: Serialize>(self, record: &str, row: T) -> Response {
        match self {
            Self::Json => Json([row]).into_response(),
            Self::Xml => xml(StatusCode::OK, &json!({ record: row })),
        }
    }

    /// A service's definition.
    pub(super) fn definition<T: Serialize>(self, code: &str, attributes: &[T]) -> Response {
        match self {
            Self::Json => Json(json!({"service_code": code, "attributes": attributes})).into_response(),
            Self::Xml => {
                let mut parts = vec![json!({ "service_code": code })];
                parts.extend(attributes.iter().map(|attribute| json!({ "attribute": attribute })));
                xml(StatusCode::OK, &json!({ "service_definition": parts }))
            }
        }
    }
}

/// Writes refusals as XML: a handler cannot know the city's format when it gives up early.
pub(super) async fn refuse_in_xml(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Refusal>() {
        Some(refusal) => {
            let reasons = refusal.reasons.iter().map(|reason| json!({ "error": reason }));
            xml(response.status(), &json!({ "errors": reasons.collect::<Vec<_>>() }))
        }
        None => response,
    }
}

/// The shortest of the shapes of an error: words alone.
pub(super) fn bare_error(status: StatusCode, words: &str) -> Response {
    xml(status, &json!({ "error": words }))
}

fn xml(status: StatusCode, value: &Value) -> Response {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    write(&mut text, value);
    (status, [(CONTENT_TYPE, "text/xml; charset=utf-8")], text).into_response()
}

/// An object is an element for each member; a list is its parts, one after the other.
fn write(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(parts) => parts.iter().for_each(|part| write(text, part)),
        Value::Object(members) => {
            for (name, value) in members {
                let (name, value) = (name.as_str(), values(name, value));
                let mut inner = String::new();
                write(&mut inner, &value);
                if inner.is_empty() {
                    text.extend(["<", name, "/>"]);
                } else {
                    text.extend(["<", name, ">", &inner, "</", name, ">"]);
                }
            }
        }
        Value::String(raw) => escape(text, raw),
        other => text.push_str(&other.to_string()),
    }
}

/// A question's choices are a list of their own within it.
fn values(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("values", Value::Array(choices)) => {
            Value::Array(choices.iter().map(|choice| json!({ "value": choice })).collect())
        }
        _ => value.clone(),
    }
}

fn escape(text: &mut String, raw: &str) {
    for letter in raw.chars() {
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            // XML has no place for these, not even escaped.
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => text.push(letter),
        }
    }
}
