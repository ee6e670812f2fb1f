//! Faults on demand: a backend that is down, fails, or answers with a web page.
//!
//! Each backend has a [`Switch`] of its own. A fault touches the protocol's addresses alone; the
//! officer's page and the controls go on working. To be *down* means that the connection is closed without a byte of an answer, so the
//! listener hands out connections that a handler can cut: [`CuttableListener`].

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, OriginalUri, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use axum::serve::{IncomingStream, Listener};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::ground::Ground;

/// What is wrong with the backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    /// Nothing.
    #[default]
    None,
    /// The connection is closed; nothing was done.
    Down,
    /// What was asked is done, then the connection is closed: the answer is lost.
    Lost,
    /// What was asked is done at once, but the answer's first byte comes after some seconds.
    Slow,
    /// What was asked is done; the connection is closed in the middle of the answer.
    Cut,
    /// Every answer is a 500.
    Error500,
    /// Every answer is a 429 that says when to come again; nothing was done.
    Error429,
    /// Every answer is a maintenance page with status 200.
    Html,
}

impl Mode {
    /// All of them, with what the officer's page says of them.
    pub(super) const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::None, "none", "Normal"),
        (Self::Down, "down", "Mati: sambungan ditutup tanpa jawaban"),
        (
            Self::Lost,
            "lost",
            "Jawaban hilang: permintaan dikerjakan, lalu sambungan ditutup",
        ),
        (
            Self::Slow,
            "slow",
            "Lambat: permintaan dikerjakan, jawabannya datang terlambat",
        ),
        (Self::Cut, "cut", "Terpotong: sambungan ditutup di tengah jawaban"),
        (Self::Error500, "error500", "Gagal: setiap jawaban 500"),
        (Self::Error429, "error429", "Terlalu ramai: setiap jawaban 429"),
        (Self::Html, "html", "Pemeliharaan: halaman HTML dengan status 200"),
    ];
}

/// Seconds, where none are said: of waiting, or until one may come again.
const USUAL_SECONDS: u32 = 5;
/// Longest that a slow backend waits, in seconds.
const MOST_SECONDS: u32 = 600;

/// A fault, and which requests it meets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    pub(super) mode: Mode,
    /// `slow`: how long the answer waits. `error429`: what `Retry-After` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seconds: Option<u32>,
    /// After so many requests everything is well again; `None`: never by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u32>,
    /// Requests whose method and path, as in `POST /api/v1/auth/login`, hold this; `None`: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) only: Option<String>,
}

impl Fault {
    fn seconds(&self) -> u32 {
        self.seconds.unwrap_or(USUAL_SECONDS).min(MOST_SECONDS)
    }
}

/// The fault that is switched on.
#[derive(Debug, Default)]
pub(super) struct Switch(Mutex<Fault>);

impl Switch {
    fn lock(&self) -> MutexGuard<'_, Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn fault(&self) -> Fault {
        self.lock().clone()
    }

    pub(super) fn set(&self, fault: Fault) {
        *self.lock() = fault;
    }

    /// The fault that meets this request, which counts as one of its times.
    fn meet(&self, request: &Request) -> Fault {
        let mut fault = self.lock();
        // Nested routes see what is left of an address; a test knows the whole of it.
        let uri = request
            .extensions()
            .get::<OriginalUri>()
            .map_or(request.uri(), |whole| &whole.0);
        let line = format!("{} {uri}", request.method());
        if fault.only.as_ref().is_some_and(|only| !line.contains(only)) {
            return Fault::default();
        }
        let met = fault.clone();
        match fault.times {
            Some(0) => {
                *fault = Fault::default();
                return Fault::default();
            }
            Some(1) => *fault = Fault::default(),
            Some(times) => fault.times = Some(times.saturating_sub(1)),
            None => {}
        }
        met
    }
}

const MAINTENANCE: &str = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><title>Pemeliharaan</title>\
    <h1>Situs sedang dalam pemeliharaan</h1><p>Silakan kembali lagi nanti.</p></html>";

/// Puts the fault that is switched on before, or after, what a request does.
pub(super) async fn apply(
    State(ground): State<Arc<Ground>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
    next: Next,
) -> Response {
    let fault = ground.fault.meet(&request);
    match fault.mode {
        Mode::None => next.run(request).await,
        Mode::Down => {
            line.cut();
            (ground.broken)()
        }
        Mode::Lost => {
            let response = next.run(request).await;
            line.cut();
            response
        }
        Mode::Slow => {
            // The work is done before the wait: whoever gives up in between does not undo it.
            let response = next.run(request).await;
            tokio::time::sleep(Duration::from_secs(fault.seconds().into())).await;
            response
        }
        Mode::Cut => half(next.run(request).await).await,
        Mode::Error500 => (ground.broken)(),
        Mode::Error429 => {
            let mut response = (ground.busy)();
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(RETRY_AFTER, fault.seconds().into());
            response
        }
        Mode::Html => Html(MAINTENANCE).into_response(),
    }
}

/// An answer that says how long it is, gives half of it, and breaks off.
async fn half(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    head.headers.insert(CONTENT_LENGTH, bytes.len().into());
    let first = bytes.slice(..bytes.len() / 2);
    let rest = async {
        // The half that was given is to leave before the connection does.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let halves = stream::once(async { Ok(first) }).chain(stream::once(rest));
    Response::from_parts(head, Body::from_stream(halves))
}

/// A handle on the connection that a request came by.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Arc<AtomicBool>);

impl Line {
    /// Closes the connection before anything more is written.
    fn cut(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Relaxed) {
            Err(io::ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Line {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.io().line.clone()
    }
}

/// Listens, and hands out connections with a [`Line`] to each.
#[derive(Debug)]
pub(super) struct CuttableListener(pub(super) TcpListener);

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let line = Line::default();
        (CuttableStream { stream, line }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A connection that fails as soon as its [`Line`] is cut.
#[derive(Debug)]
pub(super) struct CuttableStream {
    stream: TcpStream,
    line: Line,
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
