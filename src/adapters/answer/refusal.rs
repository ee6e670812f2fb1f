//! What a server says when it refuses, in all its shapes, and what it means for the request.
//!
//! The shapes are the same ones in every protocol that we know, since they come from the frameworks
//! beneath: `{"error": …}`, `{"errors": {"field": ["text"]}}`, `{"code", "messages": {"field": "text"}}`,
//! `{"message"}`, `{"detail"}`, their XML, a bare sentence. What differs from protocol to protocol is a
//! [`Manner`].
//!
//! What `sent` means for a submission: a refusal that can be read is [`Sent::Yes`]: the server has
//! read it, nothing is stored, and the same is never sent again by itself. Where a server (or
//! something in front of it) certainly did not take it, [`Sent::No`]. A failure, a page, or anything
//! that cannot be read is [`Sent::Unknown`]: it may have been stored, so somebody looks first.

use crate::adapters::codec::Payload;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::Response;
use crate::model::form::{Field, Form};
use crate::model::problem::{Fault, FieldRefusal, Problem, Sent};
use crate::model::time::days_from_civil;

/// Most characters of a server's words that are kept.
const MOST_WORDS: usize = 500;

/// Members that hold an error's words, best first.
const WORDS: [&str; 8] = [
    "description",
    "message",
    "detail",
    "msg",
    "error_description",
    "errormessage",
    "reason",
    "title",
];
/// Members that hold its code.
const CODES: [&str; 3] = ["code", "status", "error_code"];
/// Members that name what it is about.
const FIELDS: [&str; 6] = ["field", "attribute", "attribute_code", "param", "parameter", "property"];

/// How a protocol's refusals differ from another's.
pub(in crate::adapters) struct Manner {
    /// The protocol's name, for operators.
    pub(in crate::adapters) protocol: &'static str,
    /// What only records have; an answer with one of these at the top is no error.
    pub(in crate::adapters) record: &'static [&'static str],
    /// Ids of the fields that a server may mean by a name, beside the name itself, best first.
    pub(in crate::adapters) fields: fn(&str) -> Vec<String>,
}

/// One error of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::adapters) struct Refusal {
    /// The code; may be empty.
    pub(in crate::adapters) code: String,
    /// The words, cleaned and bounded; never empty.
    pub(in crate::adapters) words: String,
    /// What it is about, where the shape says so; may be empty.
    pub(in crate::adapters) field: String,
}

/// The errors in a tree. Of a success (`refused` is false) only what is unmistakably one.
pub(in crate::adapters) fn read(manner: &Manner, root: &Node, refused: bool) -> Vec<Refusal> {
    let mut found = Vec::new();
    let named = |node: &Node| {
        ["error", "errors", "fault", "exception"]
            .iter()
            .any(|name| node.is(name))
    };
    let has_record = |node: &Node| {
        node.children
            .iter()
            .any(|child| !child.is_blank() && manner.record.iter().any(|name| child.is(name)))
    };
    for node in &root.children {
        if named(node) || (refused && !first(node, &WORDS).is_empty()) {
            collect(node, &mut found, 8);
        } else if refused || !has_record(node) {
            for inner in node.children.iter().filter(|inner| named(inner)) {
                collect(inner, &mut found, 8);
            }
        }
    }
    if found.is_empty() {
        for node in &root.children {
            let code = first(node, &CODES);
            let numbered =
                code.len() == 3 && code.starts_with(['4', '5']) && code.bytes().all(|byte| byte.is_ascii_digit());
            let flat = node.children.iter().all(Node::is_leaf);
            if refused || (numbered && flat && !has_record(node)) {
                collect(node, &mut found, 8);
            }
        }
    }
    found
}

fn first<'a>(node: &'a Node, names: &[&str]) -> &'a str {
    names
        .iter()
        .flat_map(|name| node.children.iter().filter(move |child| child.is(name)))
        .map(Node::scalar)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn collect(node: &Node, found: &mut Vec<Refusal>, depth: u8) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let mut push = |code: &str, words: &str, field: &str| {
        let words = bounded(clean(words), MOST_WORDS);
        if !words.is_empty() && found.len() < 50 {
            found.push(Refusal {
                code: clean(code),
                words,
                field: clean(field),
            });
        }
    };
    let words = first(node, &WORDS);
    if !words.is_empty() {
        push(first(node, &CODES), words, first(node, &FIELDS));
        // `{"message": "…", "errors": {"email": ["…"]}}`: the fields are in there too.
        for child in node
            .children
            .iter()
            .filter(|child| child.is("errors") && !child.is_leaf())
        {
            collect(child, found, depth);
        }
        return;
    }
    if node.is_leaf() {
        push("", &node.text, "");
        return;
    }
    for child in &node.children {
        let plain = ["error", "errors", ""].iter().any(|name| child.is(name));
        let code = CODES.iter().any(|name| child.is(name));
        if !child.is_leaf() || plain {
            collect(child, found, depth);
        } else if !code {
            let words = bounded(clean(&child.text), MOST_WORDS);
            if !words.is_empty() && found.len() < 50 {
                found.push(Refusal {
                    code: String::new(),
                    words,
                    field: clean(&child.name),
                });
            }
        }
    }
}

/// The server's words in one text.
pub(in crate::adapters) fn words(refusals: &[Refusal]) -> String {
    let all: Vec<&str> = refusals.iter().map(|refusal| refusal.words.as_str()).collect();
    bounded(all.join("; "), MOST_WORDS)
}

