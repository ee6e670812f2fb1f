//! `/i/{region}/{backend}`: what phones want of guarded backends, done for them.
//!
//! A phone says its intent ([`crate::adapters::guarded`]); the edge holds the conversation with the
//! backend, with the very adapter that phones use for open ones, fitted by a profile that lies beside
//! `edge.toml`, and answers with what it ended in. What a stranger gets of it:
//!
//! | asks for | gets |
//! |---|---|
//! | a catalogue | nothing: it is published |
//! | a case | it, with the number and the fact that its owner knows; a wrong fact is told as a wrong number is, as late, and may be tried a few times |
//! | a citizen's cases, documents | nothing without that citizen's session |
//! | a session | tries, fewer than would shut the citizen out |
//! | what became of a delivery | a word, if the stranger knows the whole of it |
//!
//! A delivery is a change like any other ([`super::changes`]): held to its end whether or not the phone
//! is still there, entered in the ledger under its key, and answered from there a second time.
//!
//! | module | holds |
//! |---|---|
//! | [`backend`] | what is known of a guarded backend |
//! | [`parcel`] | reading what a phone sends |
//! | [`gate`] | whether an intent may go on at all |
//! | [`hold`] | the conversation |
//! | [`sealed`] | what phones keep for the edge |
//! | [`scrub`] | what is not told of what the backend says |
//! | [`secrets`] | what the backend is told and no phone knows |
//!
//! What it does not do: let anything that the backend said through as it came.

pub mod backend;
pub mod gate;
pub mod hold;
pub mod parcel;
pub mod scrub;
pub mod sealed;
pub mod secrets;

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::response::Response;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep_until};

use super::Edge;
use super::body::{Collected, collect};
use super::changes::Change;
use super::client::Client;
use super::ledger::seal::Owner;
use super::login;
use super::pass::{is_fetch, key, labelled, perform, refuse, resend, within};
use super::reply::{EdgeFault, Reply};
use crate::adapters::guarded::{answer, files, status};
use crate::adapters::{Fact, Intent, Outcome, Reconciled, Submission};
use crate::model::capabilities::CatalogueSource;
use crate::model::json;
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use backend::GuardedBackend;
use gate::{Pass, Wanted};
use hold::{Ended, Talk};
use parcel::{Kind, MOST_INTENT, Parcel};
use sealed::Sealer;

/// To what a look-up's "there is none" is rounded up: a wrong fact takes as long as a wrong number.
const STEP: Duration = Duration::from_millis(500);
/// Seconds after which a phone may come again with what certainly did not arrive.
const AGAIN: u32 = 15;
/// Media types of documents that are told as such; any other is bytes.
const DOCUMENTS: [&str; 5] = ["application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain"];

/// A request to `/i/…`.
pub async fn intent(State(edge): State<Edge>, Extension(client): Extension<Client>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(backend) = find(&edge, &parts) else {
        return labelled("/i/*".to_owned(), refuse(EdgeFault::NotAllowed, body).await);
    };
    let id = &backend.id;
    match take_in(&edge, client, &backend, &parts.headers, body).await {
        Err(fault) => labelled(format!("/i/{id}"), Reply::fault(fault)),
        Ok((parcel, share)) => {
            let label = format!("/i/{id} {}", gate::word(&parcel.ask.intent));
            let reply = respond(&edge, client, backend, &parts.headers, parcel, share).await;
            labelled(label, reply.unwrap_or_else(Reply::fault))
        }
    }
}

fn find(edge: &Edge, parts: &Parts) -> Option<Arc<GuardedBackend>> {
    if parts.method != Method::POST || !is_fetch(&parts.headers) || parts.uri.query().is_some() {
        return None;
    }
    let id: BackendId = parts.uri.path().strip_prefix("/i/")?.parse().ok()?;
    edge.0.guarded.get(&id).cloned()
}

