//! Asking for the PIN, in place of every page that shows what the phone holds; and setting one.
//!
//! Both things that a PIN costs are said before it is set: nothing is sent until it is entered, and
//! who has forgotten it can only erase.

use wasm_bindgen::JsCast;

use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::pages::my_data::erase_button;
use crate::app::signal::Signal;
use crate::app::soon;
use crate::app::state::{Shared, shared};
use crate::browser::{address, lock};

/// The page that asks.
pub fn page() -> Markup {
    let shared = shared();
    let wrong = Signal::new("");
    let submit = move |pin: String| {
        leptos::task::spawn_local(async move {
            let Some(port) = soon::port().await else { return };
            match lock::unlock(&pin, &port).await {
                Ok(()) => soon::unlocked(),
                Err(_) => {
                    wrong.set(m::pin_wrong());
                    address::focus_soon("pin");
                }
            }
        });
    };
    let form = form("pin", m::unlock(), submit, vec![entry("pin", m::pin(), "", wrong)]);
    all([
        heading(m::locked_title()),
        el("p").class("lead").text(m::locked_lead()).view(),
        form.view(),
        el("p").class("quiet").text(m::pin_forgotten()).view(),
        erase_button(shared).view(),
    ])
}

/// The part of the page of settings.
pub fn setting() -> Markup {
    let shared = shared();
    let there = Signal::new(None);
    leptos::task::spawn_local(async move { there.set(Some(lock::is_set().await)) });
    let inner = live(move || match there.get() {
        None => nothing(),
        Some(true) => present(there),
        Some(false) => absent(shared, there),
    });
    el("section").child(el("h2").text(m::pin_title())).child(inner).view()
}

fn absent(shared: Shared, there: Signal<Option<bool>>) -> Markup {
    let wrong = Signal::new("");
    let submit = move |pin: String| {
        let digits = pin.chars().all(|char| char.is_ascii_digit());
        if pin.len() < lock::FEWEST || !digits {
            wrong.set(m::pin_short());
            return address::focus_soon("pin");
        }
        if value("pin-lagi") != pin {
            wrong.set(m::pin_differs());
            return address::focus_soon("pin-lagi");
        }
        leptos::task::spawn_local(async move {
            let Some(port) = soon::port().await else { return };
            match lock::set(&pin, &port).await {
                Ok(()) => {
                    shared.announcement.set(m::pin_set().to_owned());
                    there.set(Some(true));
                }
                Err(_) => wrong.set(m::fault_storage()),
            }
        });
    };
    let entries = vec![
        entry("pin", m::pin_new(), m::pin_hint(), wrong),
        entry("pin-lagi", m::pin_again(), "", Signal::new("")),
    ];
    let costs = [m::pin_cost_sending(), m::pin_cost_forgotten()].map(|cost| el("li").text(cost));
    all([
        el("p").text(m::pin_lead()),
        el("ul").class("bullets").child(costs),
        form("pin", m::pin_set_button(), submit, entries),
    ])
}

fn present(there: Signal<Option<bool>>) -> Markup {
    let wrong = Signal::new("");
    let submit = move |pin: String| {
        leptos::task::spawn_local(async move {
            match lock::remove(&pin).await {
                Ok(()) => there.set(Some(false)),
                Err(_) => {
                    wrong.set(m::pin_wrong());
                    address::focus_soon("pin");
                }
            }
        });
    };
    let entries = vec![entry("pin", m::pin(), "", wrong)];
    all([
        el("p").text(m::pin_is_set()),
        // What this page has unlocked goes with it.
        el("p").child(button("button second", m::lock_now(), |_| address::reload())),
        form("pin", m::pin_remove(), submit, entries),
    ])
}

/// A form of few entries; `then` is given the first one's value.
fn form(first: &'static str, action: &str, then: impl Fn(String) + 'static, entries: Vec<El>) -> El {
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        then(value(first));
    };
    el("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .child(entries)
        .child(el("button").class("button").text(action))
}

/// An entry for a PIN, with what is wrong with it.
fn entry(id: &'static str, label: &str, hint: &'static str, wrong: Signal<&'static str>) -> El {
    let salah = [id, "-salah"].concat();
    let input = el("input")
        .id(id)
        .attr("type", "password")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .attr("aria-describedby", &salah)
        .live_attr("aria-invalid", move || {
            (!wrong.get().is_empty()).then(|| "true".to_owned())
        });
    let beneath = el("p")
        .id(&salah)
        .class("complaint")
        .attr("role", "alert")
        .live_text(move || wrong.get().to_owned());
    el("div")
        .class("field")
        .child(el("label").attr("for", id).text(label))
        .child(el("p").class("hint").text(hint))
        .child(beneath)
        .child(input)
}

fn value(id: &str) -> String {
    let input = web_sys::window()
        .and_then(|window| window.document()?.get_element_by_id(id))
        .and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.map(|input| input.value()).unwrap_or_default()
}
