//! `pendopo sandbox`: demonstration backends, to try everything out without a region.
//!
//! | region and backend | speaks | base | in |
//! |---|---|---|---|
//! | `32.73/lapor`, Kota Bandung | GeoReport v2, JSON | | `georeport` |
//! | `32.73/izin`, its licensing office | SiCantik | `/32.73/izin` | `sicantik` |
//! | `33.74/sapa`, Kota Semarang | GeoReport v2, XML | `/33.74/sapa` | `georeport` |
//! | `34.04/kalurahan`, a village in Kabupaten Sleman | OpenSID | `/34.04/kalurahan` | `opensid` |
//! | `34.04/kapanewon`, a district there | OpenDK | `/34.04/kapanewon` | `opendk` |
//!
//! Beside them every code has a catalogue under `/banyak/{code}`, for publishing by the hundred (`many`).
//!
//! Each behaves like a real one, its own ways included. They are written from the specifications, and
//! from the software's own open source where there is any, and know nothing of the adapters, so that
//! the two check each other: no name of that room occurs here. What no independent source confirms is
//! listed in an `UNCONFIRMED.md` beside each.
//!
//! After its base every backend has the same three doors:
//!
//! | address | for |
//! |---|---|
//! | the protocol's own | what the edge, and only the edge, should speak to |
//! | `/petugas` | the officer who works on the cases (`desk`) |
//! | `/sandbox/…` | tests and fault switches (`control`) |
//!
//! Deliberately without a login: whoever reaches a desk is the officer. The sandbox belongs on the
//! loopback address, and no region's data belongs in it. It forgets everything when it stops, unless it
//! is given a file.

mod clock;
mod control;
mod desk;
mod fault;
mod georeport;
mod ground;
mod laravel;
mod many;
mod opendk;
mod opensid;
mod register;
mod sicantik;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, ORIGIN, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use clock::Clock;
use fault::{CuttableListener, Line, Switch};
use ground::Ground;
use register::Register;
pub use register::RegisterError;

/// Where the sandbox listens and keeps its cases.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// SQLite file, made with its folder if need be; `None` keeps everything in memory.
    pub database: Option<PathBuf>,
    /// Templates of letters that the village offers beside its own, as OpenSID exports them.
    pub letters: Option<PathBuf>,
}

/// Why the sandbox does not run.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// Somebody else listens there, or it is not an address of this machine.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The register of cases cannot be used.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The city's own list of services cannot be read.
    #[error("the built-in list of services: {0}")]
    Catalogue(#[from] serde_json::Error),
    /// A file of letters' templates cannot be read.
    #[error("cannot read {}: {source}", file.display())]
    Letters {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The server stopped by itself.
    #[error("the server stopped: {0}")]
    Stopped(String),
}

/// A sandbox that runs; [`Running::stop`] ends it, and so does dropping it.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// Where it listens; the port is the real one, also where 0 was asked for.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The protocol's base address, without a slash at its end.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}/open311/v2", self.address)
    }

    /// Stops: finishes what is being answered, closes the rest and frees the port.
    pub async fn stop(mut self) {
        self.tell();
        // The server's own failure does not matter any more.
        let _ = (&mut self.server).await;
    }

    fn tell(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens where the server has stopped already.
            let _ = stop.send(());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.tell();
    }
}

