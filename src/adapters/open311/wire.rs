//! Requests: paths, queries, and the body of a submission.

use super::profile::{DateStyle, Format, KeyPlace, MediaWay, Profile};
use crate::adapters::codec::{multipart, urlencoded};
use crate::adapters::http::{Body, Method, Request, Target};
use crate::adapters::{Submission, words};
use crate::model::answers::{Answer, FileAnswer, Place};
use crate::model::form::Field;
use crate::model::region::BackendId;
use crate::model::route::encode;
use crate::model::time::Timestamp;

/// Milliseconds for a read.
const READ_TIMEOUT: u32 = 30_000;
/// Milliseconds for a submission, photos included, on a slow network.
const SUBMIT_TIMEOUT: u32 = 180_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    #[cfg(not(target_arch = "wasm32"))]
    Services,
    Definition,
    Submit,
    Case,
    List,
    Token,
    History,
}

/// The path of a resource; `value` stands in it for the code, number or token.
pub(super) fn path(profile: &Profile, format: Format, resource: Resource, value: &str) -> String {
    let paths = &profile.paths;
    let (template, hole) = match resource {
        #[cfg(not(target_arch = "wasm32"))]
        Resource::Services => (&paths.services, ""),
        Resource::Definition => (&paths.service, "{code}"),
        Resource::Submit => (&paths.submit, ""),
        Resource::Case if profile.track_by_query => (&paths.list, ""),
        Resource::Case => (&paths.request, "{id}"),
        Resource::List => (&paths.list, ""),
        Resource::Token => (&paths.token, "{token}"),
        Resource::History => (
            profile.history.as_ref().map_or(&paths.list, |history| &history.path),
            "{id}",
        ),
    };
    let mut path = String::new();
    if !profile.prefix.is_empty() {
        path.push_str(&profile.prefix);
        path.push('/');
    }
    if hole.is_empty() {
        path.push_str(template);
    } else {
        path.push_str(&template.replace(hole, value));
    }
    let written = [".json", ".xml"].iter().any(|extension| template.ends_with(extension));
    if profile.extension && !written {
        path.push('.');
        path.push_str(format.extension());
    }
    path
}

/// A request that reads.
pub(super) fn get(
    profile: &Profile,
    backend: &BackendId,
    format: Format,
    resource: Resource,
    value: &str,
    mut query: Vec<(String, String)>,
) -> Request {
    if let Some(jurisdiction) = &profile.jurisdiction_id {
        query.insert(0, ("jurisdiction_id".to_owned(), jurisdiction.clone()));
    }
    if let (KeyPlace::EveryQuery, Some(key)) = (profile.api_key_in, &profile.api_key) {
        query.push(("api_key".to_owned(), key.clone()));
    }
    extend(&mut query, &profile.extra_query);
    Request {
        target: Target::Backend(backend.clone()),
        method: Method::Get,
        path: path(profile, format, resource, &encode(value)),
        query,
        headers: vec![("Accept".to_owned(), format.accept().to_owned())],
        secrets: Vec::new(),
        body: Body::default(),
        key: None,
        timeout: READ_TIMEOUT,
    }
}

/// Adds pairs whose name is not there yet.
fn extend(pairs: &mut Vec<(String, String)>, more: &[(String, String)]) {
    for (name, value) in more {
        if !pairs.iter().any(|(known, _)| known == name) {
            pairs.push((name.clone(), value.clone()));
        }
    }
}

/// The request that submits. `again` where the same application goes to the other format's path:
/// another request needs another key.
pub(super) fn submit(
    profile: &Profile,
    backend: &BackendId,
    format: Format,
    submission: &Submission,
    offset: i32,
    again: bool,
) -> Request {
    let mut form = vec![("service_code".to_owned(), submission.service.as_str().to_owned())];
    let mut query = profile.extra_query.clone();
    if let Some(jurisdiction) = &profile.jurisdiction_id {
        form.insert(0, ("jurisdiction_id".to_owned(), jurisdiction.clone()));
    }
    if let Some(key) = &profile.api_key {
        let pair = ("api_key".to_owned(), key.clone());
        match profile.api_key_in {
            KeyPlace::None => {}
            KeyPlace::Body => form.insert(0, pair),
            KeyPlace::Query | KeyPlace::EveryQuery => query.push(pair),
        }
    }
    if let Some(account) = &profile.account_id {
        form.push(("account_id".to_owned(), account.clone()));
    }
    let mut files = Vec::new();
    answers(profile, submission, offset, &mut form, &mut files);
    extend(&mut form, &profile.extra_form);
    let named: Vec<(String, &FileAnswer)> = files
        .into_iter()
        .enumerate()
        .map(|(at, file)| {
            let name = match &profile.media.way {
                MediaWay::Field(name) => name.clone(),
                _ => ["photo", &at.saturating_add(1).to_string()].concat(),
            };
            (name, file)
        })
        .collect();
    let id = submission.id.as_str();
    Request {
        target: Target::Backend(backend.clone()),
        method: Method::Post,
        path: path(profile, format, Resource::Submit, ""),
        query,
        headers: vec![("Accept".to_owned(), format.accept().to_owned())],
        secrets: Vec::new(),
        body: if named.is_empty() {
            urlencoded::body(&form)
        } else {
            multipart::body(id, &form, &named)
        },
        key: Some(if again { [id, "-xml"].concat() } else { id.to_owned() }),
        timeout: SUBMIT_TIMEOUT,
    }
}

