//! Cities that speak GeoReport v2. They know nothing of the adapters; what no independent source
//! confirms is listed in `UNCONFIRMED.md`.
//!
//! | address | for |
//! |---|---|
//! | `/open311/v2/…` | the protocol (`protocol`) |
//! | `/petugas` | the officer who works on the cases (`desk`) |
//! | `/sandbox/…` | tests and fault switches (`control`) |
//! | `/media/{number}` | files that came with requests |

mod body;
mod cases;
mod catalogue;
mod control;
mod desk;
mod manner;
mod protocol;
mod refusal;
mod shapes;
mod status;
mod submission;
mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

pub(in crate::cli::sandbox) use cases::SCHEMA;
use catalogue::Catalogue;
use manner::Manner;
pub(in crate::cli::sandbox) use manner::{BANDUNG, SEMARANG};
use refusal::Refusal;

use super::ground::Ground;

/// A city: what it offers, and what it stands on.
#[derive(Debug)]
pub(super) struct City {
    catalogue: Catalogue,
    manner: Manner,
    ground: Arc<Ground>,
}

impl City {
    /// A city with the services of its own file.
    ///
    /// # Errors
    /// When the file that was built in cannot be read.
    pub(super) fn open(manner: Manner, ground: Ground) -> Result<Arc<Self>, serde_json::Error> {
        Ok(Arc::new(Self {
            catalogue: Catalogue::read(manner.services)?,
            manner,
            ground: Arc::new(ground),
        }))
    }
}

/// All that a city answers, its base included: a fallback is not found through two nests.
pub(super) fn routes(city: &Arc<City>) -> Router {
    Router::new()
        .route(&city.ground.path("/media/{number}"), get(medium))
        .nest(&city.ground.path("/open311/v2"), protocol::routes(city))
        .with_state(Arc::clone(city))
        .merge(super::own(
            &city.ground,
            desk::routes().with_state(Arc::clone(city)),
            control::routes().with_state(Arc::clone(city)),
        ))
}

/// A city's 500.
pub(super) fn broken() -> Response {
    Refusal::broken().into_response()
}

/// What a city tells whoever asks too often.
pub(super) fn busy() -> Response {
    Refusal::bad("Terlalu banyak permintaan. Coba lagi nanti.").into_response()
}

/// The same of a city that speaks XML: its server's own bare words.
pub(super) fn broken_in_xml() -> Response {
    wire::bare_error(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
}

/// And to whoever asks too often.
pub(super) fn busy_in_xml() -> Response {
    wire::bare_error(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded")
}

async fn medium(State(city): State<Arc<City>>, Path(number): Path<i64>) -> Result<Response, Refusal> {
    let medium = city
        .ground
        .register
        .with(move |connection| cases::medium(connection, number))
        .await?
        .ok_or_else(|| Refusal::not_found("Berkas tidak ditemukan."))?;
    Ok(([(CONTENT_TYPE, medium.kind)], medium.bytes).into_response())
}
