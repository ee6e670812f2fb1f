//! The clipboard, and files handed to the phone.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use super::clock;

/// Copies a text; whether the browser let us.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

/// Saves a file as a link with `download` does. `base64` is as the engine wrote it; what is none is not
/// saved.
pub fn save(name: &str, content_type: &str, base64: &str) {
    // The browser refuses nothing of this but what is no base64.
    let _ = try_save(name, content_type, base64);
}

fn try_save(name: &str, content_type: &str, base64: &str) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let document = window.document().ok_or(JsValue::UNDEFINED)?;
    // One character a byte, by the definition of `atob`.
    let bytes: Vec<u8> = window
        .atob(base64)?
        .chars()
        .filter_map(|byte| u8::try_from(byte).ok())
        .collect();
    let kind = BlobPropertyBag::new();
    kind.set_type(content_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes.as_slice())), &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link = document.create_element("a")?;
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.unchecked_ref::<HtmlElement>().click();
    // The browser has read it long before.
    clock::after(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    });
    Ok(())
}
