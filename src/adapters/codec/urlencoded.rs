//! `application/x-www-form-urlencoded`, as the URL standard writes it.

use std::fmt::Write as _;

use crate::adapters::http::{Body, Part};

/// The media type.
pub const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";

/// A body of pairs in their order, UTF-8, a space as `+`.
#[must_use]
pub fn body(pairs: &[(String, String)]) -> Body {
    Body {
        content_type: CONTENT_TYPE.to_owned(),
        parts: vec![Part::Bytes(encode(pairs).into_bytes())],
    }
}

/// Pairs in their order, UTF-8, a space as `+`.
#[must_use]
pub fn encode(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        escape(name, &mut text);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

fn escape(value: &str, text: &mut String) {
    for byte in value.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
}

/// Reads a query or body; what is not percent-encoded as it should be is kept as written.
#[must_use]
pub fn decode(text: &str) -> Vec<(String, String)> {
    let plain = |part: &str| {
        let part = part.replace('+', " ");
        crate::model::route::decode(&part).unwrap_or(part)
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (plain(name), plain(value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_reads_back() {
        let pairs = vec![
            ("attribute[A B][]".to_owned(), "x & y=z +1".to_owned()),
            ("description".to_owned(), "Jalan\nrusak é".to_owned()),
        ];
        let text = encode(&pairs);
        assert_eq!(
            text,
            "attribute%5BA+B%5D%5B%5D=x+%26+y%3Dz+%2B1&description=Jalan%0Arusak+%C3%A9"
        );
        assert_eq!(decode(&text), pairs);
    }

    #[test]
    fn broken_percent_signs_are_kept() {
        assert_eq!(
            decode("a=%zz&b"),
            [("a".to_owned(), "%zz".to_owned()), ("b".to_owned(), String::new())]
        );
    }
}
