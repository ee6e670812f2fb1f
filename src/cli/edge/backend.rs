//! The open backends: those that phones may reach by pass-through, and by which paths.
//!
//! Their addresses come from `edge.toml`, their paths from the adapter that their region file
//! names. One backend that cannot be opened does not keep the others from the citizens: it is left
//! out, and the operator is told.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};

use super::config::{Config, Upstream, eight_mebibytes, twelve_mebibytes};
use crate::adapters::{self, RoutePattern};
use crate::model::region::{BackendId, RegionFile};

/// A backend that phones may reach.
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

/// Opens the backends of `config`, each with the paths of its adapter.
#[must_use]
pub fn open_all(config: &Config) -> (Vec<OpenBackend>, Vec<NotOpen>) {
    let (mut open, mut not_open) = (Vec::new(), Vec::new());
    for (id, upstream) in &config.upstreams {
        match open_one(&config.regions, id, upstream) {
            Ok(backend) => open.push(backend),
            Err(why) => not_open.push(NotOpen { id: id.clone(), why }),
        }
    }
    (open, not_open)
}

fn open_one(regions: &Path, id: &BackendId, upstream: &Upstream) -> Result<OpenBackend, String> {
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
    let (adapter, diagnostics) = adapters::compile(id, backend, region.utc_offset);
    let Some(adapter) = adapter else {
        let lines: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| format!("/backends/{at}{diagnostic}"))
            .collect();
        return Err(said(&lines.join("; ")));
    };
    Ok(OpenBackend {
        timeout: upstream.timeout(),
        max_request: upstream.max_request_bytes,
        max_response: upstream.max_response_bytes,
        headers: upstream.headers(),
        forward: upstream.forward(),
        ..OpenBackend::new(id.clone(), &upstream.url, adapter.routes())
    })
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
            let (open, not_open) = open_all(&config);
            assert!(open.is_empty());
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
