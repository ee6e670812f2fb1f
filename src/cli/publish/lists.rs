//! What forms choose from: the region's own lists, and the districts and villages of Indonesia.
//!
//! A list is a file of its own, so that a form stays small and a phone fetches what it comes to.
//! Of Indonesia only those regencies are written that a published form can ask about: a city's form
//! needs one file, a form for everyone all 514.

use std::collections::BTreeSet;

use super::assemble::Ready;
use super::report::Report;
use crate::catalogue::{FORMAT, PublishedService, Source, areas};
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Field;
use crate::model::region::BackendId;
use crate::model::route;

/// Files by their addresses. A list that a form names and its backend does not have is reported.
pub(super) fn files(regions: &[Ready], report: &mut Report) -> Result<Vec<(String, Vec<u8>)>, serde_json::Error> {
    let mut files = Vec::new();
    for ready in regions {
        for (backend, file) in ready
            .file
            .iter()
            .flat_map(|file| file.backends.iter().map(move |one| (one, file)))
        {
            let id = BackendId {
                region: file.code.clone(),
                backend: backend.id.clone(),
            };
            for (name, options) in &backend.sources {
                let source = Source {
                    format: FORMAT,
                    options: options.clone(),
                };
                files.push((route::published_source(&id, name), serde_json::to_vec(&source)?));
            }
            for service in ready.services.iter().filter(|service| service.id.backend == id) {
                let missing = fields(service)
                    .filter(|field| !field.source.is_empty() && !backend.sources.contains_key(&field.source));
                let found = missing.map(|field| {
                    let expected = "a list among the sources of the region's file";
                    Diagnostic::new([&field.id, "/source"].concat(), expected, &field.source)
                });
                let found: Vec<Diagnostic> = found.collect();
                report.note_all(&id, Some(&service.id.service), found);
            }
        }
    }
    for regency in regencies(regions) {
        files.push((
            route::published_areas(regency),
            serde_json::to_vec(&areas::of(regency))?,
        ));
    }
    Ok(files)
}

/// Addresses of lists that forms name: those of a region whose file is wrong now stay too.
pub(super) fn still_named(regions: &[Ready]) -> BTreeSet<String> {
    let services = regions.iter().flat_map(|ready| &ready.services);
    services
        .flat_map(|service| {
            let named = fields(service).filter(|field| !field.source.is_empty());
            named.map(|field| route::published_source(&service.id.backend, &field.source))
        })
        .collect()
}

/// Regencies and cities whose villages can be asked for.
fn regencies(regions: &[Ready]) -> BTreeSet<&'static str> {
    let services = regions.iter().flat_map(|ready| &ready.services);
    let fields = services.flat_map(fields).filter(|field| field.kind == "admin_area");
    let deep = fields.filter(|field| !matches!(field.level.as_str(), "province" | "regency"));
    // `32`, `32.73` or a district: its first five letters name the regency.
    let below: BTreeSet<&str> = deep.map(|field| field.below.get(..5).unwrap_or(&field.below)).collect();
    below.into_iter().flat_map(areas::regencies).collect()
}

/// A service's fields, those of repeated groups included.
fn fields(service: &PublishedService) -> impl Iterator<Item = &Field> {
    let steps = service.service.form.iter().flat_map(|form| &form.steps);
    let fields = steps
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields);
    fields.flat_map(|field| std::iter::once(field).chain(&field.fields))
}
