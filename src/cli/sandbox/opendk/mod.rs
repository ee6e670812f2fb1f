//! A district that runs OpenDK: Kapanewon Sendangjaya, an invented one, in Kabupaten Sleman
//! (`34.04`), with its public list of complaints.
//!
//! Written from OpenDK's open source; it knows nothing of the adapters. What the source does not
//! say is listed in `UNCONFIRMED.md`.
//!
//! | address under `/api/frontend/v1` | |
//! |---|---|
//! | GET `komplain` | the list, to everybody: with each complainant's NIK, and all that is known of them |
//! | POST `komplain` | a complaint, with NIK and date of birth instead of a login |
//! | GET `komplain/kategori` | what a complaint may be about |
//!
//! The list shows nothing that is in review, or was turned down: whoever just complained does not
//! find it there. A backend that talks like this must never be passed through.

mod records;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Form, OriginalUri, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use maud::html;
pub(in crate::cli::sandbox) use records::SCHEMA;
use records::{CATEGORIES, Complaint, Entry, Status};
use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::{Broken, page, trouble};
use super::fault;
use super::ground::Ground;
use super::laravel::{self, Failed, Input, Page};

/// Most bytes of one picture: the rule says 1,024 KB.
const LARGEST_PICTURE: usize = 1024 * 1024;

/// The district.
#[derive(Debug)]
pub(super) struct District {
    ground: Arc<Ground>,
}

impl District {
    pub(super) fn open(ground: Ground) -> Arc<Self> {
        Arc::new(Self {
            ground: Arc::new(ground),
        })
    }
}

/// All that the district answers, its base included.
pub(super) fn routes(district: &Arc<District>) -> Router {
    let ground = &district.ground;
    let protocol = Router::new()
        .route("/komplain", get(list).post(store))
        .route(
            "/komplain/kategori",
            get(async || Json(CATEGORIES.map(|(id, _)| records::category(id)))),
        )
        // Some of its refusals are a text and nothing around it.
        .fallback(async || (StatusCode::NOT_FOUND, Json("Halaman tidak ditemukan")))
        .layer(DefaultBodyLimit::max(24 * 1024 * 1024))
        .layer(middleware::from_fn_with_state(Arc::clone(ground), fault::apply));
    let desk = Router::new().route("/", get(cases)).route("/kasus/{id}", post(pressed));
    let control = Router::new()
        .route("/cases", get(all))
        .route("/cases/{id}", post(moved));
    Router::new()
        .nest(&ground.path("/api/frontend/v1"), protocol)
        .route(&ground.path("/storage/komplain/{file}"), get(file))
        .with_state(Arc::clone(district))
        .merge(super::own(
            ground,
            desk.with_state(Arc::clone(district)),
            control.with_state(Arc::clone(district)),
        ))
}

/// A failure of the server: a bare text, as some of its errors are.
pub(super) fn broken() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Json("Terjadi kesalahan pada server")).into_response()
}

fn shown(district: &District, complaint: &Complaint) -> Value {
    laravel::item("komplain", complaint.id, attributes(district, complaint))
}

fn attributes(district: &District, complaint: &Complaint) -> Value {
    let address = |file: &Option<String>| {
        let ground = &district.ground;
        file.as_ref()
            .map(|file| format!("{}{}/storage/komplain/{file}", ground.origin, ground.base))
    };
    let [first, second, third, fourth] = &complaint.files;
    json!({
        "komplain_id": complaint.number,
        "judul": complaint.title,
        "slug": format!("{}-{}", complaint.title.to_lowercase().replace(' ', "-"), complaint.number),
        "laporan": complaint.text,
        "status": complaint.status,
        "kategori": complaint.category,
        "nik": complaint.nik,
        "nama": complaint.name,
        "anonim": i32::from(complaint.anonymous),
        "dilihat": complaint.seen,
        "lampiran1": address(first),
        "lampiran2": address(second),
        "lampiran3": address(third),
        "lampiran4": address(fourth),
        "detail_penduduk": complaint.details,
        "created_at": complaint.sent,
        "updated_at": complaint.updated,
    })
}

