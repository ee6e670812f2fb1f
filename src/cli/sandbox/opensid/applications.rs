//! Asking for letters: which there are, what they require, applying, completing, the list of one's
//! own applications, the archive and the finished letter.

use std::sync::Arc;

use axum::Json;
use axum::extract::{OriginalUri, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::super::laravel::{self, Failed, Input, Page};
use super::letters::Letter;
use super::login::Caller;
use super::records::{self, Application, Narrow};
use super::status::{Release, Status};
use super::{Pairs, Update, Village, fail, pdf};

/// The whole address of a list, for its links.
pub(super) fn whole(village: &Village, uri: &OriginalUri) -> String {
    format!("{}{}", village.ground.origin, uri.0.path())
}

pub(super) async fn kinds(
    State(village): State<Arc<Village>>,
    uri: OriginalUri,
    Query(pairs): Pairs,
    caller: Caller,
) -> Result<Response, Failed> {
    let id = allowed(&pairs, &["id", "kode_surat", "nama"], "id,nama,kode_surat")?;
    let citizen = caller.citizen.id;
    let documents = village
        .ground
        .register
        .with(move |connection| records::documents(connection, citizen))
        .await?;
    let wanted = |letter: &&Letter| {
        let same = |name: &str, value: &str| parameter(&pairs, name).is_none_or(|wanted| wanted == value);
        id.is_none_or(|id| id == letter.id)
            && same("filter[kode_surat]", &letter.code)
            && parameter(&pairs, "filter[nama]")
                .is_none_or(|name| letter.name.to_lowercase().contains(&name.to_lowercase()))
    };
    let mut letters: Vec<&Letter> = village.letters.letters.iter().filter(wanted).collect();
    match parameter(&pairs, "sort") {
        Some("nama") => letters.sort_by(|left, right| left.name.cmp(&right.name)),
        Some("-id") => letters.reverse(),
        _ => {}
    }
    let page = Page::asked(&pairs);
    let total = u32::try_from(letters.len()).unwrap_or(u32::MAX);
    let shown = letters
        .into_iter()
        .skip(usize::try_from(page.offset()).unwrap_or(usize::MAX))
        .take(page.limit() as usize);
    let records = shown.map(|letter| {
        laravel::item(
            "jenis-surat",
            letter.id,
            json!({
                "kode": letter.code,
                "nama": letter.name,
                "slug": letter.slug,
                "form_surat": village.letters.form(letter, &documents),
                "kode_isian": letter.template,
                "syarat_surat": letter.requirements,
            }),
        )
    });
    let list = laravel::links(records.collect(), total, page, &whole(&village, &uri), &pairs);
    Ok(Json(list).into_response())
}

pub(super) async fn requirements(State(village): State<Arc<Village>>, _: Caller) -> Json<Value> {
    let records = village.letters.requirements.iter();
    let records = records.map(|(id, name)| laravel::item("syarat", *id, json!({ "nama": name })));
    Json(json!({ "data": records.collect::<Vec<_>>() }))
}

fn parameter<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// Refuses filters and orders that the list does not know; gives `filter[id]`.
fn allowed(pairs: &[(String, String)], filters: &[&str], sorts: &str) -> Result<Option<i64>, Failed> {
    let refuse =
        |what: String| Failed::from((StatusCode::BAD_REQUEST, Json(json!({ "message": what }))).into_response());
    for (key, _) in pairs {
        if let Some(filter) = key.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']'))
            && !filters.contains(&filter)
        {
            let known = filters.join(", ");
            return Err(refuse(format!(
                "Requested filter(s) `{filter}` are not allowed. Allowed filter(s) are `{known}`."
            )));
        }
    }
    if let Some(sort) = parameter(pairs, "sort") {
        let name = sort.strip_prefix('-').unwrap_or(sort);
        if !sorts.split(',').any(|known| known == name) {
            return Err(refuse(format!(
                "Requested sort(s) `{name}` is not allowed. Allowed sort(s) are `{sorts}`."
            )));
        }
    }
    // An id that is no number finds nothing.
    Ok(parameter(pairs, "filter[id]").map(|id| id.parse().unwrap_or(-1)))
}

fn shown(application: &Application, release: Release) -> Value {
    laravel::item(
        "permohonan",
        application.id,
        json!({
            "nama_penduduk": application.citizen,
            "jenis_surat": application.name,
            "status": application.status.label(release),
            "tanggal_kirim": application.sent,
        }),
    )
}

/// What is kept of an application: every field as it came, and the answers that came as one text.
fn answers(input: &Input) -> Value {
    let mut kept: Map<String, Value> = Map::new();
    for (name, value) in input.fields() {
        let packed = matches!(name.as_str(), "isian_form" | "syarat");
        let value =
            if packed { serde_json::from_str(value).ok() } else { None }.unwrap_or_else(|| Value::from(value.as_str()));
        kept.insert(name.clone(), value);
    }
    Value::Object(kept)
}

