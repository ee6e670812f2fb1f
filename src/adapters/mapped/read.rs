//! Whether an answer is a success, and what it means where it is none.
//!
//! In this order: what the profile's `fails` says; a SOAP fault; the profile's `succeeds`, which replaces
//! the HTTP status where it names one; then what all protocols share ([`crate::adapters::answer::refusal`]).
//! `sent` is of the request that delivers: a failure before it has delivered nothing.

use super::call::{Call, Failure, Means};
use super::condition::{self, Condition};
use super::pick::{Document, Place};
use super::profile::Profile;
use super::soap;
use super::template::Source;
use super::tree;
use crate::adapters::answer::refusal::{self, Manner};
use crate::adapters::codec::{self, Payload, text};
use crate::adapters::http::Response;
use crate::model::form::{Field, Form};
use crate::model::problem::{Fault, FieldRefusal, Problem, Sent};

pub(super) const MANNER: Manner = Manner {
    protocol: "the profile's",
    record: &["data"],
    fields: |name| {
        // `lampiran.0`, `lampiran[0]`, `lampiran1` are of the field `lampiran`, `data.nik` of `nik`.
        let plain = name.split(['[', '.']).next().unwrap_or_default();
        let last = name.rsplit('.').next().unwrap_or_default();
        let bare = name.trim_end_matches(|last: char| last.is_ascii_digit());
        vec![plain.to_owned(), last.to_owned(), bare.to_owned()]
    },
};

/// An answer, read, and what is wrong with it.
pub(super) fn answer(call: &Call, response: &Response, page: bool) -> (Document, Payload) {
    let mut payload = codec::read(&response.body, response.header("content-type"));
    if let Payload::Tree(node) = &mut payload {
        soap::resolved(node);
    }
    let tree = tree::read(response, &payload);
    let words = text::decode(&response.body, response.header("content-type"));
    // A page that is well-formed, or no page at all, was read as a tree; a selector still reads it as one.
    let looks = page && !words.trim_start().starts_with(['{', '[']);
    let mut document = Document::new(&call.name, response, tree, words, false);
    if looks {
        document.page = Some(scraper::Html::parse_document(&document.text));
    }
    (document, payload)
}

/// What an answer means that is no success; `None` for a success.
pub(super) fn problem(
    profile: &Profile,
    call: &Call,
    response: &Response,
    payload: &Payload,
    documents: &[Document],
    source: &dyn Source,
    form: Option<&Form>,
) -> Option<Problem> {
    let place = Place {
        documents,
        row: None,
        source,
    };
    let stated = || call.fails.iter().find(|failure| condition::all(&failure.when, place));
    if let Some(failure) = stated() {
        return Some(told(profile, failure, response, payload, place, form));
    }
    if let Payload::Tree(root) = payload
        && let Some(fault) = soap::fault(root)
    {
        return Some(fault);
    }
    let by_status = call
        .succeeds
        .iter()
        .any(|condition| matches!(condition, Condition::Status(..)));
    if !call.succeeds.is_empty() && condition::all(&call.succeeds, place) {
        // What the profile calls a success is one, unless the status speaks against it and it says nothing of that.
        if by_status || (200..300).contains(&response.status) {
            return None;
        }
    }
    let aliases = form.map(|form| aliased(profile, form));
    let plain = without_flags(payload);
    let general = refusal::of_response(&MANNER, response, &plain, aliases.as_ref());
    let general = general.map(|problem| renamed(profile, problem, form));
    match (general, call.succeeds.is_empty()) {
        (Some(problem), _) => Some(problem),
        (None, true) => None,
        // A success by its status that is none by the profile: it says so in its own words, or in none.
        (None, false) => {
            let refusals = match &plain {
                Payload::Tree(root) => refusal::read(&MANNER, root, true),
                _ => Vec::new(),
            };
            let fault = match refusals.is_empty() {
                true => refusal::unreadable(&MANNER, response.status, payload),
                false => refusal::rejected(&MANNER, &refusals, aliases.as_ref()),
            };
            let sent = if refusals.is_empty() { Sent::Unknown } else { Sent::Yes };
            Some(renamed(profile, Problem { fault, sent }, form))
        }
    }
}