async fn list(
    State(district): State<Arc<District>>,
    OriginalUri(uri): OriginalUri,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failed> {
    let found = district.ground.register.with(records::complaints).await?;
    let wanted = |name: &str, value: &str| {
        let asked = pairs.iter().find(|(key, _)| key == name);
        asked.is_none_or(|(_, asked)| asked.is_empty() || asked == value)
    };
    let part = pairs
        .iter()
        .find(|(key, _)| key == "search")
        .map(|(_, part)| part.to_lowercase());
    let visible: Vec<&Complaint> = found
        .iter()
        .filter(|complaint| !["REVIEW", "DITOLAK"].contains(&complaint.status.as_str()))
        .filter(|complaint| {
            wanted("filter[status]", &complaint.status)
                && wanted("filter[kategori]", &complaint.category.to_string())
                && wanted("filter[komplain_id]", &complaint.number)
                && wanted("filter[nik]", &complaint.nik)
        })
        .filter(|complaint| {
            let text = format!("{} {}", complaint.title, complaint.text).to_lowercase();
            part.as_ref().is_none_or(|part| text.contains(part))
        })
        .collect();
    let page = Page::asked(&pairs);
    let total = u32::try_from(visible.len()).unwrap_or(u32::MAX);
    let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
    let rows = visible.into_iter().skip(skipped).take(page.limit() as usize);
    let rows = rows.map(|complaint| shown(&district, complaint)).collect();
    let address = format!("{}{}", district.ground.origin, uri.path());
    Ok(Json(laravel::links(rows, total, page, &address, &pairs)).into_response())
}

/// The media type that a picture's first bytes say.
fn picture(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [0x89, b'P', b'N', b'G', ..] => Some(("image/png", "png")),
        [b'G', b'I', b'F', b'8', ..] => Some(("image/gif", "gif")),
        _ => None,
    }
}

async fn store(State(district): State<Arc<District>>, request: Request) -> Result<Response, Failed> {
    let mut input = Input::read(request).await?;
    let mut invalid = input.invalid();
    for name in ["nik", "judul", "kategori", "laporan", "tanggal_lahir"] {
        if input.get(name).is_none() {
            invalid.missing(name);
        }
    }
    let nik = input.get("nik").unwrap_or_default().to_owned();
    if !nik.is_empty() && (nik.len() != 16 || !nik.bytes().all(|byte| byte.is_ascii_digit())) {
        invalid.add("nik", "Isian nik harus berupa 16 angka.".to_owned());
    }
    if input.get("judul").is_some_and(|title| title.chars().count() > 255) {
        invalid.add("judul", "Isian judul maksimal 255 karakter.".to_owned());
    }
    let mut files = Vec::new();
    let mut names: [Option<String>; 4] = [const { None }; 4];
    for (number, slot) in (1..).zip(&mut names) {
        let name = format!("lampiran{number}");
        let Some(file) = input.files.remove(&name) else {
            continue;
        };
        match picture(&file.bytes) {
            None => invalid.add(
                &name,
                format!("Isian {name} harus berupa berkas berjenis: jpeg, png, jpg, gif, svg."),
            ),
            Some(_) if file.bytes.len() > LARGEST_PICTURE => {
                invalid.add(&name, format!("Isian {name} maksimal 1024 kilobita."));
            }
            Some((kind, ending)) => {
                let random = getrandom::u64().map_err(|_| Failed::from(broken()))?;
                let stored = format!("{random:016x}.{ending}");
                *slot = Some(stored.clone());
                files.push((stored, kind, file.bytes));
            }
        }
    }
    invalid.unless_empty()?;
    let entry = Entry {
        nik: nik.clone(),
        title: input.get("judul").unwrap_or_default().to_owned(),
        text: input.get("laporan").unwrap_or_default().to_owned(),
        category: input.get("kategori").and_then(|id| id.parse().ok()).unwrap_or(4),
        anonymous: matches!(input.get("anonim"), Some("1" | "true")),
        files: names,
    };
    let born = input.get("tanggal_lahir").unwrap_or_default().to_owned();
    let now = district.ground.clock.now();
    let taken = district
        .ground
        .register
        .with(move |connection| {
            let known = records::resident(connection, &entry.nik)?;
            if known.is_none_or(|resident| resident.born != born) {
                return Ok(None);
            }
            for (name, kind, bytes) in &files {
                records::keep_file(connection, name, kind, bytes)?;
            }
            records::insert(connection, &entry, now)
        })
        .await?;
    let Some(complaint) = taken else {
        // Not by field, as the other refusals are.
        let words = format!("Penduduk dengan nik {nik} tidak ditemukan");
        let body = json!({"errors": {"message": words}});
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response());
    };
    let mut data = attributes(&district, &complaint);
    if let Some(members) = data.as_object_mut() {
        members.insert("id".to_owned(), complaint.id.into());
    }
    let message = "Komplain berhasil dikirim. Tunggu Admin untuk di review terlebih dahulu!";
    Ok((StatusCode::CREATED, Json(json!({"data": data, "message": message}))).into_response())
}

