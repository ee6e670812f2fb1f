//! What an OpenAPI document says of creating and reading a ticket.

use serde_json::{Map, Value};

use super::Known;

/// Words in the path of what citizens send, best first.
const SENT: [&str; 12] = [
    "ticket",
    "tiket",
    "aduan",
    "komplain",
    "complaint",
    "pengaduan",
    "laporan",
    "report",
    "permohonan",
    "request",
    "case",
    "issue",
];
/// References that are followed, at most.
const FOLLOWED: usize = 8;

/// What is known by a document; `None` where nothing is created by it.
#[must_use]
pub fn known(document: &Value) -> Option<Known> {
    let paths = document.get("paths")?.as_object()?;
    let posts = || {
        let posts = paths.iter().filter_map(|(path, item)| Some((path, item.get("post")?)));
        posts.filter(|(path, _)| !path.contains('{'))
    };
    let named = SENT
        .iter()
        .find_map(|word| posts().find(|(path, _)| path.to_lowercase().contains(word)));
    let (path, post) = named.or_else(|| posts().next())?;
    let (encoding, schema) = body(document, post)?;
    let one = paths.iter().find_map(|(other, item)| {
        let below = other.strip_prefix(path.as_str())?.strip_prefix('/')?;
        let single = below.starts_with('{') && below.ends_with('}') && !below.contains('/');
        Some((other, item.get("get")?)).filter(|_| single)
    });
    let prefix = document.get("basePath").and_then(Value::as_str).unwrap_or_default();
    let relative = |path: &str| format!("{prefix}{path}").trim_start_matches('/').to_owned();
    Some(Known {
        create: Some(relative(path)),
        encoding,
        fields: properties(document, schema).keys().cloned().collect(),
        created: answer(document, post).map(|schema| example(document, schema, 5)),
        track: one.map(|_| format!("{}/{{reference}}", relative(path))),
        read: one
            .and_then(|(_, get)| answer(document, get))
            .map(|schema| example(document, schema, 5)),
    })
}

/// What a reference refers to.
fn followed<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..FOLLOWED {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|target| target.strip_prefix('#'));
        match target.and_then(|target| document.pointer(target)) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

fn body<'a>(document: &'a Value, post: &'a Value) -> Option<(Option<&'static str>, &'a Value)> {
    let kinds = [
        ("application/json", None),
        ("multipart/form-data", Some("multipart")),
        ("application/x-www-form-urlencoded", Some("form")),
    ];
    if let Some(content) = post
        .get("requestBody")
        .map(|body| followed(document, body))
        .and_then(|body| body.get("content"))
    {
        return kinds
            .into_iter()
            .find_map(|(media, encoding)| Some((encoding, content.get(media)?.get("schema")?)));
    }
    // Version 2 has the body among the parameters.
    let parameters = post.get("parameters")?.as_array()?;
    let body = parameters
        .iter()
        .find(|parameter| parameter.get("in") == Some(&"body".into()))?;
    Some((None, body.get("schema")?))
}

fn answer<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    let response = followed(document, response);
    let content = response
        .get("content")
        .and_then(|content| content.get("application/json"));
    content.unwrap_or(response).get("schema")
}

/// All properties of a schema, those of its parts included.
fn properties(document: &Value, schema: &Value) -> Map<String, Value> {
    let schema = followed(document, schema);
    let mut all = Map::new();
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        let part = followed(document, part);
        all.extend(
            part.get("properties")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default(),
        );
    }
    all.extend(
        schema
            .get("properties")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
    );
    all
}

/// A value of a schema's shape; texts are empty, since nothing was seen.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = followed(document, schema);
    let Some(deeper) = depth.checked_sub(1) else {
        return Value::Null;
    };
    if let Some(items) = schema.get("items") {
        return Value::Array(vec![example(document, items, deeper)]);
    }
    let properties = properties(document, schema);
    if properties.is_empty() {
        return Value::String(String::new());
    }
    let members = properties.iter();
    Value::Object(
        members
            .map(|(name, schema)| (name.clone(), example(document, schema, deeper)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_says_where_a_ticket_is_created_and_read() {
        let document = json!({"openapi": "3.0.0", "paths": {
            "/auth": {"post": {"requestBody": {"content": {"application/json": {"schema": {"properties": {"x": {}}}}}}}},
            "/tickets": {"post": {
                "requestBody": {"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/New"}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {"properties": {"data": {"$ref": "#/components/schemas/One"}}}}}}}
            }},
            "/tickets/{id}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/One"}}}}}}}
        }, "components": {"schemas": {
            "New": {"properties": {"judul": {"type": "string"}, "isi": {"type": "string"}}},
            "One": {"properties": {"nomor": {"type": "string"}, "status": {"type": "string"}}}
        }}});
        let known = known(&document).unwrap();
        assert_eq!(
            (known.create.as_deref(), known.encoding),
            (Some("tickets"), Some("multipart"))
        );
        assert_eq!(known.fields, ["isi", "judul"]);
        assert_eq!(known.track.as_deref(), Some("tickets/{reference}"));
        let profile = super::super::profile(&known);
        assert_eq!(profile["intents"]["submit"]["gives"]["reference"], "/data/nomor");
        assert_eq!(profile["intents"]["track"]["gives"]["status"], "/status");
    }

    #[test]
    fn a_reference_that_refers_to_itself_ends() {
        let document = json!({"paths": {"/tickets": {"post": {"requestBody": {"$ref": "#/a"}}}}, "a": {"$ref": "#/a"}});
        assert_eq!(known(&document), None);
        let list = json!({"swagger": "2.0", "basePath": "/v1", "a": {"properties": {"a": {"$ref": "#/a"}}}, "paths": {"/aduan": {"post": {
            "parameters": [{"in": "body", "schema": {"$ref": "#/a"}}], "responses": {"200": {"schema": {"$ref": "#/a"}}}}}}});
        let known = known(&list).unwrap();
        assert_eq!(known.create.as_deref(), Some("v1/aduan"));
    }
}
