//! Sends an engine's request by `XMLHttpRequest`, the only way in which a browser tells how much of
//! an upload has left.
//!
//! Requests go to this origin alone. Cookies cannot be switched off here as they can for `fetch`;
//! Pendopo sets none, and the edge passes none in either direction. Attachments are put into the
//! body as blobs from the journal, so no copy of them lies in the engine's memory.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

use super::exchange::{Silence, address, headers, judge};
use super::network;
use crate::adapters::http::{MAX_BODY, Part, Request, Response};
use crate::model::application::AttachmentId;
use crate::model::problem::{Fault, Problem};
use crate::store::failure::StoreError;
use crate::store::journal::Journal;
use crate::store::script::{get, global, heard};

/// Sends a request, with attachments from `journal`, and waits for its end. `progress` is told the bytes sent and those in all.
///
/// # Errors
/// The transport's own failure; any HTTP status is a response.
pub async fn send(
    journal: Option<&Journal>,
    request: &Request,
    progress: impl Fn(u64, u64) + 'static,
) -> Result<Response, Problem> {
    let address = address(request).ok_or_else(|| {
        Problem::unsent(Fault::Protocol {
            what: ["a path on this origin, not ", &request.path].concat(),
        })
    })?;
    let body = assemble(journal, &request.body.parts).await?;
    let begun = begin(request, &address).map_err(unsent)?;
    let offline_before = !network::is_online();

    let upload = begun.upload().map_err(unsent)?;
    let uploaded = std::rc::Rc::new(std::cell::Cell::new(false));
    let seen = uploaded.clone();
    let on_upload = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.loaded() > 0.0 {
            seen.set(true);
        }
        progress(whole(event.loaded()), whole(event.total()));
    });
    if body.is_some() {
        upload.set_onprogress(Some(on_upload.as_ref().unchecked_ref()));
    }
    let target = begun.clone();
    let on_download = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if whole(event.loaded()) > MAX_BODY as u64 {
            // An exchange that is over already needs no end.
            let _ = target.abort();
        }
    });
    begun.set_onprogress(Some(on_download.as_ref().unchecked_ref()));

    let mut refused = Ok(());
    let end = heard(|resolve, reject| {
        begun.set_onload(Some(resolve));
        begun.set_onerror(Some(resolve));
        begun.set_ontimeout(Some(resolve));
        begun.set_onabort(Some(resolve));
        refused = begun.send_with_opt_blob(body.as_ref());
        if let Err(exception) = &refused {
            // Ends the wait; a promise that is settled already ignores it.
            let _ = reject.call1(&JsValue::UNDEFINED, exception);
        }
    })
    .await;
    let event = end.map_err(unsent)?;
    let silence = match get(&event, "type").as_string().as_deref() {
        Some("load") => return Ok(response(&begun)),
        Some("timeout") => Silence::Timeout,
        Some("abort") => Silence::TooLong,
        _ => Silence::Error,
    };
    Err(judge(
        silence,
        request.key.is_some(),
        offline_before,
        !network::is_online(),
        uploaded.get(),
    ))
}

fn begin(request: &Request, address: &str) -> Result<XmlHttpRequest, JsValue> {
    let exchange = XmlHttpRequest::new()?;
    let origin = get(&global::<JsValue>("location"), "origin")
        .as_string()
        .unwrap_or_default();
    exchange.open(request.method.name(), &(origin + address))?;
    exchange.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    exchange.set_timeout(request.timeout);
    for (name, value) in &request.headers {
        exchange.set_request_header(name, value)?;
    }
    for (name, value) in &request.secrets {
        exchange.set_request_header(name, value.expose())?;
    }
    if !request.body.content_type.is_empty() {
        exchange.set_request_header("Content-Type", &request.body.content_type)?;
    }
    if let Some(key) = &request.key {
        exchange.set_request_header("Idempotency-Key", key)?;
    }
    Ok(exchange)
}

async fn assemble(journal: Option<&Journal>, parts: &[Part]) -> Result<Option<Blob>, Problem> {
    if parts.is_empty() {
        return Ok(None);
    }
    let pieces = Array::new();
    for part in parts {
        match part {
            Part::Bytes(bytes) => pieces.push(&Uint8Array::from(bytes.as_slice())),
            Part::Secret(bytes) => pieces.push(&Uint8Array::from(bytes.expose().as_slice())),
            Part::Attachment(id) => match file(journal, id).await {
                Ok(Some(blob)) => pieces.push(&blob),
                Ok(None) => return Err(storage("a file of this application is gone".to_owned())),
                Err(error) => return Err(storage(error.to_string())),
            },
        };
    }
    Blob::new_with_blob_sequence(&pieces).map(Some).map_err(unsent)
}

async fn file(journal: Option<&Journal>, id: &AttachmentId) -> Result<Option<Blob>, StoreError> {
    match journal {
        Some(journal) => journal.file(id).await,
        None => Ok(None),
    }
}

fn response(exchange: &XmlHttpRequest) -> Response {
    let body = exchange.response().unwrap_or(JsValue::NULL);
    Response {
        status: exchange.status().unwrap_or_default(),
        headers: headers(&exchange.get_all_response_headers().unwrap_or_default()),
        body: if body.is_null() {
            Vec::new()
        } else {
            Uint8Array::new(&body).to_vec()
        },
    }
}

/// The browser refused before anything was sent.
fn unsent(exception: JsValue) -> Problem {
    Problem::unsent(Fault::Protocol {
        what: StoreError::from(exception).to_string(),
    })
}

fn storage(what: String) -> Problem {
    Problem::unsent(Fault::Storage { what })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of bytes; `as` saturates"
)]
const fn whole(bytes: f64) -> u64 {
    bytes as u64
}
