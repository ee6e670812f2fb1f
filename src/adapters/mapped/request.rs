//! A request made of what a profile says and what is known.

use super::body;
use super::call::{Call, Encoding};
use super::gives::Kind;
use super::soap;
use super::template::Name;
use super::wanted::Wanted;
use crate::adapters::codec::urlencoded;
use crate::adapters::http::{Body, Method, Part, Request};
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use crate::model::secret::Secret;

/// The request, or why nothing can be sent.
///
/// # Errors
/// Where a login is needed first, where there is no such case, or where the profile needs something that is
/// not there.
pub(super) fn request(wanted: &Wanted, call: &Call, backend: &BackendId, page: bool) -> Result<Request, Problem> {
    if call.names(&Name::Session) && !wanted.has_session() {
        return Err(Problem::unsent(Fault::LoginNeeded));
    }
    if call.names(&Name::Owner) && wanted.owner().is_none() {
        return Err(Problem::unsent(Fault::NotFound));
    }
    let path = call.path.path(wanted).ok_or_else(|| nothing(wanted))?;
    let mut request = Request::to(backend, call.method, path);
    request.headers = vec![("Accept".to_owned(), accept(call.encoding, page).to_owned())];
    request.query = call
        .query
        .iter()
        .map(|(name, template)| (name.clone(), template.text(wanted)))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect();
    if call.encoding == Encoding::Soap11 {
        header(&mut request, "SOAPAction", call.soap.header_11(), false);
    }
    for (name, template) in wanted.profile.headers.iter().chain(&call.headers) {
        let value = template.text(wanted);
        let value: String = value.chars().filter(|letter| !letter.is_control()).collect();
        // What an earlier request took is as good as a key, more often than not.
        let secret = template.is_secret()
            || template
                .gaps()
                .any(|gap| matches!(gap.name, Name::Took(_) | Name::Kept(_)));
        header(&mut request, name, value.trim().to_owned(), secret);
    }
    if let Some(body) = filled(wanted, call, &mut request) {
        request.body = body;
    }
    if let Some(submission) = wanted.submission.as_ref().filter(|_| call.method != Method::Get) {
        let id = submission.id.as_str();
        request.key = match (&wanted.file, call.delivers) {
            (Some(file), _) => Some([id, "-", file.id.as_str()].concat()),
            (None, true) if wanted.kind == Kind::Submit => Some(id.to_owned()),
            _ => None,
        };
        request.timeout = 180_000;
    }
    Ok(request)
}

/// What is said where a path would be empty.
fn nothing(wanted: &Wanted) -> Problem {
    Problem::unsent(match wanted.kind {
        Kind::Track | Kind::Timeline | Kind::Document | Kind::Form => Fault::NotFound,
        _ => Fault::Protocol {
            what: "a path with everything in it that the profile names".to_owned(),
        },
    })
}

const fn accept(encoding: Encoding, page: bool) -> &'static str {
    match encoding {
        Encoding::Soap11 => "text/xml",
        Encoding::Soap12 => "application/soap+xml",
        Encoding::Xml => "application/xml, text/xml",
        // Frameworks that look at the first type alone answer in JSON, refusals too.
        _ if !page => "application/json, application/xml;q=0.9, */*;q=0.5",
        _ => "text/html, application/xhtml+xml, */*;q=0.5",
    }
}

/// Sets a header; of one name the last holds, and one without a value is not sent.
fn header(request: &mut Request, name: &str, value: String, secret: bool) {
    request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    request.secrets.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    if value.is_empty() {
        return;
    }
    if secret {
        request.secrets.push((name.to_owned(), Secret::new(value)));
    } else {
        request.headers.push((name.to_owned(), value));
    }
}

fn filled(wanted: &Wanted, call: &Call, request: &mut Request) -> Option<Body> {
    let full = call.body.as_ref().map(|draft| draft.fill(wanted));
    let charset = wanted.profile.charset;
    let body = match call.encoding {
        Encoding::None => return None,
        Encoding::Query => {
            request.query.extend(full?.pairs(call.empty).0);
            return None;
        }
        Encoding::Json => body::json(&full?, call.empty, charset),
        Encoding::Form => match &full {
            Some(full) => body::form(full, call.empty, charset),
            None => urlencoded::body(&[]),
        },
        Encoding::Multipart => {
            let token = wanted
                .submission
                .as_ref()
                .map_or("pendopo", |submission| submission.id.as_str());
            body::parts(&full?, call.empty, token)
        }
        Encoding::Xml | Encoding::Soap11 | Encoding::Soap12 => {
            let head = call.soap.header.as_ref().map(|draft| draft.fill(wanted));
            soap::body(
                full.as_ref(),
                head.as_ref(),
                &call.soap,
                call.encoding,
                call.empty,
                charset,
            )
        }
    };
    let secret =
        call.body.as_ref().is_some_and(body::is_secret) || call.soap.header.as_ref().is_some_and(body::is_secret);
    Some(if secret { sealed(body) } else { body })
}

/// The same with its bytes as secrets.
fn sealed(mut body: Body) -> Body {
    for part in &mut body.parts {
        if let Part::Bytes(bytes) = part {
            *part = Part::Secret(Secret::new(std::mem::take(bytes)));
        }
    }
    body
}
