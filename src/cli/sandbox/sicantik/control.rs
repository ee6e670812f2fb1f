//! The office's own controls, beside those that every backend has ([`super::super::control`]).
//!
//! | address | body | |
//! |---|---|---|
//! | GET `/sandbox/cases` | | `{"count", "cases"}`: everybody's, with what was sent |
//! | POST `/sandbox/cases/{id}` | `{"step": "next"}`, `drop`, `hold`, `resume` | moves an application along |
//! | GET, POST `/sandbox/settings` | [`Settings`], all members optional | the report's id, parameter and label; how long tokens hold |

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::super::laravel::Failed;
use super::records::{self, Move, Narrow};
use super::{Office, Settings};

/// The routes, relative to `/sandbox`.
pub(super) fn routes() -> Router<Arc<Office>> {
    Router::new()
        .route("/cases", get(list))
        .route("/cases/{id}", post(move_along))
        .route("/settings", get(settings).post(set))
}

async fn list(State(office): State<Arc<Office>>) -> Result<Response, Failed> {
    let cases = office
        .ground
        .register
        .with(|connection| records::applications(connection, &Narrow::default()))
        .await?;
    Ok(Json(json!({"count": cases.len(), "cases": cases})).into_response())
}

#[derive(Deserialize)]
struct Step {
    step: Move,
}

async fn move_along(
    State(office): State<Arc<Office>>,
    Path(id): Path<i64>,
    Json(step): Json<Step>,
) -> Result<StatusCode, Failed> {
    let now = office.ground.clock.now();
    let known = office
        .ground
        .register
        .with(move |connection| records::move_along(connection, id, step.step, now))
        .await?;
    Ok(if known {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    })
}

async fn settings(State(office): State<Arc<Office>>) -> Json<Settings> {
    Json(office.settings())
}

async fn set(State(office): State<Arc<Office>>, Json(settings): Json<Settings>) -> Json<Settings> {
    office.set(settings.clone());
    Json(settings)
}
