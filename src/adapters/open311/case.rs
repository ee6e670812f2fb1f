//! What a server says of a request: status, dates, and its history where there is one.
//!
//! The citizen's own words, the place and any person's data are not taken over, although most
//! servers publish them: a case is shown to anyone who has its number. Without a history the
//! timeline holds only what the request itself says: when it was received, and what it is now.

use super::profile::{History, Profile};
use super::status::{is_coarse, status};
use crate::adapters::answer::record::{Found, Marks, Notes, Record, records};
use crate::adapters::codec::node::Node;
use crate::model::case::{Case, Reference, Step};
use crate::model::order::sort_by;
use crate::model::status::{Outcome, Phase, Status};
use crate::model::time::Timestamp;

pub(super) const MARKS: Marks = Marks {
    strong: &["service_request_id", "token"],
    weak: &[
        "status",
        "requested_datetime",
        "service_code",
        "service_name",
        "service_notice",
    ],
};

/// Members that are deliberately not used: the citizen's own words and place, and persons.
pub(super) const IGNORED: [&str; 20] = [
    "description",
    "title",
    "address",
    "address_string",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "first_name",
    "last_name",
    "name",
    "email",
    "phone",
    "account_id",
    "device_id",
    "jurisdiction_id",
    "token",
    "requestor_name",
    "contact",
    "reporter",
];

/// Most steps of a history.
const MOST_STEPS: usize = 500;

/// A request as read, with what a history needs to be joined to it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) case: Case,
    notes: String,
    links: Vec<String>,
    /// Steps that the request itself brought along.
    inline: Vec<Step>,
}

/// Whether a row is the case of this number. Servers pad and capitalise their own numbers.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    fn plain(text: &str) -> &str {
        let short = text.trim().trim_start_matches('0');
        if short.is_empty() { text.trim() } else { short }
    }
    plain(one).eq_ignore_ascii_case(plain(other))
}

/// The row among an answer's records that is about `wanted`, by number or by token. Rows with
/// neither are noted.
pub(super) fn pick<'a>(root: &'a Node, wanted: &str, notes: &mut Notes) -> (Option<Found<'a>>, usize) {
    let rows = records(root, MARKS, notes);
    let count = rows.len();
    let mut picked = None;
    let alone = count == 1;
    for row in rows {
        let mut record = Record::new(&row, notes);
        let (number, token) = (record.identifier("service_request_id"), record.identifier("token"));
        let meant = is_same(number, wanted) || token == wanted;
        if number.is_empty() && token.is_empty() {
            // A row alone in the answer to this very number can only be about it.
            let expected = if alone {
                "a service_request_id; taken for the one that was asked for"
            } else {
                "a service_request_id or a token; the row is left out"
            };
            record.wrong("service_request_id", expected, "");
            if alone {
                picked = Some(row);
            }
        } else if meant && picked.is_none() {
            picked = Some(row);
        } else if meant {
            record.wrong("service_request_id", "one row of this number", wanted);
        } else {
            record.wrong("service_request_id", "the number that was asked for", number);
        }
    }
    (picked, count)
}

/// Reads a row.
pub(super) fn read(profile: &Profile, row: &Found<'_>, asked: &Reference, offset: i32, notes: &mut Notes) -> Told {
    let mut inline = Vec::new();
    if let Some(history) = profile.history.as_ref().filter(|history| history.inline) {
        inline = steps(profile, history, row, offset, notes);
    }
    let mut record = Record::new(row, notes);
    let number = record.identifier("service_request_id");
    let reference = match number.parse::<Reference>() {
        Ok(reference) => reference,
        Err(_) => {
            if !number.is_empty() {
                record.wrong("service_request_id", "a number of at most 200 characters", number);
            }
            asked.clone()
        }
    };
    let coarse = record.text("status");
    let fine = record.text(&profile.status_field);
    let code = if fine.is_empty() { &coarse } else { &fine };
    if code.is_empty() {
        record.wrong("status", "a status", "");
    }
    let status = status(&profile.status, code).unwrap_or_else(|| Status {
        phase: Phase::Unknown,
        outcome: Outcome::None,
        code: code.clone(),
        label: String::new(),
    });
    let mut said = record.text("status_notes");
    let notice = record.text("service_notice");
    if !notice.is_empty() && notice != said {
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(&notice);
    }
    let case = Case {
        documents: Vec::new(),
        reference: Some(reference),
        status,
        service_name: record.text("service_name"),
        service_code: record.text("service_code"),
        agency: record.text("agency_responsible"),
        received: record.moment("requested_datetime", offset),
        updated: record.moment("updated_datetime", offset),
        expected: record.moment("expected_datetime", offset),
        timeline: Vec::new(),
    };
    let links = record.links(&["media_url", "media_urls"]);
    if let Some(history) = profile.history.as_ref().filter(|history| history.inline) {
        // Read above, item by item.
        record.all(&history.item);
    }
    record.finish("request", &IGNORED);
    Told {
        case,
        notes: said,
        links,
        inline,
    }
}

