//! `/sematkan`: a region's web team chooses a widget, sees it as its site would show it, and copies
//! the lines.
//!
//! What is shown is the widget itself, by the same `embed-1.js` and in a frame, so that what is seen is
//! what a site gets; only its storage is not apart here, since this page is no other site.

use std::sync::Arc;

use leptos::prelude::event_target_value;

use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::loading::{Loaded, load, when_loaded};
use crate::app::messages as m;
use crate::app::pages::unknown;
use crate::app::signal::{Signal, follow};
use crate::app::snippet::{Snippet, View};
use crate::app::state::shared;
use crate::browser::{address, frame, share};
use crate::catalogue::{Index, PublishedService};
use crate::model::region::RegionCode;
use crate::model::route::{PUBLISHED_INDEX, published_service};
use crate::model::service::ServiceId;

/// The page.
pub fn page() -> Markup {
    let index = load::<Index>(PUBLISHED_INDEX.to_owned());
    all([
        heading(m::embed_title()),
        el("p").class("lead").text(m::embed_lead()).view(),
        when_loaded(index, workshop, unknown::page),
    ])
}

fn workshop(index: Arc<Index>) -> Markup {
    let region = index.regions.iter().find(|region| region.services > 0);
    let Some(region) = region.map(|region| region.code.clone()) else {
        return el("p").text(m::no_services()).view();
    };
    let chosen = Signal::new(Snippet {
        service: first_service(&index, &region),
        region,
        view: View::default(),
        place: true,
        accent: String::new(),
        radius: String::new(),
        font: String::new(),
        scheme: String::new(),
        lang: m::language().tag().to_owned(),
        height: 0,
    });
    // The height is learned from what is shown, which is not shown anew for it.
    let height = Signal::new(0);
    let place = Signal::new(true);
    learn_place(chosen, place);
    let name = {
        let index = Arc::clone(&index);
        move || name(&index, &chosen.get())
    };
    let lines = {
        let name = name.clone();
        move || {
            let snippet = Snippet {
                place: place.get(),
                height: height.get(),
                ..chosen.get()
            };
            snippet.html(&address::origin(), &name())
        }
    };
    let copied = lines.clone();
    let copy = move |_| {
        let lines = leptos::prelude::untrack(&copied);
        leptos::task::spawn_local(async move {
            if share::copy(&lines).await {
                shared().announcement.set(m::embed_copied().to_owned());
            }
        });
    };
    let code = || el("pre").attr("tabindex", "0").class("code");
    let (for_policy, for_list) = (
        move || policy(&address::origin()),
        move || list_of_sites(&chosen.get().region),
    );
    all([
        what(&index, chosen),
        look(chosen).view(),
        el("h2").text(m::embed_preview()).view(),
        live(move || preview(&chosen.get(), &name(), height)),
        el("h2").id("baris").text(m::embed_lines()).view(),
        code().attr("aria-labelledby", "baris").live_text(lines).view(),
        button("button", m::embed_copy(), copy).view(),
        el("h2").id("kebijakan").text(m::embed_policy()).view(),
        el("p").text(m::embed_policy_lead()).view(),
        code().attr("aria-labelledby", "kebijakan").live_text(for_policy).view(),
        el("h2").id("izin").text(m::embed_leave()).view(),
        el("p").text(m::embed_leave_lead()).view(),
        code().attr("aria-labelledby", "izin").live_text(for_list).view(),
    ])
}

/// Region, view and service.
fn what(index: &Arc<Index>, chosen: Signal<Snippet>) -> Markup {
    let joined = index.regions.iter().filter(|region| region.services > 0);
    let regions = joined.map(|region| (region.code.to_string(), region.name.clone()));
    let of_region = Arc::clone(index);
    let region = select("daerah", m::embed_region(), regions.collect(), "", move |code| {
        if let Ok(region) = code.parse::<RegionCode>() {
            chosen.update(|chosen| {
                chosen.service = first_service(&of_region, &region);
                chosen.region = region;
            });
        }
    });
    let views = View::ALL.map(|view| {
        let text = match view {
            View::Service => m::embed_view_service(),
            View::Services => m::embed_view_services(),
            View::Search => m::embed_view_search(),
            View::Status => m::embed_view_status(),
        };
        (view.word().to_owned(), text.to_owned())
    });
    let view = select("tampilan", m::embed_view(), views.into(), "", move |word| {
        chosen.update(|chosen| chosen.view = View::of(&word));
    });
    let index = Arc::clone(index);
    let (view_now, region_now) = (
        crate::app::signal::derived(move || chosen.with(|chosen| chosen.view)),
        crate::app::signal::derived(move || chosen.with(|chosen| chosen.region.clone())),
    );
    let service = live(move || {
        if view_now.get() != View::Service {
            return nothing();
        }
        let region = region_now.get();
        let own = index.services.iter().filter(|entry| entry.id.backend.region == region);
        let options = own.map(|entry| (entry.id.to_string(), entry.name.get(m::language()).to_owned()));
        let now = chosen.look(|chosen| chosen.service.as_ref().map(ToString::to_string));
        let choose = move |id: String| {
            if let Ok(id) = id.parse::<ServiceId>() {
                chosen.update(|chosen| chosen.service = Some(id));
            }
        };
        select(
            "layanan",
            m::embed_service(),
            options.collect(),
            &now.unwrap_or_default(),
            choose,
        )
        .view()
    });
    all([region.view(), view.view(), service])
}

