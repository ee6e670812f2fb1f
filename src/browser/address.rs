//! The address bar, the history, and the document around the app.
//!
//! In a widget a page has another address, with the region in it ([`Embedded`]). The app does not
//! know: paths come in and go out here as those of its own pages.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Document, Element, HtmlElement, MouseEvent, Window};

use super::frame;
use crate::model::route::{Embedded, Route};

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// The path, percent-encoded, without query and fragment.
#[must_use]
pub fn path() -> String {
    let path = window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default();
    match Embedded::parse(&path) {
        Some(framed) => framed.route.to_string(),
        None => path,
    }
}

/// This site's origin.
#[must_use]
pub fn origin() -> String {
    window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// The address of a page where we are; `None` for one that a widget does not show.
fn placed(path: &str) -> Option<String> {
    match frame::region() {
        Some(region) => Embedded::address(&region, &Route::parse(path)),
        None => Some(path.to_owned()),
    }
}

/// What was kept with this place in the history; empty where nothing was.
#[must_use]
pub fn state() -> String {
    let state = window().and_then(|window| window.history().ok()?.state().ok());
    state.and_then(|state| state.as_string()).unwrap_or_default()
}

/// Goes on to `path`, keeping `state` with it.
pub fn push(path: &str, state: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        // Browsers refuse only floods of these.
        let _ = history.push_state_with_url(&JsValue::from_str(state), "", placed(path).as_deref());
    }
    to_top();
}

/// Puts `path` and `state` in the place of where we are.
pub fn replace(path: &str, state: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::from_str(state), "", placed(path).as_deref());
    }
}

fn to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Calls `then` after each move through the history and each click on a link of our own.
pub fn on_move(then: impl Fn() + Clone + 'static) {
    let Some(window) = window() else { return };
    let moved = {
        let then = then.clone();
        Closure::<dyn Fn()>::new(then)
    };
    let _ = window.add_event_listener_with_callback("popstate", moved.as_ref().unchecked_ref());
    // Listens for as long as the page lives.
    moved.forget();
    let clicked = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
        if let Some(path) = own_link(&event) {
            event.prevent_default();
            push(&path, "");
            then();
        }
    });
    let _ = window.add_event_listener_with_callback("click", clicked.as_ref().unchecked_ref());
    clicked.forget();
}

/// The path of a link of this origin that a plain click is meant to follow here.
fn own_link(event: &MouseEvent) -> Option<String> {
    if event.default_prevented()
        || event.button() != 0
        || event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.alt_key()
    {
        return None;
    }
    let link = event.target()?.dyn_into::<Element>().ok()?.closest("a[href]").ok()??;
    if link.has_attribute("target") || link.has_attribute("download") {
        return None;
    }
    let href = link.get_attribute("href")?;
    // Links of ours are paths; `//host` is another origin's, `#` a place on this page.
    if !href.starts_with('/') || href.starts_with("//") {
        return None;
    }
    if placed(&href).is_none() {
        // What a widget does not show, the browser opens in a tab.
        let _ = link.set_attribute("target", "_blank");
        return None;
    }
    Some(href)
}

/// The element that the app is drawn into, emptied of the first paint.
#[must_use]
pub fn root() -> Option<HtmlElement> {
    let root = document()?.get_element_by_id("pendopo")?;
    root.replace_children_with_node_0();
    root.dyn_into().ok()
}

/// Names the document.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(&[title, " · Pendopo"].concat());
    }
}

/// Says which language the document is in.
pub fn set_document_language(tag: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", tag);
    }
}

/// Gives an element the focus once it is in the document.
pub fn focus_soon(id: &str) {
    let id = id.to_owned();
    super::clock::after(0, move || {
        let element = document().and_then(|document| document.get_element_by_id(&id));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Asks the citizen; `false` where the browser shows no question.
#[must_use]
pub fn confirm(question: &str) -> bool {
    window().is_some_and(|window| window.confirm_with_message(question).unwrap_or_default())
}

/// Loads another page in place of this one, anew.
pub fn load(path: &str) {
    if let Some(window) = window() {
        let _ = window.location().replace(path);
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}
