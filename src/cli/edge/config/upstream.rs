//! A backend's own settings: where it is, what it is told, and how much is allowed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use super::quoted;
use crate::cli::edge::breaker::Rule;
use crate::cli::edge::cache::Keeping;
use crate::cli::edge::line::Treatment;
use crate::cli::edge::transport::address;
use crate::model::secret::Secret;

/// Where a backend is, and how it is treated.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Its address; paths of its adapter are below it.
    pub url: String,
    #[serde(default = "twenty")]
    timeout_seconds: u64,
    /// Most bytes of a request's body.
    #[serde(default = "twelve_mebibytes")]
    pub max_request_bytes: usize,
    /// Most bytes of an answer's body.
    #[serde(default = "eight_mebibytes")]
    pub max_response_bytes: usize,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    forward: Vec<String>,
    /// How often a citizen may try to log in within an hour.
    #[serde(default = "four")]
    pub login_tries_per_hour: u32,
    /// The adapter's private profile; the backend is guarded.
    pub profile: Option<PathBuf>,
    /// What the backend wants to be told with every request.
    #[serde(default)]
    pub secrets: Vec<SecretAt>,
    /// With what the publisher logs in.
    pub account: Option<AccountAt>,
    #[serde(default = "sixty")]
    conversation_seconds: u64,
    /// How often the fact that opens a case may be tried within an hour.
    #[serde(default = "five")]
    pub look_ups_per_hour: u32,
    requests_at_once: Option<usize>,
    retries: Option<u32>,
    #[serde(default)]
    breaker: BreakerRule,
    #[serde(default)]
    cache: CacheTimes,
}

/// When a backend is left alone.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BreakerRule {
    failures: Option<u32>,
    pause_seconds: Option<u64>,
}

/// How long its catalogue and forms are kept.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CacheTimes {
    fresh_seconds: u64,
    stale_seconds: u64,
}

impl Default for CacheTimes {
    fn default() -> Self {
        Self {
            fresh_seconds: 60,
            stale_seconds: 24 * 60 * 60,
        }
    }
}

/// Where a secret goes: one of the three; and the variable of the environment that holds it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretAt {
    /// A header's name.
    pub header: Option<String>,
    /// A query parameter's name.
    pub query: Option<String>,
    /// The name of a member, or field, of every body.
    pub field: Option<String>,
    /// The variable's name.
    pub env: String,
}

/// The variables of the environment that hold the publisher's credentials.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountAt {
    /// NIK, address or name.
    pub identifier_env: String,
    /// PIN or password.
    pub proof_env: String,
}

const fn twenty() -> u64 {
    20
}

const fn four() -> u32 {
    4
}

const fn five() -> u32 {
    5
}

const fn sixty() -> u64 {
    60
}

/// Most bytes of a request where nothing else is said.
pub const fn twelve_mebibytes() -> usize {
    12 * 1024 * 1024
}

/// Most bytes of an answer where nothing else is said.
pub const fn eight_mebibytes() -> usize {
    8 * 1024 * 1024
}

/// Headers that are never taken over from the phone nor set by hand: those of the connection, those
/// that the edge sets itself, and cookies.
const OWN: [&str; 14] = [
    "accept-encoding",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
];

impl Upstream {
    /// From the request until the last byte of the answer.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    /// How many requests are on it at once, when it is left alone, what is tried again.
    #[must_use]
    pub fn treatment(&self) -> Treatment {
        let usual = Treatment::default();
        let pause = self.breaker.pause_seconds.map(Duration::from_secs);
        Treatment {
            at_once: self.requests_at_once.unwrap_or(usual.at_once),
            retries: self.retries.unwrap_or(usual.retries),
            rule: Rule {
                failures: self.breaker.failures.unwrap_or(usual.rule.failures),
                pause: pause.unwrap_or(usual.rule.pause),
            },
        }
    }

    /// How long its catalogue and forms are kept; `None` for not at all.
    #[must_use]
    pub fn keeping(&self) -> Option<Keeping> {
        let CacheTimes {
            fresh_seconds,
            stale_seconds,
        } = self.cache;
        (fresh_seconds > 0 || stale_seconds > 0).then(|| Keeping {
            fresh: Duration::from_secs(fresh_seconds),
            stale: Duration::from_secs(stale_seconds),
        })
    }

    /// From a phone's intent until the end of the conversation.
    #[must_use]
    pub const fn conversation(&self) -> Duration {
        Duration::from_secs(self.conversation_seconds)
    }

