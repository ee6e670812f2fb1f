//! A city's own controls, beside those that every backend has ([`super::super::control`]).
//!
//! | address | body | |
//! |---|---|---|
//! | GET `/sandbox/cases` | | `{"count", "cases"}`: every row, unnumbered ones and reporters included |
//! | POST `/sandbox/cases/{id}` | `{"status", "note", "agency"}` | moves a case along; `id` is a reference or a case's `number` |
//! | POST `/sandbox/tokens/{token}` | | numbers a batch case now |

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::City;
use super::cases::{self, Case, Filter};
use super::refusal::Refusal;
use super::status::Status;

/// The routes, relative to `/sandbox`.
pub(super) fn routes() -> Router<Arc<City>> {
    Router::new()
        .route("/cases", get(list))
        .route("/cases/{id}", post(move_along))
        .route("/tokens/{token}", post(number))
}

async fn list(State(city): State<Arc<City>>) -> Result<Response, Refusal> {
    let everything = Filter {
        unnumbered: true,
        unlimited: true,
        ..Filter::default()
    };
    let cases = city
        .ground
        .register
        .with(move |connection| cases::list(connection, &everything))
        .await?;
    Ok(Json(json!({ "count": cases.len(), "cases": cases })).into_response())
}

#[derive(Deserialize)]
struct Move {
    status: Status,
    #[serde(default)]
    note: String,
    #[serde(default)]
    agency: String,
}

async fn move_along(
    State(city): State<Arc<City>>,
    Path(id): Path<String>,
    Json(step): Json<Move>,
) -> Result<Json<Case>, Refusal> {
    let now = city.ground.clock.now();
    city.ground
        .register
        .with(move |connection| {
            cases::move_along(connection, &id, step.status, step.note.trim(), step.agency.trim(), now)
        })
        .await?
        .map(Json)
        .ok_or_else(|| Refusal::not_found("Tidak ada laporan dengan nomor itu."))
}

async fn number(State(city): State<Arc<City>>, Path(token): Path<String>) -> Result<Json<Case>, Refusal> {
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    city.ground
        .register
        .with(move |connection| {
            cases::number_token(connection, numbering, &token, now)?;
            cases::find_token(connection, &token)
        })
        .await?
        .map(Json)
        .ok_or_else(|| Refusal::not_found("Tidak ada laporan dengan token itu."))
}
