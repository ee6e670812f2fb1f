//! The licensing office's interface (SiCantik): each call and each shape of a refusal.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::parts::{BOUNDARY, multipart};

const BASE: &str = "/32.73/izin";
const DEWI: (&str, &str) = ("pemohon.satu", "rahasia-satu");
const AGUS: (&str, &str) = ("pemohon.dua", "rahasia-dua");

/// An office, and an applicant who is logged in.
struct Office {
    city: City,
    token: String,
}

impl Office {
    async fn new() -> Self {
        let mut office = Self {
            city: City::new().await,
            token: String::new(),
        };
        office.token = office.log_in(DEWI).await;
        office
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let url = self.city.url(&format!("{BASE}/api/{path}"));
        self.city.client.request(method, url).bearer_auth(&self.token)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.call(Method::POST, path);
        request
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    fn try_in(&self, who: (&str, &str)) -> RequestBuilder {
        self.post("Pengguna/token.json", &json!({"username": who.0, "password": who.1}))
    }

    async fn log_in(&self, who: (&str, &str)) -> String {
        let answer = expect_json(self.try_in(who).send().await.expect("an answer"), 200).await;
        answer["data"].as_str().expect("a token").to_owned()
    }

    async fn read(&self, path: &str) -> Value {
        let answer = expect_json(self.call(Method::GET, path).send().await.expect("an answer"), 200).await;
        assert_eq!(answer["success"], true, "{answer}");
        answer["data"].clone()
    }

    async fn apply(&self) -> Value {
        let answer = self
            .post("PermohonanIzin.json", &research())
            .send()
            .await
            .expect("an answer");
        expect_json(answer, 200).await["data"].clone()
    }

    async fn moved(&self, id: &Value, step: &str) {
        let answer = self
            .city
            .control(&format!("{BASE}/sandbox/cases/{id}"), json!({ "step": step }))
            .await;
        assert_eq!(answer.status(), 204);
    }

    async fn track(&self, number: &str) -> Response {
        let url = self.city.url(&format!("{BASE}/api/TemplateData/keluaran/32731.json"));
        let mut url = reqwest::Url::parse(&url).expect("an address");
        url.query_pairs_mut().append_pair("no_permohonan", number);
        self.city.client.get(url).send().await.expect("an answer")
    }
}

/// An application for a research permit that lacks nothing.
fn research() -> Value {
    json!({
        "jenis_izin_id": 13,
        "tipe_pemohon": "PERORANGAN",
        "pemohon": {"nama": "Contoh Dewi Lestari", "tgl_lahir": "12-03-1988"},
        "judul": "Pasar pagi",
        "tgl_mulai": "01-09-2026",
        "persyaratan": [
            {"jenis_dokumen_id": 21, "file_name": "ktp.pdf", "terpenuhi": 1, "wajib": 1},
            {"jenis_dokumen_id": 26, "file_name": "proposal.pdf", "terpenuhi": 1, "wajib": 1},
        ],
    })
}

fn statuses(steps: &Value) -> Vec<&str> {
    let steps = steps.as_array().expect("a list");
    steps.iter().filter_map(|step| step["status"].as_str()).collect()
}

#[tokio::test]
async fn a_token_is_in_data_for_a_browser_and_in_an_object_for_the_offices_app() {
    let office = Office::new().await;
    let app = office
        .try_in(DEWI)
        .header("Source", "android")
        .send()
        .await
        .expect("an answer");
    let answer = expect_json(app, 200).await;
    let token = answer["data"]["token"].as_str().expect("a token");
    assert_eq!(token.matches('.').count(), 2);
    let form = office
        .call(Method::POST, "Pengguna/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = form
        .body("username=pemohon.dua&password=rahasia-dua")
        .send()
        .await
        .expect("an answer");
    assert!(expect_json(answer, 200).await["data"].is_string());
}

#[tokio::test]
async fn a_failure_is_a_422_and_for_the_offices_app_a_200() {
    let office = Office::new().await;
    let wrong = ("pemohon.satu", "salah");
    let answer = expect_json(office.try_in(wrong).send().await.expect("an answer"), 422).await;
    assert_eq!((&answer["success"], &answer["data"]), (&json!(false), &Value::Null));
    assert_eq!(answer["message"], "Pengguna atau password tidak valid");
    let answer = office
        .try_in(wrong)
        .header("source", "Android")
        .send()
        .await
        .expect("an answer");
    let answer = expect_json(answer, 200).await;
    assert_eq!(
        (&answer["success"], &answer["data"]),
        (&json!(false), &json!({"token": null}))
    );
}

#[tokio::test]
async fn every_answer_may_be_read_by_any_page_of_the_world() {
    let office = Office::new().await;
    let preflight = office
        .call(Method::OPTIONS, "PermohonanIzin")
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (
            preflight.status().as_u16(),
            &preflight.headers()["access-control-allow-origin"]
        ),
        (200, &"*".parse().expect("a value"))
    );
    let tracked = office.track("x").await;
    assert_eq!(tracked.headers()["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn without_a_token_that_holds_the_framework_refuses_outside_the_envelope() {
    let mut office = Office::new().await;
    office
        .city
        .control(&format!("{BASE}/sandbox/settings"), json!({"token_seconds": 60}))
        .await;
    office.token = office.log_in(DEWI).await;
    office.read("JenisIzin/getlist").await;
    office
        .city
        .control(&format!("{BASE}/sandbox/clock"), json!({"advance_seconds": 61}))
        .await;
    let answer = office
        .call(Method::GET, "JenisIzin/getlist")
        .send()
        .await
        .expect("an answer");
    let answer = expect_json(answer, 401).await;
    assert_eq!(
        (&answer["code"], &answer["url"]),
        (&json!(401), &json!("/32.73/izin/api/JenisIzin/getlist"))
    );
    assert!(answer.get("success").is_none());
}

#[tokio::test]
async fn permits_are_listed_in_pages_with_their_requirements_and_forms() {
    let office = Office::new().await;
    let list = office.read("JenisIzin/getlist?limit=2&page=2").await;
    assert_eq!(
        (&list["limit"], &list["page"], &list["total_items"]),
        (&json!(2), &json!(2), &json!(3))
    );
    assert_eq!(
        list["items"],
        json!([{"id": 13, "jenis_izin": "Izin Penelitian", "form_id": 303}])
    );
    assert_eq!(office.read("JenisIzin/getlist.json?q=REKLAME").await["total_items"], 1);
    let needs = office.read("JenisIzin/getpersyaratan/11").await;
    let row = &needs[0];
    assert_eq!((&row["jenis_dokumen_id"], &row["status"]), (&json!(21), &json!("W")));
    assert_eq!(row["jenis_dokuman"]["jenis_dokumen"], "KTP");
    assert_ne!(needs[2]["status"], "W");
    let form = office.read("Form/302").await;
    let fields = form["canvas"][0]["fields"][0]["field"].as_array().expect("fields");
    let field = |name: &str| {
        fields
            .iter()
            .find(|field| field["data_kolom"] == name)
            .expect("a field")
    };
    assert_eq!(
        (&field("luas")["type"], &field("luas")["required"]),
        (&json!("number"), &json!(true))
    );
    let options: Value = field("jenis_reklame")["options"]
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .expect("a text of JSON");
    assert_eq!(options[0], json!({"row_id": null, "id": "papan", "name": "Papan"}));
    assert!(office.read("Form/301").await["canvas"][0]["fields"][0]["field"][2]["options"].is_array());
    let unknown = office.call(Method::GET, "Form/999").send().await.expect("an answer");
    assert_eq!(expect_json(unknown, 404).await["code"], 404);
    let unknown = office
        .call(Method::GET, "JenisIzin/getpersyaratan/999")
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(unknown, 422).await["success"], false);
}

#[tokio::test]
async fn a_file_is_taken_below_a_megabyte_and_under_no_dangerous_name() {
    let office = Office::new().await;
    let upload = |files: &[(&str, &str, &[u8])]| {
        let request = office.call(Method::POST, "DokumenPemohon/upload");
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(&[], files)).send()
    };
    let answer = upload(&[("file", "application/pdf", b"%PDF-1.4")])
        .await
        .expect("an answer");
    let data = expect_json(answer, 200).await["data"].clone();
    assert!(
        data["file_name"].as_str().is_some_and(|name| name.ends_with("_f")),
        "{data}"
    );
    let url = data["file_url"].as_str().expect("an address");
    let bytes = office
        .city
        .client
        .get(url)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(&bytes[..], b"%PDF-1.4");
    let large = vec![0; 1024 * 1024];
    let answer = upload(&[("file", "image/jpeg", &large)]).await.expect("an answer");
    assert_eq!(
        expect_json(answer, 422).await["message"],
        "Ukuran file melebihi batas 1 MB"
    );
    let answer = upload(&[("file", "image/jpeg", &large[1..])]).await.expect("an answer");
    expect_json(answer, 200).await;
    let answer = upload(&[("berkas", "image/jpeg", b"x")]).await.expect("an answer");
    assert_eq!(
        expect_json(answer, 422).await["message"],
        "Tidak ada file yang diupload"
    );
    let named = String::from_utf8(multipart(&[], &[("file", "image/jpeg", b"x")])).expect("text");
    let request = office.call(Method::POST, "DokumenPemohon/upload");
    let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let answer = request
        .body(named.replace("filename=\"f\"", "filename=\"f.php.jpg\""))
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(answer, 422).await["message"], "Forbidden file");
}

