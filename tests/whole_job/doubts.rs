//! What happens where the city breaks: every report is there once, and its number is learnt.

use pendopo::model::answers::Answers;
use pendopo::model::application::ApplicationId;
use pendopo::model::delivery::Delivery;
use pendopo::model::message::{Command, Decision};

use crate::home::{Home, bribe, crossing, number, pothole};

impl Home {
    /// Sends a report to a city that breaks just before it arrives, and mends the city once the
    /// citizen was told that something is wrong.
    async fn breaks(&mut self, mode: &str, code: &str, answers: Answers) -> ApplicationId {
        let id = self.send(code, answers).await;
        self.phone.about_to_send().await;
        self.fault(mode).await;
        self.phone.release();
        self.trouble(&id).await;
        self.fault("none").await;
        id
    }

    async fn trouble(&mut self, id: &ApplicationId) {
        let told = |delivery: &Delivery| matches!(delivery, Delivery::Uncertain { .. } | Delivery::Waiting(_));
        self.phone.delivery(id, told).await;
    }

    /// The report is there once, under the number that its receipt has.
    async fn arrives_once(&mut self, id: &ApplicationId) {
        let receipt = self.phone.delivered(id).await;
        assert_eq!(self.only_case().await["reference"], number(&receipt));
        let case = self.phone.case(id).await;
        assert_eq!(case.reference.unwrap().as_str(), number(&receipt));
    }
}

async fn survives(mode: &str) {
    let mut home = Home::new().await;
    let id = home.breaks(mode, "JLN-01", pothole()).await;
    home.arrives_once(&id).await;
}

#[tokio::test]
async fn a_city_that_goes_down_has_one_case_when_it_is_up_again() {
    survives("down").await;
}

#[tokio::test]
async fn a_city_that_fails_has_one_case_when_it_works_again() {
    survives("error500").await;
}

#[tokio::test]
async fn a_city_under_maintenance_has_one_case_afterwards() {
    survives("html").await;
}

#[tokio::test]
async fn an_answer_that_was_lost_is_learnt_afterwards_and_nothing_is_sent_twice() {
    let mut home = Home::new().await;
    let id = home.breaks("lost", "JLN-01", pothole()).await;
    home.only_case().await;
    home.arrives_once(&id).await;
    let changes = home.phone.sent.iter().filter(|request| request.key.is_some());
    assert_eq!(changes.count(), 1);
}

#[tokio::test]
async fn a_page_that_was_closed_in_doubt_knows_its_number_when_it_is_open_again() {
    let mut home = Home::new().await;
    let id = home.breaks("lost", "JLN-01", pothole()).await;
    home.phone.reopen();
    home.arrives_once(&id).await;
}

#[tokio::test]
async fn a_page_that_was_closed_while_it_sent_has_one_case_and_its_number() {
    let mut home = Home::new().await;
    let id = home.send("JLN-01", pothole()).await;
    home.phone.about_to_send().await;
    home.phone.release();
    // The request goes up to the last byte, and nobody is there for the answer.
    while home.city.cases().await["count"] == 0 {}
    home.phone.reopen();
    home.arrives_once(&id).await;
}

#[tokio::test]
async fn a_city_that_is_down_from_the_beginning_is_waited_for() {
    let mut home = Home::new().await;
    home.phone
        .read::<serde_json::Value>("/katalog/32.73/lapor/~j~l~n-01.json")
        .await;
    home.fault("down").await;
    let id = home.send("JLN-01", pothole()).await;
    home.trouble(&id).await;
    assert!(home.phone.journal.get(&id).is_some(), "the answers are kept");
    home.fault("none").await;
    home.arrives_once(&id).await;
}

/// A case that the city's list does not show, after the city broke: nothing is sent before the
/// citizen, who asked at the desk, says so.
async fn only_the_citizen_knows(mode: &str, code: &str, answers: Answers) {
    let mut home = Home::new().await;
    let id = home.breaks(mode, code, answers).await;
    home.phone.in_doubt(&id).await;
    let arrived = mode == "lost";
    assert_eq!(home.city.cases().await["count"], i32::from(arrived));
    let decision = if arrived {
        Decision::Arrived { reference: None }
    } else {
        Decision::SendAgain
    };
    home.phone.say(Command::Decide {
        id: id.clone(),
        decision,
    });
    home.phone.delivered(&id).await;
    home.only_case().await;
}

#[tokio::test]
async fn a_case_that_waits_for_its_number_is_not_sent_again_by_itself() {
    only_the_citizen_knows("lost", "LLN-01", crossing()).await;
}

#[tokio::test]
async fn a_case_that_never_has_a_number_is_not_sent_again_by_itself() {
    only_the_citizen_knows("lost", "PLY-02", bribe()).await;
}

#[tokio::test]
async fn a_case_that_did_not_arrive_and_that_no_list_would_show_is_sent_again_when_the_citizen_says_so() {
    only_the_citizen_knows("error500", "PLY-02", bribe()).await;
}
