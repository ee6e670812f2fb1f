//! The applicants' interface: a token, the permits with their requirements and forms, uploading,
//! applying, and the steps of one's own application.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use reqwest::Url;
use serde_json::{Map, Value, json};

use super::Office;
use super::envelope::{self, Source, refused, success};
use super::permits::Permit;
use super::records::{self, Applicant, Application, Narrow};
use crate::cli::sandbox::register::RegisterError;

/// A file of this many bytes, or more, is too large.
const TOO_LARGE: usize = 1024 * 1024;
/// What no file's name may hold.
const FORBIDDEN: [&str; 6] = ["php", "phar", "phtml", "html", "php3", "php5"];

/// A token for a name and a password.
pub(super) async fn token(office: &Office, source: Source, request: Request) -> Result<Response, RegisterError> {
    let body = body(request).await;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (username, password) = (text("username"), text("password"));
    let settings = office.settings();
    let seconds = if source.is_app {
        settings.app_token_seconds
    } else {
        settings.token_seconds
    };
    let expires = office.ground.clock.now().saturating_add(seconds.into());
    let Some(token) = new_token() else {
        return Ok(envelope::broken());
    };
    let kept = token.clone();
    let known = office
        .ground
        .register
        .with(move |connection| records::log_in(connection, (&username, &password), &kept, expires))
        .await?;
    let wrap = |token: Value| {
        if source.is_app {
            json!({ "token": token })
        } else {
            token
        }
    };
    Ok(if known {
        success("Login berhasil", &wrap(token.into()))
    } else {
        source.failure("Pengguna atau password tidak valid", &wrap(Value::Null), &json!([]))
    })
}

/// A token that nobody guesses, in three parts as they have.
fn new_token() -> Option<String> {
    let part = || getrandom::u64().ok().map(|number| format!("{number:016x}"));
    Some(format!("{}.{}.{}", part()?, part()?, part()?))
}

/// Whose token the call carries.
///
/// # Errors
/// The framework's own refusal, where it carries none that holds.
pub(super) async fn caller(
    office: &Office,
    headers: &HeaderMap,
    url: &str,
) -> Result<Result<Applicant, Response>, RegisterError> {
    let token = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(|token| token.trim().to_owned());
    let now = office.ground.clock.now();
    let found = match token {
        Some(token) => {
            let register = &office.ground.register;
            register
                .with(move |connection| records::logged_in(connection, &token, now))
                .await?
        }
        None => None,
    };
    let words = "You are not authorized to access that location.";
    Ok(found.ok_or_else(|| refused(StatusCode::UNAUTHORIZED, words, url)))
}

/// The members of a body, JSON or urlencoded.
async fn body(request: Request) -> Map<String, Value> {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.contains("json"));
    let Ok(bytes) = to_bytes(request.into_body(), TOO_LARGE).await else {
        return Map::new();
    };
    if is_json {
        return match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
    }
    let text = String::from_utf8_lossy(&bytes);
    let form = Url::parse(&format!("http://form/?{text}")).ok();
    let pairs = form.iter().flat_map(Url::query_pairs);
    pairs
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect()
}

/// A page of a list: `limit`, `page`, `items`, `total_items`.
pub(super) fn page(items: Vec<Value>, pairs: &[(String, String)]) -> Value {
    let number = |name: &str, usual: usize| {
        let value = pairs.iter().find(|(key, _)| key == name);
        value
            .and_then(|(_, text)| text.parse::<usize>().ok())
            .filter(|number| *number > 0)
            .unwrap_or(usual)
    };
    let (page, limit) = (number("page", 1), number("limit", 10));
    let total = items.len();
    let skipped = page.saturating_sub(1).saturating_mul(limit);
    let items: Vec<Value> = items.into_iter().skip(skipped).take(limit).collect();
    json!({"limit": limit, "page": page, "items": items, "total_items": total})
}

/// The permits.
pub(super) fn permits(office: &Office, pairs: &[(String, String)]) -> Response {
    let wanted = pairs
        .iter()
        .find(|(key, _)| key == "q")
        .map(|(_, value)| value.to_lowercase());
    let permits = office.permits.all().iter();
    let permits = permits.filter(|permit| {
        wanted
            .as_ref()
            .is_none_or(|part| permit.name.to_lowercase().contains(part))
    });
    let items = permits.map(|permit| json!({"id": permit.id, "jenis_izin": permit.name, "form_id": permit.form}));
    success("", &page(items.collect(), pairs))
}