/// Refuses a request that lacks what the letter needs.
fn check(letter: &Letter, input: &Input) -> Result<(), Failed> {
    let names: Vec<String> = letter.required().chain(["syarat".to_owned()]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Ok(input.require(&names)?)
}

pub(super) async fn apply(
    State(village): State<Arc<Village>>,
    Path(_slug): Path<String>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failed> {
    let input = Input::read(request).await?;
    // The letter is the one that `id_surat` says, not the address; without one the server breaks.
    let letter = input
        .get("id_surat")
        .and_then(|id| village.letters.letter(id.parse().ok()?))
        .ok_or_else(Failed::broken)?;
    check(letter, &input)?;
    let (id, name) = (letter.id, letter.name.clone());
    let now = village.ground.clock.now();
    let answers = answers(&input);
    let application = village
        .ground
        .register
        .with(move |connection| {
            let id = records::apply(connection, caller.citizen.id, (id, &name), &answers, now)?;
            records::application(connection, id)
        })
        .await?
        .ok_or_else(Failed::broken)?;
    Ok(Json(json!({ "data": shown(&application, village.settings().release) })).into_response())
}

pub(super) async fn update(
    State(village): State<Arc<Village>>,
    Path(id): Path<i64>,
    caller: Caller,
    request: Request,
) -> Result<Response, Failed> {
    let input = Input::read(request).await?;
    let settings = village.settings();
    let nik = caller.citizen.nik;
    let found = village
        .ground
        .register
        .with(move |connection| records::application(connection, id))
        .await?
        .filter(|application| application.nik == nik);
    let Some(application) = found else {
        let words = format!("No query results for model [App\\Models\\PermohonanSurat] {id}");
        return Ok(fail(StatusCode::BAD_REQUEST, Value::from(words)));
    };
    let now = village.ground.clock.now();
    if settings.update == Update::Cancel {
        village
            .ground
            .register
            .with(move |connection| records::move_along(connection, id, Status::Dibatalkan, "", now))
            .await?;
        return Ok(fail(
            StatusCode::OK,
            Value::from("Permohonan surat berhasil dibatalkan."),
        ));
    }
    if application.status != Status::BelumLengkap {
        let words = "Permohonan surat tidak dapat diubah.";
        return Ok(fail(StatusCode::BAD_REQUEST, Value::from(words)));
    }
    let letter = village.letters.letter(application.letter).ok_or_else(Failed::broken)?;
    check(letter, &input)?;
    let answers = answers(&input);
    let application = village
        .ground
        .register
        .with(move |connection| {
            records::complete(connection, id, &answers)?;
            records::application(connection, id)
        })
        .await?
        .ok_or_else(Failed::broken)?;
    Ok(Json(json!({ "data": shown(&application, settings.release) })).into_response())
}

pub(super) async fn list(
    State(village): State<Arc<Village>>,
    uri: OriginalUri,
    Query(pairs): Pairs,
    caller: Caller,
) -> Result<Response, Failed> {
    let page = Page::asked(&pairs);
    let narrow = Narrow {
        citizen: Some(caller.citizen.id),
        id: allowed(&pairs, &["id"], "id")?,
        newest_first: parameter(&pairs, "sort") == Some("-id"),
        part: (page.limit(), page.offset()),
    };
    let (found, total) = village
        .ground
        .register
        .with(move |connection| records::applications(connection, narrow))
        .await?;
    let release = village.settings().release;
    let records = found.iter().map(|application| shown(application, release)).collect();
    Ok(Json(laravel::links(records, total, page, &whole(&village, &uri), &pairs)).into_response())
}

pub(super) async fn archive(
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
        .with(move |connection| records::archive(connection, caller.citizen.id, None, part))
        .await?;
    let records = found.iter().map(|letter| {
        laravel::item(
            "arsip",
            letter.id,
            json!({
                "nomor_surat": letter.number,
                "jenis_surat": letter.letter,
                "nama_pamong": "Lurah Sendangwangi",
                "tanggal": letter.written,
            }),
        )
    });
    let list = laravel::links(records.collect(), total, page, &whole(&village, &uri), &pairs);
    Ok(Json(list).into_response())
}

/// The finished letter, by its id in the archive.
pub(super) async fn letter(
    State(village): State<Arc<Village>>,
    Path(id): Path<i64>,
    caller: Caller,
) -> Result<Response, Failed> {
    let citizen = caller.citizen.id;
    let (found, _) = village
        .ground
        .register
        .with(move |connection| records::archive(connection, citizen, Some(id), (1, 0)))
        .await?;
    let Some(letter) = found.first() else {
        return Ok((
            StatusCode::NOT_FOUND,
            Json(json!({ "message": "Surat tidak ditemukan." })),
        )
            .into_response());
    };
    let lines = [
        "PEMERINTAH KALURAHAN SENDANGWANGI (PERAGAAN)",
        &letter.letter,
        &letter.number,
        &letter.citizen,
        &letter.written,
    ];
    let name = format!("attachment; filename=\"surat-{id}.pdf\"");
    Ok((
        [
            (CONTENT_TYPE, "application/pdf".to_owned()),
            (CONTENT_DISPOSITION, name),
        ],
        pdf::page(&lines),
    )
        .into_response())
}
