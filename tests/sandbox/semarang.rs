//! The second GeoReport city: XML alone, and ways of its own.

use reqwest::RequestBuilder;
use serde_json::json;

use crate::city::{City, expect_json, urlencoded};
use crate::parts::{BOUNDARY, multipart};

const BASE: &str = "/33.74/sapa";

const FLOOD: [(&str, &str); 5] = [
    ("service_code", "101"),
    ("description", "Rob masuk rumah <tiap> sore & malam"),
    ("lat", "-6.9667"),
    ("long", "110.4167"),
    ("attribute[TINGGI]", "2"),
];
const TREE: [(&str, &str); 3] = [
    ("service_code", "202"),
    ("description", "Dahan di atas kabel"),
    ("address_string", "Jalan Pandanaran 3, Semarang 50134"),
];

impl City {
    fn xml(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(&format!("{BASE}/open311/v2/{path}")))
    }

    async fn xml_text(&self, path: &str) -> String {
        let answer = self.xml(path).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
        well_formed(&answer.text().await.expect("a body"))
    }

    async fn xml_submit(&self, pairs: &[(&str, &str)]) -> (u16, String) {
        let request = self.client.post(self.url(&format!("{BASE}/open311/v2/requests.xml")));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(urlencoded(pairs)).send().await.expect("an answer");
        (
            answer.status().as_u16(),
            well_formed(&answer.text().await.expect("a body")),
        )
    }
}

/// Reads it through with a real parser; gives it without its first line.
fn well_formed(text: &str) -> String {
    let (first, rest) = text.split_once('\n').expect("a declaration");
    assert_eq!(first, "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    let mut reader = quick_xml::Reader::from_str(rest);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return rest.to_owned(),
            Ok(_) => {}
            Err(error) => panic!("{error}: {rest}"),
        }
    }
}

/// What stands in the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    xml[start..].split(&format!("</{name}>")).next()
}

