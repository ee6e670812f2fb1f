//! The search over services and regions. It answers as one types, from the published index, which
//! is fetched when the field is first touched.

use leptos::prelude::event_target_value;

use super::action::link;
use super::element::{Markup, all, el, live, nothing};
use super::list::{Line, list};
use super::loading::{Loaded, load, part, waiting};
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::browser::{address, frame};
use crate::catalogue::search::{Finder, Hit};
use crate::catalogue::{Index, Regions};
use crate::model::route::{PUBLISHED_REGIONS, Route};
use crate::model::text::Lang;

/// Most results that are listed.
const LIMIT: usize = 20;

/// The field and its results. `start` is what was searched before, when one comes back.
pub fn search_box(start: String, index: Signal<Loaded<Index>>) -> Markup {
    let query = Signal::new(start.clone());
    let regions: Signal<Option<Signal<Loaded<Regions>>>> = Signal::new(None);
    let wake = move || {
        if regions.look(Option::is_none) {
            let mut all = load::<Regions>(PUBLISHED_REGIONS.to_owned());
            if let Some(region) = frame::region() {
                all = part(all, move |all| all.of(&region));
            }
            regions.quietly(|regions| *regions = Some(all));
        }
    };
    if !start.is_empty() {
        wake();
    }
    let typed = move |event| {
        wake();
        let text = event_target_value(&event);
        // Coming back from a result finds the same results again.
        address::replace(&address::path(), &text);
        query.set(text);
    };
    // Made once, when both files are there; then every key is one pass over it.
    let finder: Signal<Option<Finder>> = Signal::new(None);
    let results = live(move || {
        let text = query.get();
        if text.trim().is_empty() {
            return nothing();
        }
        let all = regions.now().map(Signal::get);
        match (index.get(), all) {
            (Loaded::Here(index), Some(Loaded::Here(regions))) => {
                let hits = finder.quietly(|finder| {
                    let finder = finder.get_or_insert_with(|| Finder::new(&index, &regions.regions, m::language()));
                    finder.find(&text, LIMIT)
                });
                found(&index, &regions, &hits.unwrap_or_default(), &text)
            }
            (Loaded::Failed(_), _) | (_, Some(Loaded::Failed(_))) => {
                el("p").attr("role", "alert").text(m::fetch_failed()).view()
            }
            _ => waiting(),
        }
    });
    let input = el("input")
        .id("cari")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "search")
        .attr("aria-describedby", "cari-hint")
        .attr("value", &start)
        .on("focus", move |_| wake())
        .on("input", typed);
    let form = el("form")
        .attr("role", "search")
        .class("search")
        .on("submit", |event| event.prevent_default())
        .child(el("label").attr("for", "cari").text(m::search_label()))
        .child(el("p").class("hint").id("cari-hint").text(m::search_hint()))
        .child(input);
    all((form, el("div").attr("aria-live", "polite").child(results)))
}

fn found(index: &Index, regions: &Regions, hits: &[Hit], query: &str) -> Markup {
    let lines: Vec<Line> = hits
        .iter()
        .filter_map(|hit| line(index, regions, *hit, m::language()))
        .collect();
    if lines.is_empty() {
        return all((
            el("p").text(&m::search_none(query.trim())),
            el("p").child(link("", &Route::Regions.to_string(), m::all_regions())),
        ));
    }
    let count = m::search_count(&lines.len().to_string());
    all((el("p").class("quiet").text(&count), list(lines)))
}

fn line(index: &Index, regions: &Regions, hit: Hit, lang: Lang) -> Option<Line> {
    match hit {
        Hit::Service(at) => {
            let entry = index.services.get(at)?;
            let region = regions
                .regions
                .iter()
                .find(|region| region.code == entry.id.backend.region);
            Some(Line {
                route: Route::Service(entry.id.clone()),
                title: entry.name.get(lang).to_owned(),
                detail: region.map_or_else(|| entry.id.backend.region.to_string(), |region| region.name.clone()),
                end: None,
            })
        }
        Hit::Region(at) => {
            let region = regions.regions.get(at)?;
            Some(Line {
                route: Route::Region(region.code.clone()),
                title: region.name.clone(),
                detail: if region.services == 0 {
                    m::not_joined().to_owned()
                } else {
                    m::services_count(&region.services.to_string())
                },
                end: None,
            })
        }
    }
}
