//! The published files put together, pure: regions and their services in, addresses and JSON out.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::form_engine;
use super::overlay::Entry;
use crate::catalogue::regions as official;
use crate::catalogue::search::is_silent;
use crate::catalogue::{
    FORMAT, Index, IndexEntry, PublishedBackend, PublishedRegion, PublishedService, RegionLine, Regions, ServiceLine,
    SystemLine,
};
use crate::model::capabilities::Capabilities;
use crate::model::json::Value;
use crate::model::map::Map;
use crate::model::region::{Backend, BackendId, RegionCode, RegionFile};
use crate::model::route;
use crate::model::service::{Service, ServiceId};
use crate::model::time::Timestamp;

/// Most characters of further words that the index carries for one service.
const MAX_WORDS: usize = 200;

/// A region as it will be published.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ready {
    /// Its page.
    pub(super) region: PublishedRegion,
    /// Its services, in the order of the page.
    pub(super) services: Vec<PublishedService>,
    /// Its public file; `None` where it is wrong now and the one published last is kept.
    pub(super) file: Option<RegionFile>,
}

/// A backend's services, and when they were read.
pub(super) struct Asked {
    pub(super) capabilities: Capabilities,
    /// Phones learn what it can do, and no profile.
    pub(super) guarded: bool,
    pub(super) as_of: Timestamp,
    pub(super) stale: bool,
    pub(super) entries: Vec<Entry>,
}

/// The region's page and services, from its file and what its backends said, in the file's order.
pub(super) fn region(mut file: RegionFile, backends: Vec<Asked>) -> Ready {
    for (backend, asked) in file.backends.iter_mut().zip(&backends) {
        backend.capabilities = None;
        if asked.guarded {
            backend.guarded = true;
            backend.profile = Value::Null;
            backend.capabilities = Some(asked.capabilities.clone());
        }
    }
    let mut services = Vec::new();
    let mut lines = Vec::with_capacity(backends.len());
    for (backend, asked) in file.backends.iter().zip(backends) {
        lines.push(PublishedBackend {
            id: backend.id.clone(),
            name: backend.name.clone(),
            office: backend.office.clone(),
            capabilities: asked.capabilities.clone(),
            as_of: asked.as_of,
            stale: asked.stale,
            services: asked.entries.iter().map(|entry| line(&entry.service)).collect(),
        });
        let entries = asked.entries.into_iter();
        services.extend(entries.map(|entry| service(&file, backend, &asked.capabilities, entry)));
    }
    let region = PublishedRegion {
        format: FORMAT,
        code: file.code.clone(),
        name: file.name.clone(),
        contact: file.contact.clone(),
        theme: file.theme.clone(),
        demonstration: file.demonstration,
        backends: lines,
    };
    Ready {
        region,
        services,
        file: Some(file),
    }
}

fn line(service: &Service) -> ServiceLine {
    ServiceLine {
        code: service.code.clone(),
        name: service.name.clone(),
        description: service.description.clone(),
        group: service.group.clone(),
    }
}

fn service(file: &RegionFile, backend: &Backend, capabilities: &Capabilities, entry: Entry) -> PublishedService {
    let office = match entry.service.office.is_empty() {
        true => backend.office.clone(),
        false => entry.service.office.clone(),
    };
    PublishedService {
        format: FORMAT,
        id: ServiceId {
            backend: BackendId {
                region: file.code.clone(),
                backend: backend.id.clone(),
            },
            service: entry.service.code.clone(),
        },
        region: file.name.clone(),
        backend: backend.name.clone(),
        office,
        capabilities: capabilities.clone(),
        contact: file.contact.clone(),
        theme: file.theme.clone(),
        demonstration: file.demonstration,
        fingerprint: entry
            .service
            .form
            .as_ref()
            .map(form_engine::fingerprint)
            .unwrap_or_default(),
        upstream: entry.upstream,
        as_of: entry.as_of,
        stale: entry.stale,
        service: entry.service,
    }
}