/// The case with its timeline, oldest first.
pub(super) fn conclude(told: Told, history: Vec<Step>) -> Case {
    let Told {
        mut case,
        notes,
        links,
        inline,
    } = told;
    let mut past: Vec<Step> = inline.into_iter().chain(history).collect();
    // Stable: steps without a date stay where the server put them, at the end.
    let at = |step: &Step| step.at.unwrap_or(Timestamp(i64::MAX));
    sort_by(&mut past, |one, other| at(one).cmp(&at(other)));
    if let Some(last) = past.iter().rev().find(|step| step.status.is_some()) {
        refine(&mut case, last);
    }
    let mut timeline = Vec::new();
    let begins_with_receipt = past
        .first()
        .is_some_and(|first| case.received.is_some() && first.at <= case.received && first.status.is_some());
    if case.received.is_some() && !begins_with_receipt {
        timeline.push(Step {
            status: Some(Status {
                phase: Phase::Submitted,
                outcome: Outcome::None,
                code: String::new(),
                label: String::new(),
            }),
            at: case.received,
            remark: String::new(),
            links: links.clone(),
            ahead: false,
        });
    } else if !links.is_empty() {
        match past.first_mut() {
            Some(first) => first.links.splice(0..0, links).for_each(drop),
            None => timeline.push(Step {
                status: None,
                at: None,
                remark: String::new(),
                links,
                ahead: false,
            }),
        }
    }
    let told_already = past.iter().rev().find_map(|step| step.status.as_ref()) == Some(&case.status);
    let said_already = notes.is_empty() || past.iter().any(|step| step.remark == notes);
    timeline.append(&mut past);
    let plainly_received = case.status.phase == Phase::Submitted && notes.is_empty() && case.received.is_some();
    // A notice that only says more of the last step belongs to it.
    let last = timeline.last_mut().filter(|last| {
        told_already && last.status.as_ref() == Some(&case.status) && notes.contains(last.remark.as_str())
    });
    if let (false, Some(last)) = (said_already, last) {
        last.remark = notes;
    } else if !(said_already && (told_already || plainly_received)) {
        timeline.push(Step {
            status: Some(case.status.clone()),
            at: case.updated,
            remark: if said_already { String::new() } else { notes },
            links: Vec::new(),
            ahead: false,
        });
    }
    case.timeline = timeline;
    case
}

/// Takes the history's last status for the case's where it says the same more finely, or later.
fn refine(case: &mut Case, last: &Step) {
    let Some(status) = &last.status else { return };
    let closed = |status: &Status| status.phase == Phase::Closed;
    let finer = is_coarse(&case.status) && closed(status) == closed(&case.status);
    let later = match (last.at, case.updated) {
        (Some(at), Some(updated)) => at > updated,
        (Some(_), None) => true,
        _ => false,
    };
    if status.phase != Phase::Unknown && (finer || later) || case.status.code.is_empty() {
        case.status = status.clone();
        if later {
            case.updated = last.at;
        }
    }
}

/// The steps of a history: from a resource of its own, or from the request.
pub(super) fn history(profile: &Profile, root: &Node, wanted: &str, offset: i32, notes: &mut Notes) -> Vec<Step> {
    let Some(history) = &profile.history else {
        return Vec::new();
    };
    let mut found = Vec::new();
    items(root, history, String::new(), &mut found);
    shorten(&mut found, notes);
    found
        .iter()
        .filter_map(|row| step(profile, history, row, Some(wanted), offset, notes))
        .collect()
}

fn steps(profile: &Profile, history: &History, row: &Found<'_>, offset: i32, notes: &mut Notes) -> Vec<Step> {
    let mut found = Vec::new();
    for (number, item) in row
        .node
        .children
        .iter()
        .filter(|child| child.is(&history.item))
        .enumerate()
    {
        let path = [&row.path, "/", &history.item, "/", &number.to_string()].concat();
        items(item, history, path, &mut found);
    }
    shorten(&mut found, notes);
    found
        .iter()
        .filter_map(|row| step(profile, history, row, None, offset, notes))
        .collect()
}

/// Leaves out what no history of one case has.
fn shorten(found: &mut Vec<Found<'_>>, notes: &mut Notes) {
    if found.len() > MOST_STEPS {
        notes.add(
            "",
            "at most 500 steps of a history; the rest is left out",
            &found.len().to_string(),
        );
        found.truncate(MOST_STEPS);
    }
}

/// The items of a history within `node`: what has one of its members.
fn items<'a>(node: &'a Node, history: &History, path: String, found: &mut Vec<Found<'a>>) {
    let marks = [&history.at, &history.remark, &history.status, &history.id];
    let is_item = node
        .children
        .iter()
        .any(|child| child.is_leaf() && marks.iter().any(|mark| child.is(mark)));
    let wraps = node
        .children
        .iter()
        .any(|child| child.is(&history.item) && !child.is_leaf());
    if is_item && !wraps {
        found.push(Found { node, path });
        return;
    }
    for (number, child) in node.children.iter().enumerate() {
        let path = [&path, "/", &child.name, "/", &number.to_string()].concat();
        items(child, history, path, found);
    }
}

fn step(
    profile: &Profile,
    history: &History,
    row: &Found<'_>,
    wanted: Option<&str>,
    offset: i32,
    notes: &mut Notes,
) -> Option<Step> {
    let mut record = Record::new(row, notes);
    let reference = record.identifier(&history.reference);
    if let Some(wanted) = wanted {
        let asked = history.query.iter().any(|(_, value)| value.contains("{id}")) || history.path.contains("{id}");
        if reference.is_empty() && !asked {
            record.wrong(&history.reference, "the case's number; the row is left out", "");
            return None;
        }
        // The list holds other cases too, and they are nobody's business here.
        if !reference.is_empty() && !is_same(reference, wanted) {
            return None;
        }
    }
    let at = record.moment(&history.at, offset);
    let status = status(&profile.status, &record.text(&history.status));
    let remark = record.text(&history.remark);
    let links = record.links(&[&history.link]);
    record.identifier(&history.id);
    record.finish(
        "history",
        &[
            "token",
            "email",
            "first_name",
            "last_name",
            "name",
            "author",
            "fixmystreet_id",
        ],
    );
    if status.is_none() && remark.is_empty() && links.is_empty() {
        return None;
    }
    Some(Step {
        status,
        at,
        remark,
        links,
        ahead: false,
    })
}
