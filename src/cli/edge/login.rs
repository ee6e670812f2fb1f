//! Logins that are passed through to open backends: their tries are counted for each citizen.
//!
//! A village's server shuts a citizen out for an hour after five wrong PINs, and a stranger could try
//! PINs through the edge. So the edge lets fewer tries through than that ([`super::tries`]). To count,
//! it must know whose login it is, in the way the backend will read it: what could be read in two ways
//! (a name given twice, a query beside the body, another type of content, letters beyond ASCII that a
//! database may hold for digits) is refused.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use axum::body::Bytes;
use axum::http::request::Parts;
use serde::de::{Deserializer as _, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::backend::OpenBackend;
use super::reply::EdgeFault;
use super::tries::Tries;
use crate::adapters::codec::urlencoded;

/// Longest name of a citizen.
const LONGEST: usize = 200;

/// Counts a try of a login that is passed through; `field` names the citizen in its body.
///
/// # Errors
/// Where tries are too many, or it cannot be told whose login it is.
pub fn count(
    tries: &Tries,
    backend: &OpenBackend,
    field: &str,
    parts: &Parts,
    content_type: &[u8],
    body: &[Bytes],
) -> Result<(), EdgeFault> {
    let encoded = parts.headers.contains_key(axum::http::header::CONTENT_ENCODING);
    if parts.uri.query().is_some_and(|query| !query.is_empty()) || encoded {
        return Err(EdgeFault::Malformed);
    }
    let who = who(field, content_type, &body.concat()).ok_or(EdgeFault::Malformed)?;
    let counted = tries.count(&key(&backend.id.to_string(), &who), backend.login_tries, Instant::now());
    counted.map(|_| ()).map_err(|after| EdgeFault::RateLimited { after })
}

/// Under what the tries of a citizen at a backend are counted.
#[must_use]
pub fn key<'a>(backend: &'a str, who: &'a str) -> [&'a str; 3] {
    ["login", backend, who]
}

/// A citizen's name as it is counted: the backend may trim it and not heed its case. `None` where it
/// is none that can be counted.
#[must_use]
pub fn counted(name: &str) -> Option<String> {
    let plain = name.len() <= LONGEST && name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let name = name.trim().to_ascii_lowercase();
    (plain && !name.is_empty()).then_some(name)
}

fn who(field: &str, content_type: &[u8], body: &[u8]) -> Option<String> {
    let content_type = std::str::from_utf8(content_type).ok()?;
    let media = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let name = match media.as_str() {
        "application/json" => {
            let mut reader = serde_json::Deserializer::from_slice(body);
            let members = reader.deserialize_map(OnlyOnce).ok()?;
            reader.end().ok()?;
            match members.get(field)? {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                _ => return None,
            }
        }
        "application/x-www-form-urlencoded" => {
            let pairs = urlencoded::decode(std::str::from_utf8(body).ok()?);
            // PHP reads `a[b]`, `a[b`, `a.b` and `a_b` alike in places, and ends a name where C would:
            // what is not plainly another field may be the same.
            let plain = |name: &str| name.replace(|letter: char| !letter.is_ascii_alphanumeric(), " ");
            let like = |name: &str| plain(name).trim() == plain(field).trim();
            let mut named = pairs
                .iter()
                .filter(|(name, _)| like(name) || name.contains(char::is_control));
            let (name, value) = named.next()?;
            if name != field || named.next().is_some() {
                return None;
            }
            value.clone()
        }
        _ => return None,
    };
    counted(&name)
}

/// An object whose members each occur once; what lies deeper is read as it is.
struct OnlyOnce;

impl<'de> Visitor<'de> for OnlyOnce {
    type Value = BTreeMap<String, Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a member twice"));
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Option<String> {
        who("credential", b"application/json; charset=utf-8", body.as_bytes())
    }

    #[test]
    fn a_login_says_whose_it_is() {
        assert_eq!(
            json(r#"{"credential":" Siti@Desa.id ","password":"1"}"#).as_deref(),
            Some("siti@desa.id")
        );
        assert_eq!(
            json(r#"{"password":"1","credential":3273010101900001}"#).as_deref(),
            Some("3273010101900001")
        );
        let form = |body: &str| {
            who(
                "LoginForm[username]",
                b"application/x-www-form-urlencoded",
                body.as_bytes(),
            )
        };
        assert_eq!(
            form("LoginForm%5Busername%5D=siti&LoginForm%5Bpassword%5D=x").as_deref(),
            Some("siti")
        );
        assert_eq!(form("LoginForm[username]=a&LoginForm[username]=b"), None);
        assert_eq!(form("LoginForm[username]=a&LoginForm.username=b"), None);
        assert_eq!(form("LoginForm_username_=a"), None);
        assert_eq!(form("LoginForm[username]=a&LoginForm[username]%00x=b"), None);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"credential":"a","credential":"b"}"#,
            r#"{"credential":"a","\u0063redential":"b"}"#,
            r#"{"credential":null}"#,
            r#"{"credential":["a"]}"#,
            r#"{"credential":""}"#,
            r#"{"credential":"\u00a03273"}"#,
            r#"{"credential":"\uff13273"}"#,
            r#"{"credential":"a\u0000"}"#,
            r#"{"credential":"a"} {"credential":"b"}"#,
        ] {
            assert_eq!(json(body), None, "{body}");
        }
        for media in [&b"text/plain"[..], b"", b"multipart/form-data; boundary=x", b"\xff"] {
            assert_eq!(who("credential", media, br#"{"credential":"a"}"#), None);
        }
    }
}
