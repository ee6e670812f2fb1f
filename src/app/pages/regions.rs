//! `/daerah`: all provinces with their regencies and cities, joined or not.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::components::list::{Line, list};
use crate::app::components::loading::{load, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::catalogue::search::fold;
use crate::catalogue::{RegionLine, Regions};
use crate::model::route::{PUBLISHED_REGIONS, Route};

/// The page.
pub fn page() -> AnyView {
    let file = load::<Regions>(PUBLISHED_REGIONS.to_owned());
    view! {
        {heading(m::regions_title())}
        <p class="lead">{m::regions_lead()}</p>
        {when_loaded(file, all, unknown::page)}
    }
    .into_any()
}

fn all(regions: Regions) -> AnyView {
    let filter = RwSignal::new(String::new());
    let shown = move || {
        let wanted = fold(&filter.get());
        if wanted.trim().is_empty() {
            provinces(&regions)
        } else {
            matching(&regions, wanted.trim())
        }
    };
    view! {
        <div class="field">
            <label for="saring">{m::regions_filter()}</label>
            <input
                id="saring"
                type="search"
                autocomplete="off"
                on:input=move |event| filter.set(event_target_value(&event))
            />
        </div>
        <div aria-live="polite">{shown}</div>
    }
    .into_any()
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

fn matching(regions: &Regions, wanted: &str) -> AnyView {
    let lines: Vec<Line> = regions
        .regions
        .iter()
        .filter(|region| fold(&region.name).contains(wanted))
        .map(line)
        .collect();
    if lines.is_empty() {
        return view! { <p>{m::search_none(wanted)}</p> }.into_any();
    }
    list(lines)
}

fn provinces(regions: &Regions) -> AnyView {
    let joined: Vec<Line> = regions
        .regions
        .iter()
        .filter(|region| region.services > 0)
        .map(line)
        .collect();
    let joined = (!joined.is_empty())
        .then(|| view! { <section><h2>{m::online_regions()}</h2> {list(joined)}</section> }.into_any());
    let all: Vec<AnyView> = regions
        .regions
        .iter()
        .filter(|region| region.code.is_province())
        .map(|province| {
            let local: Vec<&RegionLine> = regions
                .regions
                .iter()
                .filter(|region| region.code.province() == province.code.as_str())
                .collect();
            let names: Vec<AnyView> = local
                .iter()
                .map(|region| {
                    view! { <li><a href=Route::Region(region.code.clone()).to_string()>{region.name.clone()}</a></li> }
                        .into_any()
                })
                .collect();
            view! {
                <details class="province">
                    <summary>{province.name.clone()}</summary>
                    <ul>{names}</ul>
                </details>
            }
            .into_any()
        })
        .collect();
    view! { {joined} <section><h2>{m::all_regions()}</h2> {all}</section> }.into_any()
}
