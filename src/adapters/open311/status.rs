//! GeoReport's status codes.
//!
//! The specification knows `open` and `closed`; FixMyStreet's extension says more; a profile adds or
//! replaces.

use crate::adapters::answer::status::{Known, StatusTable, normal};
use crate::model::status::{Outcome, Phase, Status};

/// The code that leaves the status as it was.
const UNCHANGED: &str = "unchanged";

const KNOWN: &Known = &[
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

/// The status of a code; `None` where there is none or it says that nothing changed.
pub(super) fn status(table: &StatusTable, code: &str) -> Option<Status> {
    table
        .status(code, KNOWN)
        .filter(|status| normal(&status.code) != UNCHANGED || table.names(code))
}

/// Whether a status says no more than GeoReport itself can say: that a case is open, or closed.
pub(super) fn is_coarse(status: &Status) -> bool {
    matches!(normal(&status.code).as_str(), "open" | "closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_closed_says_nothing_of_the_outcome_and_unchanged_says_nothing() {
        let table = StatusTable::default();
        let closed = status(&table, "closed").expect("a status");
        assert_eq!((closed.phase, closed.outcome), (Phase::Closed, Outcome::None));
        assert_eq!(status(&table, "unchanged"), None);
        assert_eq!(status(&table, "  "), None);
    }
}
