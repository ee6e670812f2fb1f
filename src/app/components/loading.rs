//! Published files, and what is shown until they are there or when they are not.

use leptos::prelude::*;

use super::action::button;
use super::element::{Markup, el, live};
use crate::app::messages as m;
use crate::app::state::shared;
use crate::browser::fetch::{self, FetchError};
use crate::model::json::Read;

/// A file on its way.
#[derive(Clone, Debug)]
pub enum Loaded<T> {
    /// Not here yet.
    Waiting,
    /// Here.
    Here(T),
    /// It did not come.
    Failed(FetchError),
}

/// Starts to fetch a published file.
pub fn load<T: Read + Clone + Send + Sync + 'static>(path: String) -> RwSignal<Loaded<T>> {
    let file = RwSignal::new(Loaded::Waiting);
    leptos::task::spawn_local(async move {
        let got = fetch::get_json(&path).await;
        // The page may be gone by now.
        let _ = file.try_set(match got {
            Ok(data) => Loaded::Here(data),
            Err(error) => Loaded::Failed(error),
        });
    });
    file
}

/// Draws a file once it is here; `missing` is drawn where there is none.
pub fn when_loaded<T: Clone + Send + Sync + 'static>(
    file: RwSignal<Loaded<T>>,
    draw: impl Fn(T) -> Markup + Send + 'static,
    missing: impl Fn() -> Markup + Send + 'static,
) -> Markup {
    live(move || match file.get() {
        Loaded::Waiting => waiting(),
        Loaded::Here(data) => draw(data),
        Loaded::Failed(FetchError::NotFound) => missing(),
        Loaded::Failed(error) => failed(&error),
    })
}

/// "One moment".
pub fn waiting() -> Markup {
    el("p")
        .class("quiet")
        .attr("role", "status")
        .text(m::one_moment())
        .view()
}

fn failed(error: &FetchError) -> Markup {
    let words = if matches!(error, FetchError::Malformed) {
        m::fetch_malformed()
    } else {
        m::fetch_failed()
    };
    let again = move |_| shared().drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
    el("div")
        .class("card stop")
        .attr("role", "alert")
        .child(el("p").text(words))
        .child(button("button second", m::try_again(), again))
        .view()
}
