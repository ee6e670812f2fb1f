//! The published schema of region files, asked before anything else reads one.
//!
//! The schema is the same file that an editor uses, so an author is told the same things twice at
//! most. What it expects is said in the words of its own `description`s.

use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Retrieve, Uri, ValidationError, Validator};
use serde_json::Value;

use super::form_engine;
use crate::model::diagnostic::Diagnostic;

const REGION: &str = include_str!("../../../public/schema/region.schema.json");

struct Schema {
    region: Value,
    form: Value,
    validator: Validator,
}

/// Answers the one reference to another file; nothing is ever fetched.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        if uri.as_str().ends_with("/form.schema.json") {
            return Ok(form_engine::schema());
        }
        Err(format!("the schema refers to {uri}, which is not part of this program").into())
    }
}

fn schema() -> Option<&'static Schema> {
    static SCHEMA: OnceLock<Option<Schema>> = OnceLock::new();
    let compiled = SCHEMA.get_or_init(|| {
        let region: Value = serde_json::from_str(REGION).ok()?;
        let validator = jsonschema::draft202012::options()
            .with_retriever(Beside)
            .build(&region)
            .ok()?;
        let form = form_engine::schema();
        Some(Schema {
            region,
            form,
            validator,
        })
    });
    compiled.as_ref()
}

/// What a region file has that its schema does not allow, in the file's order of keys.
pub(super) fn check(file: &Value) -> Vec<Diagnostic> {
    let Some(schema) = schema() else {
        // A test makes sure that this is never built.
        return vec![Diagnostic::new(
            "",
            "a program with its schema",
            "a schema that cannot be used",
        )];
    };
    let mut found = Vec::new();
    for error in schema.validator.iter_errors(file) {
        // Pointers into a schema are of the file that holds the failed keyword.
        let path = error.instance_path().as_str();
        let in_form = path.contains("/form/") || path.ends_with("/form");
        let document = if in_form { &schema.form } else { &schema.region };
        say(document, &error, &mut found);
    }
    // One value may fail by several keywords that say the same.
    found.dedup();
    found
}

fn say(document: &Value, error: &ValidationError<'_>, found: &mut Vec<Diagnostic>) {
    let path = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known = known_keys(document, error);
            found.extend(unexpected.iter().map(|key| {
                let expected = match known.as_str() {
                    "" => "no such key".to_owned(),
                    known => format!("one of the keys {known}"),
                };
                Diagnostic::new(join(path, key), expected, key)
            }));
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let expected = described(document, &format!("{}/properties/{key}", node(error)));
            found.push(Diagnostic::new(
                join(path, key),
                expected.unwrap_or_else(|| "a value".to_owned()),
                "nothing",
            ));
        }
        kind => {
            let expected = match kind {
                ValidationErrorKind::MinItems { limit } => Some(format!("at least {limit} of them")),
                ValidationErrorKind::MaxItems { limit } => Some(format!("at most {limit} of them")),
                ValidationErrorKind::Minimum { limit } => Some(format!("at least {limit}")),
                ValidationErrorKind::Maximum { limit } => Some(format!("at most {limit}")),
                _ => described(document, node(error)).or_else(|| match kind {
                    ValidationErrorKind::Enum { options } => Some(format!("one of {}", listed(options))),
                    ValidationErrorKind::Constant { expected_value } => Some(plain(expected_value)),
                    _ => None,
                }),
            };
            let expected = expected.unwrap_or_else(|| error.masked().to_string());
            found.push(Diagnostic::new(path, expected, error.instance().to_string()));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(options: &Value) -> String {
    let options: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
    options.join(", ")
}

/// Where in the schema the failed keyword's own object stands.
fn node<'a>(error: &'a ValidationError<'_>) -> &'a str {
    let path = error.schema_path().as_str();
    path.rsplit_once('/').map_or("", |(node, _)| node)
}

fn described(document: &Value, pointer: &str) -> Option<String> {
    let node = document.pointer(pointer)?;
    let said = |node: &Value| {
        let description = node.get("description")?.as_str()?;
        let (sentence, _) = description.split_once(". ").unwrap_or((description, ""));
        Some(sentence.trim_end_matches('.').to_owned())
    };
    said(node).or_else(|| {
        let target = node.get("$ref")?.as_str()?.strip_prefix('#')?;
        said(document.pointer(target)?)
    })
}

fn known_keys(document: &Value, error: &ValidationError<'_>) -> String {
    let properties = document.pointer(&format!("{}/properties", node(error)));
    let keys = properties.and_then(Value::as_object).map(|object| object.keys());
    let keys: Vec<&str> = keys.into_iter().flatten().map(String::as_str).collect();
    keys.join(", ")
}

/// A JSON Pointer one key further (RFC 6901, section 3).
pub(super) fn join(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::region::RegionFile;

    /// Every key that the types know, so that schema and types cannot drift apart.
    fn full() -> Value {
        let service = json!({
            "code": "001", "name": "Jalan rusak", "description": "x", "group": "x", "keywords": ["lubang"],
            "office": "x", "requirements": ["x"], "cost": "x", "duration": {"id": "x"}, "next": "x",
            "form": {"format": 1, "steps": [
                {"id": "s", "title": "x", "sections": [{"fields": [{"id": "a", "type": "text", "label": "x"}]}]}
            ]}
        });
        json!({
            "$schema": "x", "format": 1, "code": "32.73", "name": "Kota Bandung", "languages": ["id", "su"],
            "utc_offset": 420, "demonstration": true,
            "contact": {"office": "Diskominfo", "phone": "022 1234", "email": "a@b.id", "url": "https://bandung.go.id"},
            "theme": {"nila": "#1e4e79", "sogan": "#7a4a12"},
            "backends": [{
                "id": "lapor", "name": "Lapor", "office": "Diskominfo", "adapter": "open311",
                "profile": {"any": 1}, "guarded": true, "services": [service],
                "sources": {"bahan": [{"value": "bata", "label": "Bata", "parent": "dinding"}]}
            }]
        })
    }

    #[test]
    fn the_schema_can_be_used_and_allows_every_key_that_the_types_know() {
        assert!(schema().is_some());
        let file: RegionFile = serde_json::from_value(full()).unwrap();
        let written = serde_json::to_value(file).unwrap();
        assert_eq!(written, full());
        assert_eq!(check(&full()), []);
    }

    #[test]
    fn every_key_that_the_schema_allows_is_known_to_the_types() {
        fn keys(value: &Value, into: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    for (key, inner) in object {
                        into.push(key.clone());
                        keys(inner, into);
                    }
                }
                Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
                _ => {}
            }
        }
        let mut written = Vec::new();
        keys(&full(), &mut written);
        let document = &schema().unwrap().region;
        for object in [
            "",
            "/properties/contact",
            "/properties/theme",
            "/$defs/backend",
            "/$defs/service",
        ] {
            let properties = document.pointer(&format!("{object}/properties")).unwrap();
            for key in properties.as_object().unwrap().keys() {
                assert!(written.contains(key), "{object} {key}");
            }
        }
    }

    #[test]
    fn every_node_says_in_words_what_it_expects() {
        let document = &schema().unwrap().region;
        fn look(value: &Value, at: &str) {
            let Value::Object(object) = value else { return };
            if object.contains_key("type") || object.contains_key("enum") || object.contains_key("const") {
                assert!(object.contains_key("description"), "{at}");
            }
            for (key, inner) in object {
                look(inner, &join(at, key));
            }
        }
        look(document, "");
    }
}
