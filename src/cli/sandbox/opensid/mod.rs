//! A village that runs OpenSID: Kalurahan Sendangwangi, an invented one, in Kabupaten Sleman
//! (`34.04`), with the interface that its residents' app uses (Layanan Mandiri).
//!
//! Written from the source of OpenSID's own interface as far as that is open, and from what is told
//! of it; it knows nothing of the adapters. What neither says is listed in `UNCONFIRMED.md`.
//!
//! | address under `/api/v1` | |
//! |---|---|
//! | POST `auth/login`, `auth/logout` | NIK or email address, and PIN; the token of all that follows |
//! | GET `layanan-mandiri/surat/jenis-permohonan`, `surat/syarat` | letters with their forms; documents that they require |
//! | POST `surat/{slug}/permohonan`, PUT `surat/{id}/permohonan` | apply, complete |
//! | GET `surat/permohonan`, `surat/arsip`, `surat/{id}/unduh` | one's applications, the written letters, one as PDF |
//! | POST `surat/unggah-dokumen` | a document, PDF alone |
//! | GET, POST `pengaduan`, `pengaduan/detail`, `pengaduan/store` | complaints |
//!
//! Who may log in is in [`records::SCHEMA`]: three citizens, NIK and PIN plainly made up. The
//! protocol has no client's own id, so the same application twice is two applications.

mod applications;
mod complaint_records;
mod complaints;
mod control;
mod desk;
mod documents;
mod letters;
mod login;
mod pdf;
mod records;
mod status;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{DefaultBodyLimit, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};
use letters::Letters;
pub(in crate::cli::sandbox) use records::SCHEMA;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use status::Release;

use super::ground::Ground;
use super::{SandboxError, fault};

type Pairs = Query<Vec<(String, String)>>;

/// What a PUT to an application does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Update {
    /// Puts new answers into one that is not complete.
    #[default]
    Complete,
    /// Cancels it, whatever the body says: a release whose source is open does that.
    Cancel,
}

/// What differs between one village's server and another's.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    release: Release,
    /// Seconds for which a new token holds: `expires_in`.
    token_seconds: u32,
    update: Update,
    /// Whether a complaint's status is its label, or its number.
    complaint_labels: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            release: Release::default(),
            token_seconds: 3600,
            update: Update::default(),
            complaint_labels: true,
        }
    }
}

/// The village.
#[derive(Debug)]
pub(super) struct Village {
    letters: Letters,
    settings: Mutex<Settings>,
    ground: Arc<Ground>,
}

impl Village {
    /// The village with its own letters, and those of another file of templates.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn open(ground: Ground, more: Option<&Path>) -> Result<Arc<Self>, SandboxError> {
        Ok(Arc::new(Self {
            letters: Letters::read(more)?,
            settings: Mutex::default(),
            ground: Arc::new(ground),
        }))
    }

    fn settings(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, settings: Settings) {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }
}

/// All that the village answers, its base included.
pub(super) fn routes(village: &Arc<Village>) -> Router {
    let letters = Router::new()
        .route("/jenis-permohonan", get(applications::kinds))
        .route("/syarat", get(applications::requirements))
        .route("/permohonan", get(applications::list))
        .route("/arsip", get(applications::archive))
        .route("/unggah-dokumen", post(documents::upload))
        .route(
            "/{letter}/permohonan",
            post(applications::apply).merge(put(applications::update)),
        )
        .route("/{letter}/unduh", get(applications::letter));
    let complaints = Router::new()
        .route("/", get(complaints::list).post(complaints::store))
        .route("/detail", get(complaints::detail).post(complaints::detail))
        .route("/store", post(complaints::store));
    let protocol = Router::new()
        .route("/auth/login", post(login::login))
        .route("/auth/logout", post(login::logout))
        .nest("/layanan-mandiri/surat", letters)
        .nest("/layanan-mandiri/pengaduan", complaints)
        .fallback(async || missing())
        .layer(DefaultBodyLimit::max(24 * 1024 * 1024))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&village.ground),
            fault::apply,
        ))
        .with_state(Arc::clone(village));
    Router::new()
        .nest(&village.ground.path("/api/v1"), protocol)
        .route(
            &village.ground.path("/desa/upload/dokumen/{file}"),
            get(documents::document),
        )
        .with_state(Arc::clone(village))
        .merge(super::own(
            &village.ground,
            desk::routes().with_state(Arc::clone(village)),
            control::routes().with_state(Arc::clone(village)),
        ))
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" }))).into_response()
}

/// The interface's own shape of a refusal, and of some successes: `code` and `messages`.
fn fail(status: StatusCode, messages: Value) -> Response {
    (status, Json(json!({"code": status.as_u16(), "messages": messages}))).into_response()
}
