//! The backends behind an edge: open ones, that phones may reach by pass-through and by certain paths,
//! and guarded ones, that it speaks to itself.
//!
//! Their addresses come from `edge.toml`, their paths from the adapter that their region file
//! names; a guarded one's profile lies beside `edge.toml`. One backend that cannot be opened does not keep the others from the citizens: it is left
//! out, and the operator is told.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};

use super::cache::Keeping;
use super::config::Config;
use super::config::upstream::{Upstream, eight_mebibytes, twelve_mebibytes};
use super::guarded::backend::{GuardedBackend, Private};
use super::guarded::secrets::Environment;
use super::line::{Line, Treatment};
use crate::adapters::http::{Method, Target};
use crate::adapters::{self, Adapter, Intent, Known, RoutePattern, Step};
use crate::model::region::{BackendId, RegionFile};

/// A backend that phones may reach.
#[derive(Clone)]
pub struct OpenBackend {
    /// Its region and name.
    pub id: BackendId,
    /// Its address.
    pub url: String,
    /// What may pass.
    pub routes: Vec<RoutePattern>,
    /// From a request until the last byte of its answer.
    pub timeout: Duration,
    /// Most bytes of a request's body.
    pub max_request: usize,
    /// Most bytes of an answer's body.
    pub max_response: usize,
    /// Headers that are added to every request.
    pub headers: HeaderMap,
    /// Headers of the phone that go up beyond the usual ones.
    pub forward: Vec<HeaderName>,
    /// How often a citizen may try to log in within an hour.
    pub login_tries: u32,
    /// GETs that its adapter makes for everybody: for its catalogue, for a form.
    pub public: Vec<RoutePattern>,
    /// How long answers to those are kept.
    pub keeping: Option<Keeping>,
    /// The line to it.
    pub line: Arc<Line>,
}

impl OpenBackend {
    /// A backend with the limits that hold where nothing else is said.
    #[must_use]
    pub fn new(id: BackendId, url: impl Into<String>, routes: Vec<RoutePattern>) -> Self {
        Self {
            id,
            url: url.into(),
            routes,
            timeout: Duration::from_secs(20),
            max_request: twelve_mebibytes(),
            max_response: eight_mebibytes(),
            headers: HeaderMap::new(),
            forward: Vec::new(),
            login_tries: 4,
            public: Vec::new(),
            keeping: None,
            line: Arc::new(Line::new(Treatment::default())),
        }
    }
}

/// Why a backend of `edge.toml` is not open.
#[derive(Debug)]
pub struct NotOpen {
    /// Which one.
    pub id: BackendId,
    /// What was expected.
    pub why: String,
}

impl fmt::Display for NotOpen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is not open: {}", self.id, self.why)
    }
}

/// The backends behind an edge. No backend is both.
#[derive(Default)]
pub struct Backends {
    /// Those that phones reach by pass-through.
    pub open: Vec<OpenBackend>,
    /// Those that only the edge speaks to.
    pub guarded: Vec<GuardedBackend>,
}

impl From<Vec<OpenBackend>> for Backends {
    fn from(open: Vec<OpenBackend>) -> Self {
        let guarded = Vec::new();
        Self { open, guarded }
    }
}

impl Backends {
    /// Takes over the lines of backends that are where they were and are treated as they were: what is
    /// on them, and what is known of those that fail.
    pub fn keep_lines(
        &mut self,
        open: &HashMap<BackendId, Arc<OpenBackend>>,
        guarded: &HashMap<BackendId, Arc<GuardedBackend>>,
    ) {
        for new in &mut self.open {
            if let Some(old) = open.get(&new.id).filter(|old| old.url == new.url) {
                Line::keep(&mut new.line, &old.line);
            }
        }
        for new in &mut self.guarded {
            if let Some(old) = guarded.get(&new.id).filter(|old| old.url == new.url) {
                Line::keep(&mut new.line, &old.line);
            }
        }
    }
}

enum Either {
    Open(OpenBackend),
    Guarded(GuardedBackend),
}

/// Opens the backends of `config`, each with its adapter.
#[must_use]
pub fn open_all(config: &Config, environment: Environment<'_>) -> (Backends, Vec<NotOpen>) {
    let (mut backends, mut not_open) = (Backends::default(), Vec::new());
    for (id, upstream) in &config.upstreams {
        match open_one(&config.regions, id, upstream, environment) {
            Ok(Either::Open(backend)) => backends.open.push(backend),
            Ok(Either::Guarded(backend)) => backends.guarded.push(backend),
            Err(why) => not_open.push(NotOpen { id: id.clone(), why }),
        }
    }
    (backends, not_open)
}

