//! When the network comes and goes, and when the page is shown and hidden.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventTarget, VisibilityState};

use crate::store::script::{get, global};

/// What the browser says of the network, in a page or a worker: `false` is certain, `true` a guess.
#[must_use]
pub fn is_online() -> bool {
    get(&global::<wasm_bindgen::JsValue>("navigator"), "onLine")
        .as_bool()
        .unwrap_or(true)
}

/// Calls `then` at each such event, for as long as the page lives.
pub(super) fn listen(target: &EventTarget, event: &str, then: impl Fn() + 'static) {
    let callback = Closure::<dyn Fn()>::new(then);
    let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    callback.forget();
}

/// Calls `then` with whether there is a network, as far as the browser knows, each time it changes
/// and each time the page is shown again.
pub fn on_change(then: impl Fn(bool) + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    for event in ["online", "offline"] {
        let (then, window) = (then.clone(), window.clone());
        listen(&window.clone(), event, move || then(window.navigator().on_line()));
    }
    if let Some(document) = window.document() {
        let target = document.clone();
        listen(&target, "visibilitychange", move || {
            if document.visibility_state() == VisibilityState::Visible {
                then(window.navigator().on_line());
            }
        });
    }
}

/// Calls `then` each time the page is hidden: it may never be shown again.
pub fn on_hide(then: impl Fn() + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    listen(&window, "pagehide", then.clone());
    if let Some(document) = window.document() {
        let target = document.clone();
        listen(&target, "visibilitychange", move || {
            if document.visibility_state() == VisibilityState::Hidden {
                then();
            }
        });
    }
}

/// Calls `leave` when the page is left, and `back` where it comes back as it was: by "Back", with
/// whatever it was doing.
pub fn on_leave(leave: impl Fn() + 'static, back: impl Fn() + 'static) {
    let Some(window) = web_sys::window() else { return };
    listen(&window, "pagehide", leave);
    listen(&window, "pageshow", back);
}
