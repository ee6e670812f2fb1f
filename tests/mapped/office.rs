//! What the tests share: adapters of profiles, a server of PHP, an edge before it and a phone before that.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pendopo::adapters::http::{Part, Response};
use pendopo::adapters::{self, Adapter, Fact, Intent, Known, Outcome, Step, Submission};
use pendopo::cli::edge::backend::Backends;
use pendopo::cli::edge::guarded::backend::GuardedBackend;
use pendopo::cli::edge::guarded::secrets::Secrets;
use pendopo::cli::edge::transport::Transport;
use pendopo::model::answers::{Answer, Answers};
use pendopo::model::case::{Acknowledgement, Case};
use pendopo::model::form::Form;
use pendopo::model::problem::Problem;
use pendopo::model::region::{Backend, BackendId};
use pendopo::model::secret::Secret;
use serde_json::json;
use tempfile::TempDir;

use crate::house::House;
use crate::phone::Ask;

pub const NIK: &str = "3404014102900007";
pub const OTHER: &str = "3404010102900008";
pub const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";

pub fn id() -> BackendId {
    "34.04/kantor".parse().unwrap()
}

/// The text of a profile that ships.
pub fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The adapter of a profile without a fault. Its members keep their order, as at the edge.
pub fn adapter(profile: &str) -> Box<dyn Adapter> {
    let (adapter, wrong) = compiled(profile);
    assert_eq!(wrong, []);
    adapter.unwrap()
}

pub fn compiled(profile: &str) -> (Option<Box<dyn Adapter>>, Vec<pendopo::model::diagnostic::Diagnostic>) {
    let mut backend: Backend = serde_json::from_value(json!({
        "id": "kantor", "name": "Kantor", "office": "Kantor", "adapter": "mapped",
    }))
    .unwrap();
    backend.profile = serde_json::from_str(profile).unwrap();
    adapters::compile(&id(), &backend, 420)
}

/// A form of these fields: id and type.
pub fn form(fields: &[(&str, &str)]) -> Form {
    let fields: Vec<_> = fields
        .iter()
        .map(|(id, kind)| json!({"id": id, "type": kind, "label": id}))
        .collect();
    serde_json::from_value(json!({"format": 1, "steps": [{"id": "isi", "sections": [{"fields": fields}]}]})).unwrap()
}

pub fn submission(service: &str, answers: &[(&str, &str)]) -> Submission {
    let fields: Vec<(&str, &str)> = answers.iter().map(|(id, _)| (*id, "text")).collect();
    let answers = answers
        .iter()
        .map(|(id, text)| ((*id).to_owned(), Answer::Text((*text).to_owned())));
    Submission {
        id: APPLICATION.parse().unwrap(),
        service: service.parse().unwrap(),
        form: form(&fields),
        answers: Answers(answers.collect()),
        completes: None,
    }
}

pub fn track(reference: &str, second_fact: Option<&str>) -> Intent {
    Intent::Track {
        acknowledgement: Acknowledgement::Reference(reference.parse().unwrap()),
        second_fact: second_fact.map(|fact| Secret::new(fact.to_owned())),
    }
}

/// `php -S` with one of the scripts of `tests/foreign`, and what it holds.
pub struct Php {
    child: Child,
    pub url: String,
    #[expect(dead_code, reason = "the folder is there as long as the server is")]
    folder: TempDir,
}

