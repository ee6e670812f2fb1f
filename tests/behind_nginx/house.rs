//! Two edges with one ledger in PostgreSQL, and nginx before them.

use std::net::SocketAddr;
use std::time::Duration;

use pendopo::adapters::RoutePattern;
use pendopo::adapters::http::Method;
use pendopo::cli::edge::backend::{Backends, OpenBackend};
use pendopo::cli::edge::config::Config;
use pendopo::cli::edge::ledger::Place;
use pendopo::cli::edge::nginx::{NginxArgs, write};
use pendopo::cli::edge::{Edge, Settings};
use pendopo::model::secret::Secret;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::nginx::{Nginx, free_address};
use crate::postgres::Postgres;

/// A proxy stands before the edge.
pub const PROXIED: bool = true;

/// What outlives a house: its files, and its database.
pub struct Ground {
    folder: TempDir,
    /// Runs as long as this lives.
    _postgres: Postgres,
    ledger: String,
}

/// A running nginx with two edges behind it.
pub struct House {
    pub address: SocketAddr,
    /// Each edge without nginx.
    pub edges: Vec<SocketAddr>,
    nginx: Option<Nginx>,
    ground: Option<Ground>,
    stop: Option<watch::Sender<bool>>,
    tasks: Vec<JoinHandle<()>>,
}

/// The backend that most tests have: 32.73/lapor.
pub fn lapor(url: impl Into<String>) -> OpenBackend {
    let routes = vec![
        RoutePattern::new(Method::Get, "services.json"),
        RoutePattern::new(Method::Get, "services/*.json"),
        RoutePattern::new(Method::Post, "requests.json"),
        RoutePattern::new(Method::Put, "requests/*.json"),
    ];
    OpenBackend {
        timeout: Duration::from_secs(10),
        ..OpenBackend::new("32.73/lapor".parse().unwrap(), url, routes)
    }
}

impl House {
    /// Before one backend at `url`.
    pub async fn before(url: impl Into<String>) -> Self {
        Self::of(vec![lapor(url)], |_| {}).await
    }

    /// Before these backends, with settings as `fit` leaves them.
    pub async fn of(backends: impl Into<Backends>, fit: impl FnOnce(&mut Settings)) -> Self {
        let postgres = Postgres::start();
        let ledger = postgres.database("ledger");
        let folder = tempfile::tempdir().unwrap();
        let ground = Ground {
            folder,
            _postgres: postgres,
            ledger,
        };
        Self::in_folder(ground, backends, fit).await
    }

    pub async fn in_folder(ground: Ground, backends: impl Into<Backends>, fit: impl FnOnce(&mut Settings)) -> Self {
        let backends = backends.into();
        let at = |name: &str| ground.folder.path().join(name);
        let place = Place::Postgres(Secret::new(ground.ledger.clone()));
        let mut settings = Settings::new(at("dist"), at("catalogue"), place);
        fit(&mut settings);
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        let (stop, stopped) = watch::channel(false);
        let (mut edges, mut tasks) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            let edge = Edge::new(settings.clone(), backends.open.clone()).await.unwrap();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            edges.push(listener.local_addr().unwrap());
            let mut stopped = stopped.clone();
            tasks.push(tokio::spawn(async move {
                let stopped = async {
                    let _ = stopped.wait_for(|stopped| *stopped).await;
                };
                edge.serve(listener, stopped).await;
            }));
        }
        let patience = settings.patience.as_millis().div_ceil(1000);
        let rates = settings.rates;
        let config = Config::parse(&format!(
            "dist = '{}'\ncatalogue = '{}'\nregions = 'r'\nledger = 'l'\nlimits.patience_seconds = {patience}\n\
             [rates]\nreads_per_minute = {}\nchanges_per_minute = {}\n",
            settings.dist.display(),
            settings.catalogue.display(),
            rates.reads_per_minute,
            rates.changes_per_minute,
        ))
        .unwrap();
        let address = free_address();
        let args = NginxArgs {
            config: "edge.toml".into(),
            servers: edges.clone(),
            name: "_".to_owned(),
            listen: Some(address),
            certificate: None,
            key: None,
            cache: at("cache"),
        };
        let nginx = Nginx::start(ground.folder.path(), address, &write(&args, &config, &backends));
        Self {
            address,
            edges,
            nginx: Some(nginx),
            ground: Some(ground),
            stop: Some(stop),
            tasks,
        }
    }

    /// Puts a file into the folder.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.ground.as_ref().unwrap().folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Asks the edges to stop; [`House::ended`] waits until they have.
    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(true);
    }

    pub async fn ended(mut self) -> Ground {
        for task in self.tasks.drain(..) {
            task.await.unwrap();
        }
        self.nginx = None;
        self.ground.take().unwrap()
    }
}