#[tokio::test]
async fn the_second_city_speaks_xml_alone() {
    let city = City::new().await;
    let services = city.xml_text("services.xml").await;
    assert_eq!(services.matches("<service>").count(), 5);
    assert!(services.starts_with("<services><service>") && services.contains("<type>batch</type>"));
    for path in ["services.json", "requests.json", "services/101.json"] {
        let answer = city.xml(path).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
        let text = well_formed(&answer.text().await.expect("a body"));
        assert!(
            text.starts_with("<errors><error><code>404</code><description>"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn attributes_stand_right_under_the_definition_and_a_list_of_one_choice_is_a_list() {
    let city = City::new().await;
    let definition = city.xml_text("services/101.xml").await;
    assert!(
        definition.starts_with("<service_definition><service_code>101</service_code><attribute>"),
        "{definition}"
    );
    assert!(definition.contains("menjauhlah &amp; telepon 112") && !definition.contains("<attributes>"));
    let one = city.xml_text("services/301.xml").await;
    assert!(
        one.contains("<values><value><key>gerobak</key><name>Satu gerobak</name></value></values>"),
        "{one}"
    );
    assert_eq!(
        city.xml_text("services/202.xml").await.trim(),
        "<service_definition><service_code>202</service_code></service_definition>"
    );
}

#[tokio::test]
async fn a_submission_is_answered_with_200_and_a_bare_number_and_found_again_without_its_list() {
    let city = City::new().await;
    let (status, created) = city.xml_submit(&FLOOD).await;
    assert_eq!(status, 200);
    assert_eq!(element(&created, "service_request_id"), Some("240118"));
    assert!(created.contains("<account_id/>"));
    let row = city.xml_text("requests/240118.xml").await;
    assert!(
        row.starts_with("<request>") && !row.contains("service_requests"),
        "{row}"
    );
    assert_eq!(
        element(&row, "description"),
        Some("Rob masuk rumah &lt;tiap&gt; sore &amp; malam")
    );
    let moment = element(&row, "requested_datetime").expect("a moment");
    assert_eq!((moment.len(), moment.contains('+')), (19, false), "{moment}");
    let list = city.xml_text("requests.xml").await;
    assert!(list.starts_with("<service_requests><request>"));
    assert_eq!(
        city.xml_text("requests.xml?service_code=301").await,
        "<service_requests/>"
    );
}

#[tokio::test]
async fn the_second_city_knows_two_statuses_and_tells_the_rest_in_its_history() {
    let city = City::new().await;
    city.xml_submit(&FLOOD).await;
    for (status, shown) in [
        ("dikerjakan", "open"),
        ("menunggu_anggaran", "open"),
        ("selesai", "closed"),
    ] {
        let moved = city
            .control(
                &format!("{BASE}/sandbox/cases/240118"),
                json!({"status": status, "note": "Catatan"}),
            )
            .await;
        expect_json(moved, 200).await;
        assert_eq!(
            element(&city.xml_text("requests/240118.xml").await, "status"),
            Some(shown),
            "{status}"
        );
    }
    let history = city
        .xml_text("servicerequestupdates.xml?service_request_id=240118")
        .await;
    assert_eq!(history.matches("<request_update>").count(), 4);
    assert_eq!(
        history
            .matches("<service_request_id>240118</service_request_id>")
            .count(),
        4
    );
    assert!(history.contains("<description>Catatan</description>"));
    let unknown = city
        .xml("servicerequestupdates.xml?service_request_id=1")
        .send()
        .await
        .expect("an answer");
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_token_is_an_empty_element_until_the_officer_or_two_hours_give_a_number() {
    let city = City::new().await;
    let (_, created) = city.xml_submit(&TREE).await;
    let token = element(&created, "token").expect("a token").to_owned();
    assert!(!created.contains("service_request_id"));
    let path = format!("tokens/{token}.xml");
    let waiting = city.xml_text(&path).await;
    assert!(waiting.contains("<service_request_id/>"), "{waiting}");
    city.control(&format!("{BASE}/sandbox/clock"), json!({"advance_seconds": 7100}))
        .await;
    assert!(city.xml_text(&path).await.contains("<service_request_id/>"));
    city.control(&format!("{BASE}/sandbox/clock"), json!({"advance_seconds": 101}))
        .await;
    assert_eq!(
        element(&city.xml_text(&path).await, "service_request_id"),
        Some("240118")
    );
    city.xml_submit(&TREE).await;
    let pressed = city
        .form(&format!("{BASE}/petugas/kasus/2/nomor"), &[])
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (pressed.status().as_u16(), pressed.headers()["location"].to_str().ok()),
        (303, Some("/33.74/sapa/petugas/kasus/2"))
    );
    assert!(
        city.xml_text("requests/240119.xml")
            .await
            .contains("<zipcode>50134</zipcode>")
    );
}

#[tokio::test]
async fn photos_come_as_media_or_numbered_and_can_be_fetched_again() {
    let city = City::new().await;
    let post = |files: &[(&str, &str, &[u8])]| {
        let request = city.client.post(city.url(&format!("{BASE}/open311/v2/requests.xml")));
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(&FLOOD, files)).send()
    };
    let photo: &[u8] = &[0xff, 0xd8, 0xff, 1];
    post(&[("photo1", "image/jpeg", photo), ("photo2", "image/png", b"x")])
        .await
        .expect("an answer");
    post(&[("media", "image/jpeg", photo)]).await.expect("an answer");
    for id in ["240118", "240119"] {
        let row = city.xml_text(&format!("requests/{id}.xml")).await;
        let url = element(&row, "media_url").expect("an address");
        assert!(url.contains("/33.74/sapa/media/"), "{url}");
        let file = city
            .client
            .get(url)
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("bytes");
        assert_eq!(&file[..], photo);
    }
    let refused = post(&[("photo9", "image/jpeg", photo)]).await.expect("an answer");
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn every_reason_of_a_refusal_is_an_error_of_its_own_and_a_failure_is_bare_words() {
    let city = City::new().await;
    let (status, refused) = city.xml_submit(&[("service_code", "201")]).await;
    assert_eq!(status, 400);
    assert_eq!(refused.matches("<error><code>400</code>").count(), 3, "{refused}");
    assert!(refused.starts_with("<errors><error>"));
    city.control(&format!("{BASE}/sandbox/faults"), json!({"mode": "error500"}))
        .await;
    let (status, failed) = city.xml_submit(&FLOOD).await;
    assert_eq!((status, failed.as_str()), (500, "<error>Internal server error</error>"));
    city.control(
        &format!("{BASE}/sandbox/faults"),
        json!({"mode": "error429", "seconds": 7}),
    )
    .await;
    let (status, busy) = city.xml_submit(&FLOOD).await;
    assert_eq!((status, busy.as_str()), (429, "<error>Rate limit exceeded</error>"));
    city.read("services.json").await;
}
