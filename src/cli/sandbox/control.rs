//! The controls that every backend has: a small JSON interface for tests and demonstrations, under
//! `/sandbox` of the backend's own base.
//!
//! It is the sandbox's own and no part of any protocol: no backend has it, and nothing but tests and
//! demonstrations may call it. Each backend adds its own to these (`control` in its folder).
//!
//! | address | body | |
//! |---|---|---|
//! | GET, POST `/sandbox/faults` | `{"mode": "none"}`, `down`, `lost`, `slow`, `cut`, `error500`, `error429`, `html`; also `seconds`, `times`, `only` | what is wrong with the server ([`Fault`]) |
//! | POST `/sandbox/clock` | `{"advance_seconds": 1800}` | sets the backend's clock ahead |

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use super::fault::Fault;
use super::ground::Ground;

/// The routes, relative to `/sandbox`.
pub(super) fn routes(ground: &Arc<Ground>) -> Router {
    Router::new()
        .route("/faults", get(fault).post(set_fault))
        .route("/clock", post(advance))
        .with_state(Arc::clone(ground))
}

async fn fault(State(ground): State<Arc<Ground>>) -> Json<Fault> {
    Json(ground.fault.fault())
}

async fn set_fault(State(ground): State<Arc<Ground>>, Json(fault): Json<Fault>) -> Json<Fault> {
    ground.fault.set(fault.clone());
    Json(fault)
}

#[derive(Deserialize)]
struct Advance {
    advance_seconds: u32,
}

async fn advance(State(ground): State<Arc<Ground>>, Json(step): Json<Advance>) -> StatusCode {
    ground.clock.advance(step.advance_seconds);
    StatusCode::NO_CONTENT
}
