//! Each fault, as a client sees it.

use serde_json::{Value, json};

use crate::city::{City, POTHOLE, expect_json, reasons};

impl City {
    async fn break_as(&self, mode: &str) {
        let answer = self.control("/sandbox/faults", json!({ "mode": mode })).await;
        assert_eq!(expect_json(answer, 200).await, json!({ "mode": mode }));
    }
}

#[tokio::test]
async fn a_city_that_is_down_closes_the_connection_and_has_done_nothing() {
    let city = City::new().await;
    city.break_as("down").await;
    assert!(city.submission(&POTHOLE).send().await.is_err());
    assert!(city.api("services.json").send().await.is_err());
    assert!(city.api("nothing").send().await.is_err());
    assert_eq!(city.cases().await["count"], 0, "the controls go on working");
    city.page("/petugas").await;
    city.break_as("none").await;
    city.submit(&POTHOLE).await;
}

#[tokio::test]
async fn a_lost_answer_leaves_a_case_that_the_sender_was_never_told_of() {
    let city = City::new().await;
    city.break_as("lost").await;
    assert!(city.submission(&POTHOLE).send().await.is_err());
    assert_eq!(city.cases().await["count"], 1);
}

#[tokio::test]
async fn a_city_that_fails_answers_500_in_the_shape_of_an_error_and_stores_nothing() {
    let city = City::new().await;
    city.break_as("error500").await;
    city.refused(&POTHOLE, 500).await;
    reasons(city.api("requests.json").send().await.expect("an answer"), 500).await;
    assert_eq!(city.cases().await["count"], 0);
}

#[tokio::test]
async fn a_city_under_maintenance_answers_200_with_a_web_page() {
    let city = City::new().await;
    city.break_as("html").await;
    let answer = city.submission(&POTHOLE).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .is_ok_and(|kind| kind.starts_with("text/html"))
    );
    let text = answer.text().await.expect("a page");
    assert!(text.starts_with("<!doctype html>") && serde_json::from_str::<Value>(&text).is_err());
    assert_eq!(city.cases().await["count"], 0);
}

#[tokio::test]
async fn faults_are_switched_on_the_officers_page_too_and_unknown_ones_are_refused() {
    let city = City::new().await;
    let pressed = city
        .form("/petugas/gangguan", &[("mode", "error500")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 303);
    let answer = city
        .client
        .get(city.url("/sandbox/faults"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(answer, 200).await, json!({"mode": "error500"}));
    assert!(city.page("/petugas").await.contains("Gangguan menyala"));
    let answer = city.control("/sandbox/faults", json!({"mode": "slow"})).await;
    assert!(answer.status().is_client_error());
    city.refused(&POTHOLE, 500).await;
}
