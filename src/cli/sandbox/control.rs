//! The controls that every backend has: a small JSON interface for tests and demonstrations, under
//! `/sandbox` of the backend's own base.
//!
//! It is the sandbox's own and no part of any protocol: no backend has it, and nothing but tests and
//! demonstrations may call it. Each backend adds its own to these (`control` in its folder).
//!
//! | address | body | |
//! |---|---|---|
//! | GET, POST `/sandbox/faults` | `{"mode": "none"}`, `down`, `lost`, `error500`, `html` | what is wrong with the server |
//! | POST `/sandbox/clock` | `{"advance_seconds": 1800}` | sets the backend's clock ahead |

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::fault::Mode;
use super::ground::Ground;

/// The routes, relative to `/sandbox`.
pub(super) fn routes(ground: &Arc<Ground>) -> Router {
    Router::new()
        .route("/faults", get(fault).post(set_fault))
        .route("/clock", post(advance))
        .with_state(Arc::clone(ground))
}

async fn fault(State(ground): State<Arc<Ground>>) -> Response {
    Json(json!({ "mode": ground.fault.mode() })).into_response()
}

#[derive(Deserialize)]
struct Fault {
    mode: Mode,
}

async fn set_fault(State(ground): State<Arc<Ground>>, Json(fault): Json<Fault>) -> Response {
    ground.fault.set(fault.mode);
    Json(json!({ "mode": fault.mode })).into_response()
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u32,
}

async fn advance(State(ground): State<Arc<Ground>>, Json(step): Json<Advance>) -> StatusCode {
    ground.clock.advance(step.advance_seconds);
    StatusCode::NO_CONTENT
}
