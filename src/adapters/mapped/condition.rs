//! When something holds of an answer: `{"at": "/success", "is": "true"}`.
//!
//! A list of conditions holds where all do. `status` compares the HTTP status with a number or a class
//! (`"2xx"`); the others look at what a pick finds: `is`, `is_not`, `any_of`, `contains`, `exists`. Texts
//! are compared without regard to case.

use super::pick::{Pick, Place};
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// Keys of a condition.
pub(super) const CONDITION_KEYS: [&str; 7] = ["status", "at", "is", "is_not", "any_of", "contains", "exists"];

/// One condition.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// The HTTP status is within.
    Status(u16, u16),
    /// What is found passes the test.
    At(Box<Pick>, Test),
}

/// What is asked of what is found.
#[derive(Clone, Debug)]
pub(super) enum Test {
    AnyOf(Vec<String>),
    NoneOf(Vec<String>),
    Contains(String),
    Exists(bool),
}

impl Condition {
    /// Reads the conditions of a key: one, or a list.
    pub(super) fn read(keys: &mut Keys<'_>, key: &str) -> Vec<Self> {
        let Some(value) = keys.value(key) else {
            return Vec::new();
        };
        let path = keys.at(key);
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items
                    .filter_map(|(at, item)| Self::of(item, &[&path, "/", &at.to_string()].concat(), keys.wrong))
                    .collect()
            }
            one => Self::of(one, &path, keys.wrong).into_iter().collect(),
        }
    }

    fn of(value: &Value, path: &str, wrong: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(map) = value.as_object() else {
            wrong.push(Diagnostic::new(
                path,
                "a condition such as {\"at\": \"/success\", \"is\": \"true\"}",
                value.json(),
            ));
            return None;
        };
        let mut keys = Keys::new(map, path.to_owned(), wrong);
        keys.unknown(&CONDITION_KEYS);
        if let Some(status) = keys.text("status") {
            let range = match status.strip_suffix("xx").and_then(|class| class.parse::<u16>().ok()) {
                Some(class @ 1..=5) => Some((class.saturating_mul(100), class.saturating_mul(100).saturating_add(99))),
                _ => status.parse().ok().map(|status| (status, status)),
            };
            if range.is_none() {
                keys.complain("status", "an HTTP status such as 302, or a class such as 2xx", || {
                    status
                });
            }
            return range.map(|(from, to)| Self::Status(from, to));
        }
        let pick = Pick::read(&mut keys, "at")?;
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(value.json()),
            _ => None,
        };
        let one = |keys: &Keys<'_>, key: &str| keys.value(key).and_then(plain);
        let test = if let Some(is) = one(&keys, "is") {
            Test::AnyOf(vec![is])
        } else if let Some(is_not) = one(&keys, "is_not") {
            Test::NoneOf(vec![is_not])
        } else if let Some(contains) = one(&keys, "contains") {
            Test::Contains(contains)
        } else if let Some(Value::Array(items)) = keys.value("any_of") {
            Test::AnyOf(items.iter().filter_map(plain).collect())
        } else if let Some(Value::Bool(exists)) = keys.value("exists") {
            Test::Exists(*exists)
        } else {
            keys.complain("at", "one of is, is_not, any_of, contains, exists beside it", || {
                value.json()
            });
            return None;
        };
        Some(Self::At(Box::new(pick), test))
    }

    /// The pick that it looks at.
    pub(super) fn pick(&self) -> Option<&Pick> {
        match self {
            Self::At(pick, _) => Some(pick),
            Self::Status(..) => None,
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, place: Place<'_>) -> bool {
        match self {
            Self::Status(from, to) => {
                let status = place.documents.last().map(|document| document.status);
                status.is_some_and(|status| (*from..=*to).contains(&status))
            }
            Self::At(pick, test) => {
                let found = || pick.first(place).to_lowercase();
                let same = |texts: &[String]| {
                    let found = found();
                    texts.iter().any(|text| text.trim().to_lowercase() == found)
                };
                match test {
                    Test::AnyOf(texts) => same(texts),
                    Test::NoneOf(texts) => !same(texts),
                    Test::Contains(text) => {
                        let all = pick.all(place);
                        all.iter()
                            .any(|found| found.to_lowercase().contains(&text.to_lowercase()))
                    }
                    Test::Exists(wanted) => pick.is_there(place) == *wanted,
                }
            }
        }
    }
}

/// Whether all hold.
pub(super) fn all(conditions: &[Condition], place: Place<'_>) -> bool {
    conditions.iter().all(|condition| condition.holds(place))
}
