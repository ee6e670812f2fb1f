//! `/r/{region}/{backend}/{path…}`: pass-through to open backends; `/l`: what became of a change.
//!
//! Up go the method, a path that the adapter names, the query as it is, the body as it is, and the
//! few headers in [`UP`]; down come status, body and the few headers that [`Reply::passed`] lets
//! through. No cookies either way, and no credentials unless `edge.toml` says so. Each request goes over the
//! backend's line ([`super::line`]); catalogues and forms are kept for all ([`super::cache`]).
//!
//! Answers come from systems that are not trusted and yet stand under Pendopo's own origin, so a
//! browser gets them only as data: they are neither pages nor scripts (see `guard`), and a request
//! that a browser makes for any other purpose than `fetch`, or for another site, is refused.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use tokio::sync::OwnedSemaphorePermit;

use super::backend::OpenBackend;
use super::body::{Collected, collect, discard};
use super::cache::Keeping;
use super::changes::Change;
use super::client::Client;
use super::guard::Label;
use super::ledger::Entry;
use super::ledger::seal::Owner;
use super::line::{Line, Refused};
use super::login;
use super::rates::Limit;
use super::reply::{EdgeFault, Reply};
use super::transport::{Outgoing, Transport, address};
use super::{Edge, now};
use crate::adapters::http::{
    HEADER_BACKEND, HEADER_LEDGER, HEADER_LEDGER_SINCE, HEADER_LEDGER_STATUS, HEADER_RESEND, LEDGER_PATH,
};
use crate::cli::edge::allowed::SafePath;
use crate::model::region::BackendId;

/// The headers of a phone's request that go up.
const UP: [HeaderName; 3] = [header::CONTENT_TYPE, header::ACCEPT, header::ACCEPT_LANGUAGE];

const KEY: &str = "idempotency-key";

/// A request to `/r/…`.
pub async fn pass(State(edge): State<Edge>, Extension(client): Extension<Client>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(way) = Way::find(&edge, &parts) else {
        return labelled("/r/*".to_owned(), refuse(EdgeFault::NotAllowed, body).await);
    };
    let label = way.label.clone();
    let reply = match parts.method {
        Method::GET => read(&edge, client, way, &parts).await,
        _ => change(&edge, client, way, &parts, body).await,
    };
    labelled(label, reply)
}

/// A request to `/l`.
pub async fn ledger(State(edge): State<Edge>, Extension(client): Extension<Client>, parts: Parts) -> Response {
    let label = LEDGER_PATH.to_owned();
    if parts.method != Method::GET || !is_fetch(&parts.headers) {
        return labelled(label, Reply::fault(EdgeFault::NotAllowed));
    }
    if let Err(fault) = within(&edge.0.reads, client) {
        return labelled(label, Reply::fault(fault));
    }
    let backend = text(&parts.headers, HEADER_BACKEND).and_then(|id| id.parse::<BackendId>().ok());
    let Some(backend) = backend.filter(|id| edge.knows(id)) else {
        return labelled(label, Reply::fault(EdgeFault::NotAllowed));
    };
    let Some(key) = key(&parts.headers) else {
        return labelled(label, Reply::fault(EdgeFault::KeyMissing));
    };
    labelled(label, look(&edge, Owner::new(&backend, key)).await)
}

/// Where a request goes.
struct Way {
    backend: Arc<OpenBackend>,
    path: String,
    url: reqwest::Url,
    /// For logs: the route's pattern.
    label: String,
    /// Whether it is a GET that the adapter makes for everybody.
    public: bool,
    /// Where it is a login: what names the citizen in it.
    login: Option<String>,
}

impl Way {
    fn find(edge: &Edge, parts: &Parts) -> Option<Self> {
        if !is_fetch(&parts.headers) {
            return None;
        }
        let mut rest = parts.uri.path().strip_prefix("/r/")?.splitn(3, '/');
        let (region, name, path) = (rest.next()?, rest.next()?, rest.next()?);
        let id = BackendId {
            region: region.parse().ok()?,
            backend: name.parse().ok()?,
        };
        let backend = Arc::clone(edge.0.backends.get(&id)?);
        let path = SafePath::parse(path)?;
        let route = path.allowed(parts.method.as_str(), &backend.routes)?;
        let label = format!("/r/{id}/{}", route.path);
        let login = route.login.clone();
        let public = path.allowed(parts.method.as_str(), &backend.public).is_some();
        let path = path.encoded();
        let url = address(&backend.url, &path, parts.uri.query())?;
        Some(Self {
            backend,
            path,
            url,
            label,
            public,
            login,
        })
    }

