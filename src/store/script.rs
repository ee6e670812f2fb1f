//! The few words of JavaScript that the browser's databases need: plain objects, properties, and
//! events that are awaited.
//!
//! Events are awaited without a closure: the `resolve` of a promise is itself the handler. So a
//! request costs no Rust glue, and the code runs on in a microtask of the event, in which a
//! transaction is still active.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::failure::StoreError;

/// A plain object with these fields.
#[must_use]
pub fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

/// Sets a field of a plain object.
pub fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a field of an object that we made cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A field of a value; `undefined` where the value has none.
#[must_use]
pub fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Waits for what `listen` makes call one of its two functions: the first on success, the second on failure.
///
/// # Errors
/// What the second function was called with.
pub async fn heard(mut listen: impl FnMut(&js_sys::Function, &js_sys::Function)) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |resolve, reject| listen(&resolve, &reject))).await
}

/// Writes to the browser's console, for operators. Never with personal data.
pub fn warn(what: &str) {
    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = console, js_name = warn)]
        fn write(text: &str);
    }
    write(what);
}

impl From<JsValue> for StoreError {
    fn from(exception: JsValue) -> Self {
        let text = |name: &str| get(&exception, name).as_string().unwrap_or_default();
        Self::from_exception(&text("name"), &text("message"))
    }
}

/// A value of the global scope, be it a window or a worker.
pub fn global<T: JsCast>(name: &str) -> T {
    get(&js_sys::global(), name).unchecked_into()
}
