//! The clipboard, and files handed to the phone.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, Url};

use super::{clock, picture};

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
    let blob = picture::blob(&bytes, content_type)?;
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
