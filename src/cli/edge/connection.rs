//! Connections: how many, how slow, encrypted or not, and until when.
//!
//! A connection that the phone has closed on its side goes on until its answer is ready
//! (`half_close`): otherwise a phone that hangs up right after the last byte of its request would
//! take the request with it. Whoever sends a head, or takes an answer, too slowly is cut off, and so is
//! whoever does not get TLS agreed upon in that time. One address has so many connections and no more,
//! so that a single machine cannot keep all others out; trusted proxies stand for many.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::client::Network;
use super::guard::Peer;

/// How long open connections may take to end once the program is asked to stop.
const FAREWELL: Duration = Duration::from_secs(30);

/// What answers on connections; what is behind it may change while it does.
pub struct Door {
    /// Answers requests that begin from now on.
    pub router: watch::Receiver<Router>,
    /// The certificate of connections that are made from now on; `None` where they are not encrypted.
    pub tls: watch::Receiver<Option<Arc<ServerConfig>>>,
    /// How long a client may take over a head, a handshake, or to take anything of an answer.
    pub patience: Duration,
    /// Connections at once.
    pub most: usize,
    /// Connections of one address at once.
    pub most_of_one: usize,
    /// Those that stand for many.
    pub proxies: Vec<Network>,
}

/// Answers until `stop` ends, and then until open connections have their answers.
pub async fn serve(listener: TcpListener, door: Door, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(door.most));
    let guests = Arc::new(Guests::default());
    let door = Arc::new(door);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = async {
            // The semaphore is never closed.
            let place = Arc::clone(&room).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, stream, peer) = tokio::select! {
            () = &mut stop => break,
            (place, accepted) = accepted => match accepted {
                Ok((stream, peer)) => (place, stream, peer.ip().to_canonical()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Out of file descriptors, most likely: give others time to end.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let stands_for_many = door.proxies.iter().any(|network| network.contains(peer));
        let most = if stands_for_many { usize::MAX } else { door.most_of_one };
        let Some(guest) = guests.enter(peer, most) else {
            continue;
        };
        // Without it small answers wait for the other side; failing to set it harms nothing.
        let _ = stream.set_nodelay(true);
        let (door, watcher) = (Arc::clone(&door), graceful.watcher());
        tokio::spawn(async move {
            receive(&door, stream, peer, watcher).await;
            drop((guest, place));
        });
    }
    drop(listener);
    if timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were cut off");
    }
}

async fn receive(door: &Door, stream: TcpStream, peer: IpAddr, watcher: Watcher) {
    let tls = door.tls.borrow().clone();
    match tls {
        None => {
            answer(
                door,
                stream,
                Peer {
                    address: peer,
                    https: false,
                },
                watcher,
            )
            .await
        }
        Some(tls) => {
            let agreed = timeout(door.patience, TlsAcceptor::from(tls).accept(stream)).await;
            if let Ok(Ok(stream)) = agreed {
                answer(
                    door,
                    stream,
                    Peer {
                        address: peer,
                        https: true,
                    },
                    watcher,
                )
                .await;
            }
        }
    }
}

async fn answer<S>(door: &Door, stream: S, peer: Peer, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = door.router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let router = router.borrow().clone();
        router.oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(door.patience)
        .half_close(true)
        .serve_connection(TokioIo::new(Patient::new(stream, door.patience)), service);
    // What goes wrong on a connection is between the two ends; there is nobody to tell.
    let _ = watcher.watch(connection).await;
}

/// How many connections each address has.
#[derive(Default)]
struct Guests(Mutex<HashMap<IpAddr, usize>>);

/// One connection of an address; it is over when this is dropped.
struct Guest(Arc<Guests>, IpAddr);

impl Guests {
    fn enter(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Guest> {
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = guests.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Guest(Arc::clone(self), address))
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut guests = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = guests.entry(self.1) {
            *entry.get_mut() = entry.get().saturating_sub(1);
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// A stream that fails when the other side takes nothing for too long.
struct Patient<S> {
    stream: S,
    patience: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    const fn new(stream: S, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            stalled: None,
        }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, progress: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.stalled = None;
            return progress;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.watch(cx, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, progress)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
