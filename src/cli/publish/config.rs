//! What publishing reads of `edge.toml`: where region files lie, where the catalogue goes, and the
//! addresses of backends. Everything else in it is the edge's and passed over here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::PublishError;
use crate::model::region::BackendId;

#[derive(Deserialize)]
struct Written {
    regions: Option<PathBuf>,
    catalogue: Option<PathBuf>,
    #[serde(default)]
    upstreams: BTreeMap<String, Upstream>,
}

#[derive(Deserialize)]
struct Upstream {
    url: String,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Config {
    /// The folder of region files.
    pub(super) regions: PathBuf,
    /// The folder that the catalogue goes to.
    pub(super) catalogue: PathBuf,
    /// Addresses by backend.
    pub(super) upstreams: BTreeMap<BackendId, String>,
}

/// Reads `path`. Folders in it count from the current directory, as they do for the edge;
/// `catalogue` given here wins.
pub(super) fn read(path: &Path, catalogue: Option<&Path>) -> Result<Config, PublishError> {
    let text = fs::read_to_string(path).map_err(|cause| PublishError::Disk {
        path: path.to_owned(),
        cause,
    })?;
    let wrong = |what: String| PublishError::Config {
        path: path.to_owned(),
        what,
    };
    let written: Written = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let missing = |key: &str| wrong(format!("`{key}` is missing: the path of a folder"));
    let upstreams = written.upstreams.into_iter().map(|(id, upstream)| {
        let id: BackendId = id.parse().map_err(|error| wrong(format!("[upstreams]: {error}")))?;
        Ok::<_, PublishError>((id, upstream.url))
    });
    Ok(Config {
        upstreams: upstreams.collect::<Result<_, _>>()?,
        regions: written.regions.ok_or_else(|| missing("regions"))?,
        catalogue: match catalogue {
            Some(catalogue) => catalogue.to_owned(),
            None => written.catalogue.ok_or_else(|| missing("catalogue"))?,
        },
    })
}
