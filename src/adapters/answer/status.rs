//! A server's status codes in canonical terms.
//!
//! A protocol knows some codes; a profile adds or replaces. Codes are compared without regard to case,
//! and with spaces and hyphens read as underscores. A code that nothing names is [`Phase::Unknown`] and
//! shown as it is.

use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::json::Value;
use crate::model::status::{Outcome, Phase, Status};

/// Codes, as [`normal`] writes them, and what they mean.
pub(in crate::adapters) type Known = [(&'static str, Phase, Outcome)];

/// Keys of an entry of a profile's table.
pub(in crate::adapters) const STATUS_KEYS: [&str; 2] = ["phase", "outcome"];

/// What a profile adds to the codes that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::adapters) struct StatusTable(Vec<(String, Phase, Outcome)>);

impl StatusTable {
    /// Adds what a profile's `status` says: `{"code": "phase"}` or
    /// `{"code": {"phase": …, "outcome": …}}`.
    pub(in crate::adapters) fn extend(&mut self, value: &Value, path: &str, wrong: &mut Vec<Diagnostic>) {
        let Some(map) = value.as_object() else {
            if SAID && !value.is_null() {
                wrong.push(Diagnostic::new(path, "an object from code to phase", value.json()));
            }
            return;
        };
        for (code, entry) in map.iter() {
            let path = || [path, "/", code].concat();
            let word = |key: &str| match entry {
                Value::Object(members) => members.get(key).map(|word| word.as_str().unwrap_or("?")),
                Value::String(word) if key == "phase" => Some(word.as_str()),
                _ => None,
            };
            if SAID && let Value::Object(members) = entry {
                for key in members.keys().filter(|key| !STATUS_KEYS.contains(key)) {
                    wrong.push(Diagnostic::new([&path(), "/", key].concat(), "phase or outcome", key));
                }
            }
            let Some(phase) = word("phase").and_then(Phase::from_word) else {
                if SAID {
                    wrong.push(Diagnostic::new(path(), "a phase such as in_review", entry.json()));
                }
                continue;
            };
            let outcome = match word("outcome").map(Outcome::from_word) {
                None => Outcome::None,
                Some(Some(outcome)) => outcome,
                Some(None) => {
                    if SAID {
                        wrong.push(Diagnostic::new(path(), "an outcome such as resolved", entry.json()));
                    }
                    continue;
                }
            };
            self.0.push((normal(code), phase, outcome));
        }
    }

    /// The status of a code by the profile's own entries.
    fn own(&self, normal: &str) -> Option<(Phase, Outcome)> {
        find(
            self.0
                .iter()
                .map(|(code, phase, outcome)| (code.as_str(), *phase, *outcome)),
            normal,
        )
    }

    /// Whether the profile itself names a code.
    pub(in crate::adapters) fn names(&self, code: &str) -> bool {
        self.own(&normal(code)).is_some()
    }

    /// The status of a code: by the profile, else by the protocol; `None` where there is no code.
    pub(in crate::adapters) fn status(&self, code: &str, known: &Known) -> Option<Status> {
        let normal = normal(code);
        if normal.is_empty() {
            return None;
        }
        let (phase, outcome) = self
            .own(&normal)
            .or_else(|| find(known.iter().copied(), &normal))
            .unwrap_or((Phase::Unknown, Outcome::None));
        Some(Status {
            phase,
            outcome,
            code: code.to_owned(),
            label: String::new(),
        })
    }
}

fn find<'a>(mut table: impl Iterator<Item = (&'a str, Phase, Outcome)>, code: &str) -> Option<(Phase, Outcome)> {
    table
        .find(|(known, ..)| *known == code)
        .map(|(_, phase, outcome)| (phase, outcome))
}

/// A code as codes are compared.
pub(in crate::adapters) fn normal(code: &str) -> String {
    code.trim()
        .chars()
        .map(|letter| match letter {
            ' ' | '-' => '_',
            letter => letter.to_ascii_lowercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KNOWN: &Known = &[
        ("in_progress", Phase::InProgress, Outcome::None),
        ("closed", Phase::Closed, Outcome::None),
    ];

    #[test]
    fn codes_are_read_without_regard_to_case_and_separators() {
        let table = StatusTable::default();
        for code in ["IN_PROGRESS", "In Progress", " in-progress "] {
            let status = table.status(code, KNOWN).expect("a status");
            assert_eq!((status.phase, status.code.as_str()), (Phase::InProgress, code));
        }
    }

    #[test]
    fn a_code_that_nothing_names_is_unknown_and_verbatim() {
        let status = StatusTable::default()
            .status("Disposisi Camat", KNOWN)
            .expect("a status");
        assert_eq!(status.phase, Phase::Unknown);
        assert_eq!(status.code, "Disposisi Camat");
        assert_eq!(StatusTable::default().status("  ", KNOWN), None);
    }

    #[test]
    fn a_profile_adds_and_replaces() {
        let mut table = StatusTable::default();
        let mut wrong = Vec::new();
        table.extend(
            &json!({"Disposisi": "referred", "closed": {"phase": "closed", "outcome": "resolved"},
                "x": {"phase": "closed", "outcome": "well"}, "y": 3})
            .into(),
            "/profile/status",
            &mut wrong,
        );
        let status = |code: &str| table.status(code, KNOWN).map(|status| (status.phase, status.outcome));
        assert_eq!(status("DISPOSISI"), Some((Phase::Referred, Outcome::None)));
        assert_eq!(status("closed"), Some((Phase::Closed, Outcome::Resolved)));
        let paths: Vec<&str> = wrong.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, ["/profile/status/x", "/profile/status/y"]);
    }
}
