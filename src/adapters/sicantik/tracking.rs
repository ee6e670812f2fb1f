//! Where an application stands, by the steps that it goes through.
//!
//! An office shows them by a *report*: rows, one a step, under a name of its own. What is finished
//! comes first in the timeline, then what is being done now, with the status of the case itself; steps
//! after that one are still to come. An application that was decided, or that rests, says so itself.
//!
//! The server pastes the number into its own template, so only a number of `[A-Za-z0-9/.-]` is ever
//! sent. Rows about any other number are not looked at, and the applicant's name and birth date, which
//! stand in each, are not taken over.

use super::profile::Profile;
use crate::adapters::answer::case::{bare, unknown};
use crate::adapters::answer::moment::day_first;
use crate::adapters::answer::record::{Found, Notes, Record};
use crate::adapters::answer::resource::text;
use crate::adapters::answer::status::Known;
use crate::adapters::codec::node::Node;
use crate::model::case::{Case, Reference, Step};
use crate::model::status::{Outcome, Phase, Status};
use crate::model::time::Timestamp;

const KNOWN: &Known = &[
    ("menunggu", Phase::Submitted, Outcome::None),
    ("proses", Phase::InProgress, Outcome::None),
    ("hold", Phase::OnHold, Outcome::None),
    ("ditetapkan", Phase::Closed, Outcome::Granted),
    ("ditolak", Phase::Closed, Outcome::Refused),
];

/// Most rows that are looked at.
const MOST_ROWS: usize = 500;

/// Whether a number may be sent at all.
pub(super) fn is_number(reference: &Reference) -> bool {
    let number = reference.as_str();
    number.len() <= 60
        && number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-'))
}

/// The rows of a report, or of a list in `data`; `None` where there is none.
pub(super) fn rows<'a>(root: &'a Node, label: Option<&str>, notes: &mut Notes) -> Option<Vec<Found<'a>>> {
    let data: Vec<&Node> = root.children.iter().flat_map(|top| top.named("data")).collect();
    if data.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for node in data {
        // A list in `data` itself is rows already.
        let is_row = label.is_none() && node.children.iter().any(|child| child.is_leaf() && !child.is_blank());
        if is_row {
            found.push((node, "/data".to_owned()));
            continue;
        }
        for child in &node.children {
            if label.is_some_and(|label| child.name != label) {
                continue;
            }
            if !child.is_leaf() {
                found.push((child, ["/data/", &child.name].concat()));
            } else if !child.is_blank() && label.is_some() {
                notes.add("/data", "a row", child.scalar());
            }
        }
        let named = label.is_none_or(|label| node.children.iter().any(|child| child.name == label));
        if !named && !node.is_blank() {
            notes.add("/data", "the rows under the profile's label", "none");
        }
    }
    found.truncate(MOST_ROWS);
    let numbered = found.into_iter().enumerate();
    Some(
        numbered
            .map(|(number, (node, path))| Found {
                node,
                path: [&path, "/", &number.to_string()].concat(),
            })
            .collect(),
    )
}

/// A step as a row tells it.
struct Told {
    name: String,
    word: String,
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

fn moment(record: &mut Record<'_, '_>, name: &str, offset: i32) -> Option<Timestamp> {
    let text = record.raw(name);
    if text.is_empty() {
        return None;
    }
    let moment = day_first(text, offset);
    if moment.is_none() {
        record.wrong(name, "a day such as 31-12-2026", text);
    }
    moment
}

/// The case of a number by its rows; `None` where none is about it. `from` is what is known of it
/// already, from a list of applications.
pub(super) fn case(
    profile: &Profile,
    rows: &[Found<'_>],
    reference: &Reference,
    from: Option<Case>,
    offset: i32,
    notes: &mut Notes,
) -> Option<Case> {
    let fields = &profile.fields;
    let known = from.is_some();
    let mut case = from.unwrap_or_else(|| bare(Some(reference.clone())));
    let mut state = case.status.code.clone();
    let mut steps = Vec::new();
    for row in rows {
        let number = text(row.node, &fields.number);
        // Steps of an application that was asked for by its own id bear no number.
        if !(number == reference.as_str() || (known && number.is_empty())) {
            continue;
        }
        let mut record = Record::new(row, notes);
        record.raw(&fields.number);
        let told = Told {
            name: record.text(&fields.step),
            word: record.text(&fields.status),
            start: moment(&mut record, &fields.start, offset),
            end: moment(&mut record, &fields.end, offset),
        };
        let (permit, said) = (record.text(&fields.permit), record.text(&fields.state));
        case.received = case.received.or_else(|| moment(&mut record, &fields.sent, offset));
        record.raw(&fields.sent);
        if case.service_name.is_empty() {
            case.service_name = permit;
        }
        if state.is_empty() {
            state = said;
        }
        record.finish(
            "step",
            &[
                "id",
                "no",
                "nama",
                "tanggal_lahir",
                "permohonan_izin_id",
                "nik",
                "alamat",
                "no_hp",
            ],
        );
        steps.push(told);
    }
    if steps.is_empty() && !known {
        return None;
    }
    conclude(profile, &mut case, &steps, &state);
    Some(case)
}

fn conclude(profile: &Profile, case: &mut Case, steps: &[Told], state: &str) {
    let is = |told: &Told, word: &str| told.word.eq_ignore_ascii_case(word);
    let finished = steps.iter().take_while(|told| is(told, "Selesai")).count();
    // What is being done; else what comes next; else the last one.
    let now = steps
        .iter()
        .position(|told| is(told, "Proses"))
        .or((finished < steps.len()).then_some(finished))
        .or(steps.len().checked_sub(1));
    let told = now.and_then(|now| steps.get(now));
    let by_step = told.and_then(|told| {
        let mut status = profile.status.status(&told.word, KNOWN)?;
        // One that waits after others were finished is work under way.
        if status.phase == Phase::Submitted && finished > 0 && is(told, "Menunggu") {
            status.phase = Phase::InProgress;
        }
        status.label.clone_from(&told.name);
        Some(status)
    });
    let decided = profile.status.status(state, KNOWN);
    case.status = decided.clone().or(by_step).unwrap_or_else(unknown);
    case.updated = steps.iter().filter_map(|told| told.end.max(told.start)).max();
    let step = |status, at, remark| Step {
        status,
        at,
        remark,
        links: Vec::new(),
        ahead: false,
    };
    if case.received.is_some() {
        let submitted = Status {
            phase: Phase::Submitted,
            ..unknown()
        };
        case.timeline.push(step(Some(submitted), case.received, String::new()));
    }
    let mut later = Vec::new();
    for (at, told) in steps.iter().enumerate() {
        let words = if told.name.is_empty() {
            told.word.clone()
        } else {
            [&told.name, ": ", &told.word].concat()
        };
        let moment = told.end.or(told.start);
        if decided.is_none() && Some(at) == now {
            case.timeline
                .push(step(Some(case.status.clone()), told.start, String::new()));
        } else if is(told, "Menunggu") {
            later.push(Step {
                ahead: true,
                ..step(None, None, words)
            });
        } else {
            case.timeline.push(step(None, moment, words));
        }
    }
    if decided.is_some() || steps.is_empty() {
        case.timeline
            .push(step(Some(case.status.clone()), case.updated, String::new()));
    }
    // What is decided goes no further.
    if case.status.phase != Phase::Closed {
        case.timeline.append(&mut later);
    }
}
