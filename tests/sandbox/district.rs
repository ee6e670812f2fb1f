//! The district's interface (OpenDK): a public list that says too much, and complaints without a login.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::parts::{BOUNDARY, multipart};

const BASE: &str = "/34.04/kapanewon";

const COMPLAINT: [(&str, &str); 6] = [
    ("nik", "3404070101909001"),
    ("tanggal_lahir", "1990-01-01"),
    ("judul", "Jalan berlubang"),
    ("kategori", "1"),
    ("laporan", "Di depan balai"),
    ("anonim", "1"),
];

impl City {
    async fn complaints(&self, query: &str) -> Value {
        self.control_read(&format!("{BASE}/api/frontend/v1/komplain{query}"))
            .await
    }

    fn complain(&self, pairs: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> RequestBuilder {
        let request = self.client.post(self.url(&format!("{BASE}/api/frontend/v1/komplain")));
        let request = request.header("accept", "application/json");
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(pairs, files))
    }
}

#[tokio::test]
async fn the_public_list_says_whose_each_complaint_is() {
    let city = City::new().await;
    let list = city.complaints("").await;
    assert_eq!(list["meta"]["pagination"]["total"], 2);
    let row = &list["data"][1];
    assert_eq!(
        (&row["type"], &row["attributes"]["komplain_id"]),
        (&json!("komplain"), &json!("411205"))
    );
    assert_eq!(row["attributes"]["nik"], "3404074202929002");
    let details = row["attributes"]["detail_penduduk"].as_str().expect("a text of JSON");
    assert!(details.contains("1992-02-02") && details.contains("Padukuhan"));
    assert_eq!(
        list["data"][0]["attributes"]["nama"], "Contoh Joko Susilo",
        "although that one is anonymous"
    );
}

#[tokio::test]
async fn a_new_complaint_has_a_number_and_is_not_in_the_list_until_it_was_reviewed() {
    let city = City::new().await;
    let answer = city.complain(&COMPLAINT, &[]).send().await.expect("an answer");
    let answer = expect_json(answer, 201).await;
    assert!(answer["message"].as_str().is_some_and(|words| words.contains("review")));
    let number = answer["data"]["komplain_id"].as_str().expect("a number");
    assert_eq!((number.len(), &answer["data"]["status"]), (6, &json!("REVIEW")));
    let query = format!("?filter[komplain_id]={number}");
    let shown = async || city.complaints(&query).await["data"].clone();
    assert_eq!(shown().await, json!([]));
    for (status, count) in [
        ("BELUM", 1),
        ("PROSES", 1),
        ("SELESAI", 1),
        ("DITOLAK", 0),
        ("REVIEW", 0),
    ] {
        let moved = city
            .control(&format!("{BASE}/sandbox/cases/{number}"), json!({ "status": status }))
            .await;
        assert_eq!(moved.status(), 204);
        let rows = shown().await;
        assert_eq!(rows.as_array().map(Vec::len), Some(count), "{status}");
        assert!(count == 0 || rows[0]["attributes"]["status"] == status);
    }
}

