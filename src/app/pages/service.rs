//! `/layanan/{code}/{backend}/{service}`: what it is, what it needs, cost, time, who handles it.

use leptos::prelude::*;

use super::region::{contact, demonstration};
use crate::app::components::heading::heading;
use crate::app::components::loading::{load, when_loaded};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::state::shared;
use crate::app::theme;
use crate::catalogue::PublishedService;
use crate::model::route::{Route, published_service};
use crate::model::service::ServiceId;
use crate::model::text::Text;

/// The page.
pub fn page(id: ServiceId) -> AnyView {
    let file = load::<PublishedService>(published_service(&id));
    when_loaded(file, service, unknown::service)
}

fn service(published: PublishedService) -> AnyView {
    theme::apply(published.theme.as_ref());
    let lang = m::language();
    let about = &published.service;
    let paragraphs: Vec<AnyView> = about
        .description
        .get(lang)
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <p class="lead">{line.to_owned()}</p> }.into_any())
        .collect();
    let needs: AnyView = if about.requirements.is_empty() {
        view! { <p>{m::needs_nothing()}</p> }.into_any()
    } else {
        let items: Vec<AnyView> = about
            .requirements
            .iter()
            .map(|need| view! { <li>{need.get(lang).to_owned()}</li> }.into_any())
            .collect();
        view! { <ul class="bullets">{items}</ul> }.into_any()
    };
    let fact = |label: &'static str, text: &Text| {
        (!text.is_empty()).then(|| view! { <div><dt>{label}</dt><dd>{text.get(lang).to_owned()}</dd></div> }.into_any())
    };
    let after = if about.next.is_empty() {
        let words = if published.capabilities.track {
            m::can_track()
        } else {
            m::cannot_track()
        };
        words.to_owned()
    } else {
        about.next.get(lang).to_owned()
    };
    let source = source(&published);
    let begin = if published.capabilities.submit && about.form.is_some() {
        begin(published.id.clone())
    } else {
        view! { <p class="note wait">{m::cannot_submit()}</p> {published.contact.as_ref().map(contact)} }.into_any()
    };
    view! {
        <p class="quiet above">
            <a href=Route::Region(published.id.backend.region.clone()).to_string()>{published.region.clone()}</a>
        </p>
        {heading(about.name.get(lang))}
        {published.demonstration.then(demonstration)}
        {paragraphs}
        <h2>{m::needs()}</h2>
        {needs}
        <dl class="facts">
            {fact(m::cost(), &about.cost)}
            {fact(m::duration(), &about.duration)}
            {fact(m::office(), &published.office)}
            <div><dt>{m::after_sending()}</dt><dd>{after}</dd></div>
        </dl>
        <div class="thumb">{begin}</div>
        <p class="source">{source}</p>
    }
    .into_any()
}

fn begin(id: ServiceId) -> AnyView {
    let shared = shared();
    let href = Route::Fill(id.clone()).to_string();
    let text = move || {
        let begun = shared.drafts.with(|drafts| {
            drafts
                .iter()
                .flatten()
                .any(|draft| draft.service == id && draft.submitted.is_none())
        });
        if begun { m::resume() } else { m::start() }
    };
    view! { <a class="button" href=href>{text}</a> }.into_any()
}

/// Where the page's facts come from, and as of when.
fn source(published: &PublishedService) -> String {
    let name = [published.backend.get(m::language()), published.region.as_str()].join(", ");
    let moment = locale::moment(published.as_of);
    if published.stale {
        m::stale_source(&name, &moment)
    } else {
        m::source_of(&name, &moment)
    }
}
