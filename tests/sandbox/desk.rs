//! The officer's page.

use serde_json::json;

use crate::city::{City, POTHOLE};

#[tokio::test]
async fn the_officer_moves_a_case_along_with_a_form() {
    let city = City::new().await;
    let reference = city.reference(&POTHOLE).await;
    assert!(city.page("/petugas").await.contains(&reference));
    let page = city.page("/petugas/kasus/1").await;
    for text in [
        "Jalan berlubang",
        "Lebih besar dari ban mobil",
        "Ada pengendara yang jatuh",
        "-6.9147, 107.6098",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let step = [("status", "dijadwalkan"), ("note", "Hari Kamis"), ("agency", "")];
    let pressed = city.form("/petugas/kasus/1", &step).send().await.expect("an answer");
    assert_eq!(
        (pressed.status().as_u16(), &pressed.headers()["location"]),
        (303, &"/petugas/kasus/1".parse().expect("a value"))
    );
    let row = city.read(&format!("requests/{reference}.json")).await[0].clone();
    assert_eq!(
        (&row["status"], &row["status_notes"]),
        (&json!("dijadwalkan"), &json!("Hari Kamis"))
    );
    assert_eq!(
        row["agency_responsible"], "Dinas Sumber Daya Air dan Bina Marga",
        "an empty office changes nothing"
    );
    assert!(city.page("/petugas/kasus/1").await.contains("Hari Kamis"));
}

#[tokio::test]
async fn the_list_is_narrowed_by_status() {
    let city = City::new().await;
    let first = city.reference(&POTHOLE).await;
    let second = city.reference(&POTHOLE).await;
    city.control(&format!("/sandbox/cases/{first}"), json!({"status": "ditolak"}))
        .await;
    let page = city.page("/petugas?status=ditolak").await;
    assert!(page.contains(&first) && !page.contains(&second));
    let page = city.page("/petugas").await;
    assert!(page.find(&second) < page.find(&first), "the newest first");
}

#[tokio::test]
async fn whatever_citizens_and_officers_write_is_shown_as_text() {
    let city = City::new().await;
    let evil = "\"><script>alert('x')</script>";
    let mut pairs = POTHOLE.to_vec();
    pairs.retain(|(name, _)| *name != "description");
    pairs.extend([("description", evil), ("address_string", evil), ("first_name", evil)]);
    let reference = city.reference(&pairs).await;
    city.control(
        &format!("/sandbox/cases/{reference}"),
        json!({"status": "dikerjakan", "note": evil, "agency": evil}),
    )
    .await;
    for path in ["/petugas", "/petugas/kasus/1", "/petugas?status=%22%3E%3Cscript%3E"] {
        let page = city.page(path).await;
        assert!(
            !page.contains("<script") && !page.contains("\">&lt;script&gt;alert('x')\""),
            "{path}"
        );
    }
    let page = city.page("/petugas/kasus/1").await;
    assert_eq!(page.matches("&lt;script&gt;").count(), 8, "each place, as text: {page}");
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_with_a_way_back() {
    let city = City::new().await;
    let answer = city
        .client
        .get(city.url("/petugas/kasus/7"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 404);
    assert!(answer.text().await.is_ok_and(|page| page.contains("href=\"/petugas\"")));
    let pressed = city
        .form("/petugas/kasus/7", &[("status", "selesai")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 404);
}

#[tokio::test]
async fn another_site_cannot_press_the_officers_buttons() {
    let city = City::new().await;
    city.submit(&POTHOLE).await;
    let step = [("status", "ditolak")];
    for origin in ["http://evil.example", "null"] {
        let pressed = city
            .form("/petugas/kasus/1", &step)
            .header("origin", origin)
            .send()
            .await
            .expect("an answer");
        assert_eq!(pressed.status(), 403, "{origin}");
    }
    assert_eq!(city.cases().await["cases"][0]["status"], "open");
    let own = city
        .form("/petugas/kasus/1", &step)
        .header("origin", city.url(""))
        .send()
        .await
        .expect("an answer");
    assert_eq!(own.status(), 303);
}

#[tokio::test]
async fn pages_run_no_script_and_load_nothing_from_elsewhere() {
    let city = City::new().await;
    for path in ["/petugas", "/petugas/gangguan", "/petugas/petugas.css"] {
        let answer = city.client.get(city.url(path)).send().await.expect("an answer");
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("script-src"),
            "{policy}"
        );
        let text = answer.text().await.expect("a page");
        assert!(!text.contains("<script") && !text.contains("https://"), "{path}");
    }
}