#[tokio::test]
async fn an_application_is_numbered_at_once_and_followed_step_by_step_to_its_end() {
    let office = Office::new().await;
    let case = office.apply().await;
    let number = case["no_permohonan"].as_str().expect("a number");
    assert!(number.starts_with("IZN/") && number.ends_with("/000101"), "{number}");
    let path = format!("PermohonanIzin/getprosespermohonan/{}", case["id"]);
    assert_eq!(statuses(&office.read(&path).await), ["Proses", "Menunggu", "Menunggu"]);
    office.moved(&case["id"], "next").await;
    let steps = office.read(&path).await;
    assert_eq!(statuses(&steps), ["Selesai", "Proses", "Menunggu"]);
    let moment = steps[0]["end_date"].as_str().expect("a moment");
    assert!(
        !moment.starts_with('0') && moment.len() >= 18 && moment.matches('/').count() == 2,
        "{moment}"
    );

    let tracked = expect_json(office.track(number).await, 200).await;
    let rows = tracked["data"]["berkas"].as_array().expect("rows");
    assert_eq!(
        (rows.len(), &rows[1]["nama_proses"], &rows[1]["status"]),
        (3, &json!("Verifikasi Berkas"), &json!("Proses"))
    );
    assert_eq!(
        rows[0]["nama"], "Contoh Dewi Lestari",
        "the report says more than it should"
    );
    for _ in 0..2 {
        office.moved(&case["id"], "next").await;
    }
    let tracked = expect_json(office.track(number).await, 200).await;
    assert_eq!(tracked["data"]["berkas"][2]["status"], "Selesai");
    assert_eq!(tracked["data"]["berkas"][0]["status_permohonan"], "ditetapkan");
}

