//! Plays recorded answers to a conversation and keeps what it asked.

#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::path::Path;

use pendopo::adapters::http::{Part, Request, Response};
use pendopo::adapters::{Adapter, Fact, Intent, Known, Outcome, RoutePattern, Step};
use pendopo::model::case::Case;
use pendopo::model::diagnostic::Diagnostic;
use pendopo::model::problem::Problem;

/// A file: a body, or a whole response if it begins with a status line.
pub fn recorded(path: &Path) -> Response {
    response(&std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

pub fn response(bytes: &[u8]) -> Response {
    let mut response = Response {
        status: 200,
        ..Response::default()
    };
    let Some(rest) = bytes.strip_prefix(b"HTTP/1.1 ") else {
        response.body = bytes.to_vec();
        return response;
    };
    let at = rest.windows(2).position(|pair| pair == b"\n\n").expect("an empty line");
    let head = std::str::from_utf8(&rest[..at]).expect("a head of text");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').next()).expect("a status");
    response.status = status.parse().expect("a status");
    response.headers = lines
        .map(|line| line.split_once(':').expect("a header"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    response.body = rest[at + 2..].to_vec();
    response
}

pub fn answer(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

/// What a conversation asked, the facts it won, and how it ended.
pub struct Play {
    pub requests: Vec<Request>,
    pub facts: Vec<Fact>,
    pub end: Step,
}

impl Play {
    pub fn outcome(self) -> (Outcome, Vec<Diagnostic>) {
        match self.end {
            Step::Done {
                outcome, diagnostics, ..
            } => (outcome, diagnostics),
            other => panic!("{other:?}"),
        }
    }

    pub fn problem(self) -> Problem {
        match self.end {
            Step::Failed(problem) => problem,
            other => panic!("{other:?}"),
        }
    }

    pub fn case(self) -> (Case, Vec<Diagnostic>) {
        match self.outcome() {
            (Outcome::Case(Some(case)), notes) => (*case, notes),
            other => panic!("{other:?}"),
        }
    }

    pub fn paths(&self) -> Vec<&str> {
        self.requests.iter().map(|request| request.path.as_str()).collect()
    }
}

pub fn play(adapter: &dyn Adapter, intent: Intent, answers: Vec<Response>) -> Play {
    play_results(adapter, intent, &[], answers.into_iter().map(Ok).collect())
}

pub fn play_results(
    adapter: &dyn Adapter,
    intent: Intent,
    facts: &[Fact],
    answers: Vec<Result<Response, Problem>>,
) -> Play {
    play_known(adapter, intent, facts.into(), answers)
}

pub fn play_known(
    adapter: &dyn Adapter,
    intent: Intent,
    known: Known<'_>,
    answers: Vec<Result<Response, Problem>>,
) -> Play {
    let routes = adapter.routes();
    // A login is under no key: nobody may keep its answer.
    let keyless = matches!(intent, Intent::LogIn(_));
    let mut conversation = adapter.start(intent, known);
    let mut play = Play {
        requests: Vec::new(),
        facts: Vec::new(),
        end: conversation.begin(),
    };
    let mut answers = answers.into_iter();
    while let Step::Send { request, facts } = play.end {
        assert!(
            routes.iter().any(|route| passes(route, &request)),
            "the edge would not pass {} {}",
            request.method.name(),
            request.path
        );
        assert_eq!(request.key.is_some(), request.method.name() != "GET" && !keyless);
        play.facts.extend(facts);
        play.requests.push(request);
        play.end = conversation.resume(answers.next().expect("an answer to every request"));
    }
    assert_eq!(answers.len(), 0, "answers that nobody asked for");
    play
}

/// Whether the edge lets a request pass by a pattern.
pub fn passes(route: &RoutePattern, request: &Request) -> bool {
    let (pattern, path) = (route.path.split('/'), request.path.split('/'));
    route.method == request.method.name()
        && pattern.clone().count() == path.clone().count()
        && pattern
            .zip(path)
            .all(|(pattern, segment)| match pattern.split_once('*') {
                Some((before, after)) => {
                    segment.len() > before.len() + after.len()
                        && segment.starts_with(before)
                        && segment.ends_with(after)
                }
                None => pattern == segment,
            })
}

/// A body's bytes, attachments as `<id>`.
pub fn body(request: &Request) -> String {
    request
        .body
        .parts
        .iter()
        .map(|part| match part {
            Part::Secret(bytes) => String::from_utf8(bytes.expose().clone()).expect("UTF-8"),
            Part::Bytes(bytes) => String::from_utf8(bytes.clone()).expect("UTF-8"),
            Part::Attachment(id) => format!("<{id}>"),
        })
        .collect()
}

pub fn paths(notes: &[Diagnostic]) -> Vec<&str> {
    notes.iter().map(|note| note.path.as_str()).collect()
}
