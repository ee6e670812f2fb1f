//! The licensing officer's pages: applications, and the next step of one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use maud::html;
use serde::Deserialize;
use serde_json::Value;

use super::super::desk::{Broken, page, trouble};
use super::Office;
use super::records::{self, Move, Narrow};

/// The routes, relative to `/petugas`.
pub(super) fn routes() -> Router<Arc<Office>> {
    Router::new()
        .route("/", get(list))
        .route("/kasus/{id}", get(one).post(move_along))
}

async fn list(State(office): State<Arc<Office>>) -> Result<Response, Broken> {
    let mut found = office
        .ground
        .register
        .with(|connection| records::applications(connection, &Narrow::default()))
        .await?;
    found.reverse();
    let content = html! {
        @if found.is_empty() { p { "Belum ada permohonan." } } @else {
            div.wide role="region" aria-label="Daftar permohonan" tabindex="0" {
                table {
                    caption { (found.len()) " permohonan, yang terbaru di atas" }
                    thead { tr {
                        th scope="col" { "Nomor" } th scope="col" { "Izin" } th scope="col" { "Pemohon" }
                        th scope="col" { "Langkah" } th scope="col" { "Diajukan" }
                    } }
                    tbody {
                        @for application in &found {
                            tr {
                                td { a.reference href={ (office.ground.base) "/petugas/kasus/" (application.id) } { (application.number) } }
                                td { (application.permit_name) }
                                td { (application.name) }
                                td {
                                    @if let Some(state) = &application.state { span.status { (state) } " " }
                                    @if let Some(step) = application.steps.iter().find(|step| step.status == "Proses") { (step.name) }
                                }
                                td { (application.sent) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&office.ground, "Permohonan izin", &content))
}

async fn one(State(office): State<Arc<Office>>, Path(id): Path<i64>) -> Result<Response, Broken> {
    let narrow = Narrow {
        id: Some(id),
        ..Narrow::default()
    };
    let found = office
        .ground
        .register
        .with(move |connection| records::applications(connection, &narrow))
        .await?;
    let Some(application) = found.first() else {
        return Ok(missing(&office));
    };
    let permit = office.permits.permit(application.permit);
    let content = html! {
        p.lead { span.reference { (application.number) } @if let Some(state) = &application.state { " " span.status { (state) } } }
        dl {
            dt { "Pemohon" } dd { (application.name) }
            dt { "Diajukan" } dd { (application.sent) }
            @for (name, label) in permit.iter().flat_map(|permit| permit.questions()) {
                dt { (label) } dd.text { (text(&application.body, name)) }
            }
            dt { "Persyaratan" } dd.text { (text(&application.body, "persyaratan")) }
        }
        h2 { "Langkah" }
        ol.history {
            @for step in &application.steps {
                li { (step.name) " " span.status { (step.status) } p.source { (step.started.as_deref().unwrap_or_default()) } }
            }
        }
        h2 { "Tindak lanjut" }
        form.step method="post" action={ (office.ground.base) "/petugas/kasus/" (application.id) } {
            fieldset {
                legend { "Yang dilakukan" }
                @for (word, name) in [("next", "Langkah ini selesai"), ("drop", "Tolak"), ("hold", "Tunda"), ("resume", "Lanjutkan")] {
                    label.choice { input type="radio" name="step" value=(word) checked[word == "next"]; " " (name) }
                }
            }
            button type="submit" { "Simpan" }
        }
    };
    Ok(page(&office.ground, &application.permit_name, &content))
}

fn text(body: &Value, name: &str) -> String {
    match body.get(name) {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn missing(office: &Office) -> Response {
    trouble(&office.ground, StatusCode::NOT_FOUND, "Permohonan itu tidak ada.")
}

#[derive(Deserialize)]
struct Step {
    step: Move,
}

async fn move_along(
    State(office): State<Arc<Office>>,
    Path(id): Path<i64>,
    Form(step): Form<Step>,
) -> Result<Response, Broken> {
    let now = office.ground.clock.now();
    let known = office
        .ground
        .register
        .with(move |connection| records::move_along(connection, id, step.step, now))
        .await?;
    Ok(if known {
        Redirect::to(&office.ground.path(&format!("/petugas/kasus/{id}"))).into_response()
    } else {
        missing(&office)
    })
}
