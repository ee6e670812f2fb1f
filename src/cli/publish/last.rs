//! What was published last, read back: it is kept for what cannot be asked for now.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::overlay::Entry;
use crate::catalogue::{FORMAT, PublishedBackend, PublishedRegion, PublishedService};
use crate::model::capabilities::Capabilities;
use crate::model::region::{BackendId, BackendName, RegionCode};
use crate::model::route;
use crate::model::service::{ServiceCode, ServiceId};
use crate::model::time::Timestamp;

/// A region as it was published last. What cannot be read back is as if never published.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Last {
    /// Its page.
    pub(super) region: Option<PublishedRegion>,
    /// Its services, those of each backend in their order on the page.
    pub(super) services: Vec<PublishedService>,
}

/// Where the file of an address lies in the catalogue's folder.
pub(super) fn place(folder: &Path, address: &str) -> PathBuf {
    folder.join(address.trim_start_matches("/katalog/"))
}

fn read<T: DeserializeOwned>(folder: &Path, address: &str) -> Option<T> {
    serde_json::from_slice(&fs::read(place(folder, address)).ok()?).ok()
}

/// Reads a region back.
pub(super) fn published(folder: &Path, code: &RegionCode) -> Last {
    let region = read(folder, &route::published_region(code))
        .filter(|region: &PublishedRegion| region.format == FORMAT && region.code == *code);
    let mut services = Vec::new();
    for backend in region.iter().flat_map(|region| &region.backends) {
        let names = backend.services.iter().map(|line| ServiceId {
            backend: BackendId {
                region: code.clone(),
                backend: backend.id.clone(),
            },
            service: line.code.clone(),
        });
        services.extend(names.filter_map(|id| {
            read(folder, &route::published_service(&id))
                .filter(|service: &PublishedService| service.format == FORMAT && service.id == id)
        }));
    }
    Last { region, services }
}

impl Last {
    fn backend(&self, name: &BackendName) -> Option<&PublishedBackend> {
        self.region
            .as_ref()?
            .backends
            .iter()
            .find(|backend| backend.id == *name)
    }

    /// When the catalogue of a backend was read; `None` where it never was.
    pub(super) fn as_of(&self, name: &BackendName) -> Option<Timestamp> {
        Some(self.backend(name)?.as_of)
    }

    /// What could be done with a backend.
    pub(super) fn capabilities(&self, name: &BackendName) -> Option<Capabilities> {
        Some(self.backend(name)?.capabilities.clone())
    }

    /// The services of a backend, marked as stale.
    pub(super) fn entries(&self, name: &BackendName) -> Vec<Entry> {
        let of_it = self
            .services
            .iter()
            .filter(|service| service.id.backend.backend == *name);
        of_it
            .map(|service| Entry {
                service: service.service.clone(),
                upstream: service.upstream.clone(),
                as_of: service.as_of,
                stale: true,
            })
            .collect()
    }

    /// The services of a backend by code.
    pub(super) fn by_code(&self, name: &BackendName) -> BTreeMap<ServiceCode, Entry> {
        let entries = self.entries(name).into_iter();
        entries.map(|entry| (entry.service.code.clone(), entry)).collect()
    }
}
