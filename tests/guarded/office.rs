//! An office behind an edge, and phones before it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pendopo::adapters::http::{Body, Part, Request, Response};
use pendopo::adapters::{Conversation, Fact, Intent, Known, Outcome, Step, Submission, compile};
use pendopo::cli::edge::backend::Backends;
use pendopo::cli::edge::guarded::backend::GuardedBackend;
use pendopo::cli::edge::guarded::secrets::Secrets;
use pendopo::model::answers::{Answer, Answers, FileAnswer};
use pendopo::model::application::AttachmentId;
use pendopo::model::case::Acknowledgement;
use pendopo::model::login::Credentials;
use pendopo::model::problem::Problem;
use pendopo::model::region::Backend;
use pendopo::model::secret::Secret;
use serde_json::{Value, json};

use crate::adapter::Office;
use crate::house::{House, lapor};
use crate::phone::{Ask, Told};
use crate::upstream::{Act, Heard, Upstream};

pub const INTENTS: &str = "/i/32.73/perizinan";
pub const ID: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
pub const NIK: &str = "3273010101900001";

/// A guarded backend at this address.
pub fn perizinan(url: String) -> GuardedBackend {
    guarded(url, Secrets::default())
}

pub fn guarded(url: String, secrets: Secrets) -> GuardedBackend {
    let id: pendopo::model::region::BackendId = "32.73/perizinan".parse().unwrap();
    let adapter = Arc::new(Office(id.clone()));
    GuardedBackend {
        timeout: Duration::from_secs(10),
        ..GuardedBackend::new(id, url, adapter, secrets)
    }
}

/// An edge before it and before an open one at the same address.
pub async fn house(url: String) -> House {
    before(perizinan(url)).await
}