/// A form that also has the names by which the server calls its fields.
fn aliased(profile: &Profile, form: &Form) -> Form {
    let mut form = form.clone();
    let names = profile.fields.iter().map(|(server, _)| Field {
        id: server.clone(),
        ..Field::default()
    });
    let section = form.steps.iter_mut().flat_map(|step| &mut step.sections).next();
    if let Some(section) = section {
        section.fields.extend(names);
    }
    form
}

/// An answer without the truth values of its envelope (`"success": false`), which are no words.
fn without_flags(payload: &Payload) -> Payload {
    let mut payload = payload.clone();
    if let Payload::Tree(root) = &mut payload {
        for top in &mut root.children {
            top.children
                .retain(|child| !child.is_leaf() || !matches!(child.text.trim(), "true" | "false"));
        }
    }
    payload
}

/// A failure as the profile describes it.
fn told(
    profile: &Profile,
    failure: &Failure,
    response: &Response,
    payload: &Payload,
    place: Place<'_>,
    form: Option<&Form>,
) -> Problem {
    let message = failure
        .message
        .as_ref()
        .map(|pick| pick.first(place))
        .unwrap_or_default();
    let (fault, sent) = match failure.means {
        Means::NotFound => (Fault::NotFound, Sent::No),
        Means::LoginNeeded => (Fault::LoginNeeded, Sent::No),
        Means::RateLimited => {
            let after = failure.after.as_ref().and_then(|pick| pick.first(place).parse().ok());
            let after = after.or_else(|| refusal::retry_after(response));
            (Fault::RateLimited { after }, Sent::No)
        }
        Means::Upstream => {
            let status = response.status;
            (Fault::Upstream { status, message }, Sent::Unknown)
        }
        Means::Rejected => {
            let refusals = match &without_flags(payload) {
                Payload::Tree(root) => refusal::read(&MANNER, root, true),
                _ => Vec::new(),
            };
            let aliases = form.map(|form| aliased(profile, form));
            let mut fault = refusal::rejected(&MANNER, &refusals, aliases.as_ref());
            if let Fault::Rejected { fields, message: words } = &mut fault {
                if !message.is_empty() {
                    words.clone_from(&message);
                }
                let field = failure.field.as_ref().map(|pick| pick.first(place)).unwrap_or_default();
                if !field.is_empty() {
                    fields.push(FieldRefusal {
                        field,
                        message: message.clone(),
                    });
                }
            }
            (fault, Sent::Yes)
        }
    };
    renamed(profile, Problem { fault, sent }, form)
}

/// A refusal with its fields under the form's names. A field that the form does not have is a word of the message.
fn renamed(profile: &Profile, mut problem: Problem, form: Option<&Form>) -> Problem {
    if let Fault::Rejected { fields, message } = &mut problem.fault {
        let named = |name: &str| {
            let other = profile
                .fields
                .iter()
                .find(|(server, _)| server.eq_ignore_ascii_case(name));
            other.map_or_else(|| name.to_owned(), |(_, field)| field.clone())
        };
        for refusal in fields.iter_mut() {
            refusal.field = named(&refusal.field);
        }
        let (known, unknown): (Vec<_>, Vec<_>) = std::mem::take(fields)
            .into_iter()
            .partition(|refusal| form.is_none_or(|form| form.fields().iter().any(|field| field.id == refusal.field)));
        *fields = known;
        for refusal in unknown {
            if !message.contains(&refusal.message) {
                let between = if message.is_empty() { "" } else { "; " };
                message.push_str(&[between, &refusal.message].concat());
            }
        }
    }
    problem
}
