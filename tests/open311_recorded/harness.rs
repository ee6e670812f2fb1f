//! A GeoReport server's adapter and applications to it.

use std::path::Path;

pub use crate::recorded::*;
use pendopo::adapters::http::Response;
use pendopo::adapters::{self, Adapter, Intent, Submission};
use pendopo::model::answers::{Answer, Answers};
use pendopo::model::case::Acknowledgement;
use pendopo::model::form::Form;
use pendopo::model::region::{Backend, BackendId};
use serde_json::{Value, json};

/// Bandung's minutes east of UTC.
pub const WIB: i32 = 420;
pub const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";

pub fn backend(profile: Value) -> Backend {
    serde_json::from_value(json!({
        "id": "lapor", "name": "Lapor", "office": "Kota", "adapter": "open311", "profile": profile,
    }))
    .expect("a backend")
}

pub fn id() -> BackendId {
    "32.73/lapor".parse().expect("an id")
}

pub fn adapter(profile: Value) -> Box<dyn Adapter> {
    let (adapter, wrong) = adapters::compile(&id(), &backend(profile), WIB);
    assert_eq!(wrong, Vec::new());
    adapter.expect("an adapter")
}

/// A fixture of our own.
pub fn fixture(name: &str) -> Response {
    recorded(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures/open311")
            .join(name),
    )
}

pub fn submission(form: Form, answers: &[(&str, Answer)]) -> Submission {
    Submission {
        completes: None,
        id: APPLICATION.parse().expect("an id"),
        service: "12".parse().expect("a code"),
        form,
        answers: Answers(
            answers
                .iter()
                .map(|(field, answer)| ((*field).to_owned(), answer.clone()))
                .collect(),
        ),
    }
}

pub fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

pub fn reference(number: &str) -> Intent {
    track_by(Acknowledgement::Reference(number.parse().expect("a reference")))
}

pub fn token(token: &str) -> Intent {
    track_by(Acknowledgement::Token(token.parse().expect("a token")))
}

fn track_by(acknowledgement: Acknowledgement) -> Intent {
    Intent::Track {
        acknowledgement,
        second_fact: None,
    }
}
