//! What a licensing office's server says when it refuses.
//!
//! Every answer of its own is an envelope, `{"success", "message", "data", "errors"}`, and `success`
//! alone tells: under `Source: android` a failure comes with HTTP 200. What the framework refuses
//! before (`{"message", "url", "code"}`) has none. A message that shows the database's own words is
//! nothing for citizens.

use crate::adapters::answer::record::leaves;
use crate::adapters::answer::refusal::{self, Manner};
use crate::adapters::answer::resource::text;
use crate::adapters::codec::Payload;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::Response;
use crate::model::form::{Field, Form};
use crate::model::problem::{Fault, FieldRefusal, Problem, Sent};

/// Most characters of the server's words.
const MOST_WORDS: usize = 500;

const MANNER: Manner = Manner {
    protocol: "SiCantik",
    record: &["data"],
    fields: |_| Vec::new(),
};

/// A fault for an answer that the protocol does not know.
pub(super) fn unreadable(status: u16, payload: &Payload) -> Fault {
    refusal::unreadable(&MANNER, status, payload)
}

/// What a response that is no success means; `None` for a success. `form` is there where something
/// was submitted.
pub(super) fn of_response(response: &Response, payload: &Payload, form: Option<&Form>) -> Option<Problem> {
    if response.status == 401 {
        return Some(Problem::unsent(Fault::LoginNeeded));
    }
    let envelope = match payload {
        Payload::Tree(root) => root.children.iter().find(|top| text(top, "success") == "false"),
        _ => None,
    };
    let Some(envelope) = envelope.filter(|_| response.status < 500) else {
        return refusal::of_response(&MANNER, response, payload, form);
    };
    let message = bounded(clean(text(envelope, "message")), MOST_WORDS);
    let fault = if message.contains("SQL") {
        Fault::Upstream {
            status: response.status,
            message: String::new(),
        }
    } else if message.starts_with("Record not found") && form.is_none() {
        Fault::NotFound
    } else {
        rejected(envelope, message, form)
    };
    let sent = if matches!(fault, Fault::Upstream { .. }) {
        Sent::Unknown
    } else {
        Sent::Yes
    };
    Some(Problem { fault, sent })
}

/// A refusal by fields: `{"errors": {field: {rule: words}}}`.
fn rejected(envelope: &Node, message: String, form: Option<&Form>) -> Fault {
    let ids: Vec<&Field> = form.map(Form::fields).unwrap_or_default();
    let mut fields = Vec::new();
    let mut rest: Vec<String> = Some(message)
        .filter(|message| !message.is_empty())
        .into_iter()
        .collect();
    for errors in envelope.children.iter().filter(|child| child.is("errors")) {
        for error in &errors.children {
            let mut words = Vec::new();
            leaves(error, &mut words);
            let words = bounded(clean(&words.join("; ")), MOST_WORDS);
            match ids.iter().find(|field| field.id == error.name) {
                Some(field) => fields.push(FieldRefusal {
                    field: field.id.clone(),
                    message: words,
                }),
                None if !words.is_empty() => rest.push([&error.name, ": ", &words].concat()),
                None => {}
            }
        }
    }
    Fault::Rejected {
        fields,
        message: bounded(rest.join("; "), MOST_WORDS),
    }
}
