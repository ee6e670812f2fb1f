//! What happens where nothing breaks.

use pendopo::catalogue::Index;
use pendopo::catalogue::search::{Hit, search};
use pendopo::model::answers::Answer;
use pendopo::model::case::Acknowledgement;
use pendopo::model::problem::Fault;
use pendopo::model::route::PUBLISHED_INDEX;
use pendopo::model::status::{Outcome, Phase};
use pendopo::model::text::Lang;
use serde_json::json;

use crate::home::{BACKEND, Home, bribe, crossing, number, pothole};
use crate::phone::{Phone, answers, place, text};

#[tokio::test]
async fn a_report_is_found_filled_in_delivered_and_followed_to_its_end() {
    let mut home = Home::new().await;
    let index: Index = home.phone.read(PUBLISHED_INDEX).await;
    let hits = search(&index, &index.regions, "jalan berlubang", Lang::Id, 3);
    let Some(Hit::Service(at)) = hits.first() else {
        panic!("{hits:?}");
    };
    let service = home.phone.service(&index.services[*at].id.to_string()).await;
    assert_eq!(service.id.to_string(), format!("{BACKEND}/JLN-01"));
    let mut incomplete = pothole();
    incomplete.0.remove("attribute[UKURAN]");
    assert_eq!(Phone::complaints(&service, &incomplete).len(), 1);

    let id = home.phone.fill(&service, pothole());
    home.phone.send(&id);
    let receipt = home.phone.delivered(&id).await;
    assert!(receipt.notice.contains("Bina Marga"), "{receipt:?}");
    assert_eq!(
        home.phone.journal.get(&id),
        None,
        "what is delivered leaves the journal"
    );

    let arrived = home.only_case().await;
    assert_eq!(arrived["reference"], number(&receipt));
    assert_eq!(
        arrived["description"],
        "Lubang besar di depan Pasar Cihapit, sudah dua motor jatuh"
    );
    assert_eq!(
        (arrived["lat"].as_f64(), arrived["long"].as_f64()),
        (Some(-6.9147), Some(107.6098))
    );
    assert_eq!(
        arrived["attributes"],
        json!({"UKURAN": ["besar"], "JUMLAH": ["3"], "DAMPAK": ["macet", "jatuh"]})
    );
    assert_eq!(arrived["reporter"], json!({"first_name": "Asep"}));

    let case = home.phone.case(&id).await;
    assert_eq!(case.status.phase, Phase::Submitted);
    home.officer(
        number(&receipt),
        json!({"status": "dijadwalkan", "note": "Kamis pagi", "agency": "UPT Barat"}),
    )
    .await;
    let case = home.phone.case(&id).await;
    assert_eq!(case.status.phase, Phase::Scheduled);
    assert_eq!(case.agency, "UPT Barat");
    home.officer(number(&receipt), json!({"status": "selesai", "note": "Sudah ditambal"}))
        .await;
    let case = home.phone.case(&id).await;
    assert_eq!(
        (case.status.phase, case.status.outcome),
        (Phase::Closed, Outcome::Resolved)
    );
    let remarks: Vec<&str> = case.timeline.iter().map(|step| step.remark.as_str()).collect();
    let [.., scheduled, done] = &remarks[..] else {
        panic!("{remarks:?}");
    };
    assert_eq!(*scheduled, "Kamis pagi");
    assert!(done.starts_with("Sudah ditambal"), "{done}");
    assert!(case.timeline.iter().all(|step| step.at.is_some()));
}

#[tokio::test]
async fn a_token_becomes_a_number_once_the_office_gives_one() {
    let mut home = Home::new().await;
    let id = home.send("LLN-01", crossing()).await;
    let receipt = home.phone.delivered(&id).await;
    let Acknowledgement::Token(token) = receipt.acknowledgement else {
        panic!("{receipt:?}");
    };
    let mine = home.phone.refresh(&id).await;
    assert_eq!((mine.case, mine.trouble), (None, None));

    let answer = home.city.control(&format!("/sandbox/tokens/{token}"), json!({})).await;
    assert_eq!(answer.status(), 200);
    let case = home.phone.case(&id).await;
    let numbered = home.only_case().await;
    assert_eq!(
        case.reference.as_ref().map(|number| number.as_str()),
        numbered["reference"].as_str()
    );
    assert_eq!(case.status.phase, Phase::Submitted);
}

