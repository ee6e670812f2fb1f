//! Every page but a service's and its form's: they arrive in a part of the program of their own.
//!
//! What must come before one can type is what decides whether a slow phone is of use, and a form
//! needs none of these pages. So the program is cut here (`.ci/parts.mjs` does it): [`page`] waits
//! for the part, once in the page's life, and a form fetches it as soon as it answers to typing.
//! Nothing outside may name these pages, or the cut moves them back.

use std::cell::Cell;

use leptos::prelude::untrack;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{case, cases, embed, hand_over, home, look_up, my_data, outbox, privacy, regions, settings, unknown};
use crate::app::components::action::button;
use crate::app::components::element::{Markup, el, live};
use crate::app::components::loading::waiting;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::browser::address;
use crate::model::route::Route;

type Draw = fn(Route) -> Markup;

/// The part, on its way.
#[derive(Clone, Copy)]
enum Part {
    Coming,
    Here(Draw),
    Missing,
}

thread_local! {
    static PART: Cell<Part> = const { Cell::new(Part::Coming) };
}

#[wasm_split(pages, fallible)]
fn pages() -> Result<Draw, SplitLoaderError> {
    Ok(draw)
}

/// Fetches the part, unless it is here.
pub async fn fetch() {
    // A part that did not come is asked for again.
    PART.set(pages().await.map_or(Part::Missing, Part::Here));
}

/// The page of any address, drawn when its part is here.
pub fn page(route: Route) -> Markup {
    if let Part::Here(draw) = PART.get() {
        return draw(route);
    }
    let part = Signal::new(Part::Coming);
    leptos::task::spawn_local(async move {
        fetch().await;
        part.set(PART.get());
    });
    live(move || match part.get() {
        Part::Coming => waiting(),
        Part::Here(draw) => untrack(|| draw(route.clone())),
        Part::Missing => missing(),
    })
}

fn missing() -> Markup {
    el("div")
        .class("card stop")
        .attr("role", "alert")
        .child(el("p").text(m::part_missing()))
        .child(button("button second", m::reload(), |_| address::reload()))
        .view()
}

fn draw(route: Route) -> Markup {
    match route {
        Route::Home => home::page(),
        Route::Regions => regions::page(),
        Route::Region(code) => super::region::page(code),
        Route::Outbox => outbox::page(),
        Route::Cases => cases::page(),
        Route::MyCase(id) => case::page(id),
        Route::LookUp(backend, reference) => look_up::page(backend, reference),
        Route::MyData => my_data::page(),
        Route::Settings => settings::page(),
        Route::Privacy => privacy::page(),
        Route::Embed => embed::page(),
        Route::HandOver => hand_over::page(),
        // A service and its form are drawn without this part.
        Route::Service(_) | Route::Fill(_) | Route::Unknown(_) => unknown::page(),
    }
}
