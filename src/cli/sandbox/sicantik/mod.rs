//! The licensing office of Kota Bandung (`32.73`), an invented one that runs SiCantik: public
//! tracking by number, and the interface of those who apply.
//!
//! Written from the software's open source as far as there is any (a framework of templates, users
//! and forms), from its web pages, and from what other offices' programs ask of it; it knows nothing
//! of the adapters. What none of these says is listed in `UNCONFIRMED.md`.
//!
//! | address under `/api` | |
//! |---|---|
//! | GET `TemplateData/keluaran/{id}.json?no_permohonan=` | tracking, no login ([`tracking`]) |
//! | POST `Pengguna/token.json` | a token for `username` and `password` |
//! | GET `JenisIzin/getlist`, `JenisIzin/getpersyaratan/{id}`, `Form/{id}` | permits, their requirements, their forms |
//! | POST `DokumenPemohon/upload` | a file of less than 1 MB |
//! | GET, POST `PermohonanIzin` | one's own applications; a new one |
//! | GET `PermohonanIzin/getprosespermohonan/{id}` | its steps |
//!
//! Every address may end in `.json`, and `PermohonanIzin` may be written `permohonan_izin`. Who may
//! log in is in [`records::SCHEMA`]. The protocol has no client's own id.

mod applicants;
mod control;
mod desk;
mod envelope;
mod permits;
mod records;
mod tracking;

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{DefaultBodyLimit, OriginalUri, Path, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};
use envelope::{Source, refused, success};
pub(in crate::cli::sandbox) use envelope::{broken, busy};
use permits::Permits;
pub(in crate::cli::sandbox) use records::SCHEMA;
use serde::{Deserialize, Serialize};

use super::fault;
use super::ground::Ground;
use super::register::RegisterError;

/// What differs between one office's server and another's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The id of the report that tracks.
    report: u32,
    /// The name of its parameter.
    parameter: String,
    /// The member of `data` that holds its rows.
    label: String,
    /// Seconds for which a token holds, for a browser and for the office's app.
    token_seconds: u32,
    app_token_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            report: 32_731,
            parameter: "no_permohonan".to_owned(),
            label: "berkas".to_owned(),
            token_seconds: 12 * 3600,
            app_token_seconds: 30 * 24 * 3600,
        }
    }
}

/// The office.
#[derive(Debug)]
pub(super) struct Office {
    permits: Permits,
    settings: Mutex<Settings>,
    ground: Arc<Ground>,
}

impl Office {
    /// The office with its own permits.
    ///
    /// # Errors
    /// When the file that was built in cannot be read.
    pub(super) fn open(ground: Ground) -> Result<Arc<Self>, serde_json::Error> {
        Ok(Arc::new(Self {
            permits: Permits::load()?,
            settings: Mutex::default(),
            ground: Arc::new(ground),
        }))
    }

    fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, settings: Settings) {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }
}

/// All that the office answers, its base included.
pub(super) fn routes(office: &Arc<Office>) -> Router {
    let protocol = Router::new()
        .route("/{*call}", any(call))
        .layer(DefaultBodyLimit::max(8 * 1024 * 1024))
        .layer(middleware::from_fn_with_state(Arc::clone(&office.ground), fault::apply))
        .with_state(Arc::clone(office));
    Router::new()
        .nest(&office.ground.path("/api"), protocol)
        .route(&office.ground.path("/webroot/files/dokumen_pemohon/{file}"), get(file))
        .with_state(Arc::clone(office))
        .merge(super::own(
            &office.ground,
            desk::routes().with_state(Arc::clone(office)),
            control::routes().with_state(Arc::clone(office)),
        ))
}

/// Every call of the interface: the framework finds its way by name, not by a list of addresses.
async fn call(
    State(office): State<Arc<Office>>,
    OriginalUri(uri): OriginalUri,
    Path(call): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let answer = answer(&office, uri.path(), &call, &pairs, request).await;
    envelope::open(answer.unwrap_or_else(|error: RegisterError| {
        error.log();
        broken()
    }))
}

async fn answer(
    office: &Arc<Office>,
    url: &str,
    call: &str,
    pairs: &[(String, String)],
    request: Request,
) -> Result<Response, RegisterError> {
    let source = Source::of(request.headers());
    let call = call.trim_end_matches('/');
    let call = call
        .strip_suffix(".json")
        .unwrap_or(call)
        .replace("permohonan_izin", "PermohonanIzin");
    let words: Vec<&str> = call.split('/').collect();
    match (request.method(), words.as_slice()) {
        (&Method::OPTIONS, _) => return Ok(StatusCode::OK.into_response()),
        (&Method::GET, ["TemplateData", "keluaran", id]) => return tracking::report(office, source, id, pairs).await,
        (&Method::POST, ["Pengguna", "token"]) => return applicants::token(office, source, request).await,
        _ => {}
    }
    let who = match applicants::caller(office, request.headers(), url).await? {
        Ok(who) => who,
        Err(refusal) => return Ok(refusal),
    };
    let permit = |id: &str| id.parse().ok().and_then(|id| office.permits.permit(id));
    Ok(match (request.method(), words.as_slice()) {
        (&Method::GET, ["JenisIzin", "getlist"]) => applicants::permits(office, pairs),
        (&Method::GET, ["JenisIzin", "getpersyaratan", id]) => match permit(id) {
            Some(permit) => success("", &permit.requirements()),
            None => source.failed("Record not found in table \"jenis_izin\""),
        },
        (&Method::GET, ["Form", id]) => {
            let found = office
                .permits
                .all()
                .iter()
                .find(|permit| permit.form.to_string() == *id);
            match found {
                Some(permit) => success("", &permit.form()),
                None => refused(StatusCode::NOT_FOUND, "Record not found in table \"form\"", url),
            }
        }
        (&Method::POST, ["DokumenPemohon", "upload"]) => applicants::upload(office, source, &who, request).await?,
        (&Method::GET, ["PermohonanIzin"]) => applicants::list(office, &who, pairs).await?,
        (&Method::POST, ["PermohonanIzin"]) => applicants::apply(office, source, &who, request).await?,
        (&Method::GET, ["PermohonanIzin", "getprosespermohonan", id]) => {
            applicants::steps(office, source, &who, id).await?
        }
        _ => refused(StatusCode::NOT_FOUND, "Not Found", url),
    })
}

/// A file, to whoever knows its name.
async fn file(State(office): State<Arc<Office>>, Path(name): Path<String>) -> Response {
    let found = office
        .ground
        .register
        .with(move |connection| records::file(connection, &name))
        .await;
    match found {
        Ok(Some(bytes)) => ([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            error.log();
            broken()
        }
    }
}
