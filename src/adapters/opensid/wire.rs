//! Requests: paths, and the bodies of a login, a document, an application and a complaint.
//!
//! An application's answers go twice: each under its own name, and all of them as one text of JSON
//! (`isian_form`); releases differ in which of the two they read. Documents go before it, each by
//! itself, and are named in it (`syarat`) by the numbers that they got. A body that is put is
//! urlencoded, since PHP reads no multipart but of a POST.

use super::form::{NOTE, PHONE};
use super::profile::{Asked, Profile};
use crate::adapters::codec::{multipart, urlencoded};
use crate::adapters::http::{Body, Method, Part, Request};
use crate::adapters::{RoutePattern, Submission, words};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::form::Field;
use crate::model::json::value::{Members, Value};
use crate::model::login::Credentials;
use crate::model::nik::Nik;
use crate::model::region::BackendId;
use crate::model::route::encode;
use crate::model::secret::Secret;

/// Milliseconds for a request with a file, on a slow network.
const FILE_TIMEOUT: u32 = 180_000;

pub(super) const LOGIN: &str = "auth/login";
pub(super) const KINDS: &str = "layanan-mandiri/surat/jenis-permohonan";
pub(super) const REQUIREMENTS: &str = "layanan-mandiri/surat/syarat";
pub(super) const APPLICATIONS: &str = "layanan-mandiri/surat/permohonan";
pub(super) const ARCHIVE: &str = "layanan-mandiri/surat/arsip";
const UPLOAD: &str = "layanan-mandiri/surat/unggah-dokumen";

/// The value that says that a document is brought to the office.
const BROUGHT: &str = "-1";

/// Pairs of a query or a body.
pub(super) type Pairs = Vec<(String, String)>;

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn path(profile: &Profile, path: &str) -> String {
    if profile.prefix.is_empty() {
        path.to_owned()
    } else {
        [&profile.prefix, "/", path].concat()
    }
}

fn application(of: &str) -> String {
    ["layanan-mandiri/surat/", &encode(of), "/permohonan"].concat()
}

/// The path of a finished letter.
pub(super) fn document(profile: &Profile, id: &str) -> String {
    profile.paths.document.replace("{id}", &encode(id))
}

/// Every path that conversations use.
pub(super) fn routes(profile: &Profile) -> Vec<RoutePattern> {
    let route = |method, at: &str| RoutePattern::new(method, path(profile, at));
    let anything = "layanan-mandiri/surat/*/permohonan";
    let mut routes = vec![
        RoutePattern::login(path(profile, LOGIN), "credential"),
        route(Method::Get, KINDS),
        route(Method::Get, REQUIREMENTS),
        route(Method::Get, APPLICATIONS),
        route(Method::Get, ARCHIVE),
        route(Method::Get, &profile.paths.document.replace("{id}", "*")),
        route(Method::Post, anything),
    ];
    if profile.documents != Asked::None {
        routes.push(route(Method::Post, UPLOAD));
    }
    if profile.complete {
        routes.push(route(Method::Put, anything));
    }
    if profile.complaints {
        routes.push(route(Method::Get, &profile.paths.complaints));
        routes.push(route(Method::Get, &profile.paths.complaint));
        routes.push(route(Method::Post, &profile.paths.complain));
    }
    routes
}

/// A request that carries the citizen's session.
fn request(profile: &Profile, backend: &BackendId, session: &Secret<String>, method: Method, at: &str) -> Request {
    let mut request = Request::to(backend, method, path(profile, at));
    let bearer = ["Bearer ", session.expose()].concat();
    request.secrets.push(("Authorization".to_owned(), Secret::new(bearer)));
    request
}

/// A request that reads.
pub(super) fn get(profile: &Profile, backend: &BackendId, session: &Secret<String>, at: &str, query: Pairs) -> Request {
    let mut request = request(profile, backend, session, Method::Get, at);
    request.query = query;
    request
}

/// A list's query.
pub(super) fn page(profile: &Profile, number: u32, newest_first: bool) -> Pairs {
    let mut query = vec![
        pair("page[number]", &number.to_string()),
        pair("page[size]", &profile.per_page.to_string()),
    ];
    if newest_first {
        query.push(pair("sort", "-id"));
    }
    query
}

/// The request that logs in. It has no key: the edge keeps no answer that holds a token.
pub(super) fn log_in(profile: &Profile, backend: &BackendId, credentials: &Credentials) -> Request {
    let identifier = credentials.identifier.expose().trim();
    let identifier = match Nik::parse(identifier) {
        Ok(nik) => nik.digits().to_owned(),
        Err(_) => identifier.to_owned(),
    };
    let pairs = [
        ("credential".to_owned(), identifier),
        pair("password", credentials.proof.expose().trim()),
    ];
    let mut request = Request::to(backend, Method::Post, path(profile, LOGIN));
    request.body = Body {
        content_type: urlencoded::CONTENT_TYPE.to_owned(),
        parts: vec![Part::Secret(Secret::new(urlencoded::encode(&pairs).into_bytes()))],
    };
    request
}

