//! The native transport: sends one request to a backend and says honestly whether it was sent.
//!
//! Two callers: the pass-through, which forwards what a phone asked for ([`Transport::call`]), and
//! everything that runs adapters natively ([`Transport::send`]), which takes an adapter's request
//! and puts its parts together.
//!
//! What [`Sent`] means here. `No` where the connection was never made, or the body was never asked
//! for by it. `Yes` where an answer came that is too large to be read. `Unknown` in every other
//! failure, since a server may act on what it read before it went away. To keep "unknown" rare,
//! requests that change something never reuse an idle connection: the server may be closing it just
//! then, and nobody could tell whether it read the request.
//!
//! What it does not do: follow redirects, keep cookies, use a proxy, ask for compression, retry.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method as HttpMethod, StatusCode, header};
use http_body::{Body, Frame, SizeHint};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

use crate::adapters::http::{MAX_BODY, Method, Part, Request, Response};
use crate::model::application::AttachmentId;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::route::encode;

/// Longest time for a connection to be made, TLS included.
const CONNECT: Duration = Duration::from_secs(10);

/// Sends requests to backends. Cheap to share, costly to make: one for a program.
pub struct Transport {
    clients: Result<Clients, String>,
}

struct Clients {
    /// Keeps idle connections.
    reads: Client,
    /// A fresh connection for every request.
    changes: Client,
}

/// A request as it goes over the wire.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: HttpMethod,
    /// The whole address; see [`address`].
    pub url: Url,
    /// All headers but those of the connection and `Content-Length`.
    pub headers: HeaderMap,
    /// The body, in pieces that are sent one after the other.
    pub body: Vec<Bytes>,
    /// From now until the last byte of the answer.
    pub timeout: Duration,
    /// Most bytes of the answer's body.
    pub most: usize,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, whole.
    pub body: Bytes,
}

impl Incoming {
    /// The same, as an adapter reads it.
    #[must_use]
    pub fn for_adapter(self) -> Response {
        let headers = self.headers.iter();
        Response {
            status: self.status.as_u16(),
            headers: headers
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.as_str().to_owned(), value)
                })
                .collect(),
            body: self.body.into(),
        }
    }
}

impl Default for Transport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport {
    /// A transport that trusts the certificates that the system trusts.
    #[must_use]
    pub fn new() -> Self {
        // Fails only where a provider was installed before, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clients = (|| {
            Ok(Clients {
                reads: client(|builder| builder)?,
                changes: client(|builder| builder.pool_max_idle_per_host(0))?,
            })
        })();
        Self {
            clients: clients.map_err(|error: reqwest::Error| innermost(&error)),
        }
    }

    /// Why nothing can be sent at all, if so. Then every request fails as unreachable.
    #[must_use]
    pub fn defect(&self) -> Option<&str> {
        self.clients.as_ref().err().map(String::as_str)
    }

    /// Sends an adapter's request to the backend whose address is `base`; for a request to the site
    /// itself, `base` is the origin.
    ///
    /// `attachment` gives the bytes of a file. At most [`MAX_BODY`] bytes of answer are read.
    ///
    /// # Errors
    /// Whatever kept an answer from coming, and whether the request had been sent. An answer of any
    /// status is no error.
    pub async fn send(
        &self,
        base: &str,
        request: &Request,
        attachment: impl Fn(&AttachmentId) -> Option<Bytes>,
    ) -> Result<Response, Problem> {
        self.exchange(assemble(base, request, attachment)?).await
    }

    /// Sends a request and gives what came back as an adapter reads it.
    ///
    /// # Errors
    /// As [`Transport::call`].
    pub async fn exchange(&self, outgoing: Outgoing) -> Result<Response, Problem> {
        self.call(outgoing).await.map(Incoming::for_adapter)
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// [`Fault::Unreachable`], [`Fault::Timeout`] or [`Fault::TooLarge`], with what is known of the
    /// request's fate.
    pub async fn call(&self, outgoing: Outgoing) -> Result<Incoming, Problem> {
        let Ok(clients) = &self.clients else {
            return Err(Problem::unsent(Fault::Unreachable));
        };
        let begun = Arc::new(AtomicBool::new(false));
        let has_body = outgoing.body.iter().any(|piece| !piece.is_empty());
        // An empty body is never asked for, so it tells nothing of a request's fate.
        let sent_so_far = || match has_body && !begun.load(Ordering::Acquire) {
            true => Sent::No,
            false => Sent::Unknown,
        };
        // The host alone: what stands behind it may tell who asks for what.
        let host = outgoing.url.host_str().unwrap_or_default().to_owned();
        let client = match outgoing.method {
            HttpMethod::GET => &clients.reads,
            _ => &clients.changes,
        };
        let mut request = client
            .request(outgoing.method, outgoing.url)
            .headers(outgoing.headers)
            .header(header::ACCEPT_ENCODING, "identity");
        if has_body {
            request = request.body(reqwest::Body::wrap(Pieces {
                left: outgoing.body.into(),
                begun: Arc::clone(&begun),
            }));
        }
        let exchange = async {
            let response = request.send().await.map_err(|error| {
                tracing::warn!(host, cause = innermost(&error), "a backend gave no answer");
                Problem {
                    sent: if error.is_connect() { Sent::No } else { sent_so_far() },
                    fault: if error.is_timeout() {
                        Fault::Timeout
                    } else {
                        Fault::Unreachable
                    },
                }
            })?;
            read(response, outgoing.most, &host).await
        };
        match tokio::time::timeout(outgoing.timeout, exchange).await {
            Ok(result) => result,
            Err(_) => {
                tracing::warn!(host, "a backend gave no answer in time");
                Err(Problem {
                    fault: Fault::Timeout,
                    sent: sent_so_far(),
                })
            }
        }
    }
}