    /// How long the answer may be kept: that of a GET which the adapter makes for everybody, if nothing
    /// of the phone's goes along that is its own.
    fn keeping(&self, headers: &HeaderMap) -> Option<Keeping> {
        let keeping = self.backend.keeping?;
        let own = self.backend.forward.iter().chain([&header::AUTHORIZATION]);
        let has_own = own.into_iter().any(|name| headers.contains_key(name));
        (self.public && !has_own).then_some(keeping)
    }

    /// What makes two requests ask for the same.
    fn key(&self, headers: &HeaderMap) -> Vec<u8> {
        let mut key = self.url.as_str().as_bytes().to_vec();
        for name in [header::ACCEPT, header::ACCEPT_LANGUAGE] {
            key.push(0);
            key.extend(headers.get(name).map_or(&b""[..], HeaderValue::as_bytes));
        }
        key
    }

    fn outgoing(&self, parts: &Parts, client: Client, body: Vec<axum::body::Bytes>) -> Outgoing {
        let mut headers = HeaderMap::new();
        for name in UP.iter().chain(&self.backend.forward) {
            if let Some(value) = parts.headers.get(name) {
                headers.insert(name, value.clone());
            }
        }
        if let Ok(address) = client.address.to_string().parse() {
            headers.insert("x-forwarded-for", address);
        }
        headers.extend(self.backend.headers.clone());
        Outgoing {
            method: parts.method.clone(),
            url: self.url.clone(),
            headers,
            body,
            timeout: self.backend.timeout,
            most: self.backend.max_response,
        }
    }
}

async fn read(edge: &Edge, client: Client, way: Way, parts: &Parts) -> Reply {
    if let Err(fault) = within(&edge.0.reads, client) {
        return Reply::fault(fault);
    }
    let mut outgoing = way.outgoing(parts, client, Vec::new());
    let (line, transport) = (Arc::clone(&way.backend.line), Arc::clone(&edge.0.transport));
    match way.keeping(&parts.headers) {
        Some(keeping) => {
            // It is asked for everybody, so nobody's address goes along.
            outgoing.headers.remove("x-forwarded-for");
            let key = way.key(&outgoing.headers);
            let ask = || async move { send(&line, &transport, outgoing).await };
            edge.0.cache.answer(key, keeping, ask).await
        }
        None => send(&line, &transport, outgoing).await,
    }
}

async fn send(line: &Line, transport: &Transport, outgoing: Outgoing) -> Reply {
    match line.call(transport, outgoing).await {
        Ok(incoming) => Reply::passed(incoming),
        Err(Refused::Problem(problem)) => Reply::problem(&problem),
        Err(Refused::Resting(after)) => Reply::fault(EdgeFault::Resting { after }),
    }
}

async fn change(edge: &Edge, client: Client, way: Way, parts: &Parts, body: Body) -> Reply {
    let key = key(&parts.headers);
    if key.is_none() && way.login.is_none() {
        return refuse(EdgeFault::KeyMissing, body).await;
    }
    if let Err(fault) = within(&edge.0.changes_limit, client) {
        return refuse(fault, body).await;
    }
    let inner = &edge.0;
    let Collected { pieces, share } = match collect(body, way.backend.max_request, inner.patience, &inner.memory).await
    {
        Ok(collected) => collected,
        Err(fault) => return Reply::fault(fault),
    };
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    if let Some(field) = &way.login {
        let counted = edge.guess(client).map_err(|after| EdgeFault::RateLimited { after });
        let counted =
            counted.and_then(|_| login::count(&inner.tries, &way.backend, field, parts, content_type, &pieces));
        if let Err(fault) = counted {
            return Reply::fault(fault);
        }
    }
    // A login may be done twice, and the session that it wins belongs in no ledger: it needs no key.
    let Some(key) = key.filter(|_| way.login.is_none()) else {
        let result = inner.transport.call(way.outgoing(parts, client, pieces)).await;
        drop(share);
        return result.map_or_else(|problem| Reply::problem(&problem), Reply::passed);
    };
    let owner = Arc::new(Owner::new(&way.backend.id, key));
    let query = parts.uri.query().unwrap_or_default();
    let fingerprint = owner.fingerprint(
        &[
            parts.method.as_str().as_bytes(),
            way.path.as_bytes(),
            query.as_bytes(),
            content_type,
        ],
        pieces.iter().map(AsRef::as_ref),
    );
    let outgoing = way.outgoing(parts, client, pieces);
    let (line, transport) = (Arc::clone(&way.backend.line), Arc::clone(&inner.transport));
    let change = Change {
        owner,
        fingerprint,
        resend: resend(&parts.headers),
        patience: way.backend.timeout,
        sending: Box::pin(async move { send(&line, &transport, outgoing).await }),
    };
    perform(edge, change, share).await
}

