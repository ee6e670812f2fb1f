//! What `edge.toml` says of the program itself: how much it takes on, its ledger, its certificate.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// How often one address may ask, with bursts of as many.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// POST and PUT to backends.
    pub changes_per_minute: u32,
    /// GET to backends and to the ledger, and intents that change nothing.
    pub reads_per_minute: u32,
    /// Logins, and look-ups of cases by what only their owner knows.
    pub guesses_per_hour: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            changes_per_minute: 120,
            reads_per_minute: 1200,
            guesses_per_hour: 120,
        }
    }
}

/// How much the program takes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// Connections of one address at once; further ones are closed. Trusted proxies have no such limit.
    pub connections_per_address: usize,
    patience_seconds: u64,
    /// Bytes that all bodies of requests together may take in memory.
    pub body_memory_bytes: usize,
    /// Bytes that catalogues take in memory.
    pub cache_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            connections_per_address: 512,
            patience_seconds: 30,
            body_memory_bytes: 512 * 1024 * 1024,
            cache_bytes: 64 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// How long a client may take over a request's head, over the next piece of a body, or to take
    /// anything of an answer.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        Duration::from_secs(self.patience_seconds)
    }

    /// The first thing that is wrong: the key, and what was expected.
    pub(super) fn mistake(&self) -> Option<(&'static str, &'static str)> {
        let connections = 1..=65536;
        let bytes = 1 << 20..=1 << 40;
        if !connections.contains(&self.connections) {
            return Some(("connections", "expected 1 to 65536"));
        }
        if !connections.contains(&self.connections_per_address) {
            return Some(("connections_per_address", "expected 1 to 65536"));
        }
        if !(1..=300).contains(&self.patience_seconds) {
            return Some(("patience_seconds", "expected 1 to 300"));
        }
        if !bytes.contains(&self.body_memory_bytes) {
            return Some(("body_memory_bytes", "expected 1048576 to 1099511627776"));
        }
        if self.cache_bytes != 0 && !bytes.contains(&self.cache_bytes) {
            return Some(("cache_bytes", "expected 0, or 1048576 to 1099511627776"));
        }
        None
    }
}

/// Where the ledger is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum LedgerAt {
    /// In a file of this program's own.
    File(PathBuf),
    /// In a PostgreSQL database that several programs share.
    Postgres(PostgresAt),
}

/// A PostgreSQL database.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresAt {
    /// The variable of the environment that holds how to connect, as libpq writes it: an address
    /// (`postgres://…`) or `host=… user=… password=… dbname=…`.
    pub postgres_env: String,
}

/// The files of a certificate, in PEM.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificate and those that vouch for it, in this order.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}