/// A refusal for good, its fields told apart from its words where the form has such fields.
pub(in crate::adapters) fn rejected(manner: &Manner, refusals: &[Refusal], form: Option<&Form>) -> Fault {
    let mut fields = Vec::new();
    let mut rest = Vec::new();
    for refusal in refusals {
        match form.and_then(|form| {
            field_of(manner, form, &refusal.field).or_else(|| field_of(manner, form, leading(&refusal.words)))
        }) {
            Some(field) => fields.push(FieldRefusal {
                field,
                message: refusal.words.clone(),
            }),
            None => rest.push(refusal.clone()),
        }
    }
    Fault::Rejected {
        fields,
        message: words(&rest),
    }
}

/// The name with which words begin: `WHISHETN: at most 255 characters`. A server that has no place for
/// a field's name says it so. Only a field's own code counts, so a sentence's first word is none.
fn leading(words: &str) -> &str {
    let end =
        words.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '[' | ']')));
    match end.and_then(|end| words.split_at_checked(end)) {
        Some((name, rest)) if rest.starts_with(':') || rest.starts_with(" (") => name,
        _ => "",
    }
}

/// The form's field that a server means by a name.
fn field_of(manner: &Manner, form: &Form, name: &str) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let ids = || {
        form.steps
            .iter()
            .flat_map(|step| &step.sections)
            .flat_map(|section| &section.fields)
            .map(|field: &Field| field.id.as_str())
    };
    let find = |wanted: &str| ids().find(|id| id.eq_ignore_ascii_case(wanted)).map(str::to_owned);
    find(name).or_else(|| (manner.fields)(name).iter().find_map(|meant| find(meant)))
}

/// What a response that is no success means; `None` for a success. `form` is there where something
/// was submitted.
pub(in crate::adapters) fn of_response(
    manner: &Manner,
    response: &Response,
    payload: &Payload,
    form: Option<&Form>,
) -> Option<Problem> {
    let refused = !(200..300).contains(&response.status);
    let refusals = match payload {
        Payload::Tree(root) => read(manner, root, refused),
        Payload::Words(words) if refused => {
            let words = bounded(clean(words), MOST_WORDS);
            if words.is_empty() {
                Vec::new()
            } else {
                vec![Refusal {
                    words,
                    ..Refusal::default()
                }]
            }
        }
        _ => Vec::new(),
    };
    let status = if refused {
        response.status
    } else {
        // A success that carries an error means what the error's own code means.
        let code = refusals.first()?.code.parse::<u16>().ok();
        code.filter(|code| (400..600).contains(code)).unwrap_or(400)
    };
    let problem = |fault, sent| Some(Problem { fault, sent });
    match status {
        413 | 414 => problem(Fault::TooLarge, Sent::No),
        408 => problem(Fault::Timeout, Sent::Unknown),
        429 => problem(
            Fault::RateLimited {
                after: retry_after(response),
            },
            Sent::No,
        ),
        500.. => problem(
            Fault::Upstream {
                status,
                message: words(&refusals),
            },
            Sent::Unknown,
        ),
        // Reading: there is no such thing. Submitting: a server that says why has read it.
        404 | 410 if form.is_none() || refusals.is_empty() => problem(Fault::NotFound, Sent::No),
        400..500 if !refusals.is_empty() => problem(rejected(manner, &refusals, form), Sent::Yes),
        // Turned away before anything was read.
        405 | 406 | 415 => problem(unreadable(manner, response.status, payload), Sent::No),
        _ => problem(unreadable(manner, response.status, payload), Sent::Unknown),
    }
}

/// A fault for an answer that the protocol does not know.
pub(in crate::adapters) fn unreadable(manner: &Manner, status: u16, payload: &Payload) -> Fault {
    let what = match payload {
        Payload::Empty => "nothing",
        Payload::Tree(_) => "data of another kind",
        Payload::Page => "a web page",
        Payload::Words(_) => "plain text",
        Payload::Broken(_) => "data that cannot be read",
    };
    let mut what = [
        "expected ",
        manner.protocol,
        " data, got ",
        what,
        " with HTTP ",
        &status.to_string(),
    ]
    .concat();
    if let Payload::Broken(broken) = payload {
        what.push_str(": ");
        what.push_str(&broken.to_string());
    }
    Fault::Protocol { what }
}

/// Seconds of `Retry-After`: as a number, or as a date measured from the response's own `Date`.
pub(in crate::adapters) fn retry_after(response: &Response) -> Option<u32> {
    let value = response.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(seconds);
    }
    let (then, now) = (http_date(value)?, http_date(response.header("date")?)?);
    u32::try_from(then.checked_sub(now)?.max(0)).ok()
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_ascii_whitespace().skip(1);
    let day: i64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?.checked_add(1)?;
    let year: i64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let days = days_from_civil(year, i64::try_from(month).ok()?, day)?;
    let hours = days.checked_mul(24)?.checked_add(hour)?;
    hours
        .checked_mul(60)?
        .checked_add(minute)?
        .checked_mul(60)?
        .checked_add(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_against_the_servers_own_clock() {
        let mut response = Response {
            status: 429,
            headers: vec![("retry-after".to_owned(), "120".to_owned())],
            body: Vec::new(),
        };
        assert_eq!(retry_after(&response), Some(120));
        response.headers = vec![("retry-after".to_owned(), "Sun, 06 Nov 1994 08:50:37 GMT".to_owned())];
        assert_eq!(retry_after(&response), None);
        response
            .headers
            .push(("date".to_owned(), "Sun, 06 Nov 1994 08:49:37 GMT".to_owned()));
        assert_eq!(retry_after(&response), Some(60));
    }
}
