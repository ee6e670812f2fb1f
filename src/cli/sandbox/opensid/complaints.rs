//! Complaints: one's own list, one with the answers to it, and a new one.
//!
//! Two ways of the real server are kept: a new complaint is answered without its number, so that it
//! has to be looked for in the list; and whoever is logged in can read anybody's by its number.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Query, Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::super::laravel::{self, Failed, Input, Page};
use super::applications::whole;
use super::complaint_records::{self, Complaint, Entry};
use super::login::Caller;
use super::{Pairs, Village, status};

/// Most bytes of the file that goes along: the rule says 10,000 KB.
const LARGEST_FILE: usize = 10_000 * 1024;

fn shown(complaint: &Complaint, as_label: bool) -> Value {
    let status = if as_label {
        Value::from(status::complaint(complaint.status))
    } else {
        Value::from(complaint.status)
    };
    laravel::item(
        "pengaduan",
        complaint.id,
        json!({
            "id_pengaduan": complaint.answers,
            "nama": complaint.name,
            "email": complaint.email,
            "telepon": complaint.phone,
            "judul": complaint.title,
            "isi": complaint.text,
            "foto": complaint.file,
            "status": status,
            "created_at": complaint.sent,
        }),
    )
}

pub(super) async fn list(
    State(village): State<Arc<Village>>,
    uri: OriginalUri,
    Query(pairs): Pairs,
    caller: Caller,
) -> Result<Response, Failed> {
    let page = Page::asked(&pairs);
    let part = (page.limit(), page.offset());
    let (found, total) = village
        .ground
        .register
        .with(move |connection| complaint_records::list(connection, Some(caller.citizen.id), part))
        .await?;
    let as_label = village.settings().complaint_labels;
    let records = found.iter().map(|complaint| shown(complaint, as_label)).collect();
    Ok(Json(laravel::links(records, total, page, &whole(&village, &uri), &pairs)).into_response())
}

pub(super) async fn detail(
    State(village): State<Arc<Village>>,
    uri: OriginalUri,
    Query(pairs): Pairs,
    _: Caller,
    request: Request,
) -> Result<Response, Failed> {
    let input = Input::read(request).await?;
    let asked = pairs.iter().find(|(name, _)| name == "id").map(|(_, id)| id.as_str());
    let Some(id) = asked.or_else(|| input.get("id")) else {
        input.require(&["id"])?;
        return Err(Failed::broken());
    };
    let id = id.parse().unwrap_or(-1);
    let found = village
        .ground
        .register
        .with(move |connection| complaint_records::thread(connection, id))
        .await?;
    let as_label = village.settings().complaint_labels;
    let records: Vec<Value> = found.iter().map(|complaint| shown(complaint, as_label)).collect();
    let total = u32::try_from(records.len()).unwrap_or(u32::MAX);
    let page = Page::asked(&pairs);
    Ok(Json(laravel::links(records, total, page, &whole(&village, &uri), &pairs)).into_response())
}

pub(super) async fn store(
    State(village): State<Arc<Village>>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failed> {
    let input = Input::read(request).await?;
    let mut invalid = input.invalid();
    for name in ["email", "telepon", "judul", "isi"] {
        if input.get(name).is_none() {
            invalid.missing(name);
        }
    }
    match input.files.get("file") {
        None => invalid.missing("file"),
        Some(file) if file.bytes.len() > LARGEST_FILE => {
            invalid.add(
                "file",
                "Isian file seharusnya tidak lebih dari 10000 kilobita.".to_owned(),
            );
        }
        Some(_) => {}
    }
    invalid.unless_empty()?;
    let field = |name: &str| input.get(name).unwrap_or_default().to_owned();
    let entry = Entry {
        citizen: caller.citizen.id,
        name: caller.citizen.name,
        email: field("email"),
        phone: field("telepon"),
        title: field("judul"),
        text: field("isi"),
        file: input
            .files
            .get("file")
            .map(|file| file.name.clone())
            .unwrap_or_default(),
    };
    let now = village.ground.clock.now();
    village
        .ground
        .register
        .with(move |connection| complaint_records::insert(connection, &entry, now))
        .await?;
    Ok(Json(json!({"status": true, "message": "success"})).into_response())
}
