//! The city officer's pages: the list of reports, and one report with its next step.
//!
//! What a page shows is what the protocol shows and a little more: the reporter, and cases without a
//! reference.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::desk::{Broken, page, trouble};
use super::City;
use super::cases::{self, Case, Filter, Update};
use super::catalogue::{Attribute, Service};
use super::status::Status;

/// The routes, relative to `/petugas`.
pub(super) fn routes() -> Router<Arc<City>> {
    Router::new()
        .route("/", get(list))
        .route("/kasus/{number}", get(one).post(move_along))
        .route("/kasus/{number}/nomor", post(number))
}

fn missing(city: &City) -> Response {
    trouble(&city.ground, StatusCode::NOT_FOUND, "Laporan itu tidak ada.")
}

fn status_name(word: &str) -> &str {
    Status::from_word(word).map_or(word, |status| status.name())
}

fn service_name<'a>(city: &'a City, case: &'a Case) -> &'a str {
    city.catalogue
        .service(&case.service_code)
        .map_or(&case.service_code, |service| &service.name)
}

fn reference(case: &Case) -> Markup {
    html! {
        @match (&case.reference, &case.token) {
            (Some(reference), _) => { span.reference { (reference) } }
            (None, Some(_)) => { em { "menunggu nomor (" (case.number) ")" } }
            (None, None) => { em { "tanpa nomor (" (case.number) ")" } }
        }
    }
}

fn badge(word: &str) -> Markup {
    html! { span.status data-status=(word) { (status_name(word)) } }
}

#[derive(Deserialize)]
struct Narrow {
    #[serde(default)]
    status: String,
}

