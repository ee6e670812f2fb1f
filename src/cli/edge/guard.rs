//! What holds for every answer: security headers, one log line, and no panic that ends the program.
//!
//! A log line has the route's pattern, the method, the status and the time taken: never a path, a
//! query, a key, a reference or an address, since those tell who asked for what.

use std::any::Any;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Edge;
use super::client::Client;
use super::framing;
use crate::adapters::http::LEDGER_PATH;

/// On a response: the route's pattern, for the log.
#[derive(Clone)]
pub struct Label(pub String);

/// On a request: the other end of its connection.
#[derive(Clone, Copy)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Whether the connection is encrypted.
    pub https: bool,
}

// Who may frame it is added to each: see `framing`.

/// For the app: its own programs, styles and data, and nothing from elsewhere.
const APP_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    connect-src 'self'; style-src 'self'; img-src 'self' blob: data:; manifest-src 'self'; font-src 'self'; \
    frame-src 'self'; form-action 'self'; base-uri 'none'";
/// For what backends answer: it is data, and if a browser is made to show it, it can do nothing.
const DATA_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; sandbox";

const SECURITY: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "geolocation=(self), camera=(self), accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), \
         display-capture=(), fullscreen=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
         screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
    ),
];
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What a file of a build or of the catalogue is told with, beside what is its own: for whoever serves it in
/// this program's stead.
#[must_use]
pub fn headers_of_files() -> Vec<(HeaderName, String)> {
    let more = [
        (
            header::CONTENT_SECURITY_POLICY,
            format!("{APP_POLICY}; frame-ancestors 'none'"),
        ),
        (OPENER, "same-origin".to_owned()),
        (RESOURCE, "same-origin".to_owned()),
    ];
    let security = SECURITY.map(|(name, value)| (name, value.to_owned()));
    security.into_iter().chain(more).collect()
}

/// Finds out who asks, answers, adds the headers, writes the line.
pub async fn guard(State(edge): State<Edge>, mut request: Request, next: Next) -> Response {
    let start = Instant::now();
    let peer = request.extensions().get::<Peer>();
    let unspecified = Peer {
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        https: false,
    };
    let peer = peer.copied().unwrap_or(unspecified);
    let mut client = Client::new(peer.address, request.headers(), &edge.0.trusted_proxies);
    client.https |= peer.https;
    request.extensions_mut().insert(client);
    let method = known(request.method());
    let path = request.uri().path();
    let is_data = path.starts_with("/r/") || path.starts_with("/i/") || path == LEDGER_PATH;
    let policy = edge
        .0
        .framing
        .policy(if is_data { DATA_POLICY } else { APP_POLICY }, path);
    let opener = HeaderValue::from_static(framing::opener_policy(path));
    let resource = HeaderValue::from_static(framing::resource_policy(path));

    let mut response = next.run(request).await;

    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(OPENER, opener);
    headers.insert(RESOURCE, resource);
    if is_data {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if client.https {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let route = response
        .extensions()
        .get::<Label>()
        .map_or("*", |label| label.0.as_str());
    let status = response.status().as_u16();
    let ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(route, method, status, ms);
    response
}

/// The name of a method that the edge knows; others are the client's own words.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// The answer where a handler panicked. What the panic said is not logged: it may hold data.
pub fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    tracing::error!("a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
