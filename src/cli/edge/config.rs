//! `edge.toml`: what an operator says of this edge and of the systems behind it.
//!
//! ```toml
//! listen = "127.0.0.1:8080"        # where it answers; this is the default
//! dist = "dist"                    # the app's files, as `pendopo pack` leaves them
//! regions = "public/regions"       # region files, `{code}.json`
//! catalogue = "catalogue"          # what `pendopo publish` wrote; served at /katalog/
//! ledger = "ledger.sqlite"         # made if it is not there; one for each program. Several programs
//!                                  # share one in PostgreSQL: { postgres_env = "LEDGER_DATABASE" }
//! trusted_proxies = ["127.0.0.1"]  # whose X-Forwarded-For and -Proto are believed; default none
//!
//! [tls]                            # this program ends TLS itself; PEM files, read again on reload
//! certificate = "tls/fullchain.pem"
//! key = "tls/key.pem"
//!
//! [limits]                         # of the program; changing the first four needs a restart
//! connections = 4096               # at once; more wait to be accepted
//! connections_per_address = 512    # of one address; a whole network may share one
//! patience_seconds = 30            # for a request's head, a body's next piece, an answer's taking
//! body_memory_bytes = 536870912    # all bodies of requests together
//! cache_bytes = 67108864           # all catalogues kept
//!
//! [rates]                          # per client address; a whole network may share one
//! changes_per_minute = 120         # POST and PUT
//! reads_per_minute = 1200          # GET to backends and to the ledger, and what only looks
//! guesses_per_hour = 120           # logins, and look-ups of cases by what their owner knows
//!
//! [embed_origins]                  # sites that may show a region's widgets; default none
//! "32.73" = ["https://www.bandung.go.id", "https://*.bandung.go.id"]
//!
//! [upstreams."32.73/lapor"]        # a backend of a region file, by region and backend
//! url = "https://lapor.example.go.id/open311/v2"
//! timeout_seconds = 20             # 1 to 120
//! max_request_bytes = 12582912
//! max_response_bytes = 8388608
//! headers = { "X-Api-Key" = "…" }  # added to every request; not for secrets, see below
//! forward = ["authorization"]      # headers of the phone that go up beyond the usual ones
//! login_tries_per_hour = 4         # of each citizen; below the backend's own limit
//! requests_at_once = 32            # on it; more wait for a place, as long as timeout_seconds
//! retries = 1                      # of a GET that it did not answer; 0 to 3. Changes are sent once
//! breaker = { failures = 10, pause_seconds = 15 }       # after so many in a row it is left alone; 0 never
//! cache = { fresh_seconds = 60, stale_seconds = 86400 } # catalogue and forms; stale ones where it fails
//!
//! [upstreams."32.73/perizinan"]    # with a profile of its own: guarded, see below
//! url = "http://10.4.0.7/sicantik"
//! profile = "perizinan.json"       # what differs from server to server; the adapter's own keys
//! headers = { "X-Road-Client" = "ID/GOV/3273/pendopo" }  # behind an X-Road, or SPLP
//! secrets = [                      # what the backend wants to be told and no phone may know
//!   { header = "X-Api-Key", env = "PERIZINAN_KEY" },
//!   { query = "key", env = "PERIZINAN_KEY" },
//!   { field = "user_key", env = "PERIZINAN_KEY" },
//! ]
//! account = { identifier_env = "PERIZINAN_USER", proof_env = "PERIZINAN_PASSWORD" }
//! conversation_seconds = 60        # for all of a phone's request; 1 to 140
//! look_ups_per_hour = 5            # tries of what only its owner knows, for each case
//! ```
//!
//! A backend whose upstream names a `profile` is *guarded*: phones never reach it by pass-through, but
//! say what they want, and the edge speaks for them ([`super::guarded`]). Its secrets come from the
//! environment. An `account` is the publisher's, for catalogues and forms that need one; an open backend
//! may have one too.
//!
//! The file is read again on SIGHUP ([`super::reload`]): a file with a mistake changes nothing.
//!
//! Relative paths count from the file's own folder, wherever the program is started. Unknown keys are mistakes. The schema for
//! editors is `public/schema/edge.schema.json`. The file may hold secrets, so messages about it
//! never show its values, except addresses' schemes and names of keys.
//!
//! What it does not hold: anything that a phone may know of a backend (that is in region files).

pub mod program;
pub mod upstream;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::client::Network;
use super::framing::HostOrigin;
use crate::model::region::{BackendId, RegionCode};
use program::{LedgerAt, Limits, Rates, TlsFiles};
use upstream::Upstream;

