//! `/`: search, what is unfinished, what is on its way, my cases, and the regions that have joined.
//! In a widget: the search over its region's services.

use crate::app::components::badge::{delivery_badge, status_badge};
use crate::app::components::drafts::drafts;
use crate::app::components::element::{Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::install;
use crate::app::components::list::{Line, list};
use crate::app::components::loading::{Loaded, load, part};
use crate::app::components::search::search_box;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::state::shared;
use crate::browser::{address, frame};
use crate::catalogue::Index;
use crate::model::case::MyCase;
use crate::model::route::{PUBLISHED_INDEX, Route};

/// Most lines of each kind; the rest is on the kind's own page.
const FEW: usize = 5;

/// The page.
pub fn page() -> Markup {
    let index = load::<Index>(PUBLISHED_INDEX.to_owned());
    if let Some(region) = frame::region() {
        let own = part(index, move |index| index.of(&region));
        return all([heading(m::home_title()), search_box(address::state(), own)]);
    }
    all([
        heading(m::home_title()),
        el("p").class("lead").text(m::home_lead()).view(),
        search_box(address::state(), index),
        live(|| drafts(FEW)),
        live(|| section(m::outbox_title(), unsent())),
        live(|| section(m::my_cases(), cases())),
        live(move || section(m::online_regions(), joined(&index.get()))),
        el("p")
            .child(el("a").attr("href", &Route::Regions.to_string()).text(m::all_regions()))
            .view(),
        install::hint(),
    ])
}

fn section(title: &str, lines: Vec<Line>) -> Markup {
    if lines.is_empty() {
        return nothing();
    }
    el("section").child(el("h2").text(title)).child(list(lines)).view()
}

fn unsent() -> Vec<Line> {
    shared()
        .unsent()
        .iter()
        .take(FEW)
        .map(|entry| Line {
            route: Route::MyCase(entry.id.clone()),
            title: entry.title.clone(),
            detail: m::receipt_sent(&locale::moment(entry.submitted)),
            end: Some(delivery_badge(&entry.delivery)),
        })
        .collect()
}

fn cases() -> Vec<Line> {
    shared()
        .cases
        .with(|cases| cases.iter().flatten().take(FEW).map(|case| case_line(case)).collect())
}

/// A line of one of the citizen's own cases.
pub fn case_line(case: &MyCase) -> Line {
    let number = case
        .receipt
        .acknowledgement
        .shown()
        .map(ToString::to_string)
        .unwrap_or_default();
    let as_of = case
        .as_of
        .map_or_else(|| m::never_asked().to_owned(), |at| m::as_of(&locale::lately(at)));
    Line {
        route: Route::MyCase(case.receipt.id.clone()),
        title: case.receipt.title.clone(),
        detail: if number.is_empty() {
            as_of
        } else {
            [number, as_of].join(" · ")
        },
        end: case.case.as_ref().map(|case| status_badge(&case.status)),
    }
}

fn joined(index: &Loaded<Index>) -> Vec<Line> {
    let Loaded::Here(index) = index else { return Vec::new() };
    index
        .regions
        .iter()
        .filter(|region| region.services > 0)
        .take(FEW)
        .map(|region| Line {
            route: Route::Region(region.code.clone()),
            title: region.name.clone(),
            detail: m::services_count(&region.services.to_string()),
            end: None,
        })
        .collect()
}