/// Language and look: all of it may be left as it is.
fn look(chosen: Signal<Snippet>) -> El {
    let options = |options: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = |(value, text): &(&str, &str)| ((*value).to_owned(), (*text).to_owned());
        options.iter().map(owned).collect()
    };
    let set =
        move |part: fn(&mut Snippet) -> &mut String| move |value: String| chosen.update(|chosen| *part(chosen) = value);
    let as_it_is = ("", m::embed_default());
    let lang = chosen.look(|chosen| chosen.lang.clone());
    let languages = options(&[
        ("", m::embed_lang_site()),
        ("id", "Bahasa Indonesia"),
        ("en", "English"),
    ]);
    let accent = move |event: web_sys::Event| set(|chosen| &mut chosen.accent)(event_target_value(&event));
    let colour = el("input")
        .id("warna")
        .attr("type", "color")
        .attr("value", "#1e4e79")
        .attr("aria-describedby", "warna-hint")
        .on("change", accent);
    let colour = el("div")
        .class("field")
        .child(el("label").attr("for", "warna").text(m::embed_accent()))
        .child(el("p").class("hint").id("warna-hint").text(m::embed_accent_hint()))
        .child(colour);
    let corners = options(&[as_it_is, ("0", "0"), ("4", "4"), ("12", "12"), ("24", "24")]);
    let fonts = options(&[as_it_is, ("serif", m::embed_serif()), ("rounded", m::embed_rounded())]);
    let schemes = options(&[
        ("", m::embed_scheme_site()),
        ("light", m::embed_light()),
        ("dark", m::embed_dark()),
    ]);
    el("details").child([
        el("summary").text(m::embed_look()),
        select(
            "bahasa",
            m::language_title(),
            languages,
            &lang,
            set(|chosen| &mut chosen.lang),
        ),
        colour,
        select(
            "sudut",
            m::embed_radius(),
            corners,
            "",
            set(|chosen| &mut chosen.radius),
        ),
        select("huruf", m::embed_font(), fonts, "", set(|chosen| &mut chosen.font)),
        select(
            "skema",
            m::embed_scheme(),
            schemes,
            "",
            set(|chosen| &mut chosen.scheme),
        ),
    ])
}

fn select(
    id: &'static str,
    label: &str,
    options: Vec<(String, String)>,
    now: &str,
    choose: impl Fn(String) + 'static,
) -> El {
    let options: Vec<El> = options
        .iter()
        .map(|(value, text)| {
            let option = el("option").attr("value", value).text(text);
            option.attr_if("selected", value == now)
        })
        .collect();
    let select = el("select")
        .id(id)
        .on("change", move |event| choose(event_target_value(&event)))
        .child(options);
    el("div")
        .class("field")
        .child(el("label").attr("for", id).text(label))
        .child(select)
}

fn first_service(index: &Index, region: &RegionCode) -> Option<ServiceId> {
    let mut own = index.services.iter();
    own.find(|entry| entry.id.backend.region == *region)
        .map(|entry| entry.id.clone())
}

/// What the element's own link says, which names its frame too.
fn name(index: &Index, snippet: &Snippet) -> String {
    let service = snippet.service.as_ref().filter(|_| snippet.view == View::Service);
    let service = service.and_then(|id| index.services.iter().find(|entry| entry.id == *id));
    if let Some(service) = service {
        return service.name.get(m::language()).to_owned();
    }
    let region = index.regions.iter().find(|region| region.code == snippet.region);
    let region = region.map_or_else(|| snippet.region.to_string(), |region| region.name.clone());
    match snippet.view {
        View::Status => m::embed_name_status(&region),
        View::Search => m::embed_name_search(&region),
        _ => m::embed_name_services(&region),
    }
}

/// Whether the chosen form asks for a place; where any form of the region may be opened, it may.
fn learn_place(chosen: Signal<Snippet>, place: Signal<bool>) {
    let service = crate::app::signal::derived(move || {
        chosen.with(|chosen| chosen.service.clone().filter(|_| chosen.view == View::Service))
    });
    follow(Box::new(move || {
        place.set(true);
        let Some(id) = service.get() else { return };
        let file = load::<PublishedService>(published_service(&id));
        follow(Box::new(move || {
            let Loaded::Here(published) = file.get() else { return };
            let steps = published.service.form.iter().flat_map(|form| &form.steps);
            let mut fields = steps
                .flat_map(|step| &step.sections)
                .flat_map(|section| &section.fields);
            place.set(fields.any(|field| field.kind == "location"));
        }));
    }));
}

/// The widget itself.
fn preview(snippet: &Snippet, name: &str, height: Signal<u32>) -> Markup {
    let mut widget = el("pendopo-widget").class("preview");
    for (attribute, value) in snippet.attributes() {
        widget = widget.attr(attribute, &value);
    }
    let measured = move |event: web_sys::Event| {
        let pixels = frame::height_told(&event);
        // Heights are whole and below 100,000.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and small")]
        let pixels = pixels.unwrap_or_default() as u32;
        if height.now() == 0 {
            height.set(pixels);
        }
    };
    height.set(0);
    let link = el("a").attr("href", &snippet.page().to_string()).text(name);
    let widget = widget.on("pendopo:height", measured).child(link);
    all((widget, el("script").attr("src", "/embed-1.js")))
}

fn policy(origin: &str) -> String {
    ["script-src ", origin, "; frame-src ", origin].concat()
}

fn list_of_sites(region: &RegionCode) -> String {
    [
        "[embed_origins]\n\"",
        region.as_str(),
        "\" = [\"https://www.contoh.go.id\"]",
    ]
    .concat()
}
