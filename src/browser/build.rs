//! Which build this program is, and where its files lie.
//!
//! Both are read from the address that the program itself was loaded from (`import.meta.url`):
//! `/b/{build}/app.js` after packing, `/app.js` under Trunk. So a build needs no number compiled in,
//! and app and engine agree on it only if they truly come from one place.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static ADDRESS: String;
}

/// The address of the folder that this program was loaded from, with a slash at its end.
#[must_use]
pub fn base() -> String {
    let mut address = ADDRESS.with(String::clone);
    address.truncate(address.rfind('/').map_or(0, |slash| slash.saturating_add(1)));
    address
}

/// The build's name: the segment after `/b/` in [`base`], or `dev` where there is none.
#[must_use]
pub fn name() -> String {
    base()
        .rsplit_once("/b/")
        .and_then(|(_, rest)| rest.split('/').next())
        .filter(|name| !name.is_empty())
        .unwrap_or("dev")
        .to_owned()
}
