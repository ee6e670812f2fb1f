//! What becomes of a case: numbered, moved along, looked up.

use serde_json::{Value, json};

use crate::city::{City, POTHOLE, expect_json, reasons};

fn member<'a>(rows: &'a Value, name: &str) -> Vec<&'a str> {
    let rows = rows.as_array().expect("an array");
    rows.iter().filter_map(|row| row[name].as_str()).collect()
}

#[tokio::test]
async fn a_case_is_followed_from_its_arrival_to_its_end_with_every_step_in_its_history() {
    let city = City::new().await;
    let record = city.submit(&POTHOLE).await;
    let reference = record["service_request_id"].as_str().expect("a reference");
    assert!(
        record["service_notice"]
            .as_str()
            .is_some_and(|notice| notice.contains("Bina Marga"))
    );
    assert!(record.get("token").is_none());

    let row = city.read(&format!("requests/{reference}.json")).await[0].clone();
    assert_eq!(row["status"], "open");
    assert_eq!(row["service_name"], "Jalan berlubang");
    assert_eq!(row["description"], "Lubang di depan pasar");
    assert_eq!(
        (row["lat"].as_f64(), row["long"].as_f64()),
        (Some(-6.9147), Some(107.6098))
    );

    let moved = city
        .control(
            &format!("/sandbox/cases/{reference}"),
            json!({"status": "dikerjakan", "note": "Regu 3 di lokasi", "agency": "UPT Barat"}),
        )
        .await;
    assert_eq!(expect_json(moved, 200).await["status"], "dikerjakan");
    city.control("/sandbox/clock", json!({"advance_seconds": 3600})).await;
    city.control(&format!("/sandbox/cases/{reference}"), json!({"status": "selesai"}))
        .await;

    let row = city.read(&format!("requests/{reference}.json")).await[0].clone();
    assert_eq!(
        (&row["status"], &row["status_notes"]),
        (&json!("selesai"), &json!("Pekerjaan selesai."))
    );
    assert_eq!(row["agency_responsible"], "UPT Barat");
    assert!(row["updated_datetime"].as_str() > row["requested_datetime"].as_str());

    let history = city.read(&format!("requests/{reference}/updates.json")).await;
    assert_eq!(member(&history, "status"), ["open", "dikerjakan", "selesai"]);
    assert_eq!(member(&history, "description")[1], "Regu 3 di lokasi");
    assert_eq!(
        member(&history, "agency"),
        ["Dinas Sumber Daya Air dan Bina Marga", "UPT Barat", "UPT Barat"]
    );
    assert!(
        member(&history, "updated_datetime")
            .iter()
            .all(|moment| moment.ends_with("+07:00"))
    );
}

#[tokio::test]
async fn what_nobody_ever_sent_is_not_found() {
    let city = City::new().await;
    city.submit(&POTHOLE).await;
    for path in [
        "requests/BDG-2026-999999.json",
        "requests/1.json",
        "requests/1/updates.json",
        "tokens/00.json",
        "services/X.json",
    ] {
        reasons(city.api(path).send().await.expect("an answer"), 404).await;
    }
    for path in ["services.xml", "requests/BDG-2026-000417.xml", "nothing"] {
        let words = reasons(city.api(path).send().await.expect("an answer"), 404).await;
        assert!(words[0].contains("JSON"), "{words:?}");
    }
    let moved = city
        .control("/sandbox/cases/BDG-2026-999999", json!({"status": "selesai"}))
        .await;
    reasons(moved, 404).await;
}

#[tokio::test]
async fn references_carry_the_city_and_the_year_and_count_on() {
    let city = City::new().await;
    let first = city.reference(&POTHOLE).await;
    let second = city.reference(&POTHOLE).await;
    let year = city.cases().await["cases"][0]["requested_datetime"]
        .as_str()
        .expect("a moment")[..4]
        .to_owned();
    assert_eq!(first, format!("BDG-{year}-000417"));
    assert_eq!(second, format!("BDG-{year}-000418"));
}

