//! What a phone sends to a guarded backend, read: an intent, and the files that go along.
//!
//! Nothing of it is believed. Only the two kinds of body that phones send are read, each part once,
//! and a file only where an answer names it; its size is what came, not what was said.

use std::collections::HashMap;

use axum::RequestExt as _;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use futures_util::stream;

use crate::adapters::Intent;
use crate::adapters::guarded::{Ask, INTENT, Unread, files};
use crate::cli::edge::reply::EdgeFault;
use crate::model::answers::Answer;
use crate::model::application::AttachmentId;
use crate::model::map::Map;

/// Most files that go along.
const MOST_FILES: usize = 40;
/// Most bytes of an intent.
pub const MOST_INTENT: usize = 2 * 1024 * 1024;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The intent alone.
    Json,
    /// The intent, and files behind it.
    Multipart,
}

/// What was asked, and the bytes that go along.
pub struct Parcel {
    /// What was asked.
    pub ask: Ask,
    /// Files by their ids.
    pub files: HashMap<AttachmentId, Bytes>,
}

impl Kind {
    /// Reads it from a request's head; `None` for a body that no phone sends.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(header::CONTENT_ENCODING) || headers.get_all(header::CONTENT_TYPE).iter().count() != 1 {
            return None;
        }
        let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        match text.split(';').next()?.trim().to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "multipart/form-data" => Some(Self::Multipart),
            _ => None,
        }
    }
}

/// Reads a body that came whole.
///
/// # Errors
/// Where it is nothing that a phone of this version sends.
pub async fn read(kind: Kind, headers: &HeaderMap, pieces: Vec<Bytes>) -> Result<Parcel, EdgeFault> {
    let mut parcel = match kind {
        Kind::Json => Parcel {
            ask: ask(&pieces.concat())?,
            files: HashMap::new(),
        },
        Kind::Multipart => multipart(headers, pieces).await?,
    };
    let mut named = 0_usize;
    if let Intent::Submit(submission) = &mut parcel.ask.intent {
        named = files(&submission.answers.0).len();
        measure(&mut submission.answers.0, &parcel.files)?;
    }
    if named == parcel.files.len() {
        Ok(parcel)
    } else {
        Err(EdgeFault::Malformed)
    }
}

fn ask(text: &[u8]) -> Result<Ask, EdgeFault> {
    if text.len() > MOST_INTENT {
        return Err(EdgeFault::TooLarge);
    }
    Ask::read(text).map_err(|unread| match unread {
        Unread::Version => EdgeFault::Version,
        Unread::Malformed => EdgeFault::Malformed,
    })
}

async fn multipart(headers: &HeaderMap, pieces: Vec<Bytes>) -> Result<Parcel, EdgeFault> {
    let malformed = |_| EdgeFault::Malformed;
    let body = Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, std::convert::Infallible>)));
    let mut request = Request::new(body);
    if let Some(content_type) = headers.get(header::CONTENT_TYPE) {
        request.headers_mut().insert(header::CONTENT_TYPE, content_type.clone());
    }
    // The body is here already, within the backend's own limit.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request.with_limited_body(), &())
        .await
        .map_err(|_| EdgeFault::Malformed)?;
    let first = parts
        .next_field()
        .await
        .map_err(malformed)?
        .ok_or(EdgeFault::Malformed)?;
    if first.name() != Some(INTENT) {
        return Err(EdgeFault::Malformed);
    }
    let ask = ask(&first.bytes().await.map_err(malformed)?)?;
    let mut files = HashMap::new();
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let id = part.name().and_then(|name| name.parse::<AttachmentId>().ok());
        let id = id.ok_or(EdgeFault::Malformed)?;
        let bytes = part.bytes().await.map_err(malformed)?;
        if files.len() >= MOST_FILES || files.insert(id, bytes).is_some() {
            return Err(EdgeFault::Malformed);
        }
    }
    Ok(Parcel { ask, files })
}

/// Enters the sizes that came; every file that is named must have come.
fn measure(answers: &mut Map<Answer>, files: &HashMap<AttachmentId, Bytes>) -> Result<(), EdgeFault> {
    for answer in answers.values_mut() {
        if let Answer::Files(named) = answer {
            for file in named {
                file.size = files.get(&file.id).ok_or(EdgeFault::Malformed)?.len() as u64;
            }
        }
    }
    Ok(())
}
