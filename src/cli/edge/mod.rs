//! `pendopo serve`: the embedded edge. One origin, in one program, for the app's files, the
//! published catalogue, and the way to the regions' systems.
//!
//! ```text
//! pendopo serve --config edge.toml [--listen 127.0.0.1:8080]
//! pendopo edge nginx --config edge.toml --server 10.0.0.11:8080 --server 10.0.0.12:8080
//! pendopo edge systemd
//! ```
//!
//! One machine needs nothing else. Past that, nginx stands before any number of them ([`nginx`] writes
//! its configuration), and they share their ledger in PostgreSQL.
//!
//! | address | what | where |
//! |---|---|---|
//! | `/r/{region}/{backend}/…` | pass-through to open backends | [`pass`] |
//! | `/i/{region}/{backend}` | intents to guarded backends | [`guarded`] |
//! | `/l` | what became of a change, by its key | [`pass`] |
//! | `/healthz` | 200 if the ledger can be written and the app is there, else 503 | [`site`] |
//! | `/embed/…` | the app for a frame on a regional site | [`site`], [`framing`] |
//! | `/katalog/…`, `/b/…`, everything else | files | [`site`], [`files`] |
//!
//! What it promises: it is no deputy for strangers (only paths that a backend's adapter names pass,
//! [`allowed`]); a change is sent once and its outcome can be learned for a day ([`changes`],
//! [`ledger`]); and nothing that tells who asked for what is logged ([`guard`]) or lies readable
//! on its disk.
//!
//! A weak backend is spared: so many requests at once ([`line`](mod@line)), none while it fails ([`breaker`]),
//! one for all who ask for the same catalogue ([`cache`]).
//!
//! What it does not do: speak an open backend's protocol (phones do), or decide for a citizen to send
//! something again.

pub mod allowed;
pub mod backend;
pub mod body;
pub mod breaker;
pub mod cache;
pub mod changes;
pub mod client;
pub mod config;
mod connection;
pub mod files;
pub mod framing;
mod guard;
pub mod guarded;
pub mod ledger;
pub mod line;
mod login;
pub mod nginx;
mod pass;
pub mod rates;
mod reload;
pub mod reply;
mod serve;
mod site;
pub mod systemd;
pub mod tls;
pub mod transport;
pub mod tries;

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;

use crate::adapters::http::LEDGER_PATH;
use crate::model::region::{BackendId, RegionCode};
use crate::model::time::Timestamp;
use backend::{Backends, OpenBackend};
use body::Memory;
use cache::Cache;
use changes::Changes;
use client::{Client, Network};
use config::program::{Limits, Rates};
use files::Folder;
use framing::{Framing, HostOrigin};
use guarded::backend::GuardedBackend;
use guarded::sealed::Sealer;
use ledger::{Ledger, LedgerError, Place};
use rates::Limit;
use transport::Transport;
use tries::Tries;

pub use serve::{ServeArgs, ServeError, panic_quietly, run};

/// `pendopo edge`: what stands around the program.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Around {
    /// Print an nginx configuration for several machines.
    Nginx(nginx::NginxArgs),
    /// Print a systemd unit for `pendopo serve`.
    Systemd(systemd::SystemdArgs),
}

/// What `pendopo edge` prints.
///
/// # Errors
/// If the settings cannot be read.
pub fn around(around: &Around) -> Result<String, config::ConfigError> {
    match around {
        Around::Nginx(args) => {
            let config = config::Config::read(&args.config)?;
            // A secret that is not on this machine is none of nginx's business.
            let (backends, not_open) = backend::open_all(&config, &|_| Some("-".to_owned()));
            for backend in not_open {
                tracing::warn!("{backend}");
            }
            if config.trusted_proxies.is_empty() {
                tracing::warn!("trusted_proxies is empty: behind nginx all citizens would count as one");
            }
            Ok(nginx::write(args, &config, &backends))
        }
        Around::Systemd(args) => Ok(systemd::unit(args)),
    }
}

