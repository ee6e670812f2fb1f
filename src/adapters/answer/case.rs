//! A case of which little is known yet, and a timeline where a server keeps no history.

#[cfg(not(target_arch = "wasm32"))]
use crate::model::case::Step;
use crate::model::case::{Case, Reference};
use crate::model::status::{Outcome, Phase, Status};

/// A status of which nothing is known.
pub(in crate::adapters) const fn unknown() -> Status {
    Status {
        phase: Phase::Unknown,
        outcome: Outcome::None,
        code: String::new(),
        label: String::new(),
    }
}

/// A case of which no more is known than the number.
pub(in crate::adapters) const fn bare(reference: Option<Reference>) -> Case {
    Case {
        reference,
        status: unknown(),
        service_name: String::new(),
        service_code: String::new(),
        agency: String::new(),
        received: None,
        updated: None,
        expected: None,
        timeline: Vec::new(),
        documents: Vec::new(),
    }
}

/// The timeline of a case without a history: that it was received, and what it is now.
#[cfg(not(target_arch = "wasm32"))]
pub(in crate::adapters) fn timeline(case: &mut Case, remark: String) {
    if case.received.is_some() {
        case.timeline.push(Step {
            status: Some(Status {
                phase: Phase::Submitted,
                ..unknown()
            }),
            at: case.received,
            remark: String::new(),
            links: Vec::new(),
            ahead: false,
        });
    }
    if case.timeline.is_empty() || case.status.phase != Phase::Submitted || !remark.is_empty() {
        case.timeline.push(Step {
            status: Some(case.status.clone()),
            at: case.updated,
            remark,
            links: Vec::new(),
            ahead: false,
        });
    }
}