/// Reads what a phone sends.
async fn take_in(
    edge: &Edge,
    client: Client,
    backend: &GuardedBackend,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Parcel, Option<OwnedSemaphorePermit>), EdgeFault> {
    let inner = &edge.0;
    let kind = Kind::of(headers).ok_or(EdgeFault::Malformed);
    let limit = match kind {
        Ok(Kind::Multipart) => &inner.changes_limit,
        _ => &inner.reads,
    };
    let kind = match kind.and_then(|kind| within(limit, client).map(|()| kind)) {
        Ok(kind) => kind,
        Err(fault) => {
            super::body::discard(body).await;
            return Err(fault);
        }
    };
    let most = match kind {
        Kind::Json => backend.max_request.min(MOST_INTENT),
        Kind::Multipart => backend.max_request,
    };
    let Collected { pieces, share } = collect(body, most, inner.patience, &inner.memory).await?;
    let parcel = parcel::read(kind, headers, pieces).await?;
    if kind == Kind::Json && matches!(parcel.ask.intent, Intent::Submit(_) | Intent::LogIn(_)) {
        within(&inner.changes_limit, client)?;
    }
    Ok((parcel, share))
}

/// Does what is wanted, or says why not.
async fn respond(
    edge: &Edge,
    client: Client,
    backend: Arc<GuardedBackend>,
    headers: &HeaderMap,
    parcel: Parcel,
    share: Option<OwnedSemaphorePermit>,
) -> Result<Reply, EdgeFault> {
    let started = Instant::now();
    let Parcel { ask, files } = parcel;
    let wanted = Wanted::of(&backend.id, &ask.intent);
    let pass = match gate::pass(edge, client, &backend, &wanted, &ask)? {
        Ok(pass) => pass,
        Err(problem) => return Ok(told(&backend, Err(problem), Vec::new())),
    };
    let Pass { facts, session, tries } = pass;
    let mut talk = Talk {
        transport: Arc::clone(&edge.0.transport),
        client: client.address.to_string(),
        facts: facts.unwrap_or_default(),
        session,
        files,
        until: started + backend.conversation,
        backend,
    };
    if let Intent::Submit(submission) = &ask.intent {
        let (owner, key) = owner(&talk.backend.id, submission, headers)?;
        let fingerprint = fingerprint(&owner, submission, &talk);
        let sealer = edge.0.sealer.clone();
        let change = Change {
            owner: Arc::new(owner),
            fingerprint,
            resend: resend(headers),
            patience: talk.backend.conversation,
            sending: Box::pin(async move {
                let ended = talk.hold(ask.intent, Some(&key)).await;
                conclude(&talk.backend, &sealer, &wanted, ended)
            }),
        };
        return Ok(perform(edge, change, share).await);
    }
    let published = matches!(ask.intent, Intent::Form { .. })
        && talk.session.is_none()
        && talk.backend.account.is_some()
        && talk.backend.adapter.capabilities().catalogue == CatalogueSource::Account;
    let ended = match published {
        true => as_publisher(edge, &mut talk, ask.intent).await,
        false => talk.hold(ask.intent, None).await,
    };
    let reply = conclude(&talk.backend, &edge.0.sealer, &wanted, ended);
    if reply.status.is_success() {
        tries.into_iter().for_each(|tried| edge.0.tries.take_back(tried));
    } else if wanted.guesses && reply.status == StatusCode::NOT_FOUND {
        let steps = started
            .elapsed()
            .as_millis()
            .div_euclid(STEP.as_millis())
            .saturating_add(1);
        sleep_until(started + STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))).await;
    }
    Ok(reply)
}

/// Whose delivery it is, and its key, which begins with the application's id.
fn owner(backend: &BackendId, submission: &Submission, headers: &HeaderMap) -> Result<(Owner, String), EdgeFault> {
    let key = key(headers).ok_or(EdgeFault::KeyMissing)?;
    let rest = key.strip_prefix(submission.id.as_str());
    match rest.map(|rest| rest.is_empty() || rest.starts_with(['.', '-'])) {
        Some(true) => Ok((Owner::new(backend, key), key.to_owned())),
        _ => Err(EdgeFault::Malformed),
    }
}

/// What makes two deliveries the same: what is applied for, with which files; not what was won before,
/// nor the session.
fn fingerprint(owner: &Owner, submission: &Submission, talk: &Talk) -> super::ledger::seal::Fingerprint {
    let text = json::write(submission).unwrap_or_default();
    let mut parts: Vec<&[u8]> = vec![b"intent", text.as_bytes()];
    let named = files(&submission.answers.0);
    parts.extend(named.iter().filter_map(|file| Some(talk.files.get(&file.id)?.as_ref())));
    owner.fingerprint(&parts, [])
}

