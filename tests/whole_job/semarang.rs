//! The whole job in a city that speaks XML, gives two statuses and numbers some cases late.

use pendopo::model::case::Acknowledgement;
use pendopo::model::status::{Outcome, Phase};
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::home::number;
use crate::phone::house::House;
use crate::phone::{answers, place, text};

const REGION: &str = include_str!("../demo/regions/33.74.json");
const BACKEND: &str = "33.74/sapa";

async fn open() -> (City, House) {
    let city = City::new().await;
    let url = city.url("/33.74/sapa/open311/v2");
    let house = House::open_at("33.74", "sapa", REGION, &url).await;
    assert!(house.report.wrong.is_empty(), "{}", house.report);
    (city, house)
}

async fn moved(city: &City, case: &str, step: Value) {
    let answer = city.control(&format!("/33.74/sapa/sandbox/cases/{case}"), step).await;
    expect_json(answer, 200).await;
}

#[tokio::test]
async fn a_flood_is_reported_in_xml_and_followed_to_its_end() {
    let (city, house) = open().await;
    let mut phone = house.phone();
    let service = phone.service(&format!("{BACKEND}/101")).await;
    let id = phone.fill(
        &service,
        answers([
            ("description", text("Rob masuk rumah tiap sore & malam")),
            ("attribute[TINGGI]", text("2")),
            ("location", place("-6.9667", "110.4167")),
        ]),
    );
    phone.send(&id);
    let receipt = phone.delivered(&id).await;
    let reference = number(&receipt).to_owned();
    let cases = city.control_read("/33.74/sapa/sandbox/cases").await;
    assert_eq!(
        (&cases["count"], &cases["cases"][0]["reference"]),
        (&json!(1), &json!(reference))
    );
    assert_eq!(cases["cases"][0]["attributes"], json!({"TINGGI": ["2"]}));
    let case = phone.case(&id).await;
    assert_eq!(case.status.phase, Phase::Submitted);
    moved(
        &city,
        &reference,
        json!({"status": "selesai", "note": "Pompa sudah menyala"}),
    )
    .await;
    let case = phone.case(&id).await;
    assert_eq!(
        (case.status.phase, case.status.outcome),
        (Phase::Closed, Outcome::None),
        "a bare closed says no outcome"
    );
    assert!(
        case.timeline
            .iter()
            .any(|step| step.remark.starts_with("Pompa sudah menyala")),
        "{:?}",
        case.timeline
    );
}

#[tokio::test]
async fn a_tree_waits_with_its_token_until_the_office_gives_a_number() {
    let (city, house) = open().await;
    let mut phone = house.phone();
    let service = phone.service(&format!("{BACKEND}/202")).await;
    let id = phone.fill(
        &service,
        answers([
            ("description", text("Dahan di atas kabel")),
            ("location", place("-6.98", "110.41")),
        ]),
    );
    phone.send(&id);
    let receipt = phone.delivered(&id).await;
    assert!(
        matches!(receipt.acknowledgement, Acknowledgement::Token(_)),
        "{receipt:?}"
    );
    let mine = phone.refresh(&id).await;
    assert_eq!((mine.case, mine.trouble), (None, None));
    let pressed = city
        .form("/33.74/sapa/petugas/kasus/1/nomor", &[])
        .send()
        .await
        .expect("an answer");
    assert_eq!(pressed.status(), 303);
    let case = phone.case(&id).await;
    assert_eq!(case.status.phase, Phase::Submitted);
}
