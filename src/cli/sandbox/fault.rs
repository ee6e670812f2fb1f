//! Faults on demand: a backend that is down, fails, or answers with a web page.
//!
//! Each backend has a [`Switch`] of its own. A fault touches the protocol's addresses alone; the
//! officer's page and the controls go on working. To be *down* means that the connection is closed without a byte of an answer, so the
//! listener hands out connections that a handler can cut: [`CuttableListener`].

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use axum::serve::{IncomingStream, Listener};
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
    /// Every answer is a 500.
    Error500,
    /// Every answer is a maintenance page with status 200.
    Html,
}

impl Mode {
    /// All of them, with what the officer's page says of them.
    pub(super) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::None, "none", "Normal"),
        (Self::Down, "down", "Mati: sambungan ditutup tanpa jawaban"),
        (
            Self::Lost,
            "lost",
            "Jawaban hilang: permintaan dikerjakan, lalu sambungan ditutup",
        ),
        (Self::Error500, "error500", "Gagal: setiap jawaban 500"),
        (Self::Html, "html", "Pemeliharaan: halaman HTML dengan status 200"),
    ];
}

/// The fault that is switched on.
#[derive(Debug, Default)]
pub(super) struct Switch(Mutex<Mode>);

impl Switch {
    pub(super) fn mode(&self) -> Mode {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set(&self, mode: Mode) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mode;
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
    match ground.fault.mode() {
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
        Mode::Error500 => (ground.broken)(),
        Mode::Html => Html(MAINTENANCE).into_response(),
    }
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