async fn read(mut response: reqwest::Response, most: usize, host: &str) -> Result<Incoming, Problem> {
    let too_large = Problem {
        fault: Fault::TooLarge,
        sent: Sent::Yes,
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > most as u64 {
        return Err(too_large);
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len().saturating_add(chunk.len()) > most => return Err(too_large),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                tracing::warn!(host, cause = innermost(&error), "a backend's answer broke off");
                return Err(Problem {
                    fault: Fault::Unreachable,
                    sent: Sent::Unknown,
                });
            }
        }
    }
    Ok(Incoming {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: body.into(),
    })
}

fn client(fit: impl Fn(ClientBuilder) -> ClientBuilder) -> reqwest::Result<Client> {
    let builder = || {
        let common = Client::builder()
            .user_agent(concat!("pendopo/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(CONNECT);
        fit(common)
    };
    // A system without any certificates still reaches its http backends; https then fails by itself.
    builder().build().or_else(|_| builder().tls_certs_only([]).build())
}

/// The last cause of an error. Unlike the error itself it names no address, so it may be logged.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = None;
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        cause = Some(error);
        next = error.source();
    }
    cause.map_or_else(|| "no further cause".to_owned(), ToString::to_string)
}

/// An adapter's request as it goes over the wire to the backend whose address is `base`.
///
/// # Errors
/// Where it has a path, a header or an attachment that cannot be sent; then nothing is.
pub fn assemble(
    base: &str,
    request: &Request,
    attachment: impl Fn(&AttachmentId) -> Option<Bytes>,
) -> Result<Outgoing, Problem> {
    let protocol = |what: &str| Problem::unsent(Fault::Protocol { what: what.to_owned() });
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    let query = (!query.is_empty()).then(|| query.join("&"));
    let url = address(base, &request.path, query.as_deref()).ok_or_else(|| protocol("a path that is no address"))?;
    let mut headers = HeaderMap::new();
    let key = request.key.as_deref().map(|key| ("idempotency-key", key));
    let content_type =
        Some(("content-type", request.body.content_type.as_str())).filter(|(_, value)| !value.is_empty());
    let others = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in others.chain(content_type).chain(key) {
        let name: HeaderName = name.parse().map_err(|_| protocol("a header's name that is none"))?;
        let value: HeaderValue = value.parse().map_err(|_| protocol("a header's value that is none"))?;
        headers.append(name, value);
    }
    for (name, value) in &request.secrets {
        let name: HeaderName = name.parse().map_err(|_| protocol("a header's name that is none"))?;
        let mut value: HeaderValue = value
            .expose()
            .parse()
            .map_err(|_| protocol("a header's value that is none"))?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    let mut body = Vec::with_capacity(request.body.parts.len());
    for part in &request.body.parts {
        body.push(match part {
            Part::Bytes(bytes) => bytes.clone().into(),
            Part::Secret(bytes) => bytes.expose().clone().into(),
            Part::Attachment(id) => attachment(id).ok_or_else(|| {
                let what = "an attachment's bytes are not there".to_owned();
                Problem::unsent(Fault::Storage { what })
            })?,
        });
    }
    Ok(Outgoing {
        method: match request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
        },
        url,
        headers,
        body,
        timeout: Duration::from_millis(request.timeout.into()),
        most: MAX_BODY,
    })
}

/// The address of `path` below `base`. `None` unless both are what they seem: a path that a URL
/// parser would rewrite (dot segments, a second query) is refused, not followed.
#[must_use]
pub fn address(base: &str, path: &str, query: Option<&str>) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    if url.query().is_some() || url.fragment().is_some() || !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let whole = format!("{}/{}", url.path().trim_end_matches('/'), path.trim_start_matches('/'));
    url.set_path(&whole);
    url.set_query(query);
    (url.path() == whole).then_some(url)
}

/// A body of known length that remembers whether it was begun.
struct Pieces {
    left: VecDeque<Bytes>,
    begun: Arc<AtomicBool>,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.begun.store(true, Ordering::Release);
        Poll::Ready(self.left.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    /// Exact, so that it goes out with a `Content-Length`: many old servers cannot read chunks.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.iter().map(|piece| piece.len() as u64).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_lies_below_its_base() {
        let joined = |base, path, query| address(base, path, query).map(String::from);
        assert_eq!(
            joined("https://a.example/api/v1/", "requests/SL%2F1.json", Some("a=%20&b")).as_deref(),
            Some("https://a.example/api/v1/requests/SL%2F1.json?a=%20&b")
        );
        assert_eq!(
            joined("http://a.example", "l", None).as_deref(),
            Some("http://a.example/l")
        );
        assert_eq!(
            joined("http://a.example", "/l", None).as_deref(),
            Some("http://a.example/l")
        );
    }

    #[test]
    fn a_path_that_would_be_rewritten_is_no_address() {
        for path in ["../x", "a/./b", "a/%2e%2E/b", "a/..", "a?b", "a#b", "a\\b", "a b"] {
            assert_eq!(address("http://a.example/v1", path, None), None, "{path}");
        }
        for base in [
            "a.example",
            "ftp://a.example",
            "http://a.example?x=1",
            "http://a.example#x",
            "",
        ] {
            assert_eq!(address(base, "x", None), None, "{base}");
        }
    }
}
