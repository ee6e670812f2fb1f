//! How the foreign server writes: the same data in JSON and in XML, lists in four ways, errors in
//! five.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::server::{Errors, Format, Lists};

/// An answer; `name` is what its outermost element or list is called.
pub fn answer(status: u16, value: &Value, name: &str, format: Format, lists: Lists) -> Response {
    let text = match format {
        Format::Xml => document(name, value),
        Format::Json => listed(name, value, lists, true).to_string(),
    };
    respond(status, text, format)
}

pub fn error(status: u16, words: &str, format: Format, errors: Errors) -> Response {
    let (name, xml, json) = match errors {
        Errors::List => {
            let list = json!([{"code": status, "description": words}]);
            ("errors", list.clone(), list)
        }
        Errors::Text => ("error", json!(words), json!({"error": words})),
        Errors::Object => {
            let error = json!({"code": status, "message": words});
            ("error", error.clone(), json!({"error": error}))
        }
        Errors::Detail => {
            let error = json!({"code": status, "detail": words});
            ("error", error.clone(), error)
        }
        Errors::NoCode => {
            let error = json!({"description": words});
            ("error", error.clone(), json!({"error": error}))
        }
    };
    let text = match format {
        Format::Xml => document(name, &xml),
        Format::Json => json.to_string(),
    };
    respond(status, text, format)
}

fn respond(status: u16, text: String, format: Format) -> Response {
    let kind = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Xml => "text/xml; charset=utf-8",
    };
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, kind)], text).into_response()
}

/// What one item of a list is called.
fn item(list: &str) -> &str {
    match list {
        "service_requests" => "request",
        "service_request_updates" => "request_update",
        "riwayat" => "langkah",
        "service_definition" => "attribute",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    }
}

/// JSON as this server writes its lists.
fn listed(name: &str, value: &Value, lists: Lists, outermost: bool) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(|value| listed("", value, lists, false)).collect();
            match lists {
                Lists::Collapsed if items.len() == 1 => items.remove(0),
                Lists::Inside => json!({ item(name): items }),
                Lists::Wrapped if outermost => json!({ name: items }),
                _ => Value::Array(items),
            }
        }
        Value::Object(members) => {
            let written = |(name, value): (&String, &Value)| (name.clone(), listed(name, value, lists, false));
            Value::Object(members.iter().map(written).collect::<Map<_, _>>())
        }
        Value::Null if lists == Lists::Inside => json!([]),
        scalar if lists == Lists::Inside => json!([scalar]),
        scalar => scalar.clone(),
    }
}

fn document(name: &str, value: &Value) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
    element(name, value, &mut text);
    text
}

fn element(name: &str, value: &Value, text: &mut String) {
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Array(items) => items.iter().for_each(|value| element(item(name), value, text)),
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, text)),
        Value::Null => {}
        Value::String(words) => {
            text.push_str(&words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        }
        other => text.push_str(&other.to_string()),
    }
    text.push_str(&format!("</{name}>"));
}
