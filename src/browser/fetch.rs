//! Published files, for the app.

use gloo_net::http::Request;
use serde::de::DeserializeOwned;
use thiserror::Error;

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

/// Fetches and reads a published file of this origin.
///
/// # Errors
/// [`FetchError`].
pub async fn get_json<T: DeserializeOwned>(path: &str) -> Result<T, FetchError> {
    let bytes = get(path).await?;
    serde_json::from_slice(&bytes).map_err(|_| FetchError::Malformed)
}

async fn get(path: &str) -> Result<Vec<u8>, FetchError> {
    let response = Request::get(path).send().await.map_err(|_| FetchError::Unreachable)?;
    match response.status() {
        200 => response.binary().await.map_err(|_| FetchError::Unreachable),
        404 => Err(FetchError::NotFound),
        status => Err(FetchError::Status(status)),
    }
}
