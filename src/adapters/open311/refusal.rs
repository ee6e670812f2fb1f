//! What a server says when it refuses, in all its shapes, and what it means for the request.
//!
//! | shape | seen at |
//! |---|---|
//! | `<errors><error><code/><description/></error></errors>`, `[{"code","description"}]` | the specification |
//! | `<error>text</error>`, `{"error":"text"}` | San Francisco |
//! | `{"error":{"code","message"}}` | Mark-a-Spot |
//! | `{"code","detail"}`, `{"detail"}` | Helsinki, Turku |
//! | `<error><description/></error>` without a code | elsewhere |
//! | `{"errors":{"field":["text"]}}`, `{"message"}`, bare words | frameworks beneath |
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
/// What only records have; an answer with one of these at the top is no error.
const RECORD: [&str; 7] = [
    "service_request_id",
    "token",
    "service_code",
    "service_name",
    "attributes",
    "attribute",
    "service_notice",
];

/// One error of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The code; may be empty.
    pub(super) code: String,
    /// The words, cleaned and bounded; never empty.
    pub(super) words: String,
    /// What it is about, where the shape says so; may be empty.
    pub(super) field: String,
}

/// The errors in a tree. Of a success (`refused` is false) only what is unmistakably one.
pub(super) fn read(root: &Node, refused: bool) -> Vec<Refusal> {
    let mut found = Vec::new();
    let named = |node: &Node| {
        ["error", "errors", "fault", "exception"]
            .iter()
            .any(|name| node.is(name))
    };
    let has_record = |node: &Node| {
        node.children
            .iter()
            .any(|child| !child.is_blank() && RECORD.iter().any(|name| child.is(name)))
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
            let numbered = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
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
pub(super) fn words(refusals: &[Refusal]) -> String {
    let all: Vec<&str> = refusals.iter().map(|refusal| refusal.words.as_str()).collect();
    bounded(all.join("; "), MOST_WORDS)
}

/// A refusal for good, its fields told apart from its words where the form has such fields.
fn rejected(refusals: &[Refusal], form: Option<&Form>) -> Fault {
    let mut fields = Vec::new();
    let mut rest = Vec::new();
    for refusal in refusals {
        match form.and_then(|form| field_of(form, &refusal.field)) {
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

/// The form's field that a server means by a name.
fn field_of(form: &Form, name: &str) -> Option<String> {
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
    let attribute = ["attribute[", name, "]"].concat();
    let meant = match name {
        "lat" | "long" | "address" | "address_string" | "address_id" => "location",
        "media_url" | "photo" | "photo1" => "media",
        other => other,
    };
    [name, &attribute, meant]
        .into_iter()
        .find_map(|candidate| ids().find(|id| id.eq_ignore_ascii_case(candidate)))
        .map(str::to_owned)
}

/// What a response that is no success means; `None` for a success. `form` is there where something
/// was submitted.
pub(super) fn of_response(response: &Response, payload: &Payload, form: Option<&Form>) -> Option<Problem> {
    let refused = !(200..300).contains(&response.status);
    let refusals = match payload {
        Payload::Tree(root) => read(root, refused),
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
        400..500 if !refusals.is_empty() => problem(rejected(&refusals, form), Sent::Yes),
        // Turned away before anything was read.
        405 | 406 | 415 => problem(unreadable(response.status, payload), Sent::No),
        _ => problem(unreadable(response.status, payload), Sent::Unknown),
    }
}

/// A fault for an answer that the protocol does not know.
pub(super) fn unreadable(status: u16, payload: &Payload) -> Fault {
    let what = match payload {
        Payload::Empty => "nothing",
        Payload::Tree(_) => "data of another kind",
        Payload::Page => "a web page",
        Payload::Words(_) => "plain text",
        Payload::Broken(_) => "data that cannot be read",
    };
    let mut what = [
        "expected GeoReport data, got ",
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
fn retry_after(response: &Response) -> Option<u32> {
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
    use crate::adapters::codec;

    fn answer(status: u16, body: &str) -> Option<Problem> {
        let response = Response {
            status,
            ..Response::default()
        };
        of_response(&response, &codec::read(body.as_bytes(), None), Some(&Form::default()))
    }

    fn message(status: u16, body: &str) -> String {
        match answer(status, body).expect("a problem").fault {
            Fault::Rejected { message, .. } | Fault::Upstream { message, .. } => message,
            other => panic!("{other:?} of {body}"),
        }
    }

    #[test]
    fn every_shape_of_an_error_is_read() {
        for body in [
            "<errors><error><code>400</code><description>Kode salah</description></error></errors>",
            r#"[{"code":400,"description":"Kode salah"}]"#,
            r#"{"errors":[{"code":400,"description":"Kode salah"}]}"#,
            r#"{"errors":{"error":{"code":"400","description":"Kode salah"}}}"#,
            "<error>Kode salah</error>",
            r#"{"error":"Kode salah"}"#,
            r#"{"error":{"code":400,"message":"Kode salah"}}"#,
            r#"{"code":400,"detail":"Kode salah"}"#,
            r#"{"detail":"Kode salah"}"#,
            "<error><description>Kode salah</description></error>",
            r#"{"message":"Kode salah"}"#,
            r#"["Kode salah"]"#,
            r#""Kode salah""#,
            "Kode salah",
            "<g:errors xmlns:g='x'><g:error><g:code/><g:description><![CDATA[Kode  salah]]></g:description></g:error></g:errors>",
        ] {
            assert_eq!(message(400, body), "Kode salah", "{body}");
        }
    }

    #[test]
    fn a_refusal_that_can_be_read_is_final_and_anything_else_is_not() {
        assert_eq!(
            answer(403, "<error>x</error>").map(|problem| problem.sent),
            Some(Sent::Yes)
        );
        for (status, body, sent) in [
            (400, "<html>", Sent::Unknown),
            (403, "", Sent::Unknown),
            (404, "<html>", Sent::No),
            (405, "", Sent::No),
            (302, "", Sent::Unknown),
            (500, "<error>x</error>", Sent::Unknown),
            (503, "<html>", Sent::Unknown),
            (429, "", Sent::No),
            (413, "", Sent::No),
        ] {
            let problem = answer(status, body).expect("a problem");
            assert_eq!(problem.sent, sent, "{status} {body}");
            assert!(!matches!(problem.fault, Fault::Rejected { .. }), "{status} {body}");
        }
    }

    #[test]
    fn an_error_within_a_success_is_an_error_and_records_are_none() {
        assert!(answer(200, r#"{"errors":[{"code":400,"description":"x"}]}"#).is_some());
        assert!(answer(200, r#"[{"code":404,"description":"x"}]"#).is_some());
        assert!(answer(200, "<error>x</error>").is_some());
        for body in [
            r#"[{"service_code":"1","description":"x"}]"#,
            r#"{"service_code":"1","attributes":[{"code":"400","description":"x"}]}"#,
            r#"[{"service_request_id":1,"status":"open","description":"x"}]"#,
            r#"{"error":null,"errors":[],"service_requests":[]}"#,
            "[]",
            "",
        ] {
            assert_eq!(answer(200, body), None, "{body}");
        }
    }

    #[test]
    fn fields_are_named_only_where_a_shape_names_them() {
        let field = |id: &str| Field {
            id: id.to_owned(),
            ..Field::default()
        };
        let form = Form {
            steps: vec![crate::model::form::Step {
                sections: vec![crate::model::form::Section {
                    fields: vec![field("attribute[WHISHETN]"), field("email"), field("location")],
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Form::default()
        };
        let response = Response {
            status: 422,
            ..Response::default()
        };
        let body = br#"{"message":"Periksa lagi","errors":{"email":["Tidak sah"],"whishetn":["Wajib"],"lat":["?"],"x":["y"]}}"#;
        let problem = of_response(&response, &codec::read(body, None), Some(&form)).expect("a problem");
        let Fault::Rejected { fields, message } = problem.fault else {
            panic!("{problem:?}");
        };
        let named: Vec<(&str, &str)> = fields.iter().map(|f| (f.field.as_str(), f.message.as_str())).collect();
        assert_eq!(
            named,
            [
                ("email", "Tidak sah"),
                ("attribute[WHISHETN]", "Wajib"),
                ("location", "?")
            ]
        );
        assert_eq!(message, "Periksa lagi; y");
    }

    #[test]
    fn a_servers_words_are_bounded() {
        assert_eq!(message(400, &"x".repeat(9000)).len(), MOST_WORDS);
    }

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