/// Starts the sandbox on the current tokio runtime; it answers as soon as this returns.
///
/// # Errors
/// When the port is taken or the database cannot be opened.
pub async fn start(config: Config) -> Result<Running, SandboxError> {
    let cannot = |source| SandboxError::Listen {
        address: config.listen,
        source,
    };
    let listener = TcpListener::bind(config.listen).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let ground = |name, base: &'static str, schema, broken, busy| -> Result<Ground, RegisterError> {
        let file = config.database.as_deref().map(|file| beside(file, base));
        Ok(Ground {
            name,
            base,
            origin: format!("http://{address}"),
            register: Register::open(file.as_deref(), schema)?,
            clock: Clock::default(),
            fault: Switch::default(),
            broken,
            busy,
        })
    };
    let bandung = georeport::City::open(
        georeport::BANDUNG,
        ground(
            "Lapor Bandung",
            "",
            georeport::SCHEMA,
            georeport::broken,
            georeport::busy,
        )?,
    )?;
    let semarang = georeport::City::open(
        georeport::SEMARANG,
        ground(
            "Sapa Semarang",
            "/33.74/sapa",
            georeport::SCHEMA,
            georeport::broken_in_xml,
            georeport::busy_in_xml,
        )?,
    )?;
    let village = opensid::Village::open(
        ground(
            "Kalurahan Sendangwangi",
            "/34.04/kalurahan",
            opensid::SCHEMA,
            laravel::broken,
            laravel::busy,
        )?,
        config.letters.as_deref(),
    )?;
    let office = sicantik::Office::open(ground(
        "DPMPTSP Kota Bandung",
        "/32.73/izin",
        sicantik::SCHEMA,
        sicantik::broken,
        sicantik::busy,
    )?)?;
    let district = opendk::District::open(ground(
        "Kapanewon Sendangjaya",
        "/34.04/kapanewon",
        opendk::SCHEMA,
        opendk::broken,
        laravel::busy,
    )?);
    let routes = Router::new()
        .route("/", get(async || Redirect::to("/petugas")))
        .merge(georeport::routes(&bandung))
        .merge(georeport::routes(&semarang))
        .merge(opensid::routes(&village))
        .merge(sicantik::routes(&office))
        .merge(opendk::routes(&district))
        .merge(many::routes())
        .layer(middleware::from_fn(harden));
    let (stop, stopped) = oneshot::channel::<()>();
    let service = routes.into_make_service_with_connect_info::<Line>();
    let serve = axum::serve(CuttableListener(listener), service).with_graceful_shutdown(async {
        // Told to, or forgotten by its owner: both end it.
        let _ = stopped.await;
    });
    Ok(Running {
        address,
        stop: Some(stop),
        server: tokio::spawn(serve.into_future()),
    })
}

/// The file of a backend's register: the first one's is the file itself, another's lies beside it.
fn beside(file: &Path, base: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(base.replace('/', "-"));
    PathBuf::from(name)
}

/// A backend's desk and controls: what is no part of its protocol.
fn own(ground: &Arc<Ground>, desk: Router, control: Router) -> Router {
    Router::new()
        .nest(&ground.path("/petugas"), desk.merge(desk::routes(ground)))
        .nest(&ground.path("/sandbox"), control.merge(control::routes(ground)))
        .layer(middleware::from_fn(refuse_other_sites))
}

/// There is no login, so a page of another site must not press the officer's buttons.
async fn refuse_other_sites(request: Request, next: Next) -> Response {
    if is_foreign(request.headers()) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

fn is_foreign(headers: &HeaderMap) -> bool {
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    header(ORIGIN).is_some_and(|origin| origin.split_once("://").map(|(_, rest)| rest) != header(HOST))
}

/// Nothing that citizens sent is ever more than text or a picture.
async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    response
}

/// `pendopo sandbox`.
#[derive(Clone, Debug, clap::Args)]
pub struct SandboxArgs {
    /// Address and port to listen on; keep it on the loopback address, since there is no login.
    #[arg(long, default_value = "127.0.0.1:8311", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// SQLite file that keeps the cases; without it they are gone when the sandbox stops.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,
    /// Templates of letters that the village offers beside its own: a JSON list as OpenSID exports it.
    #[arg(long, value_name = "FILE")]
    pub letters: Option<PathBuf>,
}

/// What `pendopo sandbox` says that it has: a name, and the protocol's address.
const BACKENDS: [(&str, &str); 5] = [
    ("32.73/lapor      GeoReport v2 (JSON)", "/open311/v2"),
    ("32.73/izin       SiCantik", "/32.73/izin/api"),
    ("33.74/sapa       GeoReport v2 (XML)", "/33.74/sapa/open311/v2"),
    ("34.04/kalurahan  OpenSID", "/34.04/kalurahan/api/v1"),
    ("34.04/kapanewon  OpenDK", "/34.04/kapanewon/api/frontend/v1"),
];

/// Runs the sandbox until it is interrupted (Ctrl-C, or SIGTERM).
///
/// # Errors
/// When it cannot start, or stops by itself.
pub async fn run(args: SandboxArgs) -> Result<(), SandboxError> {
    let mut running = start(Config {
        listen: args.listen,
        database: args.database,
        letters: args.letters,
    })
    .await?;
    println!("Demonstration backends; each has its officer at /petugas after its base:");
    for (name, address) in BACKENDS {
        println!("  {name:<38}http://{}{address}", running.address());
    }
    tokio::select! {
        () = interrupted() => {
            running.stop().await;
            Ok(())
        }
        ended = &mut running.server => Err(SandboxError::Stopped(match ended {
            Ok(Ok(())) => "nobody told it to".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        })),
    }
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals there is nothing to wait for but the server itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
