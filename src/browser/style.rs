//! Custom properties of the document, through the object model: the content policy forbids inline styles.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Whether the citizen's device prefers dark colours.
#[must_use]
pub fn prefers_dark() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok()?);
    query.is_some_and(|query| query.matches())
}

/// Sets a custom property of the whole document, or takes it back.
pub fn set_property(name: &str, value: Option<&str>) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let style = root.style();
    let _ = match value {
        Some(value) => style.set_property(name, value),
        None => style.remove_property(name).map(|_| ()),
    };
}
