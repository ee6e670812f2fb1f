//! A guarded backend's secrets: taken from the environment, and told to the backend with every
//! request, where it wants to be told them.
//!
//! What it does not do: hold a secret where it could be printed, or put one into a body whose kind it
//! does not know.

use axum::http::HeaderValue;

use crate::adapters::codec::urlencoded;
use crate::adapters::http::{Body, Part, Request};
use crate::cli::edge::config::upstream::{AccountAt, SecretAt};
use crate::model::json;
use crate::model::login::Credentials;
use crate::model::secret::Secret;

/// Gives the value of a variable of the environment.
pub type Environment<'a> = &'a (dyn Fn(&str) -> Option<String> + Sync);

/// The environment of this program.
#[must_use]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[derive(Clone, Copy)]
enum Place {
    Header,
    Query,
    Field,
}

/// Secrets, each with its place.
#[derive(Clone, Default)]
pub struct Secrets(Vec<(Place, String, Secret<String>)>);

impl Secrets {
    /// Takes them from the environment.
    ///
    /// # Errors
    /// The first one that is not there, or cannot go where it should, by the variable's name.
    pub fn read(places: &[SecretAt], environment: Environment<'_>) -> Result<Self, String> {
        let mut secrets = Vec::with_capacity(places.len());
        for at in places {
            let value = variable(environment, &at.env)?;
            let (place, name) = match (&at.header, &at.query, &at.field) {
                (Some(name), _, _) => (Place::Header, name),
                (_, Some(name), _) => (Place::Query, name),
                (_, _, Some(name)) => (Place::Field, name),
                _ => return Err("a secret needs a place: header, query or field".to_owned()),
            };
            if matches!(place, Place::Header) && value.expose().parse::<HeaderValue>().is_err() {
                return Err(format!("the variable {} holds what cannot go into a header", at.env));
            }
            secrets.push((place, name.clone(), value));
        }
        Ok(Self(secrets))
    }

    /// Tells them in a request. `None` where the request's body is of a kind that no field can be
    /// added to.
    #[must_use]
    pub fn told_in(&self, mut request: Request) -> Option<Request> {
        for (place, name, value) in &self.0 {
            match place {
                Place::Header => {
                    request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
                    request.secrets.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
                    request.secrets.push((name.clone(), value.clone()));
                }
                Place::Query => {
                    request.query.retain(|(other, _)| other != name);
                    request.query.push((name.clone(), value.expose().clone()));
                }
                Place::Field if request.body.parts.is_empty() => {}
                Place::Field => add(&mut request.body, name, value.expose())?,
            }
        }
        Some(request)
    }

    /// Their values, to keep them out of what is answered.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, _, value)| value.expose().as_str())
    }
}

/// The publisher's credentials.
///
/// # Errors
/// The variable that is not there.
pub fn account(at: &AccountAt, environment: Environment<'_>) -> Result<Credentials, String> {
    Ok(Credentials {
        identifier: variable(environment, &at.identifier_env)?,
        proof: variable(environment, &at.proof_env)?,
    })
}

fn variable(environment: Environment<'_>, name: &str) -> Result<Secret<String>, String> {
    let value = environment(name).filter(|value| !value.is_empty());
    value
        .map(Secret::new)
        .ok_or_else(|| format!("the environment has no variable {name}"))
}

