//! Every path that conversations use, for the edge, which passes these through and nothing else.

use super::profile::{Format, Metadata, Profile};
use super::wire::{Resource, path};
use crate::adapters::RoutePattern;
use crate::adapters::http::Method;

/// The formats that a conversation may use, the first one first.
fn formats(profile: &Profile) -> Vec<Format> {
    match profile.format {
        Some(format) => vec![format],
        None => vec![Format::Json, Format::Xml],
    }
}

/// Every path that conversations use.
pub(super) fn routes(profile: &Profile) -> Vec<RoutePattern> {
    let mut routes: Vec<RoutePattern> = Vec::new();
    let mut resources = vec![Resource::Services, Resource::Submit, Resource::Case, Resource::Token];
    if profile.metadata != Metadata::Never {
        resources.push(Resource::Definition);
    }
    if profile.reconcile {
        resources.push(Resource::List);
    }
    if profile.history.as_ref().is_some_and(|history| !history.inline) {
        resources.push(Resource::History);
    }
    for resource in resources {
        let method = if resource == Resource::Submit {
            Method::Post
        } else {
            Method::Get
        };
        for format in formats(profile) {
            let route = RoutePattern::new(method, path(profile, format, resource, "*"));
            if !routes.contains(&route) {
                routes.push(route);
            }
        }
    }
    routes
}
