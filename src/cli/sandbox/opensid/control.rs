//! The village's own controls, beside those that every backend has ([`super::super::control`]).
//!
//! | address | body | |
//! |---|---|---|
//! | GET `/sandbox/cases` | | `{"count", "letters", "complaints"}`: everybody's, with all answers |
//! | POST `/sandbox/cases/{id}` | `{"status": "belum_lengkap", "note"}` | moves an application along |
//! | POST `/sandbox/complaints/{id}` | `{"status": 2, "answer"}` | answers a complaint |
//! | GET, POST `/sandbox/settings` | [`Settings`], all members optional | which release it is, and how long a token holds |
//! | POST `/sandbox/logout` | | ends every login |

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::super::laravel::Failed;
use super::records::{self, Narrow};
use super::status::Status;
use super::{Settings, Village, complaint_records};

/// All rows of a list.
pub(super) const ALL: (u32, i64) = (u32::MAX, 0);

/// The routes, relative to `/sandbox`.
pub(super) fn routes() -> Router<Arc<Village>> {
    Router::new()
        .route("/cases", get(list))
        .route("/cases/{id}", post(move_along))
        .route("/complaints/{id}", post(answer))
        .route("/settings", get(settings).post(set))
        .route("/logout", post(logout))
}

async fn list(State(village): State<Arc<Village>>) -> Result<Response, Failed> {
    let (letters, complaints) = village
        .ground
        .register
        .with(|connection| {
            let narrow = Narrow {
                citizen: None,
                id: None,
                newest_first: true,
                part: ALL,
            };
            let letters = records::applications(connection, narrow)?.0;
            Ok((letters, complaint_records::list(connection, None, ALL)?.0))
        })
        .await?;
    let count = letters.len().saturating_add(complaints.len());
    Ok(Json(json!({"count": count, "letters": letters, "complaints": complaints})).into_response())
}

#[derive(Deserialize)]
struct Move {
    status: Status,
    #[serde(default)]
    note: String,
}

async fn move_along(
    State(village): State<Arc<Village>>,
    Path(id): Path<i64>,
    Json(step): Json<Move>,
) -> Result<Response, Failed> {
    let now = village.ground.clock.now();
    let moved = village
        .ground
        .register
        .with(move |connection| records::move_along(connection, id, step.status, step.note.trim(), now))
        .await?;
    Ok(moved.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |case| Json(case).into_response(),
    ))
}

#[derive(Deserialize)]
struct Answer {
    status: u8,
    #[serde(default)]
    answer: String,
}

async fn answer(
    State(village): State<Arc<Village>>,
    Path(id): Path<i64>,
    Json(step): Json<Answer>,
) -> Result<StatusCode, Failed> {
    let now = village.ground.clock.now();
    let known = village
        .ground
        .register
        .with(move |connection| complaint_records::answer(connection, id, step.status, step.answer.trim(), now))
        .await?;
    Ok(if known {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    })
}

async fn settings(State(village): State<Arc<Village>>) -> Json<Settings> {
    Json(village.settings())
}

async fn set(State(village): State<Arc<Village>>, Json(settings): Json<Settings>) -> Json<Settings> {
    village.set(settings);
    Json(settings)
}

async fn logout(State(village): State<Arc<Village>>) -> Result<StatusCode, Failed> {
    village.ground.register.with(records::log_all_out).await?;
    Ok(StatusCode::NO_CONTENT)
}
