//! The command: reads `edge.toml`, opens what it names, and serves until it is asked to stop; reads it
//! again when it is asked to.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::Edge;
use super::ledger::{LedgerError, Place};
use super::reload::{Ready, Served, Unusable};

/// Serve the app, the published catalogue, and the way to the regions' systems.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// The edge's settings.
    #[arg(long, value_name = "FILE", default_value = "edge.toml")]
    pub config: PathBuf,
    /// Where to answer, instead of what the settings say; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// Why it does not serve.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] Unusable),
    /// The ledger cannot be used.
    #[error("{place}: the ledger: {error}")]
    Ledger {
        /// Where it is.
        place: Place,
        /// Why.
        error: LedgerError,
    },
    /// It cannot listen there.
    #[error("{address}: cannot listen: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The system refused something that it always gives.
    #[error("{0}")]
    System(#[from] io::Error),
}

/// Serves until ctrl-c or SIGTERM. Prints the address once it answers.
///
/// # Errors
/// If it cannot begin to serve.
pub fn run(args: &ServeArgs) -> Result<(), ServeError> {
    panic_quietly();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args))
}

/// From now on a panic says where it was and not what it says: that may hold what a citizen sent.
pub fn panic_quietly() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(at, "a task panicked");
    }));
}

async fn serve(args: &ServeArgs) -> Result<(), ServeError> {
    let ready = Ready::read(&args.config)?;
    for backend in &ready.not_open {
        tracing::error!("{backend}");
    }
    let address = args.listen.unwrap_or(ready.config.listen);
    let (settings, place) = (ready.settings(), ready.ledger);
    let (open, guarded) = (ready.backends.open.len(), ready.backends.guarded.len());
    let edge = Edge::new(settings, ready.backends).await;
    let edge = edge.map_err(|error| ServeError::Ledger { place, error })?;
    if let Some(defect) = edge.0.transport.defect() {
        return Err(io::Error::other(format!("no requests can be sent: {defect}")).into());
    }
    let listen = |error| ServeError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let stop = asked_to_stop()?;
    let scheme = if ready.tls.is_some() { "https" } else { "http" };
    let (router, routers) = watch::channel(edge.router());
    let (tls, certificates) = watch::channel(ready.tls);
    let served = Served {
        file: args.config.clone(),
        config: ready.config,
        edge: edge.clone(),
        router,
        tls,
    };
    let renewing = tokio::spawn(renew_when_asked(served)?);
    tracing::info!(open, guarded, "backends are behind it");
    println!("{scheme}://{}", listener.local_addr().map_err(listen)?);
    edge.serve_changing(listener, routers, certificates, stop).await;
    renewing.abort();
    Ok(())
}

/// Reads the settings again with each SIGHUP.
fn renew_when_asked(mut served: Served) -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut asked = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
    Ok(async move {
        #[cfg(unix)]
        while asked.recv().await.is_some() {
            // It reads files, a few milliseconds.
            match tokio::task::block_in_place(|| served.renew()) {
                Ok(()) => tracing::info!("the settings were read again and hold from now on"),
                Err(mistake) => tracing::error!("the settings stay as they were: {mistake}"),
            }
        }
        // Without such signals nothing ever asks; what holds the channels must live all the same.
        #[cfg(not(unix))]
        {
            let _ = &mut served;
            std::future::pending::<()>().await;
        }
    })
}

/// Ends with ctrl-c or SIGTERM.
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = tokio::signal::ctrl_c();
        #[cfg(unix)]
        tokio::select! {
            _ = interrupted => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = interrupted.await;
    })
}
