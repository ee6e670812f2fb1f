//! The page around, where this one is a widget on a regional site, and the way out into a full tab.
//!
//! `public/frame.js` does the talking and checks what was said; this is the app's end of it. In a page
//! of its own there is nothing here to be read.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::model::region::RegionCode;
use crate::model::route::Embedded;
use crate::store::script::get;

/// What the page around has chosen, checked by `public/frame.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// That this is a frame: `sama` where its site is surely ours too, else `lain`.
    Frame,
    /// The language, a BCP 47 tag.
    Language,
    /// A colour, `#rrggbb`.
    Accent,
    /// Answers to be filled in, a JSON object from field to text.
    Answers,
}

/// One of the things that the page around has chosen.
#[must_use]
pub fn told(what: Told) -> Option<String> {
    let name = match what {
        Told::Frame => "data-bingkai",
        Told::Language => "data-bahasa",
        Told::Accent => "data-aksen",
        Told::Answers => "data-isi",
    };
    web_sys::window()?.document()?.document_element()?.get_attribute(name)
}

/// The region whose widget this is; `None` in a page of its own.
#[must_use]
pub fn region() -> Option<RegionCode> {
    told(Told::Frame)?;
    let path = web_sys::window()?.location().pathname().ok()?;
    Some(Embedded::parse(&path)?.region)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = pendopo)]
    fn open() -> bool;
    #[wasm_bindgen(js_namespace = pendopo, catch)]
    async fn give(draft: String, files: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = pendopo, catch)]
    async fn take() -> Result<JsValue, JsValue>;
}

/// Opens a full tab that will take over; whether the browser let us. To be called within a click.
#[must_use]
pub fn open_tab() -> bool {
    open()
}

/// What became of a draft that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// It is in the full tab's own journal now.
    Kept,
    /// The full tab found it there: both have one journal.
    Shared,
    /// The full tab could not keep it.
    Refused,
}

/// Hands a draft and the files that it names, `[id, Blob]` each, to the tab that was opened.
pub async fn hand_over(draft: String, files: Array) -> Handed {
    let answer = give(draft, files).await.ok();
    match answer.and_then(|answer| answer.as_string()).as_deref() {
        Some("kept") => Handed::Kept,
        Some("shared") => Handed::Shared,
        _ => Handed::Refused,
    }
}

/// A draft that a widget hands over.
pub struct Offered {
    /// The draft, as JSON.
    pub draft: String,
    /// Its files, `[id, Blob]` each.
    pub files: Array,
    answer: js_sys::Function,
}

/// Takes what the widget that opened this tab hands over; `None` where none did.
pub async fn offered() -> Option<Offered> {
    let offered = take().await.ok()?;
    Some(Offered {
        draft: get(&offered, "draft").as_string()?,
        files: get(&offered, "files").dyn_into().ok()?,
        answer: get(&offered, "answer").dyn_into().ok()?,
    })
}

impl Offered {
    /// Tells the widget what became of it.
    pub fn answer(&self, what: Handed) {
        let word = match what {
            Handed::Kept => "kept",
            Handed::Shared => "shared",
            Handed::Refused => "refused",
        };
        // Fails only where the widget is gone.
        let _ = self.answer.call1(&JsValue::UNDEFINED, &JsValue::from_str(word));
    }
}

/// The height in pixels that a widget tells its own page, from its `pendopo:height` event.
#[must_use]
pub fn height_told(event: &web_sys::Event) -> Option<f64> {
    get(&get(event, "detail"), "height").as_f64()
}
