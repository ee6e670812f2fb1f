//! Photos drawn anew: upright, smaller, and without what the camera wrote beside the picture.

use js_sys::{Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use crate::forms::document::{DRAWINGS, WRAPPING, wrap};
use crate::store::script::{get, object, set};

#[wasm_bindgen]
extern "C" {
    /// Decodes a picture; with `imageOrientation` it turns it upright, as its EXIF says.
    #[wasm_bindgen(js_name = createImageBitmap, catch)]
    fn create_image_bitmap(blob: &Blob, options: &Object) -> Result<Promise, JsValue>;

    type Drawing;
    #[wasm_bindgen(method, js_name = getContext)]
    fn context(this: &Drawing, kind: &str) -> Pen;
    #[wasm_bindgen(method, js_name = toBlob)]
    fn to_blob(this: &Drawing, then: &Function, kind: &str, quality: f64);

    type Pen;
    #[wasm_bindgen(method, js_name = fillRect)]
    fn fill(this: &Pen, left: f64, top: f64, width: f64, height: f64);
    #[wasm_bindgen(method, js_name = drawImage)]
    fn draw(this: &Pen, picture: &JsValue, left: f64, top: f64, width: f64, height: f64);
}

/// A photo drawn anew.
pub struct Redrawn {
    /// JPEG, or a PDF with it.
    pub bytes: Blob,
    /// Its media type.
    pub media_type: &'static str,
}

/// Draws a photo anew, as large as `most` bytes let it be, and wraps it as a PDF where wanted. Where
/// none is small enough the smallest is given.
///
/// # Errors
/// What the browser said, where it cannot read the picture.
pub async fn redraw(photo: &Blob, most: Option<u64>, as_pdf: bool) -> Result<Redrawn, JsValue> {
    let upright = object(&[("imageOrientation", "from-image".into())]);
    let picture = JsFuture::from(create_image_bitmap(photo, &upright)?).await?;
    let side = |name| get(&picture, name).as_f64().unwrap_or(1.0).max(1.0);
    let (wide, high) = (side("width"), side("height"));
    let room = most
        .unwrap_or(u64::MAX)
        .saturating_sub(if as_pdf { WRAPPING } else { 0 });
    let mut drawn = None;
    for (longest, quality) in DRAWINGS {
        let scale = (f64::from(longest) / wide.max(high)).min(1.0);
        let size = ((wide * scale).round().max(1.0), (high * scale).round().max(1.0));
        let jpeg = draw(&picture, size, f64::from(quality) / 100.0).await?;
        let fits = jpeg.size() <= room as f64;
        drawn = Some((jpeg, size));
        if fits {
            break;
        }
    }
    let (jpeg, (wide, high)) = drawn.ok_or(JsValue::UNDEFINED)?;
    if !as_pdf {
        return Ok(Redrawn {
            bytes: jpeg,
            media_type: "image/jpeg",
        });
    }
    let bytes = Uint8Array::new(&JsFuture::from(jpeg.array_buffer()).await?).to_vec();
    let file = wrap(&bytes, pixels(wide), pixels(high));
    Ok(Redrawn {
        bytes: blob(&file, "application/pdf")?,
        media_type: "application/pdf",
    })
}

/// Bytes as a blob of this type.
///
/// # Errors
/// What the browser said.
pub fn blob(bytes: &[u8], media_type: &str) -> Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(&Uint8Array::from(bytes)), &kind)
}

async fn draw(picture: &JsValue, (wide, high): (f64, f64), quality: f64) -> Result<Blob, JsValue> {
    let document = web_sys::window().and_then(|window| window.document());
    let canvas = document.ok_or(JsValue::UNDEFINED)?.create_element("canvas")?;
    set(&canvas, "width", &wide.into());
    set(&canvas, "height", &high.into());
    let canvas = canvas.unchecked_into::<Drawing>();
    let pen = canvas.context("2d");
    // What is transparent would become black.
    set(pen.unchecked_ref(), "fillStyle", &"#fff".into());
    pen.fill(0.0, 0.0, wide, high);
    pen.draw(picture, 0.0, 0.0, wide, high);
    let drawn = Promise::new(&mut |resolve, _| canvas.to_blob(&resolve, "image/jpeg", quality));
    // Null where the browser has no memory for it.
    JsFuture::from(drawn).await?.dyn_into::<Blob>()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side in pixels, at least 1; `as` saturates"
)]
const fn pixels(side: f64) -> u32 {
    side as u32
}
