//! An edge with a folder of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use pendopo::adapters::RoutePattern;
use pendopo::adapters::http::Method;
use pendopo::cli::edge::backend::{Backends, OpenBackend};
use pendopo::cli::edge::{Edge, Settings};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Whether a proxy stands before the edge, which then is not the one that says all things.
pub const PROXIED: bool = false;

/// A running edge and what is on its disk.
pub struct House {
    pub address: SocketAddr,
    pub folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
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
    /// An edge in front of one backend at `url`.
    pub async fn before(url: impl Into<String>) -> Self {
        Self::of(vec![lapor(url)], |_| {}).await
    }

    /// An edge in front of these backends, with settings as `fit` leaves them.
    pub async fn of(backends: impl Into<Backends>, fit: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::in_folder(folder, backends, fit).await
    }

    pub async fn in_folder(folder: TempDir, backends: impl Into<Backends>, fit: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings(&folder);
        fit(&mut settings);
        let edge = Edge::new(settings, backends).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            edge.serve(listener, async {
                let _ = stopped.await;
            })
            .await;
        });
        Self {
            address,
            folder,
            stop: Some(stop),
            task: Some(task),
        }
    }

    /// Puts a file into the folder.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Asks the edge to stop; [`House::ended`] waits until it has.
    pub fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    pub async fn ended(mut self) -> TempDir {
        self.task.take().unwrap().await.unwrap();
        self.folder
    }
}

pub fn settings(folder: &TempDir) -> Settings {
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    Settings::new(at("dist"), at("catalogue"), at("ledger"))
}
