//! The answer to a submission: a number, a token, or nothing that could be asked about.
//!
//! Nothing but the protocol's own words is taken for a success. A page, a bare sentence, an empty
//! 200, or members that GeoReport does not know may have been one and may not: nobody can say.

use super::case;
use super::refusal;
use crate::adapters::answer::record::{Marks, Notes, Record, records};
use crate::adapters::codec::Payload;
use crate::adapters::codec::text::bounded;
use crate::adapters::http::Response;
use crate::model::case::Acknowledgement;
use crate::model::problem::Fault;

/// Most characters of a notice.
const MOST_NOTICE: usize = 2000;

const ACKNOWLEDGED: Marks = Marks {
    strong: &["service_request_id", "token"],
    weak: &["service_notice", "account_id"],
};

/// Members of a whole request in the answer to a submission; tracking tells them.
pub(super) const TOLD_LATER: [&str; 11] = [
    "status",
    "status_notes",
    "service_code",
    "service_name",
    "agency_responsible",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "media_url",
    "media_urls",
    "address",
];

/// How a submission was acknowledged and what is said along with it.
///
/// # Errors
/// Where it cannot be told whether anything was stored.
pub(super) fn read(
    response: &Response,
    payload: &Payload,
    notes: &mut Notes,
) -> Result<(Acknowledgement, String), Fault> {
    let root = match payload {
        Payload::Tree(root) => root,
        // No body says "created", "accepted" or "no content" as well as any; a bare 200 does not.
        Payload::Empty if matches!(response.status, 201 | 202 | 204) => {
            return Ok((Acknowledgement::Nothing, String::new()));
        }
        other => return Err(refusal::unreadable(response.status, other)),
    };
    let rows = records(root, ACKNOWLEDGED, notes);
    if rows.is_empty() && !root.is_blank() {
        return Err(refusal::unreadable(response.status, payload));
    }
    let mut best = Acknowledgement::Nothing;
    let mut notice = String::new();
    for row in &rows {
        let mut record = Record::new(row, notes);
        let number = record.identifier("service_request_id");
        let token = record.identifier("token");
        let said = record.text("service_notice");
        let one = match (number.is_empty(), token.is_empty()) {
            (false, _) => number.parse().map(Acknowledgement::Reference),
            (true, false) => token.parse().map(Acknowledgement::Token),
            (true, true) => Ok(Acknowledgement::Nothing),
        };
        let Ok(one) = one else {
            return Err(Fault::Protocol {
                what: "expected a number of at most 200 characters".to_owned(),
            });
        };
        let known: Vec<&str> = case::IGNORED.iter().chain(&TOLD_LATER).copied().collect();
        let foreign =
            row.node.children.iter().any(|child| {
                !child.is_blank() && !child.is("service_notice") && !known.iter().any(|name| child.is(name))
            });
        if one == Acknowledgement::Nothing && foreign {
            // It may be a success in words that are not the protocol's, and it may not.
            return Err(refusal::unreadable(response.status, payload));
        }
        if notice.is_empty() {
            notice = bounded(said, MOST_NOTICE);
        } else if !said.is_empty() && said != notice {
            record.wrong("service_notice", "one notice", &said);
        }
        match (&best, &one) {
            (_, Acknowledgement::Nothing) => {}
            (Acknowledgement::Reference(_), _) if best != one => {
                record.wrong("service_request_id", "one request", number);
            }
            _ => best = one,
        }
        record.finish("acknowledgement", &known);
    }
    Ok((best, notice))
}