/// A picture, to everybody who knows the name of its file.
async fn file(State(district): State<Arc<District>>, Path(name): Path<String>) -> Result<Response, Failed> {
    let found = district
        .ground
        .register
        .with(move |connection| records::file(connection, &name))
        .await?;
    Ok(match found {
        Some((kind, bytes)) => ([(CONTENT_TYPE, kind)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

/// The control `GET /sandbox/cases`: all of them, the hidden ones included.
async fn all(State(district): State<Arc<District>>) -> Result<Response, Failed> {
    let cases = district.ground.register.with(records::complaints).await?;
    Ok(Json(json!({"count": cases.len(), "cases": cases})).into_response())
}

#[derive(Deserialize)]
struct Step {
    status: Status,
}

async fn step(district: &District, id: String, step: Step) -> Result<bool, super::RegisterError> {
    let now = district.ground.clock.now();
    let register = &district.ground.register;
    register
        .with(move |connection| records::move_along(connection, &id, step.status, now))
        .await
}

/// The control `POST /sandbox/cases/{id}` with `{"status": "PROSES"}`; the id or the number.
async fn moved(
    State(district): State<Arc<District>>,
    Path(id): Path<String>,
    Json(next): Json<Step>,
) -> Result<StatusCode, Failed> {
    let known = step(&district, id, next).await?;
    Ok(if known {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    })
}

/// The desk: every complaint, with its next step.
async fn cases(State(district): State<Arc<District>>) -> Result<Response, Broken> {
    let found = district.ground.register.with(records::complaints).await?;
    let content = html! {
        @for complaint in &found {
            h2 { span.reference { (complaint.number) } " " (complaint.title) " " span.status { (complaint.status) } }
            p.source { (complaint.name) ", " (complaint.sent) }
            p.text { (complaint.text) }
            form.step method="post" action={ (district.ground.base) "/petugas/kasus/" (complaint.id) } {
                label for={ "status-" (complaint.id) } { "Status baru" }
                select id={ "status-" (complaint.id) } name="status" {
                    @for status in Status::ALL {
                        option value=(status.word()) selected[status.word() == complaint.status] { (status.word()) }
                    }
                }
                button type="submit" { "Simpan" }
            }
        }
    };
    Ok(page(&district.ground, "Komplain", &content))
}

async fn pressed(
    State(district): State<Arc<District>>,
    Path(id): Path<String>,
    Form(next): Form<Step>,
) -> Result<Response, Broken> {
    Ok(if step(&district, id, next).await? {
        Redirect::to(&district.ground.path("/petugas")).into_response()
    } else {
        trouble(&district.ground, StatusCode::NOT_FOUND, "Komplain itu tidak ada.")
    })
}
