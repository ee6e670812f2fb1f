//! What the citizen prefers of the interface, kept in the browser's local storage: nothing personal.

use crate::model::text::Lang;

const LANGUAGE: &str = "bahasa";

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The language chosen before; Indonesian where none was.
#[must_use]
pub fn language() -> Lang {
    let tag = storage().and_then(|storage| storage.get_item(LANGUAGE).ok()?);
    tag.map_or(Lang::Id, |tag| Lang::from_tag(&tag))
}

/// Keeps the choice. Where the browser refuses, it holds for this page alone.
pub fn set_language(lang: Lang) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(LANGUAGE, lang.tag());
    }
}
