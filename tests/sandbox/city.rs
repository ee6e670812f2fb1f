//! The city under test, and a client that speaks to it over a real socket.

use std::net::SocketAddr;
use std::path::PathBuf;

use pendopo::cli::sandbox::{Config, Running, start};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;

/// A sandbox on a port of its own.
pub struct City {
    pub running: Running,
    pub client: Client,
}

/// A client that reuses no connection, so that a connection that is cut is never tried again.
pub fn client() -> Client {
    // Reqwest asks for a provider although nothing here is https; a second installation is refused.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("the client needs nothing from outside")
}

/// Pairs as a form's body.
pub fn urlencoded(pairs: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("http://x/", pairs).expect("the address is one");
    url.query().unwrap_or_default().to_owned()
}

impl City {
    pub async fn new() -> Self {
        Self::with_file(None).await
    }

    pub async fn with_file(database: Option<PathBuf>) -> Self {
        Self::with(database, None).await
    }

    /// A sandbox with this file for its register, and this one of letters' templates.
    pub async fn with(database: Option<PathBuf>, letters: Option<PathBuf>) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let running = start(Config {
            listen,
            database,
            letters,
        })
        .await
        .expect("a free port can be had");
        Self {
            running,
            client: client(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    pub fn api(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}/{path}", self.running.endpoint()))
    }

    pub fn form(&self, path: &str, pairs: &[(&str, &str)]) -> RequestBuilder {
        self.client
            .post(self.url(path))
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(urlencoded(pairs))
    }

    pub fn submission(&self, pairs: &[(&str, &str)]) -> RequestBuilder {
        self.form("/open311/v2/requests.json", pairs)
    }

    /// What the protocol answers to a GET; must be a 200.
    pub async fn read(&self, path: &str) -> Value {
        expect_json(self.api(path).send().await.expect("an answer"), 200).await
    }

    /// The one record that a submission is answered with; must be a 201.
    pub async fn submit(&self, pairs: &[(&str, &str)]) -> Value {
        let answer = expect_json(self.submission(pairs).send().await.expect("an answer"), 201).await;
        let records = answer.as_array().expect("an array");
        assert_eq!(records.len(), 1, "{answer}");
        records.first().cloned().unwrap_or_default()
    }

    /// The reference that a submission is answered with.
    pub async fn reference(&self, pairs: &[(&str, &str)]) -> String {
        let record = self.submit(pairs).await;
        record["service_request_id"].as_str().expect("a reference").to_owned()
    }

    /// The descriptions with which a submission is refused.
    pub async fn refused(&self, pairs: &[(&str, &str)], status: u16) -> Vec<String> {
        reasons(self.submission(pairs).send().await.expect("an answer"), status).await
    }

    /// Calls one of the sandbox's own controls.
    pub async fn control(&self, path: &str, body: Value) -> Response {
        let request = self
            .client
            .post(self.url(path))
            .header("content-type", "application/json");
        request.body(body.to_string()).send().await.expect("an answer")
    }

    pub async fn cases(&self) -> Value {
        self.control_read("/sandbox/cases").await
    }

    /// What one of the controls answers to a GET; must be a 200.
    pub async fn control_read(&self, path: &str) -> Value {
        let answer = self.client.get(self.url(path)).send().await.expect("an answer");
        expect_json(answer, 200).await
    }

    pub async fn page(&self, path: &str) -> String {
        let answer = self.client.get(self.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("a page")
    }
}

/// The JSON of an answer with this status.
pub async fn expect_json(answer: Response, status: u16) -> Value {
    let found = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    assert_eq!(found, status, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

/// The descriptions of an array of errors whose codes are all the answer's status.
pub async fn reasons(answer: Response, status: u16) -> Vec<String> {
    let errors = expect_json(answer, status).await;
    let errors = errors.as_array().expect("an array of errors");
    assert!(!errors.is_empty());
    errors
        .iter()
        .map(|error| {
            assert_eq!(error["code"], status);
            error["description"].as_str().expect("words").to_owned()
        })
        .collect()
}

/// A report that every check lets pass.
pub const POTHOLE: [(&str, &str); 6] = [
    ("service_code", "JLN-01"),
    ("description", "Lubang di depan pasar"),
    ("lat", "-6.9147"),
    ("long", "107.6098"),
    ("attribute[UKURAN]", "besar"),
    ("attribute[DAMPAK][]", "jatuh"),
];
