//! Asks the browser not to clear this origin's storage when the phone runs short of room.

use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::store::script::{get, global};

/// Asks for storage that stays. Browsers grant it silently, by their own rules, or not at all; the
/// answer changes nothing that we do, so nobody waits for it. Call it with the first draft.
pub fn ask() {
    let storage = get(&global::<JsValue>("navigator"), "storage");
    if let Ok(persist) = get(&storage, "persist").dyn_into::<Function>() {
        let _ = persist.call0(&storage);
    }
}
