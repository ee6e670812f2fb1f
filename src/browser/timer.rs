//! A timer that calls one function, and is set anew as often as needed.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &js_sys::Function, millis: i32) -> f64;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: f64);
}

/// A timer. Dropping it clears it.
pub struct Timer {
    then: Closure<dyn FnMut()>,
    id: std::cell::Cell<f64>,
}

impl Timer {
    /// A timer that is not set.
    #[must_use]
    pub fn new(then: impl FnMut() + 'static) -> Self {
        Self {
            then: Closure::new(then),
            id: std::cell::Cell::new(0.0),
        }
    }

    /// Calls in `millis` milliseconds, and forgets any wish before. Longer than 24 days is cut to that.
    pub fn set(&self, millis: i64) {
        self.clear();
        let millis = i32::try_from(millis.max(0)).unwrap_or(i32::MAX);
        self.id.set(set_timeout(self.then.as_ref().unchecked_ref(), millis));
    }

    /// Forgets the wish, if there is one.
    pub fn clear(&self) {
        clear_timeout(self.id.get());
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.clear();
    }
}
