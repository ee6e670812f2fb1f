//! Each fault, as a client sees it.

use serde_json::{Value, json};

use crate::city::{City, POTHOLE, expect_json, reasons};

impl City {
    async fn fault(&self, fault: Value) {
        let answer = self.control("/sandbox/faults", fault.clone()).await;
        assert_eq!(expect_json(answer, 200).await, fault);
    }

    async fn break_as(&self, mode: &str) {
        self.fault(json!({ "mode": mode })).await;
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
    let answer = city.control("/sandbox/faults", json!({"mode": "asleep"})).await;
    assert!(answer.status().is_client_error());
    city.refused(&POTHOLE, 500).await;
}

#[tokio::test]
async fn a_slow_city_has_done_what_was_asked_before_it_answers() {
    let city = City::new().await;
    city.fault(json!({"mode": "slow", "seconds": 60})).await;
    let asked = city
        .submission(&POTHOLE)
        .timeout(std::time::Duration::from_millis(300))
        .send()
        .await;
    assert!(asked.is_err_and(|error| error.is_timeout()));
    assert_eq!(city.cases().await["count"], 1);
}

#[tokio::test]
async fn an_answer_that_is_cut_off_says_how_long_it_would_have_been() {
    let city = City::new().await;
    let whole = city.api("services.json").send().await.expect("an answer");
    let length = whole.bytes().await.expect("the whole answer").len();
    city.break_as("cut").await;
    let mut answer = city.api("services.json").send().await.expect("the answer's head");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.content_length(), u64::try_from(length).ok());
    let mut got = 0;
    let ended = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => got += chunk.len(),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert!(ended.is_err(), "it ended as if it were whole");
    assert_eq!(got, length / 2);
    assert!(
        city.submission(&POTHOLE)
            .send()
            .await
            .expect("a head")
            .bytes()
            .await
            .is_err()
    );
    assert_eq!(city.cases().await["count"], 1, "what was asked is done");
}

#[tokio::test]
async fn a_city_that_is_too_busy_says_when_to_come_again_and_has_done_nothing() {
    let city = City::new().await;
    city.fault(json!({"mode": "error429", "seconds": 120})).await;
    let answer = city.submission(&POTHOLE).send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"120".parse().expect("a value"))
    );
    assert_eq!(city.cases().await["count"], 0);
}

#[tokio::test]
async fn a_fault_can_meet_only_some_requests_and_only_so_many() {
    let city = City::new().await;
    city.fault(json!({"mode": "lost", "times": 2, "only": "POST /open311/v2/requests"}))
        .await;
    city.read("services.json").await;
    assert!(city.submission(&POTHOLE).send().await.is_err());
    assert!(city.submission(&POTHOLE).send().await.is_err());
    city.submit(&POTHOLE).await;
    assert_eq!(city.cases().await["count"], 3);
}
