//! Looking for an application that may have arrived: the server's list of requests is searched for
//! one with the same words at the same place.
//!
//! What is found decides only where it can: one match is an arrival; no match is an absence only
//! where the list was complete and every row could be compared. Anything between, a second match, a
//! row whose description the server keeps to itself, a list that may have been cut, cannot tell. Nor
//! can a list that never shows the cases of this service (`reconcile_except`).
//!
//! The rows are other people's: of them nothing but the number is taken over, and what is in them is
//! not noted either.

use super::case::MARKS;
use super::profile::Profile;
use super::wire::date;
use crate::adapters::answer::record::{Notes, Record, read_moment, records};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::adapters::{Reconciled, Submission};
use crate::model::answers::Answer;
use crate::model::case::{Acknowledgement, Reference};
use crate::model::decimal::Decimal;
use crate::model::time::Timestamp;

/// How far the phone's clock may be wrong: a day, and another for what is cut to whole seconds or days
/// on the way. With less, a clock that is a day ahead hides the very case that is looked for.
const CLOCK_SLACK: i64 = 48 * 3_600_000;
/// Millionths of a degree within which two places are the same one; servers round.
const SAME_PLACE: u64 = 500;
/// Fewest characters of a description that may be looked for within a longer one.
const DISTINCT: usize = 20;

/// A search under way.
#[derive(Clone, Debug)]
pub(super) struct Search {
    service: String,
    description: String,
    place: Option<(i64, i64)>,
    since: Timestamp,
    found: Vec<Acknowledgement>,
    doubtful: bool,
    rows: usize,
}

impl Search {
    /// `None` where the application has no words to look for.
    pub(super) fn new(submission: &Submission, since: Timestamp) -> Option<Self> {
        let description = clean(submission.answers.text("description")?);
        let place = submission.answers.0.values().find_map(|answer| match answer {
            Answer::Place(place) => Some((degrees(&place.lat)?, degrees(&place.long)?)),
            _ => None,
        });
        Some(Self {
            service: submission.service.as_str().to_owned(),
            description,
            place,
            since: since.plus(CLOCK_SLACK.saturating_neg()),
            found: Vec::new(),
            doubtful: false,
            rows: 0,
        })
    }

    pub(super) fn query(&self, profile: &Profile, offset: i32) -> Vec<(String, String)> {
        vec![
            ("service_code".to_owned(), self.service.clone()),
            ("start_date".to_owned(), date(profile, self.since, offset)),
        ]
    }

    /// Looks through a page; how many rows it had.
    pub(super) fn look(&mut self, profile: &Profile, root: &Node, offset: i32, notes: &mut Notes) -> usize {
        let rows = records(root, MARKS, notes);
        for row in &rows {
            let mut record = Record::new(row, notes);
            let number = record.identifier("service_request_id");
            let token = record.identifier("token");
            let acknowledgement = match (number.parse::<Reference>(), token.parse::<Reference>()) {
                (Ok(number), _) => Acknowledgement::Reference(number),
                (_, Ok(token)) => Acknowledgement::Token(token),
                _ => {
                    record.wrong(
                        "service_request_id",
                        "a service_request_id or a token; the row is left out",
                        "",
                    );
                    self.doubtful = true;
                    continue;
                }
            };
            let service = record.raw("service_code");
            if !service.is_empty() && !super::case::is_same(service, &self.service) {
                continue;
            }
            let text = record.text("description");
            let (mut lat, mut long) = (degrees(record.raw("lat")), degrees(record.raw("long")));
            if profile.swap_lat_long {
                std::mem::swap(&mut lat, &mut long);
            }
            let near = match (self.place, lat.zip(long)) {
                (Some((one, other)), Some((lat, long))) => {
                    Some(one.abs_diff(lat) < SAME_PLACE && other.abs_diff(long) < SAME_PLACE)
                }
                _ => None,
            };
            let same = text == self.description
                || (self.description.chars().count() >= DISTINCT && text.contains(&self.description));
            let recent = read_moment(record.raw("requested_datetime"), offset).is_none_or(|at| at >= self.since);
            if same && near != Some(false) {
                if !recent {
                    self.doubtful = true;
                } else if !self.found.contains(&acknowledgement) {
                    self.found.push(acknowledgement);
                }
            } else if text.is_empty() && near != Some(false) && recent {
                self.doubtful = true;
            }
        }
        self.rows = self.rows.saturating_add(rows.len());
        rows.len()
    }

    /// What was found; `complete` where the pages were read to their end.
    pub(super) fn conclude(mut self, profile: &Profile, complete: bool) -> Reconciled {
        let shown = !profile.reconcile_except.contains(&self.service);
        let paged = profile.paging.page.is_some();
        // A list without pages that ends at a round number may have been cut there.
        let cut = match profile.paging.limit {
            Some(limit) => u32::try_from(self.rows).is_ok_and(|rows| rows >= limit),
            None => self.rows >= 20 && self.rows.is_multiple_of(10),
        };
        match (self.found.len(), self.found.pop()) {
            (1, Some(acknowledgement)) => Reconciled::Arrived(acknowledgement),
            (0, _) if shown && !self.doubtful && complete && (paged || !cut) => Reconciled::Absent,
            _ => Reconciled::CannotTell,
        }
    }
}

/// Millionths of a degree.
fn degrees(text: &str) -> Option<i64> {
    Decimal::parse(&text.trim().replace(',', "."))?.millionths()
}
