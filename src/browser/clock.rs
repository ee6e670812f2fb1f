//! The device's clock and timers.

use wasm_bindgen::{JsCast, closure::Closure};

use crate::model::time::Timestamp;

/// Now.
#[must_use]
pub fn now() -> Timestamp {
    // Milliseconds since 1970 are whole numbers far below 2^53.
    #[expect(clippy::cast_possible_truncation, reason = "whole and far below 2^53")]
    Timestamp(js_sys::Date::now() as i64)
}

/// Today where the citizen is: year, month, day.
#[must_use]
pub fn today() -> (i64, i64, i64) {
    let date = js_sys::Date::new_0();
    (
        date.get_full_year().into(),
        i64::from(date.get_month()).saturating_add(1),
        date.get_date().into(),
    )
}

/// Calls `then` after so many milliseconds.
pub fn after(millis: i32, then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(then);
    if let Some(window) = web_sys::window() {
        // Fails only where the window is going away.
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), millis);
    }
}

/// Calls `then` once what is now in the document has been drawn.
pub fn after_paint(then: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(move || after(0, then));
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(callback.unchecked_ref());
    }
}
