//! A region of Indonesia, from the province down to the village: a list for each level, fetched when
//! the one above it is chosen.

use std::sync::Arc;

use leptos::prelude::event_target_value;

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::{Signal, derived, follow};
use crate::browser::fetch;
use crate::catalogue::{Areas, Regions};
use crate::model::answers::{Answer, Area};
use crate::model::json::Read;
use crate::model::route::{PUBLISHED_REGIONS, published_areas};

/// A list on its way: none yet, not to be had, or here.
type File<T> = Signal<Option<Result<Arc<T>, ()>>>;

/// The lists.
pub fn area(form: Handle, index: usize, parts: &Parts, visible: Signal<bool>, level: u8, below: &str) -> Markup {
    let held = form.look(|form| match form.answer(index) {
        Some(Answer::Area(area)) => area.clone(),
        _ => Area::default(),
    });
    let start = if below.is_empty() { 0 } else { depth(below) };
    let chosen = Signal::new(if held.code.is_empty() {
        Area {
            code: below.to_owned(),
            name: String::new(),
        }
    } else {
        held
    });
    let regions: File<Regions> = Signal::new(None);
    let areas: File<Areas> = Signal::new(None);
    if start < 2 {
        follow(Box::new(move || {
            if visible.get() && regions.look(Option::is_none) {
                fetch_into(PUBLISHED_REGIONS.to_owned(), regions);
            }
        }));
    }
    if level > 2 {
        let regency = derived(move || chosen.with(|chosen| up_to(&chosen.code, 2)));
        follow(Box::new(move || {
            let regency = regency.get();
            if visible.get() && depth(&regency) == 2 {
                areas.set(None);
                fetch_into(published_areas(&regency), areas);
            }
        }));
    }
    let levels = start.saturating_add(1)..=level;
    let lists = levels.map(|level| {
        let id = match level.saturating_sub(start) {
            1 => parts.id.clone(),
            further => [&parts.id, "-", &further.to_string()].concat(),
        };
        let one = Level {
            form,
            index,
            chosen,
            level,
            start,
            id,
            described: parts.described.clone(),
        };
        let whole = derived(move || chosen.with(|chosen| up_to(&chosen.code, level.saturating_sub(1))));
        live(move || {
            let whole = whole.get();
            if depth(&whole) < level.saturating_sub(1) {
                return nothing();
            }
            let entries = match level {
                1 | 2 => regions
                    .get()
                    .map(|file| file.map(|regions| below_in(&regions, &whole, level))),
                _ => areas.get().map(|file| file.map(|areas| within(&areas, &whole, level))),
            };
            match entries {
                None => el("p").class("quiet").text(m::one_moment()).view(),
                Some(Err(())) => el("p").class("complaint").text(m::list_missing()).view(),
                Some(Ok(entries)) => one.list(&whole, entries),
            }
        })
    });
    all(lists.collect::<Vec<_>>())
}

fn fetch_into<T: Read + Send + Sync + 'static>(path: String, file: File<T>) {
    leptos::task::spawn_local(async move {
        let read = match fetch::get(&path).await {
            Ok(bytes) => fetch::read::<T>(&bytes).map(Arc::new),
            Err(error) => Err(error),
        };
        file.set(Some(read.map_err(|_| ())));
    });
}

/// How many parts a code has.
fn depth(code: &str) -> u8 {
    if code.is_empty() {
        return 0;
    }
    u8::try_from(code.split('.').count()).unwrap_or(u8::MAX)
}

/// A code's first parts.
fn up_to(code: &str, level: u8) -> String {
    let parts = code.split('.').take(usize::from(level));
    parts.collect::<Vec<_>>().join(".")
}

/// Provinces, or a province's regencies and cities.
fn below_in(regions: &Regions, whole: &str, level: u8) -> Vec<(String, String)> {
    let here = regions.regions.iter().filter(|line| {
        let code = line.code.as_str();
        depth(code) == level && (whole.is_empty() || up_to(code, 1) == whole)
    });
    here.map(|line| (line.code.to_string(), line.name.clone())).collect()
}

/// A regency's districts, or a district's villages.
fn within(areas: &Areas, whole: &str, level: u8) -> Vec<(String, String)> {
    let full = |code: &str| [whole, ".", code].concat();
    if level == 3 {
        let districts = areas.districts.iter();
        return districts.map(|one| (full(&one.code), one.name.clone())).collect();
    }
    let district = areas
        .districts
        .iter()
        .find(|one| whole.ends_with(&[".", &one.code].concat()));
    let villages = district.map(|one| one.villages.as_slice()).unwrap_or_default();
    villages.iter().map(|(code, name)| (full(code), name.clone())).collect()
}

/// One level's list.
struct Level {
    form: Handle,
    index: usize,
    chosen: Signal<Area>,
    level: u8,
    start: u8,
    id: String,
    described: String,
}

impl Level {
    fn list(&self, whole: &str, entries: Vec<(String, String)>) -> Markup {
        let here = self.chosen.look(|chosen| up_to(&chosen.code, self.level));
        let one = |(code, name): &(String, String)| {
            let option = el("option").attr("value", code).attr_if("selected", *code == here);
            option.text(name)
        };
        let options: Vec<El> = entries.iter().map(one).collect();
        let (form, index, chosen) = (self.form, self.index, self.chosen);
        let whole = whole.to_owned();
        // Names of the levels above stay; the region's own name closes those of its own villages.
        let kept = usize::from(self.level.saturating_sub(self.start).saturating_sub(1));
        let change = move |event| {
            let code = event_target_value(&event);
            let name = entries
                .iter()
                .find(|(known, _)| *known == code)
                .map(|(_, name)| name.clone());
            let before = chosen.look(|chosen| chosen.name.clone());
            let mut names: Vec<&str> = before.split(", ").filter(|name| !name.is_empty()).collect();
            let closing = form.look(|form| form.published.region.clone());
            names.retain(|name| *name != closing);
            let above = names.split_off(names.len().saturating_sub(kept));
            let own = name.clone().unwrap_or_default().replace(", ", " ");
            let mut names = if name.is_some() { vec![own.as_str()] } else { Vec::new() };
            names.extend(above);
            let inside = form.look(|form| whole.starts_with(form.published.id.backend.region.as_str()));
            if inside && !names.is_empty() {
                names.push(&closing);
            }
            let area = Area {
                code: if name.is_some() { code } else { whole.clone() },
                name: names.join(", "),
            };
            chosen.set(area.clone());
            answer(form, index, Answer::Area(area));
        };
        let label = match self.level {
            1 => m::area_province(),
            2 => m::area_regency(),
            3 => m::area_district(),
            _ => m::area_village(),
        };
        let input = el("select")
            .id(&self.id)
            .attr("aria-describedby", &self.described)
            .on("change", change)
            .child(el("option").attr("value", "").text(m::choose_one()))
            .child(options);
        all([el("label").attr("for", &self.id).text(label), input])
    }
}
