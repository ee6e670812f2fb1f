//! What a village's server says when it refuses.
//!
//! | shape | when |
//! |---|---|
//! | 401 `{"code": 401, "messages": {"credential": "…"}}` | wrong NIK or PIN |
//! | 403 of the same shape | five wrong tries: nobody logs in with this NIK for an hour |
//! | 401 `Unauthorized.` in plain words | no token, or one that has expired |
//! | 422 `{"errors": {field: ["…"]}}` | a rule is broken |
//! | `{"code": 400, "messages": "…"}`, `{"message": "…"}` | all else |
//!
//! A session that has expired was looked at before anything else: what came with it was not taken in.

use super::profile::Profile;
use crate::adapters::answer::refusal::{self, Manner};
use crate::adapters::answer::resource::text;
use crate::adapters::codec::Payload;
use crate::adapters::http::Response;
use crate::model::form::{Field, Form, Section, Step};
use crate::model::login::Credentials;
use crate::model::problem::{Fault, FieldRefusal, Problem, Sent};

const MANNER: Manner = Manner {
    protocol: "OpenSID",
    record: &["data"],
    fields: |name| {
        let last = name.rsplit('.').next().unwrap_or(name);
        vec![last.to_owned(), ["syarat[", last, "]"].concat()]
    },
};

/// What a response that is no success means; `None` for a success.
pub(super) fn of_response(response: &Response, payload: &Payload, form: Option<&Form>) -> Option<Problem> {
    if response.status == 401 {
        return Some(Problem::unsent(Fault::LoginNeeded));
    }
    let problem = refusal::of_response(&MANNER, response, payload, form);
    problem.or_else(|| {
        // `{"status": false, "message": "…"}` with HTTP 200.
        let Payload::Tree(root) = payload else { return None };
        let denied = root.children.iter().find(|top| {
            ["status", "success"]
                .iter()
                .any(|name| matches!(text(top, name), "false" | "error"))
        })?;
        let message = ["message", "messages"].map(|name| text(denied, name)).join("");
        Some(Problem {
            fault: Fault::Rejected {
                fields: Vec::new(),
                message,
            },
            sent: Sent::Yes,
        })
    })
}

/// A fault for an answer that the protocol does not know.
pub(super) fn unreadable(status: u16, payload: &Payload) -> Fault {
    refusal::unreadable(&MANNER, status, payload)
}

/// What a refused login means. The server's words are shown, but never with what was typed in them.
pub(super) fn of_login(
    profile: &Profile,
    credentials: &Credentials,
    response: &Response,
    payload: &Payload,
) -> Option<Problem> {
    // The two fields of a login, for the shapes that name one.
    let field = |id: &str| Field {
        id: id.to_owned(),
        ..Field::default()
    };
    let form = Form {
        steps: vec![Step {
            sections: vec![Section {
                fields: vec![field("credential"), field("password")],
                ..Section::default()
            }],
            ..Step::default()
        }],
        ..Form::default()
    };
    if response.status == 403 {
        let after = refusal::retry_after(response).unwrap_or(profile.throttle);
        return Some(Problem::unsent(Fault::RateLimited { after: Some(after) }));
    }
    // A login that is not known is no refusal of what waits for it.
    if response.status == 401 {
        return Some(Problem::unsent(Fault::LoginNeeded));
    }
    let mut problem = refusal::of_response(&MANNER, response, payload, Some(&form))?;
    let hide = |words: &mut String| {
        for secret in [&credentials.identifier, &credentials.proof] {
            let secret = secret.expose().trim();
            if !secret.is_empty() && words.contains(secret) {
                *words = words.replace(secret, "…");
            }
        }
    };
    match &mut problem.fault {
        Fault::Rejected { fields, message } => {
            hide(message);
            for refused in fields {
                hide(&mut refused.message);
                refused.field = match refused.field.as_str() {
                    "credential" => "identifier",
                    _ => "proof",
                }
                .to_owned();
            }
        }
        Fault::Upstream { message, .. } => hide(message),
        _ => {}
    }
    problem.sent = Sent::No;
    Some(problem)
}

/// A refused document: whatever the server says of it, it says of that field.
pub(super) fn of_document(problem: Problem, field: &Field) -> Problem {
    let fault = match problem.fault {
        Fault::Rejected { fields, message } => {
            let mut words: Vec<String> = fields.into_iter().map(|refused| refused.message).collect();
            words.extend(Some(message).filter(|message| !message.is_empty()));
            Fault::Rejected {
                fields: vec![FieldRefusal {
                    field: field.id.clone(),
                    message: words.join("; "),
                }],
                message: String::new(),
            }
        }
        other => other,
    };
    Problem {
        fault,
        sent: problem.sent,
    }
}
