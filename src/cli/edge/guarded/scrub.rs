//! What a guarded backend says, before a phone hears it: without its addresses and secrets.
//!
//! Two measures. Words of an error are for a citizen, and often are a server talking to itself: they
//! are cut short, and anything that looks like an address or a place on a disk goes. Everything else (a
//! case, a form) is the backend's own content and stays as it is, except that nowhere in it may stand
//! the host that it was asked at, or one of its secrets.

use std::net::Ipv4Addr;

use reqwest::Url;
use serde_json::Value;

use super::secrets::Secrets;
use crate::model::problem::{Fault, FieldRefusal, Problem};

/// Most characters of an error's words.
const WORDS: usize = 300;
/// Most refused fields that are told.
const FIELDS: usize = 50;
/// What stands in place of what goes.
const GONE: &str = "…";
/// A secret shorter than this may be any word.
const SHORTEST: usize = 6;

/// Knows what must not be said.
#[derive(Default)]
pub struct Scrub(Vec<String>);

impl Scrub {
    /// For the backend at this address, with these secrets.
    #[must_use]
    pub fn new(url: &str, secrets: &Secrets) -> Self {
        let mut needles: Vec<String> = secrets
            .values()
            .filter(|value| value.len() >= SHORTEST)
            .map(str::to_ascii_lowercase)
            .collect();
        let url = Url::parse(url).ok();
        if let Some(host) = url.as_ref().and_then(Url::host_str) {
            let host = host.to_ascii_lowercase();
            // A name without dots may be any word; in an address it is the host.
            needles.push(if host.contains(['.', ':']) {
                host
            } else {
                format!("//{host}")
            });
        }
        Self(needles)
    }

    /// A problem as a phone may hear it.
    #[must_use]
    pub fn problem(&self, problem: Problem) -> Problem {
        let fault = match problem.fault {
            Fault::Rejected { mut fields, message } => {
                fields.truncate(FIELDS);
                let fields = fields.into_iter().map(|refusal| FieldRefusal {
                    field: self.words(&refusal.field),
                    message: self.words(&refusal.message),
                });
                Fault::Rejected {
                    fields: fields.collect(),
                    message: self.words(&message),
                }
            }
            Fault::Upstream { status, .. } => Fault::Upstream {
                status,
                message: String::new(),
            },
            // For operators, and full of what the backend said.
            Fault::Protocol { .. } | Fault::Storage { .. } => Fault::Protocol {
                what: "the system answered something else".to_owned(),
            },
            other => other,
        };
        Problem { fault, ..problem }
    }

    /// Words of an error: short, and without addresses.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        let mut words = String::new();
        for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
            if word.is_empty() {
                continue;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(if self.tells(word) { GONE } else { word });
            if words.chars().count() > WORDS {
                words = words.chars().take(WORDS).collect();
                words.push_str(GONE);
                break;
            }
        }
        words
    }

    fn tells(&self, word: &str) -> bool {
        let word = word.to_ascii_lowercase();
        let numbers = |text: &str| {
            text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'))
                .any(|part| part.trim_matches('.').parse::<Ipv4Addr>().is_ok())
        };
        // `/var/www/app/x.php`, `\\server\share`, `C:\inetpub`.
        let place = word.matches('/').count() >= 2 && !is_date(&word);
        word.contains("//")
            || word.contains('\\')
            || place
            || numbers(&word)
            || word.contains(".php")
            || self.0.iter().any(|needle| word.contains(needle))
    }

    /// What is answered, in JSON, without host and secrets; `None` where none stood in it, and it can
    /// stay as it is.
    #[must_use]
    pub fn cleaned(&self, json: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(json).ok()?.to_ascii_lowercase();
        // A text's escapes may hide what is looked for; then the walk below finds it.
        if !text.contains('\\') && !self.0.iter().any(|needle| text.contains(needle)) {
            return None;
        }
        let mut value: Value = serde_json::from_slice(json).ok()?;
        let mut changed = false;
        self.walk(&mut value, &mut changed);
        changed.then(|| serde_json::to_vec(&value).ok())?
    }

    fn walk(&self, value: &mut Value, changed: &mut bool) {
        match value {
            Value::String(text) => {
                for needle in &self.0 {
                    while let Some(at) = text.to_ascii_lowercase().find(needle) {
                        text.replace_range(at..at.saturating_add(needle.len()), GONE);
                        *changed = true;
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, changed)),
            Value::Object(members) => members.values_mut().for_each(|member| self.walk(member, changed)),
            _ => {}
        }
    }
}

/// `24/11/2026` is no place on a disk.
fn is_date(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'/' | b'.' | b',' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::problem::Sent;

    fn scrub(url: &str) -> Scrub {
        let mut scrub = Scrub::new(url, &Secrets::default());
        scrub.0.push("s3cret-key".to_owned());
        scrub
    }

    #[test]
    fn words_lose_addresses_places_and_secrets_and_keep_the_rest() {
        let scrub = scrub("http://10.4.0.7:8080/api");
        for (said, told) in [
            ("NIK wajib diisi.", "NIK wajib diisi."),
            (
                "Tanggal 24/11/2026 sudah lewat, maks. 1.000.000.000",
                "Tanggal 24/11/2026 sudah lewat, maks. 1.000.000.000",
            ),
            (
                "cURL error 7: connect to 10.4.0.7:8080 refused",
                "cURL error 7: connect to … refused",
            ),
            ("see http://internal/x and 192.168.1.20.", "see … and …"),
            ("in /var/www/html/app/Model.php:33", "in …"),
            ("C:\\inetpub\\wwwroot failed", "… failed"),
            ("key S3CRET-key is wrong", "key … is wrong"),
            ("a\n\tb\u{0}c", "a b c"),
        ] {
            assert_eq!(scrub.words(said), told);
        }
        assert_eq!(scrub.words(&"kata ".repeat(1000)).chars().count(), WORDS + 1);
    }

    #[test]
    fn an_answer_names_neither_host_nor_secret() {
        let scrub = scrub("http://sicantik.internal/api");
        let clean = |json: &str| {
            scrub
                .cleaned(json.as_bytes())
                .map(|json| String::from_utf8(json).unwrap())
        };
        assert_eq!(clean(r#"{"a":"b","n":1}"#), None);
        assert_eq!(
            clean(r#"{"links":["http://SICANTIK.internal/f.pdf"],"t":"s3cret\u002dkey x"}"#).as_deref(),
            Some(r#"{"links":["http://…/f.pdf"],"t":"… x"}"#)
        );
        assert_eq!(clean(r#"{"a":"line\nbreak"}"#), None);
        let short = Scrub::new("http://case/api", &Secrets::default());
        assert_eq!(short.cleaned(br#"{"case":"case"}"#), None);
        assert!(short.cleaned(br#"{"a":"http://case/x"}"#).is_some());
    }

    #[test]
    fn what_is_meant_for_operators_is_not_told() {
        let scrub = scrub("http://10.4.0.7/");
        let told = |fault| scrub.problem(Problem { fault, sent: Sent::Yes }).to_string();
        for fault in [
            Fault::Protocol {
                what: "found <penanda>".to_owned(),
            },
            Fault::Upstream {
                status: 500,
                message: "penanda".to_owned(),
            },
            Fault::Storage {
                what: "penanda".to_owned(),
            },
        ] {
            assert!(!told(fault).contains("penanda"));
        }
    }
}
