//! The controls: a small JSON interface for tests and demonstrations, under `/sandbox`.
//!
//! It is the sandbox's own and no part of any protocol: no city has it, and nothing but tests and
//! demonstrations may call it.
//!
//! | address | body | |
//! |---|---|---|
//! | GET, POST `/sandbox/faults` | `{"mode": "none"}`, `down`, `lost`, `error500`, `html` | what is wrong with the server |
//! | GET `/sandbox/cases` | | `{"count", "cases"}`: every row, unnumbered ones and reporters included |
//! | POST `/sandbox/cases/{id}` | `{"status", "note", "agency"}` | moves a case along; `id` is a reference or a case's `number` |
//! | POST `/sandbox/tokens/{token}` | | numbers a batch case now |
//! | POST `/sandbox/clock` | `{"advance_seconds": 1800}` | sets the city's clock ahead |

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::Sandbox;
use super::cases::{self, Case, Filter};
use super::fault::Mode;
use super::refusal::Refusal;
use super::status::Status;

/// The routes, relative to `/sandbox`.
pub(super) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/faults", get(fault).post(set_fault))
        .route("/cases", get(list))
        .route("/cases/{id}", post(move_along))
        .route("/tokens/{token}", post(number))
        .route("/clock", post(advance))
}

async fn fault(State(sandbox): State<Arc<Sandbox>>) -> Response {
    Json(json!({ "mode": sandbox.fault.mode() })).into_response()
}

#[derive(Deserialize)]
struct Fault {
    mode: Mode,
}

async fn set_fault(State(sandbox): State<Arc<Sandbox>>, Json(fault): Json<Fault>) -> Response {
    sandbox.fault.set(fault.mode);
    Json(json!({ "mode": fault.mode })).into_response()
}

async fn list(State(sandbox): State<Arc<Sandbox>>) -> Result<Response, Refusal> {
    let everything = Filter {
        unnumbered: true,
        unlimited: true,
        ..Filter::default()
    };
    let cases = sandbox
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
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    Json(step): Json<Move>,
) -> Result<Json<Case>, Refusal> {
    let now = sandbox.clock.now();
    sandbox
        .register
        .with(move |connection| {
            cases::move_along(connection, &id, step.status, step.note.trim(), step.agency.trim(), now)
        })
        .await?
        .map(Json)
        .ok_or_else(|| Refusal::not_found("Tidak ada laporan dengan nomor itu."))
}

async fn number(State(sandbox): State<Arc<Sandbox>>, Path(token): Path<String>) -> Result<Json<Case>, Refusal> {
    let now = sandbox.clock.now();
    sandbox
        .register
        .with(move |connection| {
            cases::number_token(connection, &token, now)?;
            cases::find_token(connection, &token)
        })
        .await?
        .map(Json)
        .ok_or_else(|| Refusal::not_found("Tidak ada laporan dengan token itu."))
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u32,
}

async fn advance(State(sandbox): State<Arc<Sandbox>>, Json(step): Json<Advance>) -> StatusCode {
    sandbox.clock.advance(step.advance_seconds);
    StatusCode::NO_CONTENT
}
