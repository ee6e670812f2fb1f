//! What the citizen prefers of the interface, kept in the browser's local storage: nothing personal.

use super::frame::{Told, told};
use crate::model::text::Lang;

const LANGUAGE: &str = "bahasa";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The language of the site around a widget, else what was chosen before; Indonesian where neither is.
#[must_use]
pub fn language() -> Lang {
    let tag = told(Told::Language).or_else(|| storage()?.get_item(LANGUAGE).ok()?);
    tag.map_or(Lang::Id, |tag| Lang::from_tag(&tag))
}

/// Keeps the choice. Where the browser refuses, it holds for this page alone.
pub fn set_language(lang: Lang) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(LANGUAGE, lang.tag());
    }
}
