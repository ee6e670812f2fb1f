//! Published files, for the app.
//!
//! A file that the page has preloaded is taken from there, since the request is as `public/start.js`
//! says it. This is `fetch` itself: `gloo-net` for the same was 4.6 KB more (wasm and JavaScript,
//! brotli 11).

use thiserror::Error;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::model::json;

/// Why a published file did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum FetchError {
    /// No answer came: the phone has no network, or the site is down.
    #[error("no answer")]
    Unreachable,
    /// There is no such file.
    #[error("not found")]
    NotFound,
    /// The site answered with this status.
    #[error("status {0}")]
    Status(u16),
    /// The file is not what it should be.
    #[error("malformed")]
    Malformed,
}

/// Reads a published file.
///
/// # Errors
/// [`FetchError::Malformed`].
pub fn read<T: json::Read>(bytes: &[u8]) -> Result<T, FetchError> {
    json::read(bytes).map_err(|_| FetchError::Malformed)
}

/// Fetches a published file of this origin.
///
/// # Errors
/// All of [`FetchError`] but [`FetchError::Malformed`].
pub async fn get(path: &str) -> Result<Vec<u8>, FetchError> {
    let silence = |_| FetchError::Unreachable;
    let window = web_sys::window().ok_or(FetchError::Unreachable)?;
    let response = JsFuture::from(window.fetch_with_str(path)).await.map_err(silence)?;
    let response: Response = response.unchecked_into();
    match response.status() {
        200 => {
            let body = JsFuture::from(response.array_buffer().map_err(silence)?)
                .await
                .map_err(silence)?;
            Ok(js_sys::Uint8Array::new(&body).to_vec())
        }
        404 => Err(FetchError::NotFound),
        status => Err(FetchError::Status(status)),
    }
}