/// Every file of the catalogue, by address; the index comes last, so that whoever reads it finds
/// what it names.
pub(super) fn files(regions: &[Ready]) -> Result<Vec<(String, Vec<u8>)>, serde_json::Error> {
    let mut files = Vec::new();
    for ready in regions {
        for service in &ready.services {
            files.push((route::published_service(&service.id), json(service)?));
        }
        let code = &ready.region.code;
        if let Some(file) = &ready.file {
            // Where an editor finds the schema is of no use to a phone, and lists are files of their own.
            let mut file = RegionFile {
                schema: None,
                ..file.clone()
            };
            for backend in &mut file.backends {
                backend.sources = Map::new();
            }
            files.push((route::published_region_file(code), json(&file)?));
        }
        files.push((route::published_region(code), json(&ready.region)?));
    }
    let counts: BTreeMap<&RegionCode, u32> = regions
        .iter()
        .map(|ready| {
            (
                &ready.region.code,
                u32::try_from(ready.services.len()).unwrap_or(u32::MAX),
            )
        })
        .collect();
    let all: Vec<RegionLine> = official::all()
        .into_iter()
        .map(|region| RegionLine {
            services: counts.get(&region.code).copied().unwrap_or(0),
            code: region.code,
            name: region.name,
        })
        .collect();
    let index = index(regions, &all);
    let all = Regions {
        format: FORMAT,
        regions: all,
    };
    files.push((route::PUBLISHED_REGIONS.to_owned(), json(&all)?));
    files.push((route::PUBLISHED_INDEX.to_owned(), json(&index)?));
    Ok(files)
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(value)
}

/// The index; its regions are those with services, and their provinces, for search by both.
fn index(regions: &[Ready], all: &[RegionLine]) -> Index {
    let mut codes = BTreeSet::new();
    let mut services = Vec::new();
    for service in regions.iter().flat_map(|ready| &ready.services) {
        let code = &service.id.backend.region;
        codes.insert(code.as_str());
        codes.insert(code.province());
        services.push(IndexEntry {
            id: service.id.clone(),
            name: service.service.name.clone(),
            group: service.service.group.clone(),
            words: words(&service.service),
        });
    }
    let mut systems = Vec::new();
    for ready in regions {
        let tracking = ready
            .region
            .backends
            .iter()
            .filter(|backend| backend.capabilities.track);
        systems.extend(tracking.map(|backend| SystemLine {
            id: BackendId {
                region: ready.region.code.clone(),
                backend: backend.id.clone(),
            },
            name: backend.name.clone(),
        }));
    }
    // A system without services can be asked about a case all the same, so its region occurs.
    for system in &systems {
        codes.insert(system.id.region.as_str());
        codes.insert(system.id.region.province());
    }
    let lines = all
        .iter()
        .filter(|line| codes.contains(line.code.as_str()))
        .cloned()
        .collect();
    Index {
        format: FORMAT,
        services,
        regions: lines,
        systems,
    }
}

/// The service's keywords and the words of its description, each once, and none that its name has.
fn words(service: &Service) -> String {
    let name: BTreeSet<String> = service.name.all().flat_map(|(_, text)| split(text)).collect();
    // What an author chose as a keyword counts however short it is: KK, IMB.
    let keywords = service.keywords.iter().flat_map(|text| split(text));
    let described = service.description.all().flat_map(|(_, text)| split(text));
    let described = described.filter(|word| word.chars().count() > 2 && !is_silent(word));
    let mut seen = BTreeSet::new();
    let mut words = String::new();
    for word in keywords.chain(described) {
        if name.contains(&word) || !seen.insert(word.clone()) {
            continue;
        }
        if words.len() + word.len() > MAX_WORDS {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&word);
    }
    words
}

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_words_are_those_that_the_name_does_not_have_each_once_and_bounded() {
        let mut service = Service::of("1".parse().unwrap());
        service.name = "Jalan rusak".into();
        service.keywords = vec!["lubang".to_owned(), "KK".to_owned()];
        service.description = "Lapor jalan berlubang, lubang di trotoar.".into();
        assert_eq!(words(&service), "lubang kk lapor berlubang trotoar");
        service.keywords = (0..200).map(|number| format!("kata{number}")).collect();
        assert!(words(&service).len() <= MAX_WORDS);
    }
}
