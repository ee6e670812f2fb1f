//! Published files, and what is shown until they are there or when they are not.

use std::sync::Arc;

use super::action::button;
use super::element::{Markup, el, live};
use crate::app::messages as m;
use crate::app::signal::{Signal, follow};
use crate::app::state::shared;
use crate::browser::fetch::{self, FetchError};
use crate::model::json::Read;

/// A file on its way.
#[derive(Debug)]
pub enum Loaded<T> {
    /// Not here yet.
    Waiting,
    /// Here.
    Here(Arc<T>),
    /// It did not come.
    Failed(FetchError),
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Waiting => Self::Waiting,
            Self::Here(data) => Self::Here(Arc::clone(data)),
            Self::Failed(error) => Self::Failed(*error),
        }
    }
}

/// Starts to fetch a published file.
pub fn load<T: Read + Send + Sync + 'static>(path: String) -> Signal<Loaded<T>> {
    let file = Signal::new(Loaded::Waiting);
    // The page may be gone when it comes.
    fetch(
        path,
        Box::new(move |bytes| {
            file.set(match bytes.and_then(|bytes| fetch::read(&bytes)) {
                Ok(data) => Loaded::Here(Arc::new(data)),
                Err(error) => Loaded::Failed(error),
            });
        }),
    );
    file
}

fn fetch(path: String, then: Box<dyn FnOnce(Result<Vec<u8>, FetchError>)>) {
    leptos::task::spawn_local(async move { then(fetch::get(&path).await) });
}

/// A part of a file, once that is here.
pub fn part<T: Send + Sync + 'static>(file: Signal<Loaded<T>>, part: impl Fn(&T) -> T + 'static) -> Signal<Loaded<T>> {
    let own = Signal::new(Loaded::Waiting);
    follow(Box::new(move || {
        own.set(match file.get() {
            Loaded::Here(whole) => Loaded::Here(Arc::new(part(&whole))),
            other => other,
        });
    }));
    own
}

/// Draws a file once it is here; `missing` is drawn where there is none.
pub fn when_loaded<T: Send + Sync + 'static>(
    file: Signal<Loaded<T>>,
    draw: impl Fn(Arc<T>) -> Markup + 'static,
    missing: impl Fn() -> Markup + 'static,
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
