//! `edge.toml` read again while the program runs: on SIGHUP, as `systemctl reload` sends it.
//!
//! Everything that the new file names is made ready first: the file itself, each backend's adapter,
//! profile and secrets, the certificate. Only then does it take the old one's place, all at once: requests that
//! begin from then on are answered by the new settings, those under way end by the old. A file with a
//! mistake changes nothing, and so does one with which a backend that is served now would no longer be,
//! though the file names it; the mistake is in the log.
//!
//! What a running program cannot change (`listen`, `ledger`, whether it ends TLS, and the limits of
//! connections and memory) is a mistake too: it needs a restart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use rustls::ServerConfig;
use thiserror::Error;
use tokio::sync::watch;

use super::backend::{Backends, NotOpen, open_all};
use super::config::program::LedgerAt;
use super::config::{Config, ConfigError};
use super::guarded::secrets::environment;
use super::ledger::Place;
use super::tls::{self, TlsError};
use super::{Edge, Settings};
use crate::model::secret::Secret;

/// Why a file is not used.
#[derive(Debug, Error)]
pub enum Unusable {
    /// It has a mistake.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its certificate cannot be used.
    #[error("{}: tls: {error}", file.display())]
    Tls {
        /// The file.
        file: PathBuf,
        /// Why.
        error: Box<TlsError>,
    },
    /// A variable of the environment is not there.
    #[error("{}: ledger.postgres_env: expected the variable {variable} in the environment", file.display())]
    Variable {
        /// The file.
        file: PathBuf,
        /// Its name.
        variable: String,
    },
    /// A backend would no longer be served.
    #[error("{}: {backend}", file.display())]
    Closed {
        /// The file.
        file: PathBuf,
        /// Which one, and why.
        backend: NotOpen,
    },
    /// A running program cannot change it.
    #[error("{}: {key}: expected what it was when the program started; a restart changes it", file.display())]
    Fixed {
        /// The file.
        file: PathBuf,
        /// The key.
        key: &'static str,
    },
}

/// All that a file names, ready to be used.
pub struct Ready {
    /// The file as it was read.
    pub config: Config,
    /// Its backends that can be opened.
    pub backends: Backends,
    /// Those that cannot.
    pub not_open: Vec<NotOpen>,
    /// Its certificate.
    pub tls: Option<Arc<ServerConfig>>,
    /// Its ledger.
    pub ledger: Place,
}

impl Ready {
    /// Reads a file and makes ready what it names.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(file: &Path) -> Result<Self, Unusable> {
        let config = Config::read(file)?;
        let file = || file.to_owned();
        let tls = config.tls.as_ref().map(tls::read).transpose();
        let tls = tls.map_err(|error| Unusable::Tls {
            file: file(),
            error: Box::new(error),
        })?;
        let ledger = match &config.ledger {
            LedgerAt::File(path) => Place::File(path.clone()),
            LedgerAt::Postgres(at) => {
                let way = environment(&at.postgres_env).filter(|way| !way.is_empty());
                Place::Postgres(Secret::new(way.ok_or_else(|| Unusable::Variable {
                    file: file(),
                    variable: at.postgres_env.clone(),
                })?))
            }
        };
        let (backends, not_open) = open_all(&config, &environment);
        Ok(Self {
            config,
            backends,
            not_open,
            tls,
            ledger,
        })
    }

    /// Its settings, and the rest of it.
    pub fn settings(&self) -> Settings {
        let config = &self.config;
        Settings {
            rates: config.rates,
            trusted_proxies: config.trusted_proxies.clone(),
            embed_origins: config.embed_origins.clone(),
            patience: config.limits.patience(),
            limits: config.limits,
            ..Settings::new(&config.dist, &config.catalogue, self.ledger.clone())
        }
    }
}

/// What is served, and from which file.
pub struct Served {
    /// The file.
    pub file: PathBuf,
    /// As it was read last.
    pub config: Config,
    /// What answers by it.
    pub edge: Edge,
    /// Where others learn of a new one.
    pub router: watch::Sender<Router>,
    /// And of a new certificate.
    pub tls: watch::Sender<Option<Arc<ServerConfig>>>,
}

impl Served {
    /// Reads the file again, and serves by it from now on.
    ///
    /// # Errors
    /// Why it is not used; then nothing has changed.
    pub fn renew(&mut self) -> Result<(), Unusable> {
        let mut ready = Ready::read(&self.file)?;
        if let Some(key) = self.fixed(&ready.config) {
            return Err(Unusable::Fixed {
                file: self.file.clone(),
                key,
            });
        }
        let lost = ready.not_open.iter().position(|backend| self.edge.knows(&backend.id));
        if let Some(at) = lost {
            return Err(Unusable::Closed {
                file: self.file.clone(),
                backend: ready.not_open.swap_remove(at),
            });
        }
        for backend in &ready.not_open {
            tracing::error!("{backend}");
        }
        self.edge = self.edge.renewed(ready.settings(), ready.backends);
        self.config = ready.config;
        self.tls.send_replace(ready.tls);
        drop(self.router.send_replace(self.edge.router()));
        Ok(())
    }

    /// The first key that only a restart can change and that the new file has otherwise.
    fn fixed(&self, new: &Config) -> Option<&'static str> {
        let old = &self.config;
        let (was, is) = (&old.limits, &new.limits);
        let same = [
            ("listen", old.listen == new.listen),
            ("ledger", old.ledger == new.ledger),
            ("tls", old.tls.is_some() == new.tls.is_some()),
            ("limits.connections", was.connections == is.connections),
            (
                "limits.connections_per_address",
                was.connections_per_address == is.connections_per_address,
            ),
            ("limits.patience_seconds", was.patience() == is.patience()),
            (
                "limits.body_memory_bytes",
                was.body_memory_bytes == is.body_memory_bytes,
            ),
        ];
        same.into_iter().find(|(_, same)| !same).map(|(key, _)| key)
    }
}