/// Where things are and how much is allowed; [`Settings::new`] has what holds where nothing is said.
#[derive(Clone)]
pub struct Settings {
    /// Folder of the app's files.
    pub dist: PathBuf,
    /// Folder of the published catalogue.
    pub catalogue: PathBuf,
    /// Where the ledger is.
    pub ledger: Place,
    /// How often one address may ask.
    pub rates: Rates,
    /// Proxies in front.
    pub trusted_proxies: Vec<Network>,
    /// The sites that may show a region's widgets.
    pub embed_origins: BTreeMap<RegionCode, Vec<HostOrigin>>,
    /// How long a client may take over a request's head, over the next piece of a body, or to take
    /// anything of an answer.
    pub patience: Duration,
    /// How much it takes on; of these `patience` counts instead of the limits' own.
    pub limits: Limits,
}

impl Settings {
    /// Settings for these places.
    #[must_use]
    pub fn new(dist: impl Into<PathBuf>, catalogue: impl Into<PathBuf>, ledger: impl Into<Place>) -> Self {
        Self {
            dist: dist.into(),
            catalogue: catalogue.into(),
            ledger: ledger.into(),
            rates: Rates::default(),
            trusted_proxies: Vec::new(),
            embed_origins: BTreeMap::new(),
            patience: Duration::from_secs(30),
            limits: Limits::default(),
        }
    }
}

/// The edge. Cheap to clone: all clones are the same one.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    dist: Folder,
    catalogue: Folder,
    backends: HashMap<BackendId, Arc<OpenBackend>>,
    guarded: HashMap<BackendId, Arc<GuardedBackend>>,
    sealer: Sealer,
    tries: Arc<Tries>,
    /// Most guesses of one client within an hour.
    guesses: u32,
    transport: Arc<Transport>,
    cache: Cache,
    ledger: Ledger,
    changes: Changes,
    changes_limit: Arc<Limit>,
    reads: Arc<Limit>,
    trusted_proxies: Vec<Network>,
    framing: Framing,
    patience: Duration,
    memory: Memory,
    work: Work,
    limits: Limits,
}

impl Edge {
    /// An edge in front of these backends. It cleans its ledger every hour.
    ///
    /// # Errors
    /// If the ledger cannot be opened.
    pub async fn new(settings: Settings, backends: impl Into<Backends>) -> Result<Self, LedgerError> {
        let ledger = Ledger::open(&settings.ledger, now()).await?;
        let Backends { open, guarded } = backends.into();
        let edge = Self(Arc::new(Inner {
            dist: Folder::new(settings.dist, None),
            catalogue: Folder::new(settings.catalogue, Some("json")),
            backends: by_id(open, |backend| &backend.id),
            guarded: by_id(guarded, |backend| &backend.id),
            sealer: Sealer::new(ledger.secret()),
            tries: Arc::new(Tries::new()),
            guesses: settings.rates.guesses_per_hour,
            changes: Changes::new(ledger.clone()),
            transport: Arc::new(Transport::new()),
            cache: Cache::new(settings.limits.cache_bytes),
            ledger,
            changes_limit: Arc::new(Limit::new(settings.rates.changes_per_minute)),
            reads: Arc::new(Limit::new(settings.rates.reads_per_minute)),
            trusted_proxies: settings.trusted_proxies,
            framing: Framing::new(&settings.embed_origins),
            patience: settings.patience,
            memory: Memory::new(settings.limits.body_memory_bytes),
            work: Work::default(),
            limits: settings.limits,
        }));
        tokio::spawn(clean(Arc::downgrade(&edge.0)));
        Ok(edge)
    }

