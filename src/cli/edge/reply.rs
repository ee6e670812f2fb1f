//! What the edge answers on `/r/`, `/i/` and `/l`: a backend's answer with what may pass of it, or a fault
//! of the edge's own, marked as such by [`HEADER_EDGE`].

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::transport::Incoming;
use crate::adapters::http::{HEADER_EDGE, HEADER_SENT};
use crate::model::problem::{Fault, Problem, Sent};

/// The headers of a backend's answer that reach the phone. `Content-Encoding` is among them for
/// servers that compress without being asked.
const DOWN: [HeaderName; 7] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::RETRY_AFTER,
    header::LINK,
    header::LAST_MODIFIED,
    header::ETAG,
    HeaderName::from_static("x-next-page-url"),
];

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// Headers beyond those that every answer has.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A fault that the edge itself finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeFault {
    /// No such backend, or not a path of its adapter.
    NotAllowed,
    /// A request that changes something came without a usable key.
    KeyMissing,
    /// The key belongs to a request with another content.
    KeyReused,
    /// The same request is still on its way.
    Pending,
    /// The same request was sent and nobody knows what became of it.
    Unknown,
    /// It is nothing that a phone sends.
    Malformed,
    /// It is of another version.
    Version,
    /// The body is longer than the backend takes.
    TooLarge,
    /// The body did not come.
    Timeout,
    /// Too many requests from there.
    RateLimited {
        /// Seconds to wait.
        after: u64,
    },
    /// The ledger cannot be written, so nothing is sent.
    NoLedger,
    /// The backend failed again and again, and is left alone for a while.
    Resting {
        /// Seconds to wait.
        after: u64,
    },
}

impl Reply {
    /// A fault of the edge's own.
    #[must_use]
    pub fn fault(fault: EdgeFault) -> Self {
        use EdgeFault as E;
        let (status, name, sent, after) = match fault {
            E::NotAllowed => (StatusCode::NOT_FOUND, "not_allowed", Sent::No, None),
            E::KeyMissing => (StatusCode::PRECONDITION_REQUIRED, "key_missing", Sent::No, None),
            E::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key_reused", Sent::No, None),
            E::Pending => (StatusCode::CONFLICT, "pending", Sent::Unknown, Some(5)),
            E::Unknown => (StatusCode::CONFLICT, "unknown", Sent::Unknown, None),
            E::Malformed => (StatusCode::BAD_REQUEST, "malformed", Sent::No, None),
            E::Version => (StatusCode::BAD_REQUEST, "version", Sent::No, None),
            E::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", Sent::No, None),
            E::Timeout => (StatusCode::REQUEST_TIMEOUT, "timeout", Sent::No, None),
            E::RateLimited { after } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited", Sent::No, Some(after)),
            E::Resting { after } => (StatusCode::SERVICE_UNAVAILABLE, "unreachable", Sent::No, Some(after)),
            E::NoLedger => (StatusCode::SERVICE_UNAVAILABLE, "unreachable", Sent::No, Some(30)),
        };
        Self::made(status, name, sent, after)
    }

    /// What kept the backend's answer from coming.
    #[must_use]
    pub fn problem(problem: &Problem) -> Self {
        let (status, name) = match problem.fault {
            Fault::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
            Fault::TooLarge => (StatusCode::BAD_GATEWAY, "too_large"),
            _ => (StatusCode::BAD_GATEWAY, "unreachable"),
        };
        Self::made(status, name, problem.sent, None)
    }

    fn made(status: StatusCode, name: &'static str, sent: Sent, after: Option<u64>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER_EDGE, HeaderValue::from_static(name));
        headers.insert(
            HEADER_SENT,
            HeaderValue::from_static(match sent {
                Sent::No => "no",
                Sent::Yes => "yes",
                Sent::Unknown => "unknown",
            }),
        );
        if let Some(seconds) = after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self {
            status,
            headers,
            body: format!(r#"{{"fault":"{name}"}}"#).into(),
        }
    }

    /// A backend's answer, with those of its headers that may pass.
    #[must_use]
    pub fn passed(mut incoming: Incoming) -> Self {
        let mut headers = HeaderMap::new();
        for name in DOWN {
            if let Some(value) = incoming.headers.remove(&name) {
                headers.insert(name, value);
            }
        }
        Self {
            status: incoming.status,
            headers,
            body: incoming.body,
        }
    }

    /// The same, marked as the answer to an earlier request with the same key.
    #[must_use]
    pub fn again(mut self) -> Self {
        if !self.headers.contains_key(HEADER_EDGE) {
            self.headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        self
    }

    /// The reply as bytes, to be sealed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let headers = self.headers.iter();
        let head = Head {
            status: self.status.as_u16(),
            headers: headers
                .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
                .collect(),
        };
        // Text and numbers: writing them as JSON cannot fail.
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads what [`Reply::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = bytes.split_at_checked(end)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in head.headers {
            headers.insert(name.parse::<HeaderName>().ok()?, value.parse().ok()?);
        }
        Some(Self {
            status: StatusCode::from_u16(head.status).ok()?,
            headers,
            body: Bytes::copy_from_slice(body.get(1..)?),
        })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_reads_back_whatever_its_body() {
        for body in [&b""[..], b"\n{}\n", &[0, 255, 10, 10]] {
            let mut reply = Reply::fault(EdgeFault::Pending);
            reply.body = Bytes::copy_from_slice(body);
            assert_eq!(Reply::from_bytes(&reply.to_bytes()), Some(reply));
        }
        for bytes in [
            &b""[..],
            b"\n",
            b"{}\n",
            b"{\"status\":1,\"headers\":[]}\n",
            b"{\"status\":200,\"headers\":[]}",
        ] {
            assert_eq!(Reply::from_bytes(bytes), None);
        }
    }
}