fn open_one(
    regions: &Path,
    id: &BackendId,
    upstream: &Upstream,
    environment: Environment<'_>,
) -> Result<Either, String> {
    let file = regions.join(format!("{}.json", id.region));
    let said = |what: &dyn fmt::Display| format!("{}: {what}", file.display());
    let text = std::fs::read(&file).map_err(|error| said(&error))?;
    let region: RegionFile = serde_json::from_slice(&text).map_err(|error| said(&error))?;
    let found = region
        .backends
        .iter()
        .enumerate()
        .find(|(_, backend)| backend.id == id.backend);
    let Some((at, backend)) = found else {
        return Err(said(&format_args!(
            "/backends: expected one with the id {:?}",
            id.backend.as_str()
        )));
    };
    if let Some(private) = Private::read(upstream, backend, environment)? {
        let (adapter, diagnostics) = adapters::compile(id, &private.backend, region.utc_offset);
        // Where and what was expected, and nothing of a profile that no one else may know.
        let lines = diagnostics
            .iter()
            .map(|wrong| format!("{}: expected {}", wrong.path, wrong.expected));
        let adapter = adapter.ok_or_else(|| lines.collect::<Vec<_>>().join("; "))?;
        let backend = GuardedBackend::new(id.clone(), &upstream.url, adapter.into(), private.secrets);
        return Ok(Either::Guarded(backend.fitted(upstream, private.account)));
    }
    let (adapter, diagnostics) = adapters::compile(id, backend, region.utc_offset);
    let Some(adapter) = adapter else {
        let lines: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| format!("/backends/{at}{diagnostic}"))
            .collect();
        return Err(said(&lines.join("; ")));
    };
    Ok(Either::Open(OpenBackend {
        timeout: upstream.timeout(),
        max_request: upstream.max_request_bytes,
        max_response: upstream.max_response_bytes,
        headers: upstream.headers(),
        forward: upstream.forward(),
        login_tries: upstream.login_tries_per_hour,
        public: public(adapter.as_ref()),
        keeping: upstream.keeping(),
        line: Arc::new(Line::new(upstream.treatment())),
        ..OpenBackend::new(id.clone(), &upstream.url, adapter.routes())
    }))
}

/// A service's code that no system has.
const NO_SERVICE: &str = "pendopo0layanan0mana0pun";

/// The GETs that an adapter makes for everybody: the first of its catalogue, and of a form. What it asks
/// with a session, or only after another answer, is not among them.
fn public(adapter: &dyn Adapter) -> Vec<RoutePattern> {
    let form = NO_SERVICE.parse().ok().map(|service| Intent::Form { service });
    let mut public = Vec::new();
    for intent in [Some(Intent::Catalogue), form].into_iter().flatten() {
        let known = Known {
            facts: &[],
            session: None,
        };
        let Step::Send { request, .. } = adapter.start(intent, known).begin() else {
            continue;
        };
        let is_plain = request.method == Method::Get && request.secrets.is_empty();
        if is_plain && matches!(request.target, Target::Backend(_)) {
            public.push(RoutePattern::new(Method::Get, request.path.replace(NO_SERVICE, "*")));
        }
    }
    public
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backend_that_cannot_be_opened_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let region =
            |backends: &str| format!(r#"{{"format":1,"code":"32.73","name":"Kota Bandung","backends":[{backends}]}}"#);
        let regions = folder.path().display();
        let config = format!(
            "dist = 'd'\nregions = '{regions}'\ncatalogue = 'c'\nledger = 'l'\n[upstreams.'32.73/lapor']\nurl = 'http://a'"
        );
        let config = Config::parse(&config).unwrap();
        let why = || {
            let (backends, not_open) = open_all(&config, &|_| None);
            assert!(backends.open.is_empty() && backends.guarded.is_empty());
            not_open[0].to_string()
        };
        assert!(why().contains("32.73.json"), "{}", why());

        let file = folder.path().join("32.73.json");
        std::fs::write(&file, region("")).unwrap();
        assert!(
            why().contains("/backends: expected one with the id \"lapor\""),
            "{}",
            why()
        );

        let backend = r#"{"id":"lapor","name":"Lapor","office":"Dinas","adapter":"none-such"}"#;
        std::fs::write(&file, region(backend)).unwrap();
        assert!(why().contains("/backends/0/adapter: expected"), "{}", why());
    }
}