    /// The same edge with other settings and backends, and with all that it knows: its ledger, what
    /// is under way, what was counted. Of the settings the ledger stays what it was.
    #[must_use]
    pub fn renewed(&self, settings: Settings, backends: Backends) -> Self {
        let old = &self.0;
        let limit = |old: &Arc<Limit>, per_minute| match old.per_minute() == per_minute {
            true => Arc::clone(old),
            false => Arc::new(Limit::new(per_minute)),
        };
        let mut backends = backends;
        backends.keep_lines(&old.backends, &old.guarded);
        let edge = Self(Arc::new(Inner {
            dist: Folder::new(settings.dist, None),
            catalogue: Folder::new(settings.catalogue, Some("json")),
            backends: by_id(backends.open, |backend| &backend.id),
            guarded: by_id(backends.guarded, |backend| &backend.id),
            sealer: old.sealer.clone(),
            tries: Arc::clone(&old.tries),
            guesses: settings.rates.guesses_per_hour,
            changes: old.changes.clone(),
            transport: Arc::clone(&old.transport),
            // What was kept may have been asked for with another secret.
            cache: Cache::new(settings.limits.cache_bytes),
            ledger: old.ledger.clone(),
            changes_limit: limit(&old.changes_limit, settings.rates.changes_per_minute),
            reads: limit(&old.reads, settings.rates.reads_per_minute),
            trusted_proxies: settings.trusted_proxies,
            framing: Framing::new(&settings.embed_origins),
            patience: settings.patience,
            memory: old.memory.clone(),
            work: old.work.clone(),
            limits: settings.limits,
        }));
        tokio::spawn(clean(Arc::downgrade(&edge.0)));
        edge
    }

    /// Whether phones reach this backend here, one way or the other.
    fn knows(&self, id: &BackendId) -> bool {
        self.0.backends.contains_key(id) || self.0.guarded.contains_key(id)
    }

    /// Counts a guess of a client.
    fn guess(&self, client: Client) -> Result<tries::Try, u64> {
        let subscriber = client.subscriber().to_string();
        let what = ["client", &subscriber];
        self.0.tries.count(&what, self.0.guesses, std::time::Instant::now())
    }

    /// All of its addresses.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/r/", any(pass::pass))
            .route("/r/{*path}", any(pass::pass))
            .route("/i/", any(guarded::intent))
            .route("/i/{*path}", any(guarded::intent))
            .route(LEDGER_PATH, any(pass::ledger))
            .route("/healthz", get(site::health))
            .fallback(site::site)
            .layer(CatchPanicLayer::custom(guard::panicked))
            .layer(from_fn_with_state(self.clone(), guard::guard))
            .with_state(self.clone())
    }

    /// Answers on `listener` until `stop` ends; then until every connection has its answer, and
    /// every change that was begun is sent and recorded.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()>) {
        // Nothing is ever sent: it stays as it is.
        let (_router, router) = watch::channel(self.router());
        let (_tls, tls) = watch::channel(None);
        self.serve_changing(listener, router, tls, stop).await;
    }

    /// The same, with what answers and what encrypts as they are at each moment.
    async fn serve_changing(
        &self,
        listener: TcpListener,
        router: watch::Receiver<Router>,
        tls: watch::Receiver<Option<Arc<ServerConfig>>>,
        stop: impl Future<Output = ()>,
    ) {
        let door = connection::Door {
            router,
            tls,
            patience: self.0.patience,
            most: self.0.limits.connections,
            most_of_one: self.0.limits.connections_per_address,
            proxies: self.0.trusted_proxies.clone(),
        };
        connection::serve(listener, door, stop).await;
        self.0.work.done().await;
    }
}

fn by_id<T>(backends: Vec<T>, id: impl Fn(&T) -> &BackendId) -> HashMap<BackendId, Arc<T>> {
    let backends = backends.into_iter();
    backends
        .map(|backend| (id(&backend).clone(), Arc::new(backend)))
        .collect()
}

/// Cleans the ledger hourly for as long as the edge lives.
async fn clean(edge: std::sync::Weak<Inner>) {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let Some(edge) = edge.upgrade() else { return };
        if let Err(error) = edge.ledger.purge(now()).await {
            tracing::error!(%error, "the ledger could not be cleaned");
        }
    }
}

/// Counts changes that are under way, so that the program does not end before they do.
#[derive(Clone)]
struct Work(watch::Sender<usize>);

impl Default for Work {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

/// One of them; it is over when this is dropped.
struct Working(watch::Sender<usize>);

impl Work {
    fn begin(&self) -> Working {
        self.0.send_modify(|count| *count = count.saturating_add(1));
        Working(self.0.clone())
    }

    async fn done(&self) {
        // The sender lives in `self`, so this ends only at zero.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

/// Now, by the system's clock.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}