/// What is wrong with the file.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("{}: cannot be read: {error}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is no TOML, or its keys and values are not those expected.
    #[error("{}: {key}: {what}", file.display())]
    Mistake {
        /// The file.
        file: PathBuf,
        /// The key's path, such as `upstreams."32.73/lapor".url`; or the line.
        key: String,
        /// What was expected, and what was found.
        what: String,
    },
}

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the edge answers.
    #[serde(default = "loopback")]
    pub listen: SocketAddr,
    /// Folder of the app's files.
    pub dist: PathBuf,
    /// Folder of region files.
    pub regions: PathBuf,
    /// Folder of the published catalogue.
    pub catalogue: PathBuf,
    /// Where the ledger is.
    pub ledger: LedgerAt,
    /// Proxies in front of this edge.
    #[serde(default)]
    pub trusted_proxies: Vec<Network>,
    /// Where this program ends TLS itself.
    pub tls: Option<TlsFiles>,
    /// How much the program takes on.
    #[serde(default)]
    pub limits: Limits,
    /// How often one address may ask.
    #[serde(default)]
    pub rates: Rates,
    /// The sites that may show a region's widgets.
    #[serde(default)]
    pub embed_origins: BTreeMap<RegionCode, Vec<HostOrigin>>,
    /// The systems behind it.
    #[serde(default)]
    pub upstreams: BTreeMap<BackendId, Upstream>,
}

fn loopback() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

impl Config {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// The first mistake, by file and key.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Read {
            file: file.to_owned(),
            error,
        })?;
        let mut config = Self::parse(&text).map_err(|(key, what)| ConfigError::Mistake {
            file: file.to_owned(),
            key,
            what,
        })?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut paths = vec![&mut config.dist, &mut config.regions, &mut config.catalogue];
        if let LedgerAt::File(path) = &mut config.ledger {
            paths.push(path);
        }
        if let Some(tls) = &mut config.tls {
            paths.extend([&mut tls.certificate, &mut tls.key]);
        }
        for path in paths {
            *path = folder.join(&*path);
        }
        for upstream in config.upstreams.values_mut() {
            upstream.profile = upstream.profile.take().map(|path| folder.join(path));
        }
        Ok(config)
    }

    /// Reads and checks a file's text; the error is a key and what was expected there.
    ///
    /// # Errors
    /// The first mistake.
    pub fn parse(text: &str) -> Result<Self, (String, String)> {
        let document = toml::Deserializer::parse(text).map_err(|error| {
            let end = error.span().map_or(0, |span| span.start);
            let line = text
                .bytes()
                .take(end)
                .filter(|byte| *byte == b'\n')
                .count()
                .saturating_add(1);
            (format!("line {line}"), error.message().to_owned())
        })?;
        let config: Self = serde_path_to_error::deserialize(document).map_err(|error| {
            let key = path(error.path());
            // What serde says shows the value, which may be a secret there.
            let what = if key.contains(".headers") {
                "expected a table of headers, such as { \"X-Api-Key\" = \"…\" }".to_owned()
            } else if key.contains(".secrets") {
                "expected a list such as [{ header = \"X-Api-Key\", env = \"THE_VARIABLE\" }]".to_owned()
            } else if key.contains(".account") {
                "expected { identifier_env = \"THE_VARIABLE\", proof_env = \"ANOTHER\" }".to_owned()
            } else if key == "ledger" {
                "expected a file, or { postgres_env = \"THE_VARIABLE\" }".to_owned()
            } else {
                error.inner().message().to_owned()
            };
            (key, what)
        })?;
        if let Some((key, expected)) = config.limits.mistake() {
            return Err((format!("limits.{key}"), expected.to_owned()));
        }
        for (id, upstream) in &config.upstreams {
            if let Some((key, expected)) = upstream.mistake() {
                return Err((format!("upstreams.\"{id}\".{key}"), expected.to_owned()));
            }
        }
        Ok(config)
    }
}

/// A path of keys as it would be written in TOML.
fn path(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&quoted(key));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    if text.is_empty() { "the file".to_owned() } else { text }
}