impl Php {
    pub async fn start(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign").join(script);
        let child = Command::new("php")
            .args(["-S", &address.to_string()])
            .arg(script)
            .env("DESK_FILE", folder.path().join("desk.json"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("php (Debian: php-cli, php-soap); .ci/tools tests installs it");
        let php = Self {
            child,
            url: format!("http://{address}"),
            folder,
        };
        let until = tokio::time::Instant::now() + Duration::from_secs(30);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(tokio::time::Instant::now() < until, "php does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        php
    }

    /// What the officer sees.
    pub async fn cases(&self) -> serde_json::Value {
        let address: SocketAddr = self.url.strip_prefix("http://").unwrap().parse().unwrap();
        serde_json::from_slice(&Ask::get("/petugas").of(address).await.body).unwrap()
    }

    /// What the officer does.
    pub async fn move_on(&self, number: &str, status: &str, note: &str) {
        let address: SocketAddr = self.url.strip_prefix("http://").unwrap().parse().unwrap();
        let escape = pendopo::model::route::encode;
        let target = format!(
            "/petugas?nomor={}&status={}&catatan={}",
            escape(number),
            escape(status),
            escape(note)
        );
        assert_eq!(Ask::new("POST", &target).body("").of(address).await.status, 200);
    }
}

impl Drop for Php {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An edge before a guarded backend.
pub async fn edge(url: &str, profile: &str) -> House {
    let adapter: Arc<dyn Adapter> = adapter(profile).into();
    let guarded = vec![GuardedBackend::new(id(), url, adapter, Secrets::default())];
    let backends = Backends {
        open: Vec::new(),
        guarded,
    };
    House::of(backends, |_| {}).await
}

/// A conversation held natively, as publishing holds it.
pub async fn natively(url: &str, profile: &str, intent: Intent) -> Result<Outcome, Problem> {
    let transport = Transport::new();
    let mut talk = adapter(profile).start(intent, Known::default());
    let mut step = talk.begin();
    loop {
        match step {
            Step::Send { request, .. } => step = talk.resume(transport.send(url, &request, |_| None).await),
            Step::Done { outcome, .. } => return Ok(outcome),
            Step::Failed(problem) => return Err(problem),
        }
    }
}

/// What a phone makes of an intent, by way of the edge: the outcome or the problem, and facts to be kept.
pub async fn say(edge: SocketAddr, intent: Intent, facts: &[Fact]) -> (Result<Outcome, Problem>, Vec<Fact>) {
    let backend: Backend = serde_json::from_value(json!({
        "id": "kantor", "name": "Kantor", "office": "Kantor", "adapter": "mapped", "guarded": true,
    }))
    .unwrap();
    let (adapter, _) = adapters::compile(&id(), &backend, 420);
    let mut talk = adapter.unwrap().start(intent, facts.into());
    let Step::Send { request, .. } = talk.begin() else {
        panic!("nothing is asked");
    };
    let mut ask = Ask::new("POST", &format!("/i/{}", id()));
    for (name, value) in &request.headers {
        ask = ask.header(name, value);
    }
    if let Some(key) = &request.key {
        ask = ask.header("idempotency-key", key);
    }
    let body: Vec<u8> = request
        .body
        .parts
        .iter()
        .flat_map(|part| match part {
            Part::Bytes(bytes) => bytes.clone(),
            Part::Secret(bytes) => bytes.expose().clone(),
            Part::Attachment(id) => panic!("no file goes along: {id}"),
        })
        .collect();
    let told = ask
        .header("content-type", &request.body.content_type)
        .body(body)
        .of(edge)
        .await;
    let response = Response {
        status: told.status,
        headers: told.headers.clone().into_iter().collect(),
        body: told.body.clone(),
    };
    match talk.resume(Ok(response)) {
        Step::Done { outcome, facts, .. } => (Ok(outcome), facts),
        Step::Failed(problem) => (Err(problem), talk.won()),
        Step::Send { .. } => panic!("it is not over"),
    }
}

pub fn case(result: Result<Outcome, Problem>) -> Case {
    match result {
        Ok(Outcome::Case(Some(case))) => *case,
        other => panic!("{other:?}"),
    }
}

pub fn reference(result: &Result<Outcome, Problem>) -> String {
    match result {
        Ok(Outcome::Submitted {
            acknowledgement: Acknowledgement::Reference(reference),
            ..
        }) => reference.to_string(),
        other => panic!("{other:?}"),
    }
}