/// The documents of an application: the requirement that each meets, its field and its file.
pub(super) fn documents(submission: &Submission) -> Vec<(&str, &Field, Option<&FileAnswer>)> {
    let fields = submission.form.fields().into_iter();
    fields
        .filter_map(|field| {
            let id = field.id.strip_prefix("syarat[")?.strip_suffix(']')?;
            let file = match submission.answers.get(&field.id) {
                Some(Answer::Files(files)) => files.first(),
                _ => None,
            };
            Some((id, field, file))
        })
        .collect()
}

/// The request that hands in a document. Its key is the application's and the file's: another file
/// is another document.
pub(super) fn upload(
    profile: &Profile,
    backend: &BackendId,
    session: &Secret<String>,
    submission: &Submission,
    requirement: &str,
    file: &FileAnswer,
) -> Request {
    let mut request = request(profile, backend, session, Method::Post, UPLOAD);
    let pairs = [pair("nama_dokumen", &file.name), pair("syarat", requirement)];
    request.body = multipart::body(file.id.as_str(), &pairs, &[("file".to_owned(), file)]);
    request.key = Some([submission.id.as_str(), "-", file.id.as_str()].concat());
    request.timeout = FILE_TIMEOUT;
    request
}

/// The request that applies for a letter, or completes an application. `uploaded` are the numbers of
/// the documents by the requirements that they meet.
pub(super) fn apply(
    profile: &Profile,
    backend: &BackendId,
    session: &Secret<String>,
    submission: &Submission,
    letter: &str,
    uploaded: &[(String, String)],
) -> Request {
    let code = submission.service.as_str();
    let (method, at) = match &submission.completes {
        Some(reference) => (Method::Put, application(reference.as_str())),
        None => (Method::Post, application(code)),
    };
    let mut documents = uploaded.to_vec();
    for (requirement, _, file) in self::documents(submission) {
        if file.is_none() {
            documents.push(pair(requirement, BROUGHT));
        }
    }
    let object = |pairs: &[(String, String)]| {
        let members = pairs.iter().cloned();
        Value::Object(
            members
                .map(|(name, value)| (name, Value::String(value)))
                .collect::<Members>(),
        )
        .json()
    };
    let answers = answers(profile, submission);
    let mut pairs = vec![
        pair("id_surat", letter),
        pair("url_surat", code),
        ("syarat".to_owned(), object(&documents)),
        ("isian_form".to_owned(), object(&answers)),
    ];
    for name in [NOTE, PHONE] {
        if !answers.iter().any(|(known, _)| known == name) {
            pairs.push(pair(name, submission.answers.text(name).unwrap_or_default()));
        }
    }
    for answer in answers {
        if !pairs.iter().any(|(name, _)| *name == answer.0) {
            pairs.push(answer);
        }
    }
    let mut request = request(profile, backend, session, method, &at);
    request.body = urlencoded::body(&pairs);
    request.key = Some(submission.id.as_str().to_owned());
    request
}

/// The answers as the letter prints them.
fn answers(profile: &Profile, submission: &Submission) -> Pairs {
    let fields = submission.form.fields().into_iter();
    let mut pairs = Vec::new();
    for field in fields {
        match submission.answers.get(&field.id) {
            Some(Answer::Text(text)) => {
                let text = text.trim();
                let moment = matches!(field.kind.as_str(), "date" | "datetime");
                let day_first = day_first(text).filter(|_| moment && profile.day_first);
                pairs.push((field.id.clone(), day_first.unwrap_or_else(|| text.to_owned())));
            }
            Some(Answer::Many(values)) => pairs.push((field.id.clone(), values.join(", "))),
            Some(Answer::Place(place)) => pairs.push(pair(&field.id, place.address.trim())),
            Some(Answer::Area(area)) => pairs.push((field.id.clone(), words::area(area))),
            Some(Answer::Rows(rows)) => pairs.push((field.id.clone(), words::rows(&field.fields, rows))),
            Some(Answer::Files(_)) | None => {}
        }
    }
    pairs
}

/// `2026-12-31` as `31-12-2026`; what follows it, after a space.
fn day_first(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    let date = [day, "-", month, "-", year].concat();
    Some(if time.is_empty() {
        date
    } else {
        [&date, " ", time].concat()
    })
}

/// The request that complains.
pub(super) fn complain(
    profile: &Profile,
    backend: &BackendId,
    session: &Secret<String>,
    submission: &Submission,
) -> Request {
    let mut request = request(profile, backend, session, Method::Post, &profile.paths.complain);
    let mut pairs = Vec::new();
    let mut files = Vec::new();
    for (id, answer) in &submission.answers.0 {
        match answer {
            Answer::Text(text) if !answer.is_blank() => pairs.push(pair(id, text.trim())),
            Answer::Files(given) => files.extend(given.first().map(|file| (id.clone(), file))),
            _ => {}
        }
    }
    let id = submission.id.as_str();
    request.body = multipart::body(id, &pairs, &files);
    request.key = Some(id.to_owned());
    request.timeout = FILE_TIMEOUT;
    request
}