async fn list(State(city): State<Arc<City>>, Query(narrow): Query<Narrow>) -> Result<Response, Broken> {
    let wanted = Status::from_word(&narrow.status);
    let filter = Filter {
        statuses: wanted.map(|status| vec![status]),
        unnumbered: true,
        unlimited: true,
        ..Filter::default()
    };
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let cases = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, numbering, now)?;
            cases::list(connection, &filter)
        })
        .await?;
    let content = html! {
        form.filter method="get" action=(city.ground.path("/petugas")) {
            label for="status" { "Status" }
            select id="status" name="status" {
                option value="" { "Semua" }
                @for status in Status::ALL {
                    option value=(status.word()) selected[wanted == Some(status)] { (status.name()) }
                }
            }
            button.quiet type="submit" { "Saring" }
        }
        @if cases.is_empty() {
            p { "Belum ada laporan" @if wanted.is_some() { " dengan status ini" } "." }
        } @else {
            div.wide role="region" aria-label="Daftar laporan" tabindex="0" {
                table {
                    caption { (cases.len()) " laporan, yang terbaru di atas" }
                    thead { tr {
                        th scope="col" { "Nomor" }
                        th scope="col" { "Layanan" }
                        th scope="col" { "Status" }
                        th scope="col" { "Diterima" }
                        th scope="col" { "Instansi" }
                    } }
                    tbody {
                        @for case in &cases {
                            tr {
                                td { a href={ (city.ground.base) "/petugas/kasus/" (case.number) } { (reference(case)) } }
                                td { (service_name(&city, case)) }
                                td { (badge(&case.status)) }
                                td { time datetime=(case.requested_datetime) { (shown(&case.requested_datetime)) } }
                                td { (case.agency) }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(page(&city.ground, "Laporan", &content))
}

/// `2026-08-04 09.12` of a moment in the protocol's form.
fn shown(moment: &str) -> String {
    match (moment.get(..10), moment.get(11..13), moment.get(14..16)) {
        (Some(day), Some(hour), Some(minute)) => format!("{day} {hour}.{minute}"),
        _ => moment.to_owned(),
    }
}

async fn one(State(city): State<Arc<City>>, Path(number): Path<i64>) -> Result<Response, Broken> {
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let found = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, numbering, now)?;
            let case = cases::find(connection, &number.to_string())?;
            let history = cases::history(connection, number)?;
            Ok(case.map(|case| (case, history)))
        })
        .await?;
    let Some((case, history)) = found else {
        return Ok(missing(&city));
    };
    let service = city.catalogue.service(&case.service_code);
    let content = html! {
        p.lead { (reference(&case)) " " (badge(&case.status)) " " (case.status_notes) }
        @if case.reference.is_none() && case.token.is_some() {
            form method="post" action={ (city.ground.base) "/petugas/kasus/" (case.number) "/nomor" } {
                p { "Pelapor memegang token " code { (case.token.as_deref().unwrap_or_default()) } " dan menunggu nomor." }
                button type="submit" { "Beri nomor" }
            }
        }
        (facts(city.ground.base, &case, service))
        h2 { "Riwayat" }
        (timeline(&history))
        h2 { "Tindak lanjut" }
        (step_form(city.ground.base, &case))
    };
    Ok(page(&city.ground, service_name(&city, &case), &content))
}

fn facts(base: &str, case: &Case, service: Option<&Service>) -> Markup {
    let questions = || service.into_iter().flat_map(|service| &service.attributes);
    html! {
        dl {
            dt { "Diterima" } dd { (shown(&case.requested_datetime)) }
            dt { "Target selesai" } dd { (shown(&case.expected_datetime)) }
            dt { "Instansi" } dd { (case.agency) }
            @if !case.description.is_empty() { dt { "Isi laporan" } dd.text { (case.description) } }
            @if let Some(address) = &case.address { dt { "Alamat" } dd { (address) } }
            @if let Some((lat, long)) = case.lat.zip(case.long) { dt { "Koordinat" } dd { (lat) ", " (long) } }
            @for attribute in questions() {
                @if let Some(values) = case.attributes.get(&attribute.code) {
                    dt { (attribute.description) } dd.text { (answer(attribute, values)) }
                }
            }
            @for (name, value) in &case.reporter { dt { (reporter_name(name)) } dd { (value) } }
            @if let Some(url) = &case.media_url { dt { "Tautan foto" } dd.text { (url) } }
            @if !case.media.is_empty() {
                dt { "Foto" }
                dd { @for number in &case.media { img src={ (base) "/media/" (number) } alt="Foto dari pelapor"; } }
            }
        }
    }
}

/// The names of what was chosen, or the answer as it is.
fn answer(attribute: &Attribute, values: &[String]) -> String {
    let names: Vec<&str> = values
        .iter()
        .map(|value| {
            let chosen = attribute.values.iter().find(|(key, _)| key == value);
            chosen.map_or(value.as_str(), |(_, name)| name.as_str())
        })
        .collect();
    names.join(", ")
}

fn reporter_name(parameter: &str) -> &str {
    match parameter {
        "first_name" => "Nama depan",
        "last_name" => "Nama belakang",
        "email" => "Email",
        "phone" => "Telepon",
        other => other,
    }
}

fn timeline(history: &[Update]) -> Markup {
    html! {
        ol.history {
            @for update in history {
                li {
                    time datetime=(update.updated_datetime) { (shown(&update.updated_datetime)) } " " (badge(&update.status))
                    p { (update.description) }
                    p.source { (update.agency) }
                }
            }
        }
    }
}

fn step_form(base: &str, case: &Case) -> Markup {
    html! {
        form.step method="post" action={ (base) "/petugas/kasus/" (case.number) } {
            label for="status" { "Status baru" }
            select id="status" name="status" {
                @for status in Status::ALL {
                    option value=(status.word()) selected[case.status == status.word()] { (status.name()) }
                }
            }
            label for="note" { "Catatan untuk pelapor" }
            p.hint id="note-hint" { "Dibaca pelapor. Bila kosong, dipakai kalimat baku status itu." }
            textarea id="note" name="note" rows="3" maxlength="1000" aria-describedby="note-hint" {}
            label for="agency" { "Instansi" }
            input id="agency" name="agency" type="text" maxlength="200" value=(case.agency);
            button type="submit" { "Simpan" }
        }
    }
}

#[derive(Deserialize)]
struct Step {
    status: Status,
    #[serde(default)]
    note: String,
    #[serde(default)]
    agency: String,
}

async fn move_along(
    State(city): State<Arc<City>>,
    Path(number): Path<i64>,
    Form(step): Form<Step>,
) -> Result<Response, Broken> {
    let now = city.ground.clock.now();
    let moved = city
        .ground
        .register
        .with(move |connection| {
            let id = number.to_string();
            cases::move_along(connection, &id, step.status, step.note.trim(), step.agency.trim(), now)
        })
        .await?;
    Ok(back_to(&city, number, moved.is_some()))
}

async fn number(State(city): State<Arc<City>>, Path(number): Path<i64>) -> Result<Response, Broken> {
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let known = city
        .ground
        .register
        .with(move |connection| {
            let token = cases::find(connection, &number.to_string())?.and_then(|case| case.token);
            token.map_or(Ok(false), |token| {
                cases::number_token(connection, numbering, &token, now)
            })
        })
        .await?;
    Ok(back_to(&city, number, known))
}

fn back_to(city: &City, number: i64, known: bool) -> Response {
    if known {
        Redirect::to(&city.ground.path(&format!("/petugas/kasus/{number}"))).into_response()
    } else {
        missing(city)
    }
}
