//! `/daerah`: all provinces with their regencies and cities, joined or not.

use std::sync::Arc;

use leptos::prelude::event_target_value;

use crate::app::components::element::{El, Markup, all, el, live};
use crate::app::components::heading::heading;
use crate::app::components::list::{Line, list};
use crate::app::components::loading::{load, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::signal::Signal;
use crate::catalogue::search::fold;
use crate::catalogue::{RegionLine, Regions};
use crate::model::route::{PUBLISHED_REGIONS, Route};

/// The page.
pub fn page() -> Markup {
    let file = load::<Regions>(PUBLISHED_REGIONS.to_owned());
    all([
        heading(m::regions_title()),
        el("p").class("lead").text(m::regions_lead()).view(),
        when_loaded(file, filtered, unknown::page),
    ])
}

fn filtered(regions: Arc<Regions>) -> Markup {
    let filter = Signal::new(String::new());
    let shown = live(move || {
        let wanted = fold(&filter.get());
        if wanted.trim().is_empty() {
            provinces(&regions)
        } else {
            matching(&regions, wanted.trim())
        }
    });
    let input = el("input")
        .id("saring")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .on("input", move |event| filter.set(event_target_value(&event)));
    let field = el("div")
        .class("field")
        .child(el("label").attr("for", "saring").text(m::regions_filter()))
        .child(input);
    all([field, el("div").attr("aria-live", "polite").child(shown)])
}

fn line(region: &RegionLine) -> Line {
    Line {
        route: Route::Region(region.code.clone()),
        title: region.name.clone(),
        detail: if region.services == 0 {
            m::not_joined().to_owned()
        } else {
            m::services_count(&region.services.to_string())
        },
        end: None,
    }
}

fn matching(regions: &Regions, wanted: &str) -> Markup {
    let lines: Vec<Line> = regions
        .regions
        .iter()
        .filter(|region| fold(&region.name).contains(wanted))
        .map(line)
        .collect();
    if lines.is_empty() {
        return el("p").text(&m::search_none(wanted)).view();
    }
    list(lines)
}

fn provinces(regions: &Regions) -> Markup {
    let joined: Vec<Line> = regions
        .regions
        .iter()
        .filter(|region| region.services > 0)
        .map(line)
        .collect();
    let joined = (!joined.is_empty()).then(|| {
        el("section")
            .child(el("h2").text(m::online_regions()))
            .child(list(joined))
    });
    let provinces: Vec<El> = regions
        .regions
        .iter()
        .filter(|region| region.code.is_province())
        .map(|region| province(region, regions))
        .collect();
    let all_regions = el("section").child(el("h2").text(m::all_regions())).child(provinces);
    all([joined, Some(all_regions)])
}

fn province(province: &RegionLine, regions: &Regions) -> El {
    let names: Vec<El> = regions
        .regions
        .iter()
        .filter(|region| region.code.province() == province.code.as_str())
        .map(|region| {
            let href = Route::Region(region.code.clone()).to_string();
            el("li").child(el("a").attr("href", &href).text(&region.name))
        })
        .collect();
    el("details")
        .class("province")
        .child(el("summary").text(&province.name))
        .child(el("ul").child(names))
}
