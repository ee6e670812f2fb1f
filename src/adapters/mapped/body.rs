//! Bodies: a tree of texts with gaps, filled in and written as a server wants it.
//!
//! | encoding | the template's tree is |
//! |---|---|
//! | `json` | itself; numbers, truth values and null stay what they are |
//! | `form`, `query` | members as pairs; a member within another is `outer[inner]`, of a list `outer[]` |
//! | `multipart` | the same; a member whose gap is files carries them. `{n}` in its name is 1, 2, 3, … |
//! | `xml`, `soap11`, `soap12` | elements in their order: see [`super::soap`] |
//!
//! `{"$each": "answers.ID", "$as": …}` is a list of what `$as` becomes for each entry of a repeated group,
//! for each of several choices (`{row.value}`) or for each file (`{row.took}`, `{row.name}`). Members that
//! come out empty are left out, unless the request says `"empty": "send"` or `"null"`.

use super::profile::{Charset, Empty};
use super::template::{Filled, Name, Source, Template};
use crate::adapters::codec::{multipart, urlencoded};
use crate::adapters::http::{Body, Part};
use crate::model::answers::FileAnswer;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// A tree of texts with gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Draft {
    /// `null`.
    Null,
    /// A number or truth value as it is written.
    Bare(String),
    /// A text.
    Text(Template),
    /// A list.
    List(Vec<Draft>),
    /// Members in their order.
    Members(Vec<(String, Draft)>),
    /// Once for each entry of an answer.
    Each(String, Box<Draft>),
}

/// A tree of what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Full {
    Null,
    Bare(String),
    Text(String),
    Files(Vec<FileAnswer>),
    List(Vec<Full>),
    Members(Vec<(String, Full)>),
}

/// Files, each under the name of its part.
type Named = Vec<(String, FileAnswer)>;

/// What is known where an answer has several entries.
pub(super) trait Entries: Source {
    /// One source for each entry of an answer.
    fn entries(&self, answer: &str) -> Vec<Box<dyn Entries + '_>>;
}

impl Draft {
    /// Reads a template's tree. Texts that are none are noted.
    pub(super) fn read(value: &Value, path: &str, wrong: &mut Vec<Diagnostic>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bare(flag.to_string()),
            Value::Number(number) => Self::Bare(number.clone()),
            Value::String(text) => match Template::read(text) {
                Ok(template) => Self::Text(template),
                Err(expected) => {
                    wrong.push(Diagnostic::new(path, expected, text));
                    Self::Null
                }
            },
            Value::Array(items) => {
                let items = items.iter().enumerate();
                Self::List(
                    items
                        .map(|(at, item)| Self::read(item, &[path, "/", &at.to_string()].concat(), wrong))
                        .collect(),
                )
            }
            Value::Object(members) => {
                if let Some(each) = members.get("$each") {
                    let name = each.as_str().and_then(|each| each.strip_prefix("answers."));
                    let (Some(name), Some(inner)) = (name, members.get("$as")) else {
                        wrong.push(Diagnostic::new(
                            path,
                            "{\"$each\": \"answers.ID\", \"$as\": …}",
                            value.json(),
                        ));
                        return Self::Null;
                    };
                    let inner = Self::read(inner, &[path, "/$as"].concat(), wrong);
                    return Self::Each(name.to_owned(), Box::new(inner));
                }
                let members = members.iter();
                Self::Members(
                    members
                        .map(|(key, value)| {
                            let place = [path, "/", key].concat();
                            (key.to_owned(), Self::read(value, &place, wrong))
                        })
                        .collect(),
                )
            }
        }
    }

    /// Every text in it, with its path below it.
    pub(super) fn templates<'a>(&'a self, path: &str, into: &mut Vec<(String, &'a Template)>) {
        match self {
            Self::Null | Self::Bare(_) => {}
            Self::Text(template) => into.push((path.to_owned(), template)),
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.templates(&[path, "/", &at.to_string()].concat(), into);
                }
            }
            Self::Members(members) => {
                for (key, member) in members {
                    member.templates(&[path, "/", key].concat(), into);
                }
            }
            Self::Each(_, inner) => inner.templates(&[path, "/$as"].concat(), into),
        }
    }

    /// Fills it in.
    pub(super) fn fill(&self, source: &dyn Entries) -> Full {
        match self {
            Self::Null => Full::Null,
            Self::Bare(bare) => Full::Bare(bare.clone()),
            Self::Text(template) => match template.fill(source) {
                Filled::Text(text) => Full::Text(text),
                Filled::Bare(bare) => Full::Bare(bare),
                Filled::Many(many) => Full::List(many.into_iter().map(Full::Text).collect()),
                Filled::Files(files) => Full::Files(files),
            },
            Self::List(items) => {
                let mut full = Vec::new();
                for item in items {
                    match (item, item.fill(source)) {
                        // A list of what is said once for each is one list.
                        (Self::Each(..), Full::List(inner)) => full.extend(inner),
                        (_, other) => full.push(other),
                    }
                }
                Full::List(full)
            }
            Self::Members(members) => {
                let members = members.iter();
                Full::Members(
                    members
                        .map(|(key, member)| (key.clone(), member.fill(source)))
                        .collect(),
                )
            }
            Self::Each(answer, inner) => {
                let entries = source.entries(answer);
                Full::List(entries.iter().map(|entry| inner.fill(entry.as_ref())).collect())
            }
        }
    }
}