/// Performs a change. From here on it goes on whether or not the phone is still there; its body's
/// share of the memory is given back at the end.
pub(super) async fn perform(edge: &Edge, change: Change, share: Option<OwnedSemaphorePermit>) -> Reply {
    let (changes, working) = (edge.0.changes.clone(), edge.0.work.begin());
    let task = tokio::spawn(async move {
        let reply = changes.perform(change, now).await;
        drop((share, working));
        reply
    });
    task.await.unwrap_or_else(|_| Reply::fault(EdgeFault::Unknown))
}

/// Whether the citizen has decided to send again what may have arrived.
pub(super) fn resend(headers: &HeaderMap) -> u32 {
    text(headers, HEADER_RESEND).map_or(0, |number| number.parse().unwrap_or_default())
}

async fn look(edge: &Edge, owner: Owner) -> Reply {
    let owner = Arc::new(owner);
    let under_way = edge.0.changes.is_under_way(&owner);
    let (entry, since) = match edge.0.ledger.look(Arc::clone(&owner)).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "the ledger cannot be read");
            return Reply::fault(EdgeFault::NoLedger);
        }
    };
    let empty = |status, word| {
        let mut reply = Reply {
            status,
            headers: HeaderMap::new(),
            body: axum::body::Bytes::new(),
        };
        reply.headers.insert(HEADER_LEDGER, HeaderValue::from_static(word));
        reply
    };
    let pending = || {
        let mut reply = empty(StatusCode::ACCEPTED, "pending");
        reply.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        reply
    };
    match entry {
        Entry::Answered(answer) => {
            let mut reply = empty(StatusCode::OK, "answered");
            reply
                .headers
                .insert(HEADER_LEDGER_STATUS, answer.status.as_u16().into());
            for name in [header::CONTENT_TYPE, header::CONTENT_ENCODING] {
                if let Some(value) = answer.headers.get(&name) {
                    reply.headers.insert(name, value.clone());
                }
            }
            reply.body = answer.body;
            reply
        }
        Entry::Elsewhere => pending(),
        // It was under way a moment ago, and may have begun or ended since.
        Entry::Absent | Entry::Pending | Entry::Unknown if under_way => pending(),
        // Pending, and nothing is under way: it was left by a failure.
        Entry::Pending | Entry::Unknown => empty(StatusCode::CONFLICT, "unknown"),
        Entry::Absent => {
            let mut reply = empty(StatusCode::NOT_FOUND, "absent");
            reply.headers.insert(HEADER_LEDGER_SINCE, since.0.into());
            reply
        }
    }
}

/// A fault, told to a phone that may still be sending.
pub(super) async fn refuse(fault: EdgeFault, body: Body) -> Reply {
    discard(body).await;
    Reply::fault(fault)
}

pub(super) fn within(limit: &Limit, client: Client) -> Result<(), EdgeFault> {
    limit
        .take(client.subscriber(), Instant::now())
        .map_err(|after| EdgeFault::RateLimited { after })
}

/// Whether a browser asks by `fetch` and for this site; other programs do not say.
pub(super) fn is_fetch(headers: &HeaderMap) -> bool {
    let says = |name, expected| text(headers, name).is_none_or(|value| value == expected);
    says("sec-fetch-dest", "empty") && says("sec-fetch-site", "same-origin")
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The idempotency key: 1 to 80 of letters, digits, `.`, `_` and `-`.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text(headers, KEY).filter(|key| (1..=80).contains(&key.len()) && key.bytes().all(valid))
}

pub(super) fn labelled(label: String, reply: Reply) -> Response {
    (Extension(Label(label)), reply).into_response()
}