#[tokio::test]
async fn the_same_submission_twice_is_two_cases_whatever_key_it_carries() {
    let city = City::new().await;
    let mut references = Vec::new();
    for _ in 0..2 {
        let request = city
            .submission(&POTHOLE)
            .header("idempotency-key", "0198c0de-0000-7000-8000-000000000001");
        let answer = expect_json(request.send().await.expect("an answer"), 201).await;
        references.push(answer[0]["service_request_id"].clone());
    }
    assert_ne!(references[0], references[1]);
    assert_eq!(city.cases().await["count"], 2);
}

const CROSSING: [(&str, &str); 4] = [
    ("service_code", "LLN-01"),
    ("description", "Anak sekolah menyeberang di sini"),
    ("address_string", "Jalan Cihampelas 20, Bandung 40171"),
    ("attribute[DEKAT][]", "sekolah"),
];

#[tokio::test]
async fn a_batch_submission_gets_a_token_that_the_officer_turns_into_a_reference() {
    let city = City::new().await;
    let record = city.submit(&CROSSING).await;
    assert!(record.get("service_request_id").is_none());
    let token = record["token"].as_str().expect("a token");
    let path = format!("tokens/{token}.json");
    assert_eq!(
        city.read(&path).await,
        json!([{"service_request_id": null, "token": token}])
    );
    assert_eq!(city.read("requests.json").await, json!([]));

    let pressed = city
        .form("/petugas/kasus/1/nomor", &[])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 303);
    let numbered = city.read(&path).await[0].clone();
    let reference = numbered["service_request_id"].as_str().expect("a reference");
    assert_eq!(numbered["token"], token);
    let row = city.read(&format!("requests/{reference}.json")).await[0].clone();
    assert_eq!(
        (&row["service_code"], &row["zipcode"]),
        (&json!("LLN-01"), &json!(40171))
    );
}

