//! `/layanan/{code}/{backend}/{service}`: what it is, what it needs, cost, time, who handles it.

use std::sync::Arc;

use super::region::{contact, demonstration};
use crate::app::components::element::{El, Markup, all, el};
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
pub fn page(id: ServiceId) -> Markup {
    let file = load::<PublishedService>(published_service(&id));
    when_loaded(file, service, unknown::service)
}

fn service(published: Arc<PublishedService>) -> Markup {
    theme::apply(published.theme.as_ref());
    let lang = m::language();
    let about = &published.service;
    let region = el("a")
        .attr("href", &Route::Region(published.id.backend.region.clone()).to_string())
        .text(&published.region);
    let mut parts = vec![
        el("p").class("quiet above").child(region).view(),
        heading(about.name.get(lang)),
    ];
    if published.demonstration {
        parts.push(demonstration());
    }
    for line in about.description.get(lang).split('\n') {
        if !line.trim().is_empty() {
            parts.push(el("p").class("lead").text(line).view());
        }
    }
    parts.push(el("h2").text(m::needs()).view());
    parts.push(needs(&about.requirements).view());
    parts.push(facts(&published).view());
    parts.push(el("div").class("thumb").child(begin(&published)).view());
    parts.push(el("p").class("source").text(&source(&published)).view());
    all(parts)
}

fn needs(requirements: &[Text]) -> El {
    if requirements.is_empty() {
        return el("p").text(m::needs_nothing());
    }
    let items: Vec<El> = requirements
        .iter()
        .map(|need| el("li").text(need.get(m::language())))
        .collect();
    el("ul").class("bullets").child(items)
}

fn facts(published: &PublishedService) -> El {
    let lang = m::language();
    let about = &published.service;
    let after = if !about.next.is_empty() {
        about.next.get(lang)
    } else if published.capabilities.track {
        m::can_track()
    } else {
        m::cannot_track()
    };
    let fact = |label: &str, text: &str| el("div").child([el("dt").text(label), el("dd").text(text)]);
    let told = |label: &str, text: &Text| (!text.is_empty()).then(|| fact(label, text.get(lang)));
    el("dl").class("facts").child([
        told(m::cost(), &about.cost),
        told(m::duration(), &about.duration),
        told(m::office(), &published.office),
        Some(fact(m::after_sending(), after)),
    ])
}

/// The way to the form, or why there is none and whom to ask.
fn begin(published: &PublishedService) -> Markup {
    if !published.capabilities.submit || published.service.form.is_none() {
        let note = el("p").class("note wait").text(m::cannot_submit()).view();
        return all([Some(note), published.contact.as_ref().map(contact)]);
    }
    let shared = shared();
    let id = published.id.clone();
    let href = Route::Fill(id.clone()).to_string();
    let text = move || {
        let begun = shared.drafts.with(|drafts| {
            drafts
                .iter()
                .flatten()
                .any(|draft| draft.service == id && draft.submitted.is_none())
        });
        let text = if begun { m::resume() } else { m::start() };
        text.to_owned()
    };
    el("a").class("button").attr("href", &href).live_text(text).view()
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
