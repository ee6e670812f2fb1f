//! What the citizen prefers of the interface, kept in the browser's local storage: nothing personal.

use super::frame::{Told, told};
use crate::model::text::Lang;

const LANGUAGE: &str = "bahasa";
const INSTALL: &str = "pasang";

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

/// Whether the citizen has said that the app need not be installed.
#[must_use]
pub fn declined_install() -> bool {
    storage().is_some_and(|storage| storage.get_item(INSTALL).is_ok_and(|said| said.is_some()))
}

/// Keeps that the citizen does not want it installed.
pub fn decline_install() {
    if let Some(storage) = storage() {
        let _ = storage.set_item(INSTALL, "tidak");
    }
}
