//! `/daerah/{code}`: a region's services by system and group, and whom to ask.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::components::list::{Line, list};
use crate::app::components::loading::{Loaded, load, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::theme;
use crate::catalogue::{PublishedBackend, PublishedRegion, Regions, ServiceLine};
use crate::model::region::{BackendId, Contact, RegionCode};
use crate::model::route::{PUBLISHED_REGIONS, Route, published_region};
use crate::model::service::ServiceId;

/// The page.
pub fn page(code: RegionCode) -> AnyView {
    let file = load::<PublishedRegion>(published_region(&code));
    when_loaded(file, region, move || not_joined(code.clone()))
}

fn region(region: PublishedRegion) -> AnyView {
    theme::apply(region.theme.as_ref());
    let systems: Vec<AnyView> = region
        .backends
        .iter()
        .map(|backend| system(&region.code, backend))
        .collect();
    let demonstration = region.demonstration.then(demonstration);
    view! {
        {heading(&region.name)}
        {demonstration}
        {systems}
        {region.contact.as_ref().map(contact)}
    }
    .into_any()
}

/// What is said on each page of a demonstration region.
pub fn demonstration() -> AnyView {
    view! { <p class="note">{m::demonstration()}</p> }.into_any()
}

fn system(region: &RegionCode, backend: &PublishedBackend) -> AnyView {
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
    let groups: Vec<AnyView> = groups
        .into_iter()
        .map(|(name, services)| {
            let title = (!name.is_empty()).then(|| view! { <h3>{name}</h3> }.into_any());
            view! { {title} {list(services.into_iter().map(line).collect())} }.into_any()
        })
        .collect();
    let stale = backend
        .stale
        .then(|| view! { <p class="note wait">{m::region_down()}</p> }.into_any());
    let none = backend
        .services
        .is_empty()
        .then(|| view! { <p>{m::no_services()}</p> }.into_any());
    view! {
        <section>
            <h2>{backend.name.get(lang).to_owned()}</h2>
            <p class="quiet">{backend.office.get(lang).to_owned()}</p>
            {stale}
            {none}
            {groups}
        </section>
    }
    .into_any()
}

/// Whom a citizen can ask.
pub fn contact(contact: &Contact) -> AnyView {
    let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    let phone = contact.phone.clone().map(|phone| {
        let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! { <li><a href=["tel:", &digits].concat()>{phone}</a></li> }.into_any()
    });
    let email = contact
        .email
        .clone()
        .map(|email| view! { <li><a href=["mailto:", &email].concat()>{email.clone()}</a></li> }.into_any());
    let url = contact
        .url
        .clone()
        .filter(web)
        .map(|url| view! { <li><a href=url.clone() rel="noopener noreferrer">{url.clone()}</a></li> }.into_any());
    view! {
        <section class="contact">
            <h2>{m::region_contact()}</h2>
            <p>{contact.office.clone()}</p>
            <ul>{phone} {email} {url}</ul>
        </section>
    }
    .into_any()
}

fn not_joined(code: RegionCode) -> AnyView {
    let file = load::<Regions>(PUBLISHED_REGIONS.to_owned());
    (move || match file.get() {
        Loaded::Here(regions) => match regions.regions.iter().find(|region| region.code == code) {
            Some(region) => view! {
                {heading(&region.name)}
                <p class="lead">{m::region_not_joined_lead(&region.name)}</p>
                <p>{m::region_not_joined_next()}</p>
                <p><a class="button second" href=Route::Regions.to_string()>{m::all_regions()}</a></p>
            }
            .into_any(),
            None => unknown::page(),
        },
        Loaded::Failed(_) => unknown::page(),
        Loaded::Waiting => crate::app::components::loading::waiting(),
    })
    .into_any()
}