#[tokio::test]
async fn refusals_come_by_field_as_one_message_or_as_a_bare_text() {
    let city = City::new().await;
    let lacking = city
        .complain(&[("nik", "12"), ("judul", "x")], &[])
        .send()
        .await
        .expect("an answer");
    let answer = expect_json(lacking, 422).await;
    let fields: Vec<&String> = answer["errors"].as_object().expect("errors").keys().collect();
    assert_eq!(fields, ["kategori", "laporan", "nik", "tanggal_lahir"]);
    for (name, value) in [("nik", "3404070101909009"), ("tanggal_lahir", "1990-01-02")] {
        let mut pairs = COMPLAINT.to_vec();
        pairs.retain(|(each, _)| *each != name);
        pairs.push((name, value));
        let answer = expect_json(city.complain(&pairs, &[]).send().await.expect("an answer"), 422).await;
        assert!(
            answer["errors"]["message"]
                .as_str()
                .is_some_and(|words| words.contains("tidak ditemukan")),
            "{answer}"
        );
    }
    let url = city.url(&format!("{BASE}/api/frontend/v1/nothing"));
    let nothing = expect_json(city.client.get(url).send().await.expect("an answer"), 404).await;
    assert!(nothing.is_string(), "{nothing}");
    city.control(&format!("{BASE}/sandbox/faults"), json!({"mode": "error500"}))
        .await;
    let failed = expect_json(city.complain(&COMPLAINT, &[]).send().await.expect("an answer"), 500).await;
    assert!(failed.is_string(), "{failed}");
    let plain = city
        .client
        .post(city.url(&format!("{BASE}/sandbox/faults")))
        .header("content-type", "application/json");
    plain.body("{\"mode\":\"none\"}").send().await.expect("an answer");
    let url = city.url(&format!("{BASE}/api/frontend/v1/komplain"));
    assert_eq!(city.client.post(url).send().await.expect("an answer").status(), 302);
    assert_eq!(city.control_read(&format!("{BASE}/sandbox/cases")).await["count"], 2);
}

#[tokio::test]
async fn four_pictures_of_a_megabyte_may_come_along() {
    let city = City::new().await;
    let photo: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 1];
    let answer = city.complain(
        &COMPLAINT,
        &[("lampiran1", "image/jpeg", photo), ("lampiran4", "image/jpeg", photo)],
    );
    let answer = expect_json(answer.send().await.expect("an answer"), 201).await;
    assert_eq!(answer["data"]["lampiran2"], Value::Null);
    let url = answer["data"]["lampiran4"].as_str().expect("an address");
    let file = city.client.get(url).send().await.expect("an answer");
    assert_eq!(file.headers()["content-type"], "image/jpeg");
    assert_eq!(&file.bytes().await.expect("bytes")[..], photo);
    let mut large = photo.to_vec();
    large.resize(1024 * 1024 + 1, 0);
    for (name, bytes) in [("lampiran1", &large[..]), ("lampiran3", b"%PDF-1.4")] {
        let answer = city
            .complain(&COMPLAINT, &[(name, "image/jpeg", bytes)])
            .send()
            .await
            .expect("an answer");
        assert!(expect_json(answer, 422).await["errors"][name].is_array(), "{name}");
    }
}

#[tokio::test]
async fn the_list_has_pages_filters_and_a_search() {
    let city = City::new().await;
    let page = city.complaints("?page[size]=1&page[number]=2").await;
    assert_eq!(
        (&page["data"][0]["id"], &page["meta"]["pagination"]["total_pages"]),
        (&json!("1"), &json!(2))
    );
    assert!(page["links"]["prev"].is_string() && page["links"].get("next").is_none());
    assert_eq!(
        city.complaints("?filter[status]=PROSES").await["data"][0]["attributes"]["komplain_id"],
        "411206"
    );
    assert_eq!(city.complaints("?search=LAMPU").await["meta"]["pagination"]["total"], 1);
    assert_eq!(city.complaints("?filter[status]=REVIEW").await["data"], json!([]));
}

#[tokio::test]
async fn the_district_officer_moves_a_complaint_with_a_form() {
    let city = City::new().await;
    let evil = [
        ("judul", "<script>"),
        ("nik", COMPLAINT[0].1),
        ("tanggal_lahir", "1990-01-01"),
        ("kategori", "1"),
        ("laporan", "x"),
    ];
    expect_json(city.complain(&evil, &[]).send().await.expect("an answer"), 201).await;
    let page = city.page(&format!("{BASE}/petugas")).await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    let pressed = city
        .form(&format!("{BASE}/petugas/kasus/3"), &[("status", "BELUM")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 303);
    assert_eq!(city.complaints("").await["meta"]["pagination"]["total"], 3);
    let missing = city
        .form(&format!("{BASE}/petugas/kasus/99"), &[("status", "BELUM")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(missing.status(), 404);
}
