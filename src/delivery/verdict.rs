//! What a failed attempt means for the application.
//!
//! The fault says whether trying again can help; `sent` says whether trying again can double. Where
//! the two disagree, the doubt wins: an application that might have arrived is looked for first.

use crate::model::problem::{Fault, FieldRefusal, Problem, Sent};

/// What to do after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It certainly did not arrive and was not refused: later again.
    Again,
    /// It certainly did not arrive: the citizen must log in first.
    Login,
    /// The backend understood it and refused.
    Refused {
        /// Refused fields.
        fields: Vec<FieldRefusal>,
        /// The backend's words.
        message: String,
    },
    /// Nobody knows whether it arrived.
    Unknown,
}

/// Judges a problem of a request that might change something.
///
/// | fault | sent: no | yes | unknown |
/// |---|---|---|---|
/// | rejected | refused | refused | refused |
/// | too large | refused | refused | unknown |
/// | login needed | login | login | unknown |
/// | rate limited, not found | again | again | unknown |
/// | offline, timeout, unreachable, protocol, upstream, storage | again | unknown | unknown |
///
/// A refusal is an answer, whatever the transport thought. An answer that says "not now" or "who
/// are you" says too that nothing was taken in. A failing or garbled answer says nothing at all.
#[must_use]
pub fn verdict(problem: Problem) -> Verdict {
    let Problem { fault, sent } = problem;
    match (fault, sent) {
        (Fault::Rejected { fields, message }, _) => Verdict::Refused { fields, message },
        (_, Sent::Unknown) => Verdict::Unknown,
        // The status line is the server's own word for it, and all that there is.
        (Fault::TooLarge, _) => Verdict::Refused {
            fields: Vec::new(),
            message: "413 Content Too Large".to_owned(),
        },
        (Fault::LoginNeeded, _) => Verdict::Login,
        (Fault::RateLimited { .. } | Fault::NotFound, _) => Verdict::Again,
        (
            Fault::Offline
            | Fault::Timeout
            | Fault::Unreachable
            | Fault::Protocol { .. }
            | Fault::Upstream { .. }
            | Fault::Storage { .. },
            Sent::No,
        ) => Verdict::Again,
        (
            Fault::Offline
            | Fault::Timeout
            | Fault::Unreachable
            | Fault::Protocol { .. }
            | Fault::Upstream { .. }
            | Fault::Storage { .. },
            Sent::Yes,
        ) => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every fault there is; the match makes a new one fail to compile here.
    fn faults() -> Vec<Fault> {
        let text = String::new;
        let all = vec![
            Fault::Offline,
            Fault::Timeout,
            Fault::Unreachable,
            Fault::RateLimited { after: None },
            Fault::LoginNeeded,
            Fault::Rejected {
                fields: Vec::new(),
                message: text(),
            },
            Fault::NotFound,
            Fault::TooLarge,
            Fault::Protocol { what: text() },
            Fault::Upstream {
                status: 500,
                message: text(),
            },
            Fault::Storage { what: text() },
        ];
        for fault in &all {
            match fault {
                Fault::Offline
                | Fault::Timeout
                | Fault::Unreachable
                | Fault::RateLimited { .. }
                | Fault::LoginNeeded
                | Fault::Rejected { .. }
                | Fault::NotFound
                | Fault::TooLarge
                | Fault::Protocol { .. }
                | Fault::Upstream { .. }
                | Fault::Storage { .. } => {}
            }
        }
        all
    }

    #[test]
    fn each_fault_has_its_verdict_for_each_sent() {
        let table = [
            // no, yes, unknown: Again, Login, Refused, Unknown (?)
            ("offline", "A??"),
            ("timeout", "A??"),
            ("unreachable", "A??"),
            ("rate limited", "AA?"),
            ("login", "LL?"),
            ("rejected", "RRR"),
            ("not found", "AA?"),
            ("too large", "RR?"),
            ("protocol", "A??"),
            ("upstream", "A??"),
            ("storage", "A??"),
        ];
        assert_eq!(table.len(), faults().len());
        for (fault, (name, expected)) in faults().into_iter().zip(table) {
            let found: String = [Sent::No, Sent::Yes, Sent::Unknown]
                .into_iter()
                .map(|sent| {
                    match verdict(Problem {
                        fault: fault.clone(),
                        sent,
                    }) {
                        Verdict::Again => 'A',
                        Verdict::Login => 'L',
                        Verdict::Refused { .. } => 'R',
                        Verdict::Unknown => '?',
                    }
                })
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