#[tokio::test]
async fn a_token_becomes_a_reference_by_itself_after_half_an_hour() {
    let city = City::new().await;
    let token = city.submit(&CROSSING).await["token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let path = format!("tokens/{token}.json");
    city.control("/sandbox/clock", json!({"advance_seconds": 29 * 60}))
        .await;
    assert_eq!(city.read(&path).await[0]["service_request_id"], Value::Null);
    city.control("/sandbox/clock", json!({"advance_seconds": 61})).await;
    assert!(city.read(&path).await[0]["service_request_id"].is_string());
}

#[tokio::test]
async fn a_blackbox_submission_has_no_number_and_nobody_is_named_in_it() {
    let city = City::new().await;
    let record = city
        .submit(&[
            ("service_code", "PLY-02"),
            ("description", "Diminta uang rokok"),
            ("address_string", "Kantor kelurahan"),
            ("attribute[INSTANSI]", "Kelurahan"),
            ("first_name", "Asep"),
            ("phone", "081234567890"),
            ("email", "asep@example.org"),
        ])
        .await;
    assert!(record.get("service_request_id").is_none() && record.get("token").is_none());
    assert!(
        record["service_notice"]
            .as_str()
            .is_some_and(|notice| notice.contains("tidak dapat dilacak"))
    );
    assert_eq!(city.read("requests.json").await, json!([]));
    let cases = city.cases().await;
    assert_eq!(
        (&cases["count"], &cases["cases"][0]["reporter"]),
        (&json!(1), &json!({}))
    );
    assert!(!cases.to_string().contains("Asep"));
}

#[tokio::test]
async fn lists_are_narrowed_by_service_status_and_reference() {
    let city = City::new().await;
    let pothole = city.reference(&POTHOLE).await;
    let trade = city
        .reference(&[("service_code", "TIB-02"), ("address_string", "Jalan Asia Afrika")])
        .await;
    let done = city.reference(&POTHOLE).await;
    city.control(&format!("/sandbox/cases/{done}"), json!({"status": "selesai"}))
        .await;
    city.control(&format!("/sandbox/cases/{trade}"), json!({"status": "dialihkan"}))
        .await;
    for (query, expected) in [
        ("requests.json", vec![&done, &trade, &pothole]),
        ("requests.json?service_code=JLN-01", vec![&done, &pothole]),
        (
            "requests.json?service_code=JLN-01,TIB-02",
            vec![&done, &trade, &pothole],
        ),
        ("requests.json?status=open", vec![&trade, &pothole]),
        ("requests.json?status=closed", vec![&done]),
        ("requests.json?status=dialihkan&status=selesai", vec![&done, &trade]),
        ("requests.json?status=dikerjakan", vec![]),
    ] {
        assert_eq!(
            member(&city.read(query).await, "service_request_id"),
            expected,
            "{query}"
        );
    }
    let some = format!("requests.json?service_request_id={pothole},{done}&status=dikerjakan");
    assert_eq!(
        member(&city.read(&some).await, "service_request_id"),
        [&done, &pothole],
        "it overrides the rest"
    );
    reasons(
        city.api("requests.json?status=fixed").send().await.expect("an answer"),
        400,
    )
    .await;
}

#[tokio::test]
async fn a_list_has_at_most_fifty_rows_the_newest_first() {
    let city = City::new().await;
    let mut references = Vec::new();
    for _ in 0..53 {
        references.push(
            city.reference(&[("service_code", "TIB-02"), ("address_string", "Braga")])
                .await,
        );
    }
    references.reverse();
    assert_eq!(
        member(&city.read("requests.json").await, "service_request_id"),
        references[..50]
    );
    assert_eq!(city.cases().await["count"], 53);
}

#[tokio::test]
async fn a_list_is_narrowed_by_date_in_any_zone_and_spans_ninety_days() {
    let city = City::new().await;
    let reference = city.reference(&POTHOLE).await;
    let arrived = city.read("requests.json").await[0]["requested_datetime"]
        .as_str()
        .expect("a moment")
        .to_owned();
    let found = async |query: &[(&str, &str)]| {
        let path = format!("requests.json?{}", crate::city::urlencoded(query));
        member(&city.read(&path).await, "service_request_id").len()
    };
    let bare = arrived.trim_end_matches("+07:00");
    assert_eq!(found(&[("start_date", &arrived)]).await, 1);
    assert_eq!(
        found(&[("start_date", bare), ("end_date", bare)]).await,
        1,
        "without a zone it is Bandung's time"
    );
    assert_eq!(
        found(&[("start_date", &format!("{bare}Z"))]).await,
        0,
        "seven hours later"
    );
    assert_eq!(
        found(&[("end_date", &format!("{bare}+08:00"))]).await,
        0,
        "an hour earlier"
    );

    city.control("/sandbox/clock", json!({"advance_seconds": 91 * 86_400}))
        .await;
    assert_eq!(found(&[]).await, 0, "the last ninety days, unless it is asked for more");
    assert_eq!(found(&[("service_request_id", &reference)]).await, 1);
    for query in [
        [("start_date", "2026-01-01"), ("end_date", "2026-06-01")],
        [("start_date", "2026-02-02"), ("end_date", "2026-02-01")],
        [("start_date", "2026-02-30"), ("end_date", "2026-03-02")],
        [("start_date", "kemarin"), ("end_date", "2026-03-02")],
    ] {
        let path = format!("requests.json?{}", crate::city::urlencoded(&query));
        reasons(city.api(&path).send().await.expect("an answer"), 400).await;
    }
}

#[tokio::test]
async fn cases_outlive_a_restart_where_there_is_a_file_and_a_stopped_city_frees_its_port() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("made/on/demand.sqlite");
    let city = City::with_file(Some(file.clone())).await;
    let first = city.reference(&POTHOLE).await;
    let address = city.running.address();
    city.running.stop().await;
    drop(std::net::TcpListener::bind(address).expect("the port is free"));
    assert!(city.client.get(format!("http://{address}/")).send().await.is_err());

    let city = City::with_file(Some(file)).await;
    assert_eq!(city.read(&format!("requests/{first}.json")).await[0]["status"], "open");
    let second = city.reference(&POTHOLE).await;
    assert_eq!((&first[8..], &second[8..]), ("-000417", "-000418"));
}