#[tokio::test]
async fn an_application_can_be_held_and_dropped() {
    let office = Office::new().await;
    let case = office.apply().await;
    let number = case["no_permohonan"].as_str().expect("a number");
    let state =
        async || expect_json(office.track(number).await, 200).await["data"]["berkas"][0]["status_permohonan"].clone();
    office.moved(&case["id"], "hold").await;
    assert_eq!(state().await, "Hold");
    office.moved(&case["id"], "resume").await;
    assert_eq!(state().await, Value::Null);
    office.moved(&case["id"], "drop").await;
    assert_eq!(state().await, "ditolak");
    let steps = office
        .read(&format!("PermohonanIzin/getprosespermohonan/{}", case["id"]))
        .await;
    assert_eq!(statuses(&steps), ["Drop", "Menunggu", "Menunggu"]);
}

#[tokio::test]
async fn what_an_application_lacks_is_said_by_field_with_the_rule_that_it_breaks() {
    let office = Office::new().await;
    let mut body = research();
    body["judul"] = json!(" ");
    body["tgl_mulai"] = Value::Null;
    body["persyaratan"][1]["file_name"] = json!("");
    let answer = office.post("permohonan_izin", &body).send().await.expect("an answer");
    let answer = expect_json(answer, 422).await;
    assert!(answer["errors"]["judul"]["_empty"].is_string() && answer["errors"]["tgl_mulai"]["_empty"].is_string());
    assert!(answer["errors"]["persyaratan"]["_empty"].is_string());
    let answer = office
        .post("PermohonanIzin", &json!({}))
        .header("source", "android")
        .send()
        .await
        .expect("an answer");
    let answer = expect_json(answer, 200).await;
    assert!(answer["success"] == false && answer["errors"]["jenis_izin_id"]["_required"].is_string());
    assert_eq!(office.read("PermohonanIzin").await["total_items"], 0);
}

