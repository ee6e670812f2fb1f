//! The hint that Pendopo can be put on the home screen, and the same on the page of settings.
//!
//! It is no nuisance: it stands at the end of the home page, only once something has been received by
//! an office, only where the browser would do it, and never again after "not needed". On iOS an
//! installed app has a storage of its own, so nothing is said there while anything is unfinished.

use super::action::button;
use super::element::{El, Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::{Shared, shared};
use crate::browser::{installed, preference};

/// The hint at the end of the home page.
pub fn hint() -> Markup {
    let shared = shared();
    let declined = Signal::new(preference::declined_install());
    live(move || {
        let served = shared
            .cases
            .with(|cases| cases.as_ref().is_some_and(|cases| !cases.is_empty()));
        let possible = shared.installable.get() || (installed::is_ios() && !is_busy(shared));
        if declined.get() || !served || !possible || installed::is_installed() {
            return nothing();
        }
        let no = move |_| {
            preference::decline_install();
            declined.set(true);
        };
        el("section")
            .class("card")
            .child(el("h2").text(m::install_title()))
            .child(el("p").text(m::install_lead()))
            .child(way(shared))
            .child(button("plain", m::install_no(), no))
            .view()
    })
}

/// What the page of settings says, whatever was declined.
pub fn setting() -> Markup {
    let shared = shared();
    let inner = live(move || {
        if installed::is_installed() {
            return el("p").text(m::install_done()).view();
        }
        let lead = el("p").text(m::install_lead());
        let way = match shared.installable.get() || installed::is_ios() {
            true => way(shared),
            false => el("p").text(m::install_browser()),
        };
        all([lead, way])
    });
    el("section")
        .child(el("h2").text(m::install_title()))
        .child(inner)
        .view()
}

fn way(shared: Shared) -> El {
    if !installed::is_ios() {
        let install = move |_| {
            shared.installable.set(false);
            installed::install();
        };
        return button("button second", m::install(), install);
    }
    let words = if is_busy(shared) {
        m::install_ios_later()
    } else {
        m::install_ios()
    };
    el("p").text(words)
}

/// Whether anything is unfinished or not sent.
fn is_busy(shared: Shared) -> bool {
    let drafts = shared
        .drafts
        .with(|drafts| drafts.as_ref().is_none_or(|drafts| !drafts.is_empty()));
    drafts || !shared.unsent().is_empty()
}
