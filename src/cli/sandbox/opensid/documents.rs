//! Documents that a citizen hands in once and refers to in applications: PDF files alone.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::super::laravel::{self, Failed, Input};
use super::login::Caller;
use super::{Village, records};

/// Takes a document in. The file's own first bytes say what it is, not its sender.
pub(super) async fn upload(
    State(village): State<Arc<Village>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failed> {
    let mut input = Input::read(request).await?;
    let mut invalid = input.invalid();
    for name in ["nama_dokumen", "syarat"] {
        if input.get(name).is_none() {
            invalid.missing(name);
        }
    }
    let requirement = input.get("syarat").and_then(|id| id.parse().ok());
    let kind = requirement.and_then(|id| village.letters.requirement(id));
    match (input.get("syarat"), requirement, kind) {
        (Some(_), None, _) => invalid.add("syarat", "Isian syarat harus berupa bilangan bulat.".to_owned()),
        (Some(_), Some(_), None) => invalid.add("syarat", "Isian syarat yang dipilih tidak valid.".to_owned()),
        _ => {}
    }
    let file = input.files.remove("file");
    match &file {
        None => invalid.missing("file"),
        Some(file) if !file.bytes.starts_with(b"%PDF-") => {
            invalid.add(
                "file",
                "Isian file harus berupa berkas berjenis: application/pdf.".to_owned(),
            );
        }
        Some(_) => {}
    }
    invalid.unless_empty()?;
    let (Some(file), Some(requirement), Some(kind)) = (file, requirement, kind) else {
        return Err(Failed::broken());
    };
    let name = input.get("nama_dokumen").unwrap_or_default().to_owned();
    let number = getrandom::u64().map_err(|_| Failed::broken())?;
    let stored = format!("dokumen-{number:016x}.pdf");
    let url = format!(
        "{}{}/desa/upload/dokumen/{stored}",
        village.ground.origin, village.ground.base
    );
    let kept = name.clone();
    let id = village
        .ground
        .register
        .with(move |connection| {
            records::keep_document(connection, caller.citizen.id, requirement, &kept, &stored, &file.bytes)
        })
        .await?;
    Ok(Json(json!({"data": laravel::item("dokumen", id, json!({
        "nama": name,
        "jenis_dokumen": kind,
        "file": url,
    }))}))
    .into_response())
}

/// A document, to whoever knows the name of its file.
pub(super) async fn document(
    State(village): State<Arc<Village>>,
    Path(file): Path<String>,
) -> Result<Response, Failed> {
    let bytes = village
        .ground
        .register
        .with(move |connection| records::document(connection, &file))
        .await?;
    Ok(match bytes {
        Some(bytes) => ([(CONTENT_TYPE, "application/pdf")], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}