pub async fn before(backend: GuardedBackend) -> House {
    let open = vec![lapor(backend.url.clone())];
    let backends = Backends {
        open,
        guarded: vec![backend],
    };
    House::of(backends, |settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await
}

pub fn created(value: &Value) -> Act {
    answer("201 Created", value)
}

pub fn answer(status: &str, value: &Value) -> Act {
    Act::answer(status, "Content-Type: application/json\r\n", &value.to_string())
}

/// An office with one case, of [`NIK`], that takes everything in.
pub fn works(heard: &Heard) -> Act {
    let mut line = heard.line().split(' ');
    let (method, path) = (line.next().unwrap(), line.next().unwrap());
    let path = path.strip_prefix("/v2/").unwrap();
    let token = heard.header("authorization") == Some("Bearer penanda-token");
    let body = || serde_json::from_slice::<Value>(&heard.body).unwrap();
    match (method, path.split('?').next().unwrap()) {
        ("POST", "masuk") if body() == json!({"nik": NIK, "pin": "123456"}) => {
            answer("200 OK", &json!({"token": "penanda-token"}))
        }
        ("POST", "masuk") => answer("401 Unauthorized", &json!({"pesan": "salah"})),
        ("POST", "berkas") => created(&json!({"berkas": "http://10.4.0.7/penanda"})),
        ("POST", "permohonan") => created(&json!({"nomor": "A-1", "pesan": "Terima kasih"})),
        ("GET", "permohonan/A-1") => answer(
            "200 OK",
            &json!({"nomor": "A-1", "nik": NIK, "nama": "penanda", "catatan": "Diperiksa"}),
        ),
        ("GET", "permohonan") if token => answer("200 OK", &json!([{"nomor": "A-1"}])),
        ("GET", "dokumen") if token => answer("200 OK", &json!({"jenis": "text/html", "isi": "<script>\nx"})),
        ("GET", "formulir/izin") if token => answer("200 OK", &json!({"format": 1, "steps": []})),
        ("GET", "permohonan" | "dokumen" | "formulir/izin") => answer("401 Unauthorized", &json!({})),
        ("GET", "cari") => answer("200 OK", &json!({"nomor": "A-1"})),
        _ => answer("404 Not Found", &json!({"pesan": "penanda"})),
    }
}

pub fn submission() -> Submission {
    let answers = [("nik", NIK), ("nama", "Siti"), ("alasan", "usaha")];
    let answers = answers.map(|(name, text)| (name.to_owned(), Answer::Text(text.to_owned())));
    Submission {
        id: ID.parse().unwrap(),
        service: "izin".parse().unwrap(),
        form: serde_json::from_value(json!({"format": 1, "steps": []})).unwrap(),
        answers: Answers(answers.into()),
        completes: None,
    }
}

pub fn with_files(bytes: &[&[u8]]) -> (Submission, BTreeMap<AttachmentId, Vec<u8>>) {
    let mut submission = submission();
    let mut files = BTreeMap::new();
    let mut named = Vec::new();
    for (number, bytes) in bytes.iter().enumerate() {
        let id: AttachmentId = format!("00000000-0000-4000-8000-00000000000{number}").parse().unwrap();
        named.push(FileAnswer {
            id: id.clone(),
            name: "ktp \"saya\".jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size: 1,
            was: None,
        });
        files.insert(id, bytes.to_vec());
    }
    submission.answers.0.insert("ktp".to_owned(), Answer::Files(named));
    (submission, files)
}

pub fn track(reference: &str, second_fact: Option<&str>) -> Intent {
    Intent::Track {
        acknowledgement: Acknowledgement::Reference(reference.parse().unwrap()),
        second_fact: second_fact.map(|fact| Secret::new(fact.to_owned())),
    }
}

pub fn log_in(nik: &str, pin: &str) -> Intent {
    Intent::LogIn(Credentials {
        identifier: Secret::new(nik.to_owned()),
        proof: Secret::new(pin.to_owned()),
    })
}

/// A phone's own conversation.
pub fn talk(intent: Intent, facts: &[Fact], session: Option<&Secret<String>>) -> Box<dyn Conversation> {
    let backend: Backend = serde_json::from_value(json!({
        "id": "perizinan", "name": "Perizinan", "office": "Dinas", "adapter": "kantor", "guarded": true
    }))
    .unwrap();
    let (adapter, diagnostics) = compile(&"32.73/perizinan".parse().unwrap(), &backend, 420);
    assert_eq!(diagnostics, []);
    adapter.unwrap().start(intent, Known { facts, session })
}

/// What a phone's conversation sends, byte for byte.
pub fn sent(request: &Request, files: &BTreeMap<AttachmentId, Vec<u8>>) -> Ask {
    let target = pendopo_address(request);
    let mut ask = Ask::new(request.method.name(), &target);
    for (name, value) in &request.headers {
        ask = ask.header(name, value);
    }
    if let Some(key) = &request.key {
        ask = ask.header("idempotency-key", key);
    }
    ask.header("content-type", &request.body.content_type)
        .body(bytes(&request.body, files))
}

fn pendopo_address(request: &Request) -> String {
    let pendopo::adapters::http::Target::Guarded(id) = &request.target else {
        panic!("it goes elsewhere");
    };
    assert_eq!(request.path, "");
    format!("/i/{id}")
}

fn bytes(body: &Body, files: &BTreeMap<AttachmentId, Vec<u8>>) -> Vec<u8> {
    let part = |part: &Part| match part {
        Part::Bytes(bytes) => bytes.clone(),
        Part::Secret(bytes) => bytes.expose().clone(),
        Part::Attachment(id) => files[id].clone(),
    };
    body.parts.iter().flat_map(part).collect()
}

pub fn ask(intent: Intent, facts: &[Fact], session: Option<&Secret<String>>) -> Ask {
    let mut talk = talk(intent, facts, session);
    let Step::Send { request, .. } = talk.begin() else {
        panic!("nothing is asked");
    };
    sent(&request, &BTreeMap::new())
}

pub fn response(told: &Told) -> Response {
    Response {
        status: told.status,
        headers: told.headers.clone().into_iter().collect(),
        body: told.body.clone(),
    }
}

/// What a phone makes of an intent: the outcome or the problem, and facts to be kept.
pub async fn say(
    edge: SocketAddr,
    intent: Intent,
    facts: &[Fact],
    session: Option<&Secret<String>>,
    files: &BTreeMap<AttachmentId, Vec<u8>>,
) -> (Result<Outcome, Problem>, Vec<Fact>, Told) {
    let mut talk = talk(intent, facts, session);
    let Step::Send { request, .. } = talk.begin() else {
        panic!("nothing is asked");
    };
    let told = sent(&request, files).of(edge).await;
    match talk.resume(Ok(response(&told))) {
        Step::Done { outcome, facts, .. } => (Ok(outcome), facts, told),
        Step::Failed(problem) => (Err(problem), talk.won(), told),
        Step::Send { .. } => panic!("it is not over"),
    }
}

pub async fn simply(edge: SocketAddr, intent: Intent) -> (Result<Outcome, Problem>, Told) {
    let (result, _, told) = say(edge, intent, &[], None, &BTreeMap::new()).await;
    (result, told)
}

/// An office that works, and an edge before it.
pub async fn working() -> (Upstream, House) {
    let upstream = Upstream::answering(works).await;
    let house = house(upstream.url()).await;
    (upstream, house)
}
