//! An operator's house: a folder with a region's file and `edge.toml` as the operator wrote them,
//! published and served by the real programs' own rooms.

use std::fs;
use std::path::Path;

use pendopo::cli::edge::backend::open_all;
use pendopo::cli::edge::config::Config;
use pendopo::cli::edge::transport::Transport;
use pendopo::cli::edge::{Edge, Settings};
use pendopo::cli::publish::report::Report;
use pendopo::cli::publish::{PublishArgs, run};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::Phone;

pub struct House {
    folder: TempDir,
    origin: String,
    /// What the operator was told when the catalogue was published.
    pub report: Report,
    edge: JoinHandle<()>,
}

impl House {
    /// Writes the two files, publishes and serves. `region` is the region's file, named for `code`;
    /// the backend `lapor` is at `url`.
    pub async fn open(code: &str, region: &str, url: &str) -> Self {
        Self::open_at(code, "lapor", region, url).await
    }

    /// The same, for a backend of another name.
    pub async fn open_at(code: &str, backend: &str, region: &str, url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, content: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        };
        write(&format!("regions/{code}.json"), region);
        write(
            "edge.toml",
            &format!(
                "listen = \"127.0.0.1:0\"\ndist = \"dist\"\nregions = \"regions\"\ncatalogue = \"catalogue\"\n\
                 ledger = \"ledger.sqlite\"\n\n[upstreams.\"{code}/{backend}\"]\nurl = \"{url}\"\n"
            ),
        );
        let report = publish(folder.path()).await;
        let (origin, edge) = serve(folder.path()).await;
        Self {
            folder,
            origin,
            report,
            edge,
        }
    }

    /// A phone of somebody who lives here.
    pub fn phone(&self) -> Phone {
        Phone::new(self.origin.clone())
    }

    /// Publishes once more, as it is done every night.
    pub async fn publish(&mut self) {
        self.report = publish(self.folder.path()).await;
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.edge.abort();
    }
}

async fn publish(folder: &Path) -> Report {
    let args = PublishArgs {
        config: folder.join("edge.toml"),
        catalogue: None,
    };
    run(&args, &Transport::new()).await.unwrap()
}

async fn serve(folder: &Path) -> (String, JoinHandle<()>) {
    let config = Config::read(&folder.join("edge.toml")).unwrap();
    let (backends, not_open) = open_all(&config, &|_| None);
    let not_open: Vec<String> = not_open.iter().map(ToString::to_string).collect();
    assert_eq!(not_open, [""; 0]);
    let settings = Settings::new(config.dist, config.catalogue, folder.join("ledger.sqlite"));
    let edge = Edge::new(settings, backends).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move { edge.serve(listener, std::future::pending()).await });
    (origin, task)
}
