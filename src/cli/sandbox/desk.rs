//! What the officers' pages share: the frame, the page of faults, the words when something fails.
//!
//! Plain HTML from the server, forms that post, no script. Every text from a citizen goes through
//! maud, which escapes it. Each backend has its own list and its own case page (`desk` in its
//! folder), under `/petugas` of its own base.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::fault::{Fault, Mode};
use super::ground::Ground;
use super::register::RegisterError;

/// The routes that every desk has, relative to `/petugas`.
pub(super) fn routes(ground: &Arc<Ground>) -> Router {
    Router::new()
        .route("/gangguan", get(faults).post(set_fault))
        .route("/petugas.css", get(style))
        .with_state(Arc::clone(ground))
}

async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("style.css"),
    )
        .into_response()
}

/// A page; a fault that is on is said on each of them.
pub(super) fn page(ground: &Ground, title: &str, content: &Markup) -> Response {
    let fault = ground.fault.fault().mode;
    let markup = html! {
        (DOCTYPE)
        html lang="id" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Meja petugas" }
                link rel="stylesheet" href=(ground.path("/petugas/petugas.css"));
            }
            body {
                header {
                    p.mark { (ground.name) " " span { "meja petugas, peragaan" } }
                    nav aria-label="Utama" {
                        a href=(ground.path("/petugas")) { "Daftar" }
                        a href=(ground.path("/petugas/gangguan")) { "Gangguan" }
                    }
                }
                main {
                    @if fault != Mode::None {
                        p.warning role="status" { strong { "Gangguan menyala. " } (fault_name(fault)) "." }
                    }
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    Html(markup.into_string()).into_response()
}

/// A page that says what went wrong, with the way back.
pub(super) fn trouble(ground: &Ground, status: StatusCode, message: &str) -> Response {
    let content = html! { p { (message) } p { a href=(ground.path("/petugas")) { "Kembali ke daftar" } } };
    let mut response = page(ground, "Tidak dapat dibuka", &content);
    *response.status_mut() = status;
    response
}

/// What a handler ends in when the register fails: a page, since an officer reads it.
pub(super) struct Broken;

impl From<RegisterError> for Broken {
    fn from(error: RegisterError) -> Self {
        error.log();
        Self
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        let markup = html! {
            (DOCTYPE)
            html lang="id" {
                head { meta charset="utf-8"; title { "Meja petugas" } }
                body { p { "Catatan tidak dapat dibaca. Coba lagi." } }
            }
        };
        (StatusCode::INTERNAL_SERVER_ERROR, Html(markup.into_string())).into_response()
    }
}

fn fault_name(mode: Mode) -> &'static str {
    Mode::ALL
        .into_iter()
        .find(|(each, ..)| *each == mode)
        .map_or("", |(.., name)| name)
}

async fn faults(State(ground): State<Arc<Ground>>) -> Response {
    let current = ground.fault.fault().mode;
    let content = html! {
        p.lead { "Hanya alamat protokol yang terganggu. Meja petugas tetap berjalan." }
        form.step method="post" action=(ground.path("/petugas/gangguan")) {
            fieldset {
                legend { "Keadaan server" }
                @for (mode, word, name) in Mode::ALL {
                    label.choice { input type="radio" name="mode" value=(word) checked[mode == current]; " " (name) }
                }
            }
            button type="submit" { "Terapkan" }
        }
    };
    page(&ground, "Gangguan", &content)
}

#[derive(Deserialize)]
struct Chosen {
    mode: Mode,
}

async fn set_fault(State(ground): State<Arc<Ground>>, Form(chosen): Form<Chosen>) -> Redirect {
    ground.fault.set(Fault {
        mode: chosen.mode,
        ..Fault::default()
    });
    Redirect::to(&ground.path("/petugas/gangguan"))
}
