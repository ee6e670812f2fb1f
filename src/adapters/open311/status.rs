//! A server's status codes in canonical terms.
//!
//! GeoReport knows `open` and `closed`; FixMyStreet's extension says more; a profile adds or
//! replaces. Codes are compared without regard to case, and with spaces and hyphens read as
//! underscores. A code that nothing names is [`Phase::Unknown`] and shown as it is.

use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;
use crate::model::status::{Outcome, Phase, Status};

/// The code that leaves the status as it was.
const UNCHANGED: &str = "unchanged";

const KNOWN: [(&str, Phase, Outcome); 15] = [
    ("open", Phase::Submitted, Outcome::None),
    ("closed", Phase::Closed, Outcome::None),
    ("fixed", Phase::Closed, Outcome::Resolved),
    ("in_progress", Phase::InProgress, Outcome::None),
    ("planned", Phase::Scheduled, Outcome::None),
    ("action_scheduled", Phase::Scheduled, Outcome::None),
    ("investigating", Phase::InReview, Outcome::None),
    ("for_triage", Phase::InReview, Outcome::None),
    ("duplicate", Phase::Closed, Outcome::Duplicate),
    ("not_councils_responsibility", Phase::Closed, Outcome::NotResponsible),
    ("no_further_action", Phase::Closed, Outcome::NoAction),
    ("internal_referral", Phase::Referred, Outcome::None),
    ("cancelled", Phase::Closed, Outcome::Withdrawn),
    ("reopen", Phase::InProgress, Outcome::None),
    ("reopened", Phase::InProgress, Outcome::None),
];

/// What a profile adds to the codes that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StatusTable(Vec<(String, Phase, Outcome)>);

impl StatusTable {
    /// Adds what a profile's `status` says: `{"code": "phase"}` or
    /// `{"code": {"phase": …, "outcome": …}}`.
    pub(super) fn extend(&mut self, value: &Value, path: &str, wrong: &mut Vec<Diagnostic>) {
        let Some(map) = value.as_object() else {
            if !value.is_null() {
                wrong.push(Diagnostic::new(path, "an object from code to phase", value.json()));
            }
            return;
        };
        for (code, entry) in map.iter() {
            let path = [path, "/", code].concat();
            let word = |key: &str| match entry {
                Value::Object(members) => members.get(key).map(|word| word.as_str().unwrap_or("?")),
                Value::String(word) if key == "phase" => Some(word.as_str()),
                _ => None,
            };
            if let Value::Object(members) = entry {
                for key in members.keys().filter(|key| !super::profile::STATUS_KEYS.contains(key)) {
                    wrong.push(Diagnostic::new([&path, "/", key].concat(), "phase or outcome", key));
                }
            }
            let Some(phase) = word("phase").and_then(Phase::from_word) else {
                wrong.push(Diagnostic::new(path, "a phase such as in_review", entry.json()));
                continue;
            };
            let outcome = match word("outcome").map(Outcome::from_word) {
                None => Outcome::None,
                Some(Some(outcome)) => outcome,
                Some(None) => {
                    wrong.push(Diagnostic::new(path, "an outcome such as resolved", entry.json()));
                    continue;
                }
            };
            self.0.push((normal(code), phase, outcome));
        }
    }

    /// The status of a code; `None` where there is none or it says that nothing changed.
    pub(super) fn status(&self, code: &str) -> Option<Status> {
        let normal = normal(code);
        let mapped = self
            .0
            .iter()
            .find(|(known, ..)| *known == normal)
            .map(|(_, phase, outcome)| (*phase, *outcome));
        if normal.is_empty() || (normal == UNCHANGED && mapped.is_none()) {
            return None;
        }
        let (phase, outcome) = mapped
            .or_else(|| {
                KNOWN
                    .iter()
                    .find(|(known, ..)| *known == normal)
                    .map(|(_, phase, outcome)| (*phase, *outcome))
            })
            .unwrap_or((Phase::Unknown, Outcome::None));
        Some(Status {
            phase,
            outcome,
            code: code.to_owned(),
            label: String::new(),
        })
    }
}

/// Whether a status says no more than GeoReport itself can say: that a case is open, or closed.
pub(super) fn is_coarse(status: &Status) -> bool {
    matches!(normal(&status.code).as_str(), "open" | "closed")
}

fn normal(code: &str) -> String {
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

    #[test]
    fn codes_are_read_without_regard_to_case_and_separators() {
        let table = StatusTable::default();
        for code in ["IN_PROGRESS", "In Progress", " in-progress "] {
            let status = table.status(code).expect("a status");
            assert_eq!((status.phase, status.code.as_str()), (Phase::InProgress, code));
        }
    }

    #[test]
    fn a_code_that_nothing_names_is_unknown_and_verbatim() {
        let status = StatusTable::default().status("Disposisi Camat").expect("a status");
        assert_eq!(status.phase, Phase::Unknown);
        assert_eq!(status.code, "Disposisi Camat");
    }

    #[test]
    fn a_bare_closed_says_nothing_of_the_outcome_and_unchanged_says_nothing() {
        let table = StatusTable::default();
        let closed = table.status("closed").expect("a status");
        assert_eq!((closed.phase, closed.outcome), (Phase::Closed, Outcome::None));
        assert_eq!(table.status("unchanged"), None);
        assert_eq!(table.status("  "), None);
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
        let status = |code: &str| table.status(code).map(|status| (status.phase, status.outcome));
        assert_eq!(status("DISPOSISI"), Some((Phase::Referred, Outcome::None)));
        assert_eq!(status("closed"), Some((Phase::Closed, Outcome::Resolved)));
        let paths: Vec<&str> = wrong.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, ["/profile/status/x", "/profile/status/y"]);
    }
}
