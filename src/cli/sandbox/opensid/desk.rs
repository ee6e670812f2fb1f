//! The village officer's pages: applications and complaints, and the next step of each.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::super::desk::{Broken, page, trouble};
use super::Village;
use super::complaint_records::{self, Complaint};
use super::control::ALL;
use super::records::{self, Application, Narrow};
use super::status::{COMPLAINT, Status, complaint};

/// The routes, relative to `/petugas`.
pub(super) fn routes() -> Router<Arc<Village>> {
    Router::new()
        .route("/", get(list))
        .route("/kasus/{id}", get(one).post(move_along))
        .route("/pengaduan/{id}", post(answer))
}

fn badge(village: &Village, status: Status) -> Markup {
    let label = status.label(village.settings().release);
    html! { span.status data-status=(status.word()) { (label) } }
}

async fn list(State(village): State<Arc<Village>>) -> Result<Response, Broken> {
    let (applications, complaints) = village
        .ground
        .register
        .with(|connection| {
            let narrow = Narrow {
                citizen: None,
                id: None,
                newest_first: true,
                part: ALL,
            };
            let applications = records::applications(connection, narrow)?.0;
            Ok((applications, complaint_records::list(connection, None, ALL)?.0))
        })
        .await?;
    let content = html! {
        h2 { "Permohonan surat" }
        @if applications.is_empty() { p { "Belum ada permohonan." } } @else {
            (table(&village, &applications))
        }
        h2 { "Pengaduan" }
        @if complaints.is_empty() { p { "Belum ada pengaduan." } }
        @for complaint in &complaints { (complaint_card(&village, complaint)) }
    };
    Ok(page(&village.ground, "Permohonan dan pengaduan", &content))
}

fn table(village: &Village, applications: &[Application]) -> Markup {
    html! {
        div.wide role="region" aria-label="Daftar permohonan" tabindex="0" {
            table {
                caption { (applications.len()) " permohonan, yang terbaru di atas" }
                thead { tr {
                    th scope="col" { "Nomor" } th scope="col" { "Surat" } th scope="col" { "Pemohon" }
                    th scope="col" { "Status" } th scope="col" { "Dikirim" }
                } }
                tbody {
                    @for application in applications {
                        tr {
                            td { a href={ (village.ground.base) "/petugas/kasus/" (application.id) } { (application.id) } }
                            td { (application.name) }
                            td { (application.citizen) }
                            td { (badge(village, application.status)) }
                            td { (application.sent) }
                        }
                    }
                }
            }
        }
    }
}

fn complaint_card(village: &Village, one: &Complaint) -> Markup {
    html! {
        h3 { (one.title) " " span.status { (complaint(one.status)) } }
        p.source { (one.name) ", " (one.sent) }
        p.text { (one.text) }
        form.step method="post" action={ (village.ground.base) "/petugas/pengaduan/" (one.id) } {
            label for={ "status-" (one.id) } { "Status baru" }
            select id={ "status-" (one.id) } name="status" {
                @for (number, label) in COMPLAINT { option value=(number) selected[number == one.status] { (label) } }
            }
            label for={ "answer-" (one.id) } { "Tanggapan" }
            textarea id={ "answer-" (one.id) } name="answer" rows="2" maxlength="1000" {}
            button type="submit" { "Simpan" }
        }
    }
}

async fn one(State(village): State<Arc<Village>>, Path(id): Path<i64>) -> Result<Response, Broken> {
    let found = village
        .ground
        .register
        .with(move |connection| records::application(connection, id))
        .await?;
    let Some(application) = found else {
        return Ok(missing(&village));
    };
    let letter = village.letters.letter(application.letter);
    let content = html! {
        p.lead { (badge(&village, application.status)) " " (application.note) }
        dl {
            dt { "Pemohon" } dd { (application.citizen) " (" (application.nik) ")" }
            dt { "Dikirim" } dd { (application.sent) }
            @for (name, question) in letter.iter().flat_map(|letter| letter.fields()) {
                dt { (question) } dd.text { (text(application.answers.get(&name))) }
            }
            @for name in ["keterangan", "no_hp_aktif", "syarat"] {
                dt { (name) } dd.text { (text(application.answers.get(name))) }
            }
        }
        h2 { "Tindak lanjut" }
        form.step method="post" action={ (village.ground.base) "/petugas/kasus/" (application.id) } {
            label for="status" { "Status baru" }
            select id="status" name="status" {
                @for status in Status::ALL {
                    option value=(status.word()) selected[status == application.status] {
                        (status.label(village.settings().release)) " (" (status.number(village.settings().release)) ")"
                    }
                }
            }
            label for="note" { "Catatan" }
            p.hint id="note-hint" { "Layanan Mandiri tidak menampilkan catatan ini kepada pemohon." }
            textarea id="note" name="note" rows="3" maxlength="1000" aria-describedby="note-hint" {}
            button type="submit" { "Simpan" }
        }
    };
    Ok(page(&village.ground, &application.name, &content))
}

fn text(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn missing(village: &Village) -> Response {
    trouble(&village.ground, StatusCode::NOT_FOUND, "Permohonan itu tidak ada.")
}

#[derive(Deserialize)]
struct Step {
    status: Status,
    #[serde(default)]
    note: String,
}

async fn move_along(
    State(village): State<Arc<Village>>,
    Path(id): Path<i64>,
    Form(step): Form<Step>,
) -> Result<Response, Broken> {
    let now = village.ground.clock.now();
    let moved = village
        .ground
        .register
        .with(move |connection| records::move_along(connection, id, step.status, step.note.trim(), now))
        .await?;
    Ok(if moved.is_some() {
        Redirect::to(&village.ground.path(&format!("/petugas/kasus/{id}"))).into_response()
    } else {
        missing(&village)
    })
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
    Form(step): Form<Answer>,
) -> Result<Response, Broken> {
    let now = village.ground.clock.now();
    let known = village
        .ground
        .register
        .with(move |connection| complaint_records::answer(connection, id, step.status, step.answer.trim(), now))
        .await?;
    Ok(if known {
        Redirect::to(&village.ground.path("/petugas")).into_response()
    } else {
        missing(&village)
    })
}