/// What only the profile may say.
const RESERVED: [&str; 4] = ["service_code", "jurisdiction_id", "api_key", "account_id"];

fn answers<'a>(
    profile: &Profile,
    submission: &'a Submission,
    offset: i32,
    form: &mut Vec<(String, String)>,
    files: &mut Vec<&'a FileAnswer>,
) {
    let field = |id: &str| -> Option<&Field> {
        submission
            .form
            .steps
            .iter()
            .flat_map(|step| &step.sections)
            .flat_map(|section| &section.fields)
            .find(|field| field.id == id)
    };
    for (id, answer) in &submission.answers.0 {
        if answer.is_blank() || RESERVED.contains(&id.as_str()) {
            continue;
        }
        match answer {
            Answer::Text(text) => {
                let many = field(id).is_some_and(|field| field.kind == "choice" && field.many);
                let moment = field(id).is_some_and(|field| field.kind == "datetime");
                let value = match Timestamp::parse_iso(text, offset) {
                    Some(at) if moment => date(profile, at, offset),
                    _ => text.trim().to_owned(),
                };
                form.push((if many { list_name(id) } else { id.clone() }, value));
            }
            Answer::Many(values) => {
                for value in values {
                    form.push((list_name(id), value.clone()));
                }
            }
            Answer::Place(at) => place(at, form),
            Answer::Files(given) => files.extend(given),
            Answer::Area(area) => form.push((id.clone(), words::area(area))),
            Answer::Rows(rows) => {
                let entry = field(id).map(|field| field.fields.as_slice()).unwrap_or_default();
                form.push((id.clone(), words::rows(entry, rows)));
                for row in rows {
                    files.extend(row.0.values().flat_map(files_of));
                }
            }
        }
    }
}

fn files_of(answer: &Answer) -> &[FileAnswer] {
    match answer {
        Answer::Files(files) => files,
        _ => &[],
    }
}

fn list_name(id: &str) -> String {
    [id, "[]"].concat()
}

fn place(place: &Place, form: &mut Vec<(String, String)>) {
    let degrees = |text: &str| text.trim().replace(',', ".");
    let (lat, long) = (degrees(&place.lat), degrees(&place.long));
    if !lat.is_empty() && !long.is_empty() {
        form.push(("lat".to_owned(), lat));
        form.push(("long".to_owned(), long));
    }
    let address = place.address.trim();
    if !address.is_empty() {
        form.push(("address_string".to_owned(), address.to_owned()));
    }
}

/// A moment as this server reads it.
pub(super) fn date(profile: &Profile, at: Timestamp, offset: i32) -> String {
    if profile.dates == DateStyle::Utc {
        return at.to_string();
    }
    let local = at.plus(i64::from(offset).saturating_mul(60_000)).to_string();
    let mut text = local.trim_end_matches('Z').to_owned();
    if profile.dates == DateStyle::Offset {
        use std::fmt::Write as _;
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
        // Writing to a String cannot fail.
        let _ = write!(text, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    }
    text
}

/// The query that reads a case: its number where the profile asks by query, and what its history
/// within the request needs.
pub(super) fn case_query(profile: &Profile, number: &str) -> Vec<(String, String)> {
    let mut query = Vec::new();
    if profile.track_by_query {
        query.push(("service_request_id".to_owned(), number.to_owned()));
    }
    if let Some(history) = profile.history.as_ref().filter(|history| history.inline) {
        extend(&mut query, &history.query);
    }
    query
}

/// The query that reads a history: `{id}` and `{received}` are put in; a parameter whose value is
/// not known is left out.
pub(super) fn history_query(
    profile: &Profile,
    number: &str,
    received: Option<Timestamp>,
    offset: i32,
) -> Vec<(String, String)> {
    let Some(history) = &profile.history else {
        return Vec::new();
    };
    let received = received.map(|at| date(profile, at, offset));
    history
        .query
        .iter()
        .filter_map(|(name, template)| {
            let mut value = template.clone();
            if value.contains("{received}") {
                value = value.replace("{received}", received.as_deref()?);
            }
            Some((name.clone(), value.replace("{id}", number)))
        })
        .collect()
}
