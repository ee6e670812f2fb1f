//! `multipart/form-data` (RFC 7578) as parts: text is bytes, a file stays a handle that the
//! transport resolves, so that nothing in between holds its bytes.

use crate::adapters::http::{Body, Part};
use crate::model::answers::FileAnswer;

/// A body of pairs and then files, each under its field's name. `token` makes the boundary and must
/// be random (an application's id is), so that no file can contain it.
#[must_use]
pub fn body(token: &str, pairs: &[(String, String)], files: &[(String, &FileAnswer)]) -> Body {
    let boundary = ["pendopo-", token].concat();
    let mut parts = Vec::new();
    let mut text = String::new();
    for (name, value) in pairs {
        text.push_str(
            &[
                "--",
                &boundary,
                "\r\nContent-Disposition: form-data; name=\"",
                &quoted(name),
            ]
            .concat(),
        );
        text.push_str("\"\r\n\r\n");
        text.push_str(value);
        text.push_str("\r\n");
    }
    for (name, file) in files {
        text.push_str(
            &[
                "--",
                &boundary,
                "\r\nContent-Disposition: form-data; name=\"",
                &quoted(name),
            ]
            .concat(),
        );
        text.push_str(&["\"; filename=\"", &quoted(&file.name), "\"\r\nContent-Type: "].concat());
        text.push_str(media_type(&file.media_type));
        text.push_str("\r\n\r\n");
        parts.push(Part::Bytes(std::mem::take(&mut text).into_bytes()));
        parts.push(Part::Attachment(file.id.clone()));
        text.push_str("\r\n");
    }
    text.push_str(&["--", &boundary, "--\r\n"].concat());
    parts.push(Part::Bytes(text.into_bytes()));
    Body {
        content_type: ["multipart/form-data; boundary=", &boundary].concat(),
        parts,
    }
}

/// A name within quotes: what would end it or the header is percent-encoded, as browsers do.
fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '"' => text.push_str("%22"),
            '\r' => text.push_str("%0D"),
            '\n' => text.push_str("%0A"),
            letter if letter.is_control() => {}
            letter => text.push(letter),
        }
    }
    text
}

/// A media type that is one; anything else is bytes.
fn media_type(declared: &str) -> &str {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_'))
    };
    match declared.split_once('/') {
        Some((kind, sub)) if token(kind) && token(sub) => declared,
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_handles_between_bytes() {
        let file = FileAnswer {
            was: None,
            id: "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10".parse().expect("an id"),
            name: "lubang \"besar\"\r\n.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size: 3,
        };
        let pairs = [("description".to_owned(), "é".to_owned())];
        let body = body("t", &pairs, &[("media".to_owned(), &file)]);
        assert_eq!(body.content_type, "multipart/form-data; boundary=pendopo-t");
        let head = "--pendopo-t\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\né\r\n\
                    --pendopo-t\r\nContent-Disposition: form-data; name=\"media\"; \
                    filename=\"lubang %22besar%22%0D%0A.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
        assert_eq!(
            body.parts,
            [
                Part::Bytes(head.as_bytes().to_vec()),
                Part::Attachment(file.id.clone()),
                Part::Bytes(b"\r\n--pendopo-t--\r\n".to_vec()),
            ]
        );
    }

    #[test]
    fn a_media_type_cannot_carry_a_header() {
        assert_eq!(media_type("image/png"), "image/png");
        assert_eq!(media_type("x\r\ny/z"), "application/octet-stream");
        assert_eq!(media_type(""), "application/octet-stream");
    }
}
