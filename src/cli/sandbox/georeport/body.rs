//! How a submission comes in: urlencoded, as the specification says, or as multipart with files,
//! which this city takes as well. Either becomes [`Fields`].

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{StatusCode, header};

use super::cases::Medium;
use super::manner::Manner;
use super::refusal::Refusal;
use super::submission::{self, Fields};

/// Most bytes of a request, files included.
pub(super) const LARGEST_BODY: usize = 12 * 1024 * 1024;
/// Most files with one request.
const MOST_FILES: usize = 5;

/// Reads a request's body.
///
/// # Errors
/// 400 where it is of another kind, cannot be read, or has files that are not taken.
pub(super) async fn read(manner: &Manner, request: Request) -> Result<Fields, Refusal> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    match kind.as_deref() {
        Some("application/x-www-form-urlencoded") => {
            let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &())
                .await
                .map_err(|_| Refusal::bad("Isi kiriman tidak terbaca."))?;
            Ok(Fields {
                pairs,
                media: Vec::new(),
            })
        }
        Some("multipart/form-data") => {
            let multipart = Multipart::from_request(request, &())
                .await
                .map_err(|_| Refusal::bad("Isi kiriman tidak terbaca."))?;
            read_parts(manner, multipart).await
        }
        _ => Err(Refusal::bad(
            "Content-Type harus application/x-www-form-urlencoded atau multipart/form-data.",
        )),
    }
}

async fn read_parts(manner: &Manner, mut multipart: Multipart) -> Result<Fields, Refusal> {
    let unreadable = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::bad("media: semua berkas bersama paling besar 12 MB."),
        _ => Refusal::bad("Isi kiriman tidak terbaca."),
    };
    let mut fields = Fields::default();
    while let Some(part) = multipart.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_none() {
            fields.pairs.push((name, part.text().await.map_err(unreadable)?));
            continue;
        }
        let kind = part.content_type().unwrap_or_default().to_ascii_lowercase();
        let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
        if bytes.is_empty() {
            // What a browser sends for a file input that was left alone.
            continue;
        }
        if !manner.photos.contains(&name.as_str()) {
            return Err(Refusal::bad(format!("{name}: berkas dikirim dengan nama media.")));
        }
        if !submission::MEDIA_TYPES.contains(&kind.as_str()) {
            return Err(Refusal::bad("media: hanya foto JPEG, PNG, atau WebP."));
        }
        if fields.media.len() == MOST_FILES {
            return Err(Refusal::bad(format!("media: paling banyak {MOST_FILES} foto.")));
        }
        fields.media.push(Medium { kind, bytes });
    }
    Ok(fields)
}