    /// Headers that are added to every request, marked as sensitive.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        headers
    }

    /// The same, for an adapter's request.
    #[must_use]
    pub fn secret_headers(&self) -> Vec<(String, Secret<String>)> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.clone(), Secret::new(value.clone())))
            .collect()
    }

    /// Headers of the phone that go up beyond the usual ones.
    #[must_use]
    pub fn forward(&self) -> Vec<HeaderName> {
        self.forward.iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// The first thing that is wrong: the key below this upstream, and what was expected.
    pub(super) fn mistake(&self) -> Option<(String, &'static str)> {
        if address(&self.url, "", None).is_none_or(|url| !url.has_host() || !url.username().is_empty()) {
            return Some((
                "url".to_owned(),
                "expected an address that begins with http:// or https://, without user, query or fragment",
            ));
        }
        if !(1..=120).contains(&self.timeout_seconds) {
            return Some(("timeout_seconds".to_owned(), "expected 1 to 120"));
        }
        let gibibyte = 1..=1024 * 1024 * 1024;
        if !gibibyte.contains(&self.max_request_bytes) {
            return Some(("max_request_bytes".to_owned(), "expected 1 to 1073741824"));
        }
        if !gibibyte.contains(&self.max_response_bytes) {
            return Some(("max_response_bytes".to_owned(), "expected 1 to 1073741824"));
        }
        for (name, value) in &self.headers {
            let key = format!("headers.{}", quoted(name));
            if !is_free(name) {
                return Some((key, "expected a header's name, and none that the edge sets itself"));
            }
            if value.parse::<HeaderValue>().is_err() {
                return Some((key, "expected a header's value, without line breaks"));
            }
        }
        if !(1..=140).contains(&self.conversation_seconds) {
            return Some(("conversation_seconds".to_owned(), "expected 1 to 140"));
        }
        if let Some((key, expected)) = self.untreated() {
            return Some((key.to_owned(), expected));
        }
        if let Some(mistake) = self.unguarded() {
            return Some(mistake);
        }
        let named = |(at, name): (usize, &String)| (!is_free(name)).then(|| format!("forward[{at}]"));
        let taken = self.forward.iter().enumerate().find_map(named)?;
        Some((
            taken,
            "expected a header's name, and none that the edge sets itself or never passes (cookies)",
        ))
    }
}

impl Upstream {
    /// What is wrong with how it is treated.
    fn untreated(&self) -> Option<(&'static str, &'static str)> {
        if self.requests_at_once.is_some_and(|most| !(1..=1024).contains(&most)) {
            return Some(("requests_at_once", "expected 1 to 1024"));
        }
        if self.retries.is_some_and(|retries| retries > 3) {
            return Some(("retries", "expected 0 to 3"));
        }
        if self
            .breaker
            .pause_seconds
            .is_some_and(|pause| !(1..=600).contains(&pause))
        {
            return Some(("breaker.pause_seconds", "expected 1 to 600"));
        }
        if self.cache.fresh_seconds > 3600 {
            return Some(("cache.fresh_seconds", "expected 0 to 3600"));
        }
        if self.cache.stale_seconds > 7 * 24 * 3600 {
            return Some(("cache.stale_seconds", "expected 0 to 604800"));
        }
        None
    }

    /// What is wrong with its secrets, and with what only a guarded backend has.
    fn unguarded(&self) -> Option<(String, &'static str)> {
        let guarded = "expected a profile beside it: only a guarded backend has any";
        for (at, secret) in self.secrets.iter().enumerate() {
            let key = format!("secrets[{at}]");
            let wrong = match (&secret.header, &secret.query, &secret.field) {
                (Some(name), None, None) => {
                    (!is_free(name)).then_some("expected a header's name, and none that the edge sets itself")
                }
                (None, Some(name), None) | (None, None, Some(name)) => name.is_empty().then_some("expected a name"),
                _ => Some("expected one of header, query and field, and env"),
            };
            let wrong = wrong.or_else(|| {
                secret
                    .env
                    .is_empty()
                    .then_some("expected the name of a variable as env")
            });
            if let Some(expected) = wrong {
                return Some((key, expected));
            }
        }
        if self.profile.is_none() && !self.secrets.is_empty() {
            return Some(("secrets".to_owned(), guarded));
        }
        if self.profile.is_some() && !self.forward.is_empty() {
            return Some((
                "forward".to_owned(),
                "expected none: a guarded backend is not passed through",
            ));
        }
        None
    }
}

fn is_free(name: &str) -> bool {
    name.parse::<HeaderName>()
        .is_ok_and(|name| !OWN.contains(&name.as_str()))
}