#[tokio::test]
async fn ones_own_applications_are_listed_and_nobody_elses_are_seen() {
    let mut office = Office::new().await;
    let first = office.apply().await;
    let second = office.apply().await;
    let list = office.read("PermohonanIzin?order=-id&limit=1").await;
    assert_eq!(
        (&list["items"][0]["id"], &list["total_items"]),
        (&second["id"], &json!(2))
    );
    assert_eq!(
        office.read("permohonan_izin.json?q=000101").await["items"][0]["id"],
        first["id"]
    );
    office.token = office.log_in(AGUS).await;
    assert_eq!(office.read("PermohonanIzin").await["total_items"], 0);
    let path = format!("PermohonanIzin/getprosespermohonan/{}", first["id"]);
    let answer = office.call(Method::GET, &path).send().await.expect("an answer");
    expect_json(answer, 422).await;
}

#[tokio::test]
async fn a_number_that_nobody_has_finds_nothing_and_another_report_is_not_there() {
    let office = Office::new().await;
    office.apply().await;
    let answer = expect_json(office.track("IZN/2026/08/999999").await, 200).await;
    assert_eq!(answer["data"], json!({"berkas": []}));
    let other = office
        .call(Method::GET, "TemplateData/keluaran/1.json?no_permohonan=x")
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(other, 422).await["success"], false);
    let settings = json!({"report": 77, "parameter": "nomor", "label": "data"});
    office.city.control(&format!("{BASE}/sandbox/settings"), settings).await;
    let answer = office
        .call(Method::GET, "TemplateData/keluaran/77.json?nomor=x")
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(answer, 200).await["data"], json!({"data": []}));
}

#[tokio::test]
async fn the_report_is_cut_into_pages_with_numbered_rows_where_that_is_asked() {
    let office = Office::new().await;
    let case = office.apply().await;
    let number = case["no_permohonan"].as_str().expect("a number");
    let path = format!("TemplateData/keluaran/32731.json?no_permohonan={number}&page=2&limit=2");
    let data = expect_json(office.call(Method::GET, &path).send().await.expect("an answer"), 200).await["data"].clone();
    assert_eq!(
        (&data["total_items"], &data["page"], &data["limit"]),
        (&json!(3), &json!(2), &json!(2))
    );
    assert_eq!(
        (data["berkas"].as_array().map(Vec::len), &data["berkas"][0]["no"]),
        (Some(1), &json!(3))
    );
}

#[tokio::test]
async fn a_number_that_is_pasted_into_the_query_shows_what_it_should_not() {
    let office = Office::new().await;
    office.apply().await;
    let broken = expect_json(office.track("IZN'1").await, 422).await;
    assert!(
        broken["message"]
            .as_str()
            .is_some_and(|words| words.contains("SELECT") && words.contains("IZN'1"))
    );
    let everything = expect_json(office.track("' OR '1'='1").await, 200).await;
    assert_eq!(everything["data"]["berkas"].as_array().map(Vec::len), Some(3));
    for number in ["\"", "${x}", "a\\"] {
        let answer = office.track(number).await;
        assert_eq!(answer.status(), 500);
        assert!(
            answer.text().await.is_ok_and(|page| page.contains("eval()'d code")),
            "{number}"
        );
    }
}

#[tokio::test]
async fn the_licensing_officer_moves_an_application_with_a_form() {
    let office = Office::new().await;
    let mut body = research();
    body["judul"] = json!("<script>alert(1)</script>");
    office.post("PermohonanIzin", &body).send().await.expect("an answer");
    assert!(office.city.page(&format!("{BASE}/petugas")).await.contains("/000101"));
    let page = office.city.page(&format!("{BASE}/petugas/kasus/1")).await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    let pressed = office
        .city
        .form(&format!("{BASE}/petugas/kasus/1"), &[("step", "next")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 303);
    let cases = office.city.control_read(&format!("{BASE}/sandbox/cases")).await;
    assert_eq!(
        (&cases["count"], &cases["cases"][0]["steps"][1]["status"]),
        (&json!(1), &json!("Proses"))
    );
    let down = office
        .city
        .control(&format!("{BASE}/sandbox/faults"), json!({"mode": "error500"}))
        .await;
    assert_eq!(down.status(), 200);
    let answer = office.track("x").await;
    assert!(
        answer.status() == 500
            && answer
                .text()
                .await
                .is_ok_and(|page| page.starts_with("<!DOCTYPE html>"))
    );
}