/// Adds a field behind all others.
fn add(body: &mut Body, name: &str, value: &str) -> Option<()> {
    let mut parameters = body.content_type.split(';').map(str::trim);
    let media = parameters.next().unwrap_or_default().to_ascii_lowercase();
    let last = match body.parts.pop()? {
        Part::Bytes(bytes) => bytes,
        Part::Secret(bytes) => bytes.expose().clone(),
        Part::Attachment(_) => return None,
    };
    let added = match media.as_str() {
        "application/x-www-form-urlencoded" => {
            let pair = urlencoded::encode(&[(name.to_owned(), value.to_owned())]);
            let and = if last.is_empty() { "" } else { "&" };
            [&last, and.as_bytes(), pair.as_bytes()].concat()
        }
        "application/json" => {
            let before = last.trim_ascii_end().strip_suffix(b"}")?.trim_ascii_end();
            let comma = if before.ends_with(b"{") { "" } else { "," };
            let member = [comma, &json::write(name).ok()?, ":", &json::write(value).ok()?, "}"].concat();
            [before, member.as_bytes()].concat()
        }
        "multipart/form-data" => {
            let boundary = parameters.find_map(|parameter| parameter.strip_prefix("boundary="))?;
            let boundary = boundary.trim_matches('"');
            let end = format!("--{boundary}--");
            let before = last.trim_ascii_end().strip_suffix(end.as_bytes())?;
            let clean = !name.contains(['"', '\r', '\n']);
            let part =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n{end}\r\n");
            clean.then(|| [before, part.as_bytes()].concat())?
        }
        _ => return None,
    };
    body.parts.push(Part::Secret(Secret::new(added)));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec::multipart;
    use crate::adapters::http::{Method, Target};

    fn secrets(places: &[(&str, &str)]) -> Secrets {
        let at = |(place, name): &(&str, &str)| {
            let name = Some((*name).to_owned());
            let of = |wanted: &str| if *place == wanted { name.clone() } else { None };
            SecretAt {
                header: of("header"),
                query: of("query"),
                field: of("field"),
                env: "KEY".to_owned(),
            }
        };
        let places: Vec<_> = places.iter().map(at).collect();
        Secrets::read(&places, &|name| (name == "KEY").then(|| "rahasia\"&".to_owned())).unwrap()
    }

    fn request(body: Body) -> Request {
        Request {
            target: Target::Site,
            method: Method::Post,
            path: "x".to_owned(),
            query: vec![("key".to_owned(), "mine".to_owned())],
            headers: vec![("x-api-key".to_owned(), "mine".to_owned())],
            secrets: Vec::new(),
            body,
            key: None,
            timeout: 1,
        }
    }

    fn sent(content_type: &str, body: &str) -> Option<String> {
        let body = Body {
            content_type: content_type.to_owned(),
            parts: vec![Part::Bytes(body.as_bytes().to_vec())],
        };
        let told = secrets(&[("field", "user_key")]).told_in(request(body))?;
        let [Part::Secret(bytes)] = &told.body.parts[..] else {
            panic!("a secret can be printed");
        };
        Some(String::from_utf8(bytes.expose().clone()).unwrap())
    }

    #[test]
    fn a_header_and_a_query_are_the_edges_alone() {
        let told = secrets(&[("header", "X-Api-Key"), ("query", "key")]).told_in(request(Body::default()));
        let told = told.unwrap();
        assert_eq!(told.headers, []);
        assert_eq!(told.secrets.len(), 1);
        assert_eq!(told.query, [("key".to_owned(), "rahasia\"&".to_owned())]);
    }

    #[test]
    fn a_field_goes_behind_all_others_whatever_the_body_is() {
        assert_eq!(
            sent("application/x-www-form-urlencoded", "a=1").as_deref(),
            Some("a=1&user_key=rahasia%22%26")
        );
        assert_eq!(
            sent("application/json; charset=utf-8", "{ }\n").as_deref(),
            Some(r#"{"user_key":"rahasia\"&"}"#)
        );
        assert_eq!(
            sent("application/json", r#"{"user_key":"mine","a":{"b":1}}"#).as_deref(),
            Some(r#"{"user_key":"mine","a":{"b":1},"user_key":"rahasia\"&"}"#)
        );
        for (media, body) in [
            ("application/json", "[1]"),
            ("text/xml", "<a/>"),
            ("multipart/form-data", "x"),
        ] {
            assert_eq!(sent(media, body), None, "{media}");
        }
        let body = multipart::body("t", &[("a".to_owned(), "1".to_owned())], &[]);
        let told = secrets(&[("field", "user_key")]).told_in(request(body)).unwrap();
        let Some(Part::Secret(bytes)) = told.body.parts.last() else {
            panic!("a secret can be printed");
        };
        let text = std::str::from_utf8(bytes.expose()).unwrap();
        assert!(text.ends_with(
            "\r\n1\r\n--pendopo-t\r\nContent-Disposition: form-data; name=\"user_key\"\r\n\r\nrahasia\"&\r\n--pendopo-t--\r\n"
        ));
    }

    #[test]
    fn a_variable_that_is_missing_is_named_and_none_is_shown() {
        let places = [SecretAt {
            header: Some("X".to_owned()),
            query: None,
            field: None,
            env: "KEY".to_owned(),
        }];
        let missing = Secrets::read(&places, &|_| None).err().unwrap();
        assert_eq!(missing, "the environment has no variable KEY");
        let broken = Secrets::read(&places, &|_| Some("rahasia\n".to_owned())).err().unwrap();
        assert!(!broken.contains("rahasia"), "{broken}");
    }
}
