//! `/`, the app's addresses and files, the published catalogue, and whether all is well.
//!
//! | address | file | kept |
//! |---|---|---|
//! | `/b/{build}/…` | of a build, in `dist` | for ever |
//! | `/katalog/…` | `.json` of the catalogue | asked for each time |
//! | `/embed-1.js`, which regional sites load | itself | an hour |
//! | any other file of `dist` | itself | asked for each time |
//! | an address of the app, `/embed/…` included | `dist/index.html` | asked for each time |
//! | any other address that a browser opens as a page | `dist/index.html`, which says so; 404 | asked for each time |

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::files::Keep;
use super::framing::EMBED_SCRIPT;
use super::guard::Label;
use super::{Edge, now};
use crate::model::route::{Embedded, Route};

/// Any request that is for no other route.
pub async fn site(State(edge): State<Edge>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, label("*"), allow).into_response();
    }
    let path = request.uri().path();
    let headers = request.headers();
    let found = if let Some(path) = path.strip_prefix("/katalog/") {
        let file = edge.0.catalogue.file(path).await;
        file.map(|file| ("/katalog/*", file.response(StatusCode::OK, Keep::Ask, headers)))
    } else if let Some(of_build) = path.strip_prefix("/b/") {
        let file = edge.0.dist.file(&format!("b/{of_build}")).await;
        file.map(|file| ("/b/*", file.response(StatusCode::OK, Keep::Forever, headers)))
    } else {
        page(&edge, path, headers).await
    };
    match found {
        Some((name, response)) => (label(name), response).into_response(),
        None => {
            let again = [
                (header::CACHE_CONTROL, "no-cache"),
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            ];
            (StatusCode::NOT_FOUND, label("*"), again, "Tidak ditemukan.\n").into_response()
        }
    }
}

async fn page(edge: &Edge, path: &str, headers: &HeaderMap) -> Option<(&'static str, Response)> {
    let (name, status) = match Route::parse(path) {
        Route::Unknown(_) if Embedded::parse(path).is_some() => ("embed", StatusCode::OK),
        Route::Unknown(_) => {
            let file = path.strip_prefix('/').unwrap_or_default();
            if let Some(file) = edge.0.dist.file(file).await {
                let keep = if path == EMBED_SCRIPT { Keep::Hour } else { Keep::Ask };
                return Some(("file", file.response(StatusCode::OK, keep, headers)));
            }
            if !wants_page(headers) || path.rsplit('/').next().is_some_and(|last| last.contains('.')) {
                return None;
            }
            ("page", StatusCode::NOT_FOUND)
        }
        _ => ("page", StatusCode::OK),
    };
    match edge.0.dist.file("index.html").await {
        Some(index) => Some((name, index.response(status, Keep::Ask, headers))),
        None => {
            let missing = (StatusCode::SERVICE_UNAVAILABLE, "Aplikasi belum dipasang.\n");
            Some((name, missing.into_response()))
        }
    }
}

fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .map(HeaderValue::as_bytes)
        .unwrap_or_default();
    accept.windows(9).any(|word| word == b"text/html")
}

/// `/healthz`: whether the ledger can be written and the app is there.
pub async fn health(State(edge): State<Edge>) -> Response {
    let ledger = edge.0.ledger.probe(now()).await;
    let app = edge.0.dist.file("index.html").await;
    let (status, word) = match (ledger, app) {
        (Err(_), _) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger cannot be written"),
        (_, None) => (StatusCode::SERVICE_UNAVAILABLE, "the app's files are not there"),
        _ => (StatusCode::OK, "ok"),
    };
    (status, label("/healthz"), [(header::CACHE_CONTROL, "no-store")], word).into_response()
}

fn label(name: &str) -> Extension<Label> {
    Extension(Label(name.to_owned()))
}