impl Full {
    /// Whether nothing would be said.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::Bare(_) => false,
            Self::Text(text) => text.trim().is_empty(),
            Self::Files(files) => files.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Members(members) => !members.is_empty() && members.iter().all(|(_, member)| member.is_empty()),
        }
    }

    /// As JSON.
    fn json(&self, empty: Empty) -> Value {
        match self {
            Self::Null => Value::Null,
            // Numbers and truth values are as they are written.
            Self::Bare(bare) => match bare.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                number => Value::Number(number.to_owned()),
            },
            Self::Text(text) => Value::String(text.clone()),
            Self::Files(files) => {
                let names = files.iter().map(|file| Value::String(file.name.clone()));
                Value::Array(names.collect())
            }
            Self::List(items) => Value::Array(items.iter().map(|item| item.json(empty)).collect()),
            Self::Members(members) => {
                let kept = members.iter().filter_map(|(key, member)| {
                    let value = match (member.is_empty(), empty) {
                        (true, Empty::Omit) => return None,
                        (true, Empty::Null) => Value::Null,
                        _ => member.json(empty),
                    };
                    Some((key.clone(), value))
                });
                Value::Object(kept.collect())
            }
        }
    }

    /// As pairs and files, members within members as PHP names them.
    pub(super) fn pairs(&self, empty: Empty) -> (Vec<(String, String)>, Named) {
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        if let Self::Members(members) = self {
            for (key, member) in members {
                member.pair(key, empty, &mut pairs, &mut files);
            }
        }
        (pairs, files)
    }

    fn pair(&self, name: &str, empty: Empty, pairs: &mut Vec<(String, String)>, files: &mut Vec<(String, FileAnswer)>) {
        match self {
            _ if self.is_empty() && empty == Empty::Omit => {}
            Self::Null => pairs.push((name.to_owned(), String::new())),
            Self::Bare(text) | Self::Text(text) => pairs.push((name.to_owned(), text.clone())),
            Self::Files(given) => {
                for (number, file) in (1_usize..).zip(given) {
                    files.push((name.replace("{n}", &number.to_string()), file.clone()));
                }
            }
            Self::List(items) => {
                for (number, item) in (1_usize..).zip(items) {
                    let name = if name.contains("{n}") {
                        name.replace("{n}", &number.to_string())
                    } else if name.ends_with("[]") {
                        name.to_owned()
                    } else {
                        [name, "[]"].concat()
                    };
                    item.pair(&name, empty, pairs, files);
                }
            }
            Self::Members(members) => {
                for (key, member) in members {
                    member.pair(&[name, "[", key, "]"].concat(), empty, pairs, files);
                }
            }
        }
    }
}

/// Whether a gap in it must not be printed.
pub(super) fn is_secret(draft: &Draft) -> bool {
    let mut all = Vec::new();
    draft.templates("", &mut all);
    all.iter().any(|(_, template)| {
        template
            .gaps()
            .any(|gap| matches!(gap.name, Name::Session | Name::Identifier | Name::Proof))
    })
}

/// A JSON body. Outside of UTF-8 every letter beyond ASCII is escaped, which every reader undoes.
pub(super) fn json(full: &Full, empty: Empty, charset: Charset) -> Body {
    let text = full.json(empty).json();
    let text = match charset {
        Charset::Utf8 => text,
        _ => escaped(&text),
    };
    Body {
        content_type: "application/json".to_owned(),
        parts: vec![Part::Bytes(text.into_bytes())],
    }
}

fn escaped(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            ascii.push_str("\\u");
            for shift in [12_u32, 8, 4, 0] {
                let digit = char::from_digit(u32::from(*unit) >> shift & 15, 16);
                ascii.push(digit.unwrap_or('0'));
            }
        }
    }
    ascii
}

/// A form's body.
pub(super) fn form(full: &Full, empty: Empty, charset: Charset) -> Body {
    let (pairs, _) = full.pairs(empty);
    if charset == Charset::Utf8 {
        return urlencoded::body(&pairs);
    }
    let escape = |text: &str| -> String {
        let bytes = charset.encode(text);
        // Letter for letter, each byte as the one that has its number: those are escaped as such.
        let plain = bytes.iter().map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'*' | b'-' | b'.' | b'_' => char::from(*byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
            byte => format!("%{byte:02X}"),
        });
        plain.collect()
    };
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| [&escape(name), "=", &escape(value)].concat())
        .collect();
    Body {
        content_type: urlencoded::CONTENT_TYPE.to_owned(),
        parts: vec![Part::Bytes(pairs.join("&").into_bytes())],
    }
}

/// A body of parts, files among them; in UTF-8 (RFC 7578, section 5.1).
pub(super) fn parts(full: &Full, empty: Empty, token: &str) -> Body {
    let (pairs, files) = full.pairs(empty);
    let files: Vec<(String, &FileAnswer)> = files.iter().map(|(name, file)| (name.clone(), file)).collect();
    multipart::body(token, &pairs, &files)
}