/// Takes a file in.
pub(super) async fn upload(
    office: &Office,
    source: Source,
    who: &Applicant,
    request: Request,
) -> Result<Response, RegisterError> {
    let Ok(mut parts) = Multipart::from_request(request, &()).await else {
        return Ok(source.failed("Tidak ada file yang diupload"));
    };
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.file_name().unwrap_or_default().to_owned();
        let is_it = part.name() == Some("file") && !name.is_empty();
        let Ok(bytes) = part.bytes().await else { break };
        if !is_it {
            continue;
        }
        if bytes.len() >= TOO_LARGE {
            return Ok(source.failed("Ukuran file melebihi batas 1 MB"));
        }
        let lower = name.to_ascii_lowercase();
        if FORBIDDEN.iter().any(|word| lower.contains(&format!(".{word}"))) {
            return Ok(source.failed("Forbidden file"));
        }
        let kept: String = name
            .chars()
            .filter(|letter| letter.is_ascii_alphanumeric() || "._".contains(*letter))
            .collect();
        let now = office.ground.clock.now();
        let stored = format!("{now}_{kept}");
        let url = format!(
            "{}{}/webroot/files/dokumen_pemohon/{stored}",
            office.ground.origin, office.ground.base
        );
        let (id, file) = (who.id, stored.clone());
        office
            .ground
            .register
            .with(move |connection| records::keep_file(connection, &file, id, &bytes))
            .await?;
        return Ok(success(
            "Upload berhasil",
            &json!({"file_name": stored, "file_url": url}),
        ));
    }
    Ok(source.failed("Tidak ada file yang diupload"))
}

/// A member at the top of a body, or in one of the objects in it.
fn find<'a>(body: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let nested = || {
        body.values()
            .filter_map(Value::as_object)
            .find_map(|inner| inner.get(name))
    };
    body.get(name).or_else(nested)
}

/// What an application lacks: the field, and the rule that it breaks.
fn wrong(permit: &Permit, body: &Map<String, Value>) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    for name in permit.required() {
        match find(body, name) {
            None => wrong.push((name.to_owned(), "_required")),
            Some(Value::Null) => wrong.push((name.to_owned(), "_empty")),
            Some(Value::String(text)) if text.trim().is_empty() => wrong.push((name.to_owned(), "_empty")),
            Some(_) => {}
        }
    }
    let handed_in: Vec<i64> = body
        .get("persyaratan")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|row| {
            row.get("file_name")
                .and_then(Value::as_str)
                .is_some_and(|name| !name.is_empty())
        })
        .filter_map(|row| row.get("jenis_dokumen_id")?.as_i64())
        .collect();
    if permit.needed().any(|id| !handed_in.contains(&id)) {
        wrong.push(("persyaratan".to_owned(), "_empty"));
    }
    wrong
}

/// Takes an application in.
pub(super) async fn apply(
    office: &Arc<Office>,
    source: Source,
    who: &Applicant,
    request: Request,
) -> Result<Response, RegisterError> {
    let body = body(request).await;
    let id = body
        .get("jenis_izin_id")
        .and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
    let Some(permit) = id.and_then(|id| office.permits.permit(id)) else {
        return Ok(source.invalid(&[("jenis_izin_id".to_owned(), "_required")]));
    };
    let wrong = wrong(permit, &body);
    if !wrong.is_empty() {
        return Ok(source.invalid(&wrong));
    }
    let now = office.ground.clock.now();
    let (permit, applicant) = (permit.clone(), who.id);
    let found = office
        .ground
        .register
        .with(move |connection| {
            let id = records::apply(connection, applicant, &permit, &Value::Object(body), now)?;
            records::applications(connection, &only(applicant, id))
        })
        .await?;
    Ok(found.first().map_or_else(envelope::broken, |application| {
        success("Permohonan izin berhasil disimpan.", &shown(application))
    }))
}

fn only(applicant: i64, id: i64) -> Narrow {
    Narrow {
        applicant: Some(applicant),
        id: Some(id),
        ..Narrow::default()
    }
}

fn shown(application: &Application) -> Value {
    json!({
        "id": application.id,
        "no_permohonan": application.number,
        "jenis_izin_id": application.permit,
        "jenis_izin": application.permit_name,
        "tgl_pengajuan": application.sent,
        "status": application.state,
    })
}

/// One's own applications.
pub(super) async fn list(
    office: &Office,
    who: &Applicant,
    pairs: &[(String, String)],
) -> Result<Response, RegisterError> {
    let parameter = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let narrow = Narrow {
        applicant: Some(who.id),
        part: parameter("q"),
        ..Narrow::default()
    };
    let mut found = office
        .ground
        .register
        .with(move |connection| records::applications(connection, &narrow))
        .await?;
    if parameter("order").is_some_and(|order| order.starts_with('-')) {
        found.reverse();
    }
    Ok(success("", &page(found.iter().map(shown).collect(), pairs)))
}

/// The steps of one of one's own applications.
pub(super) async fn steps(
    office: &Office,
    source: Source,
    who: &Applicant,
    id: &str,
) -> Result<Response, RegisterError> {
    let narrow = only(who.id, id.parse().unwrap_or(-1));
    let found = office
        .ground
        .register
        .with(move |connection| records::applications(connection, &narrow))
        .await?;
    let Some(application) = found.first() else {
        return Ok(source.failed("Record not found in table \"permohonan_izin\""));
    };
    let steps = application.steps.iter().map(|step| {
        json!({
            "id": step.id,
            "permohonan_izin_id": application.id,
            "nama_proses": step.name,
            "status": step.status,
            "start_date": step.started,
            "end_date": step.ended,
        })
    });
    Ok(success("", &Value::Array(steps.collect())))
}