fn quoted(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        format!("{key:?}")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const LEAST: &str = "dist = 'dist'\nregions = 'r'\ncatalogue = 'c'\nledger = 'l'\n";

    fn mistake(more: &str) -> (String, String) {
        match Config::parse(&format!("{LEAST}{more}")) {
            Ok(_) => panic!("accepted: {more}"),
            Err(mistake) => mistake,
        }
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let config = Config::parse(&format!(
            "{LEAST}[upstreams.'32.73/lapor']\nurl = 'http://127.0.0.1:1/v2'"
        ))
        .unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.rates.changes_per_minute, 120);
        let upstream = &config.upstreams[&"32.73/lapor".parse().unwrap()];
        assert_eq!(upstream.timeout(), Duration::from_secs(20));
        assert_eq!(upstream.max_request_bytes, 12 * 1024 * 1024);
        assert_eq!(upstream.max_response_bytes, 8 * 1024 * 1024);
    }

    #[test]
    fn a_mistake_names_its_key_and_what_was_expected() {
        let upstream = |rest: &str| mistake(&format!("[upstreams.\"32.73/lapor\"]\n{rest}"));
        for ((key, what), at, expected) in [
            (mistake("port = 1"), "port", "unknown field"),
            (mistake("listen = 'here'"), "listen", "socket address"),
            (
                mistake("rates.reads_per_minute = -1"),
                "rates.reads_per_minute",
                "expected u32",
            ),
            (mistake("trusted_proxies = ['x']"), "trusted_proxies[0]", "10.0.0.0/8"),
            (mistake("limits.connections = 0"), "limits.connections", "1 to 65536"),
            (mistake("limits.patience = 1"), "limits.patience", "unknown field"),
            (mistake("tls.certificate = 'c'"), "tls", "missing field `key`"),
            (
                upstream("url = 'http://a'\nretries = 4"),
                "upstreams.\"32.73/lapor\".retries",
                "0 to 3",
            ),
            (
                upstream("url = 'http://a'\nrequests_at_once = 0"),
                "upstreams.\"32.73/lapor\".requests_at_once",
                "1 to 1024",
            ),
            (
                upstream("url = 'http://a'\nbreaker.pause_seconds = 0"),
                "upstreams.\"32.73/lapor\".breaker.pause_seconds",
                "1 to 600",
            ),
            (
                upstream("url = 'http://a'\ncache.stale_seconds = 999999"),
                "upstreams.\"32.73/lapor\".cache.stale_seconds",
                "0 to 604800",
            ),
            (
                mistake("embed_origins.'32.73' = ['https://a.id', 'http://b.id']"),
                "embed_origins.\"32.73\"[1]",
                "https://www.bandung.go.id",
            ),
            (
                mistake("embed_origins.Bandung = []"),
                "embed_origins.Bandung",
                "a region code",
            ),
            (
                mistake("[upstreams.Lapor]\nurl = 'http://a'"),
                "upstreams.Lapor",
                "region/backend",
            ),
            (
                upstream("url = 'lapor.go.id'"),
                "upstreams.\"32.73/lapor\".url",
                "https://",
            ),
            (
                upstream("url = 'http://u@a'"),
                "upstreams.\"32.73/lapor\".url",
                "without user",
            ),
            (upstream("url = 1"), "upstreams.\"32.73/lapor\".url", "string"),
            (
                upstream("url = 'http://a'\ntimeout = 1"),
                "upstreams.\"32.73/lapor\".timeout",
                "unknown field",
            ),
            (
                upstream("url = 'http://a'\ntimeout_seconds = 0"),
                "upstreams.\"32.73/lapor\".timeout_seconds",
                "1 to 120",
            ),
            (
                upstream("url = 'http://a'\nforward = ['Cookie']"),
                "upstreams.\"32.73/lapor\".forward[0]",
                "cookies",
            ),
            (
                upstream("url = 'http://a'\nheaders.Host = 'b'"),
                "upstreams.\"32.73/lapor\".headers.Host",
                "edge sets",
            ),
            (
                upstream("url = 'http://a'\nheaders.'a b' = 'c'"),
                "upstreams.\"32.73/lapor\".headers.\"a b\"",
                "name",
            ),
            (mistake("x ="), "line 5", ""),
        ] {
            assert_eq!(key, at);
            assert!(what.contains(expected), "{key}: {what}");
        }
        let ledger = Config::parse("dist = 'd'\nregions = 'r'\ncatalogue = 'c'\nledger = { postgres = 'x' }");
        let (key, what) = ledger.err().unwrap();
        assert!(key == "ledger" && what.contains("postgres_env"), "{key}: {what}");
        let missing = Config::parse("dist = 'd'").err().unwrap();
        assert!(missing.1.contains("missing field `regions`"), "{missing:?}");
    }

    #[test]
    fn no_message_shows_a_secret() {
        for text in [
            "headers.auth = \"rahasia\\n\"",
            "headers = 'rahasia'",
            "headers = { auth = 'rahasia' ",
        ] {
            let (_, what) = mistake(&format!("[upstreams.\"32.73/lapor\"]\nurl = 'http://a'\n{text}"));
            assert!(!what.contains("rahasia"), "{what}");
        }
    }
}
