//! Reading an object of a profile one key at a time.
//!
//! What is wrong is noted with its path and the default stays; so one misspelt key takes nothing else
//! away. Null is as good as absent. It knows nothing of what the keys mean.

use super::answer::status::StatusTable;
use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::json::Value;
use crate::model::json::value::Members;

/// The keys of one object, read one at a time; what is wrong is noted, and the default stays.
pub(in crate::adapters) struct Keys<'a> {
    pub(in crate::adapters) map: &'a Members,
    path: String,
    pub(in crate::adapters) wrong: &'a mut Vec<Diagnostic>,
}

impl<'a> Keys<'a> {
    pub(in crate::adapters) const fn new(map: &'a Members, path: String, wrong: &'a mut Vec<Diagnostic>) -> Self {
        Self { map, path, wrong }
    }

    /// The keys of a whole profile. `None` where it is null, and where it is no object, which is noted.
    pub(in crate::adapters) fn of(profile: &'a Value, wrong: &'a mut Vec<Diagnostic>) -> Option<Self> {
        match profile {
            Value::Null => None,
            Value::Object(map) => Some(Self::new(map, "/profile".to_owned(), wrong)),
            other => {
                if SAID {
                    wrong.push(Diagnostic::new("/profile", "an object", other.json()));
                }
                None
            }
        }
    }

    /// A table of statuses.
    pub(in crate::adapters) fn statuses(&mut self, key: &str, into: &mut StatusTable) {
        if let Some(map) = self.map.get(key) {
            let path = self.at(key);
            into.extend(map, &path, self.wrong);
        }
    }

    pub(in crate::adapters) fn at(&self, key: &str) -> String {
        if !SAID {
            return String::new();
        }
        [&self.path, "/", key].concat()
    }

    /// Says what is wrong with a key; what was found is written only where it is said.
    #[inline]
    pub(in crate::adapters) fn complain(&mut self, key: &str, expected: &'static str, found: impl FnOnce() -> String) {
        if SAID {
            self.wrong.push(Diagnostic::new(self.at(key), expected, found()));
        }
    }

    /// The same, where what is expected is not always the same.
    #[inline]
    fn complain_with(&mut self, key: &str, words: impl FnOnce() -> (String, String)) {
        if SAID {
            let (expected, found) = words();
            self.wrong.push(Diagnostic::new(self.at(key), expected, found));
        }
    }

    /// The value of a key; null is as good as absent.
    pub(in crate::adapters) fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    pub(in crate::adapters) fn holds_object(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| value.as_object().is_some())
    }

    pub(in crate::adapters) fn text(&mut self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.clone()),
            other => {
                self.complain(key, "a text", || other.json());
                None
            }
        }
    }

    pub(in crate::adapters) fn name(&mut self, key: &str, into: &mut String) {
        if let Some(name) = self.text(key) {
            *into = name;
        }
    }

    pub(in crate::adapters) fn word<T: Copy>(&mut self, key: &str, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.complain_with(key, || {
                let list: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                (["one of ", &list.join(", ")].concat(), text)
            });
        }
        found
    }

    pub(in crate::adapters) fn flag(&mut self, key: &str, into: &mut bool) {
        match self.value(key) {
            Some(Value::Bool(flag)) => *into = *flag,
            Some(other) => self.complain(key, "true or false", || other.json()),
            None => {}
        }
    }

    pub(in crate::adapters) fn number(&mut self, key: &str) -> Option<u64> {
        let value = self.value(key)?;
        let number = value.as_u64();
        if number.is_none() {
            self.complain(key, "a whole number", || value.json());
        }
        number
    }

    pub(in crate::adapters) fn count(&mut self, key: &str, into: &mut u32) {
        if let Some(number) = self.number(key) {
            match u32::try_from(number) {
                Ok(count) => *into = count,
                Err(_) => self.complain(key, "a smaller number", || number.to_string()),
            }
        }
    }

    pub(in crate::adapters) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.value(key)?;
        let texts = value.as_array().and_then(|items| {
            items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<String>>>()
        });
        if texts.is_none() {
            self.complain(key, "a list of texts", || value.json());
        }
        texts
    }

    pub(in crate::adapters) fn pairs(&mut self, key: &str) -> Option<Vec<(String, String)>> {
        let object = self.object(key)?;
        let mut pairs = Vec::new();
        let Keys { map, path, wrong } = object;
        for (name, value) in map.iter() {
            match value {
                Value::String(text) => pairs.push((name.to_owned(), text.clone())),
                Value::Number(_) | Value::Bool(_) => pairs.push((name.to_owned(), value.json())),
                other if SAID => wrong.push(Diagnostic::new([&path, "/", name].concat(), "a text", other.json())),
                _ => {}
            }
        }
        Some(pairs)
    }

    pub(in crate::adapters) fn object(&mut self, key: &str) -> Option<Keys<'_>> {
        match self.value(key)? {
            Value::Object(map) => {
                let path = self.at(key);
                Some(Keys::new(map, path, self.wrong))
            }
            other => {
                self.complain(key, "an object", || other.json());
                None
            }
        }
    }

    /// An object, or `"none"` (`Some(None)`).
    pub(in crate::adapters) fn object_or_none(&mut self, key: &str) -> Option<Option<Keys<'_>>> {
        if self.value(key)?.as_str() == Some("none") {
            return Some(None);
        }
        self.object(key).map(Some)
    }

    /// A path relative to the backend that contains `needed`.
    pub(in crate::adapters) fn path(&mut self, key: &str, into: &mut String, needed: &str) {
        let Some(text) = self.text(key) else { return };
        let path = text.trim_matches('/');
        let safe = !path.is_empty()
            && path
                .split('/')
                .all(|segment| !segment.is_empty() && !segment.bytes().all(|byte| byte == b'.'))
            && path.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'~' | b'.' | b'{' | b'}')
            });
        if !safe {
            self.complain(key, "a relative path without .., query or wildcard", || text);
        } else if !path.contains(needed) {
            self.complain_with(key, || (["a path that contains ", needed].concat(), text));
        } else {
            path.clone_into(into);
        }
    }

    pub(in crate::adapters) fn unknown(&mut self, known: &[&str]) {
        if !SAID {
            return;
        }
        for key in self.map.keys().filter(|key| !known.contains(key)) {
            let path = self.at(key);
            self.wrong
                .push(Diagnostic::new(path, ["one of ", &known.join(", ")].concat(), key));
        }
    }
}

#[cfg(test)]
pub(in crate::adapters) mod described {
    use serde_json::Value;

    /// Holds that a schema describes every key at `pointer`, and that they are these.
    pub(in crate::adapters) fn same(schema: &str, pointer: &str, names: &[&str]) {
        let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
        let object = schema.pointer(pointer).and_then(Value::as_object).expect(pointer);
        assert!(
            object
                .values()
                .all(|key| key.get("description").is_some_and(Value::is_string)),
            "{pointer}: every key is described"
        );
        let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
        keys.sort_unstable();
        let mut names = names.to_vec();
        names.sort_unstable();
        assert_eq!(keys, names, "{pointer}");
    }
}