#[tokio::test]
async fn what_has_no_number_is_delivered_with_the_offices_words_and_cannot_be_followed() {
    let mut home = Home::new().await;
    let id = home.send("PLY-02", bribe()).await;
    let receipt = home.phone.delivered(&id).await;
    assert_eq!(receipt.acknowledgement, Acknowledgement::Nothing);
    assert!(receipt.notice.contains("tidak dapat dilacak"), "{receipt:?}");
    home.only_case().await;
    let sent = home.phone.sent.len();
    let mine = home.phone.refresh(&id).await;
    assert_eq!((mine.case, mine.trouble), (None, None));
    assert_eq!(home.phone.sent.len(), sent, "there is nothing to ask");
}

#[tokio::test]
async fn a_refused_application_says_why_in_the_offices_words_and_is_sent_again_once_it_is_mended() {
    let mut home = Home::new().await;
    let long = "DGO-0117 ".repeat(60);
    let id = home
        .send(
            "PJU-01",
            answers([
                ("description", text("Lampu padam di sepanjang jalan")),
                ("attribute[JUMLAH]", text("4")),
                ("attribute[NOMOR_TIANG]", text(&long)),
                ("location", place("-6.91", "107.61")),
            ]),
        )
        .await;
    let words = home.phone.rejected(&id).await;
    assert!(
        words.contains("Nomor pada tiang") && words.contains("paling banyak"),
        "{words}"
    );
    assert_eq!(home.city.cases().await["count"], 0);

    home.phone.mend(&id, "attribute[NOMOR_TIANG]", text("DGO-0117"));
    home.phone.send(&id);
    let receipt = home.phone.delivered(&id).await;
    let arrived = home.only_case().await;
    assert_eq!(arrived["reference"], number(&receipt));
    assert_eq!(arrived["attributes"]["NOMOR_TIANG"], json!(["DGO-0117"]));
}

#[tokio::test]
async fn a_photo_arrives_byte_for_byte() {
    let mut home = Home::new().await;
    let service = home.service("JLN-01").await;
    let bytes: Vec<u8> = [0xff, 0xd8, 0xff, 0xe0]
        .into_iter()
        .chain(0..=255)
        .cycle()
        .take(60_000)
        .collect();
    let photo = home.phone.file("lubang.jpg", "image/jpeg", &bytes);
    let mut answers = pothole();
    answers.0.insert("media".to_owned(), Answer::Files(vec![photo]));
    let id = home.phone.fill(&service, answers);
    home.phone.send(&id);
    let receipt = home.phone.delivered(&id).await;
    let case = home.phone.look_up(BACKEND, number(&receipt)).await.unwrap();
    let link = case
        .timeline
        .iter()
        .flat_map(|step| &step.links)
        .next()
        .expect("a link");
    let answer = home.city.client.get(link).send().await.unwrap();
    assert!(answer.bytes().await.unwrap() == bytes);
}

#[tokio::test]
async fn anyone_may_look_up_a_number_and_a_wrong_one_is_not_found() {
    let mut home = Home::new().await;
    let id = home.send("JLN-01", pothole()).await;
    let receipt = home.phone.delivered(&id).await;
    let case = home.phone.look_up(BACKEND, number(&receipt)).await.unwrap();
    assert_eq!(case.service_code, "JLN-01");
    for wrong in ["BDG-2026-999999", "1", "BDG/2026 7"] {
        let problem = home.phone.look_up(BACKEND, wrong).await.unwrap_err();
        assert_eq!(problem.fault, Fault::NotFound, "{wrong}");
    }
}

#[tokio::test]
async fn answers_to_a_form_that_is_not_the_published_one_any_more_are_not_sent() {
    let mut home = Home::new().await;
    let mut service = home.service("JLN-01").await;
    // The citizen's page is older than what is published now.
    service.fingerprint = "0".repeat(64);
    let id = home.phone.fill(&service, pothole());
    home.phone.send(&id);
    let waiting = home.phone.delivery(&id, |delivery| delivery.word() == "waiting").await;
    assert!(format!("{waiting:?}").contains("FormChanged"), "{waiting:?}");
    assert_eq!(home.city.cases().await["count"], 0);
}
