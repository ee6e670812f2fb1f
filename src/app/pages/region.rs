//! `/daerah/{code}`: a region's services by system and group, and whom to ask.

use std::sync::Arc;

use crate::app::components::element::{Markup, all, el, live};
use crate::app::components::heading::heading;
use crate::app::components::list::{Line, list};
use crate::app::components::loading::{Loaded, load, waiting, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::theme;
use crate::catalogue::{PublishedBackend, PublishedRegion, Regions, ServiceLine};
use crate::model::region::{BackendId, Contact, RegionCode};
use crate::model::route::{PUBLISHED_REGIONS, Route, published_region};
use crate::model::service::ServiceId;

/// The page.
pub fn page(code: RegionCode) -> Markup {
    let file = load::<PublishedRegion>(published_region(&code));
    when_loaded(file, region, move || not_joined(code.clone()))
}

fn region(region: Arc<PublishedRegion>) -> Markup {
    theme::apply(region.theme.as_ref());
    let mut parts = vec![heading(&region.name)];
    if region.demonstration {
        parts.push(demonstration());
    }
    for backend in &region.backends {
        parts.push(system(&region.code, backend));
    }
    parts.extend(region.contact.as_ref().map(contact));
    all(parts)
}

/// What is said on each page of a demonstration region.
pub fn demonstration() -> Markup {
    el("p").class("note").text(m::demonstration()).view()
}

fn system(region: &RegionCode, backend: &PublishedBackend) -> Markup {
    let lang = m::language();
    // Groups in the order in which the backend first names them.
    let mut groups: Vec<(String, Vec<&ServiceLine>)> = Vec::new();
    for service in &backend.services {
        let group = service.group.get(lang);
        match groups.iter_mut().find(|(name, _)| name == group) {
            Some((_, services)) => services.push(service),
            None => groups.push((group.to_owned(), vec![service])),
        }
    }
    let line = |service: &ServiceLine| Line {
        route: Route::Service(ServiceId {
            backend: BackendId {
                region: region.clone(),
                backend: backend.id.clone(),
            },
            service: service.code.clone(),
        }),
        title: service.name.get(lang).to_owned(),
        detail: String::new(),
        end: None,
    };
    let mut section = el("section")
        .child(el("h2").text(backend.name.get(lang)))
        .child(el("p").class("quiet").text(backend.office.get(lang)));
    if backend.stale {
        section = section.child(el("p").class("note wait").text(m::region_down()));
    }
    if backend.services.is_empty() {
        section = section.child(el("p").text(m::no_services()));
    }
    for (name, services) in groups {
        if !name.is_empty() {
            section = section.child(el("h3").text(&name));
        }
        section = section.child(list(services.into_iter().map(line).collect()));
    }
    section.view()
}

/// Whom a citizen can ask.
pub fn contact(contact: &Contact) -> Markup {
    let link = |href: &str, text: &str| el("a").attr("href", href).text(text);
    let phone = contact.phone.as_deref().map(|phone| {
        let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        el("li").child(link(&["tel:", &digits].concat(), phone))
    });
    let email = contact
        .email
        .as_deref()
        .map(|email| el("li").child(link(&["mailto:", email].concat(), email)));
    let web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
    let url = contact
        .url
        .as_deref()
        .filter(web)
        .map(|url| el("li").child(link(url, url).attr("rel", "noopener noreferrer")));
    el("section")
        .class("contact")
        .child(el("h2").text(m::region_contact()))
        .child(el("p").text(&contact.office))
        .child(el("ul").child([phone, email, url]))
        .view()
}

fn not_joined(code: RegionCode) -> Markup {
    let file = load::<Regions>(PUBLISHED_REGIONS.to_owned());
    live(move || match file.get() {
        Loaded::Here(regions) => match regions.regions.iter().find(|region| region.code == code) {
            Some(region) => not_joined_yet(&region.name),
            None => unknown::page(),
        },
        Loaded::Failed(_) => unknown::page(),
        Loaded::Waiting => waiting(),
    })
}

fn not_joined_yet(name: &str) -> Markup {
    let regions = el("a")
        .class("button second")
        .attr("href", &Route::Regions.to_string())
        .text(m::all_regions());
    all([
        heading(name),
        el("p").class("lead").text(&m::region_not_joined_lead(name)).view(),
        el("p").text(m::region_not_joined_next()).view(),
        el("p").child(regions).view(),
    ])
}
