//! The command: reads `edge.toml`, opens what it names, and serves until it is asked to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;
use tokio::net::TcpListener;

use super::backend::open_all;
use super::config::{Config, ConfigError};
use super::guarded::secrets::environment;
use super::ledger::LedgerError;
use super::{Edge, Settings};

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
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The ledger cannot be used.
    #[error("{}: the ledger: {error}", file.display())]
    Ledger {
        /// Its file.
        file: PathBuf,
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
    let config = Config::read(&args.config)?;
    let (backends, not_open) = open_all(&config, &environment);
    for backend in not_open {
        tracing::error!("{backend}");
    }
    let address = args.listen.unwrap_or(config.listen);
    let settings = Settings {
        rates: config.rates,
        trusted_proxies: config.trusted_proxies,
        embed_origins: config.embed_origins,
        ..Settings::new(config.dist, config.catalogue, &config.ledger)
    };
    let (open, guarded) = (backends.open.len(), backends.guarded.len());
    let edge = Edge::new(settings, backends).map_err(|error| ServeError::Ledger {
        file: config.ledger,
        error,
    })?;
    if let Some(defect) = edge.0.transport.defect() {
        return Err(io::Error::other(format!("no requests can be sent: {defect}")).into());
    }
    let listen = |error| ServeError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let stop = asked_to_stop()?;
    tracing::info!(open, guarded, "backends are behind it");
    println!("http://{}", listener.local_addr().map_err(listen)?);
    edge.serve(listener, stop).await;
    Ok(())
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
