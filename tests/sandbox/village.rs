//! The village's interface (OpenSID): each call and each shape of a refusal.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::parts::{BOUNDARY, multipart};

/// NIK and PIN of the village's first citizen, and of another.
pub const BUDI: (&str, &str) = ("3404070101909001", "111111");
pub const SITI: (&str, &str) = ("3404074202929002", "222222");

pub const BASE: &str = "/34.04/kalurahan";

/// A village, and somebody who is logged in.
pub struct Village {
    pub city: City,
    pub token: String,
}

impl Village {
    pub async fn new() -> Self {
        Self::of(BUDI).await
    }

    pub async fn of(who: (&str, &str)) -> Self {
        let mut village = Self {
            city: City::new().await,
            token: String::new(),
        };
        village.token = village.log_in(who).await;
        village
    }

    pub fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.city.url(&format!("{BASE}/api/v1/{path}"));
        let request = self.city.client.request(method, url);
        request.header("accept", "application/json").bearer_auth(&self.token)
    }

    pub fn try_in(&self, who: (&str, &str)) -> RequestBuilder {
        let body = json!({"credential": who.0, "password": who.1});
        self.call(Method::POST, "auth/login")
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    pub async fn log_in(&self, who: (&str, &str)) -> String {
        let answer = expect_json(self.try_in(who).send().await.expect("an answer"), 200).await;
        let token = &answer["data"]["attributes"]["access_token"];
        assert_eq!(token["token_type"], "Bearer");
        token["token"].as_str().expect("a token").to_owned()
    }

    pub async fn read(&self, path: &str) -> Value {
        expect_json(
            self.call(Method::GET, &format!("layanan-mandiri/{path}"))
                .send()
                .await
                .expect("an answer"),
            200,
        )
        .await
    }

    pub fn send(&self, method: Method, path: &str, body: &Value) -> RequestBuilder {
        let request = self.call(method, &format!("layanan-mandiri/{path}"));
        request
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    pub async fn apply(&self) -> String {
        let sent = self.send(Method::POST, "surat/surat-keterangan-usaha/permohonan", &business());
        let answer = expect_json(sent.send().await.expect("an answer"), 200).await;
        answer["data"]["id"].as_str().expect("an id").to_owned()
    }

    pub async fn moved(&self, id: &str, status: &str) {
        let answer = self
            .city
            .control(&format!("{BASE}/sandbox/cases/{id}"), json!({ "status": status }))
            .await;
        expect_json(answer, 200).await;
    }

    pub async fn settings(&self, settings: Value) {
        expect_json(
            self.city.control(&format!("{BASE}/sandbox/settings"), settings).await,
            200,
        )
        .await;
    }

    pub fn upload(&self, pairs: &[(&str, &str)], file: &[u8]) -> RequestBuilder {
        let request = self.call(Method::POST, "layanan-mandiri/surat/unggah-dokumen");
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(pairs, &[("file", "application/pdf", file)]))
    }
}

/// A request for a letter on a business that lacks nothing.
pub fn business() -> Value {
    json!({
        "id_surat": 192,
        "nama_usaha": "Warung Bu Contoh",
        "alamat_usaha": "Padukuhan Contoh",
        "keperluan": "Pinjaman bank",
        "keterangan": "",
        "no_hp_aktif": "081234567890",
        "syarat": "{\"1\":\"7\"}",
        "isian_form": "{\"nama_usaha\":\"Warung Bu Contoh\"}",
    })
}

#[tokio::test]
async fn a_citizen_logs_in_with_nik_or_email_and_pin_and_is_given_a_token_with_its_time() {
    let village = Village::new().await;
    let answer = expect_json(
        village
            .try_in(("BUDI@warga.example", "111111"))
            .send()
            .await
            .expect("an answer"),
        200,
    )
    .await;
    assert_eq!(
        (&answer["data"]["type"], &answer["data"]["id"]),
        (&json!("penduduk"), &json!("1"))
    );
    assert_eq!(answer["data"]["attributes"]["access_token"]["expires_in"], 3600);
}

#[tokio::test]
async fn a_wrong_pin_is_refused_with_its_code_and_a_missing_one_by_field_or_by_another_page() {
    let village = Village::new().await;
    let answer = expect_json(village.try_in((BUDI.0, "000000")).send().await.expect("an answer"), 401).await;
    assert_eq!(answer["code"], 401);
    assert!(answer["messages"]["credential"].is_string());
    let answer = expect_json(village.try_in((BUDI.0, "")).send().await.expect("an answer"), 422).await;
    assert!(answer["errors"]["password"][0].is_string() && answer["errors"].get("credential").is_none());
    let url = village.city.url(&format!("{BASE}/api/v1/auth/login"));
    let plain = village.city.client.post(url).send().await.expect("an answer");
    assert_eq!(plain.status(), 302, "who does not ask for JSON is sent elsewhere");
}

#[tokio::test]
async fn after_five_wrong_tries_the_right_pin_too_is_refused_for_an_hour_and_nobody_elses() {
    let village = Village::new().await;
    for _ in 0..5 {
        let wrong = village.try_in((SITI.0, "999999")).send().await.expect("an answer");
        assert_eq!(wrong.status(), 401);
    }
    let answer = expect_json(village.try_in(SITI).send().await.expect("an answer"), 403).await;
    assert_eq!(answer["code"], 403);
    assert!(
        answer["messages"]
            .as_str()
            .is_some_and(|words| words.contains("60 menit")),
        "{answer}"
    );
    village.log_in(BUDI).await;
    village.settings(json!({"release": "2021"})).await;
    let answer = expect_json(village.try_in(SITI).send().await.expect("an answer"), 403).await;
    assert!(
        answer["messages"]["credential"].is_string(),
        "the older release: {answer}"
    );
    village
        .city
        .control(&format!("{BASE}/sandbox/clock"), json!({"advance_seconds": 3601}))
        .await;
    village.log_in(SITI).await;
}

#[tokio::test]
async fn a_success_forgets_the_wrong_tries_before_it() {
    let village = Village::new().await;
    for _ in 0..2 {
        for _ in 0..4 {
            village.try_in((SITI.0, "999999")).send().await.expect("an answer");
        }
        village.log_in(SITI).await;
    }
}

#[tokio::test]
async fn without_a_token_that_holds_every_call_is_refused_in_plain_text() {
    let mut village = Village::new().await;
    village.settings(json!({"token_seconds": 30})).await;
    village.token = village.log_in(BUDI).await;
    village.read("surat/permohonan").await;
    village
        .city
        .control(&format!("{BASE}/sandbox/clock"), json!({"advance_seconds": 31}))
        .await;
    for path in ["surat/permohonan", "surat/jenis-permohonan", "surat/arsip", "pengaduan"] {
        let answer = village
            .call(Method::GET, &format!("layanan-mandiri/{path}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.text().await.expect("text"), "Unauthorized.");
    }
    village.token = village.log_in(BUDI).await;
    village.read("surat/permohonan").await;
    village.city.control(&format!("{BASE}/sandbox/logout"), json!({})).await;
    let answer = village
        .call(Method::GET, "layanan-mandiri/surat/arsip")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 401);
}