/// A form that only an account may read, read by the publisher's.
async fn as_publisher(edge: &Edge, talk: &mut Talk, intent: Intent) -> Ended {
    let backend = Arc::clone(&talk.backend);
    let mut publisher = backend.publisher.lock().await;
    for fresh in [false, true] {
        if publisher.is_none() {
            match log_in(edge, talk).await {
                Ok(session) => *publisher = Some(session),
                Err(problem) => {
                    let facts = Vec::new();
                    return Ended {
                        result: Err(problem),
                        facts,
                    };
                }
            }
        }
        talk.session.clone_from(&publisher);
        let ended = talk.hold(intent.clone(), None).await;
        let expired = matches!(&ended.result, Err(problem) if problem.fault == Fault::LoginNeeded);
        if !expired || fresh {
            return ended;
        }
        *publisher = None;
    }
    Ended {
        result: Err(Problem::unsent(Fault::LoginNeeded)),
        facts: Vec::new(),
    }
}

async fn log_in(edge: &Edge, talk: &Talk) -> Result<crate::model::secret::Secret<String>, Problem> {
    let backend = &talk.backend;
    let account = backend.account.clone().ok_or(Problem::unsent(Fault::LoginNeeded))?;
    let id = backend.id.to_string();
    let now = std::time::Instant::now();
    let who = login::counted(account.identifier.expose()).unwrap_or_default();
    let tried = edge.0.tries.count(&login::key(&id, &who), backend.login_tries, now);
    let tried = tried.map_err(gate::too_often)?;
    match talk.hold(Intent::LogIn(account), None).await.result? {
        Outcome::LoggedIn { session, .. } => {
            edge.0.tries.take_back(tried);
            Ok(session)
        }
        _ => Err(Problem::unsent(Fault::LoginNeeded)),
    }
}

/// The answer to a conversation that has ended.
fn conclude(backend: &GuardedBackend, sealer: &Sealer, wanted: &Wanted, ended: Ended) -> Reply {
    let Ended { result, facts } = ended;
    let result = result.and_then(|outcome| wanted.own(outcome));
    let kept = match &result {
        Ok(Outcome::Submitted { acknowledgement, .. } | Outcome::Reconciled(Reconciled::Arrived(acknowledgement))) => {
            // Also where there are none: to hold them is to be the case's owner.
            acknowledgement
                .shown()
                .and_then(|shown| sealer.facts(&backend.id, &gate::of_case(shown), &facts))
        }
        Ok(_) | Err(_) if facts.is_empty() => None,
        Ok(_) | Err(_) => wanted
            .purpose
            .as_ref()
            .and_then(|purpose| sealer.facts(&backend.id, purpose, &facts)),
    };
    let result = match result {
        Ok(Outcome::LoggedIn { session, lasts, name }) => match sealer.session(&backend.id, &session) {
            Some(session) => Ok(Outcome::LoggedIn { session, lasts, name }),
            None => Err(Problem::unsent(Fault::Unreachable)),
        },
        Ok(Outcome::Document {
            name,
            content_type,
            bytes,
        }) => Ok(Outcome::Document {
            name,
            content_type: document_type(&content_type),
            bytes,
        }),
        other => other,
    };
    told(backend, result, kept.into_iter().collect())
}

/// A document's type as it may stand under Pendopo's own origin.
fn document_type(said: &str) -> String {
    let media = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = DOCUMENTS.iter().find(|known| **known == media);
    known.map_or("application/octet-stream", |known| known).to_owned()
}

/// An answer as it is written.
fn told(backend: &GuardedBackend, result: Result<Outcome, Problem>, facts: Vec<Fact>) -> Reply {
    let result = result.map_err(|problem| backend.scrub.problem(problem));
    let (code, after) = match &result {
        Ok(_) => (200, None),
        Err(problem) => {
            let code = status(problem);
            let after = match problem.fault {
                Fault::RateLimited { after } => after,
                _ => (code == 503).then_some(AGAIN),
            };
            (code, after)
        }
    };
    let Some(body) = answer(result, facts) else {
        return Reply::fault(EdgeFault::NotAllowed);
    };
    let end = body.iter().position(|byte| *byte == b'\n').unwrap_or(body.len());
    let (head, bytes) = body.split_at_checked(end).unwrap_or_default();
    let body = match backend.scrub.cleaned(head) {
        Some(head) => [&head, bytes].concat(),
        None => body,
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(seconds) = after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    Reply {
        status: StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY),
        headers,
        body: Bytes::from(body),
    }
}
