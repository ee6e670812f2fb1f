//! What strangers would guess at: cases by their numbers, and logins.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use pendopo::adapters::http::Method;
use pendopo::adapters::{Intent, Outcome, RoutePattern};
use pendopo::cli::edge::backend::OpenBackend;
use pendopo::model::problem::{Fault, FieldRefusal};
use pendopo::model::secret::Secret;
use serde_json::json;

use crate::house::{House, lapor};
use crate::office::{
    INTENTS, NIK, answer, ask, before, house, log_in, perizinan, say, simply, submission, track, working,
};
use crate::phone::{Ask, Told};
use crate::upstream::Upstream;

#[tokio::test]
async fn guarded_a_case_is_told_to_whoever_knows_its_number_and_its_fact() {
    let (mut upstream, house) = working().await;
    let (result, told) = simply(house.address, track("A-1", Some(NIK))).await;
    let Outcome::Case(Some(case)) = result.unwrap() else {
        panic!("no case");
    };
    assert_eq!(case.timeline[0].remark, "Diperiksa");
    for hidden in [NIK, "penanda", "nama"] {
        assert!(!told.text().contains(hidden), "{}", told.text());
    }
    upstream.next().await;

    for missing in [None, Some(""), Some("  "), Some(&*"1".repeat(201))] {
        let (result, told) = simply(house.address, track("A-1", missing)).await;
        let Fault::Rejected { fields, .. } = result.unwrap_err().fault else {
            panic!("{}", told.text());
        };
        let refused = FieldRefusal {
            field: "second_fact".to_owned(),
            message: String::new(),
        };
        assert_eq!((fields, told.status), (vec![refused], 422));
    }
    assert_eq!(upstream.more(), 0, "it was asked before it was refused");
}

#[tokio::test]
async fn guarded_a_wrong_fact_is_told_as_a_wrong_number_is_and_as_late() {
    let (_upstream, house) = working().await;
    let timed = async |reference: &str, fact: &str| {
        let started = Instant::now();
        let (result, mut told) = simply(house.address, track(reference, Some(fact))).await;
        assert_eq!(result.unwrap_err().fault, Fault::NotFound);
        told.headers.remove("date");
        (told, started.elapsed())
    };
    let (wrong_fact, one) = timed("A-1", "3273010101900002").await;
    let (wrong_number, other) = timed("A-2", NIK).await;
    assert_eq!(wrong_fact, wrong_number);
    for took in [one, other] {
        assert!(took >= Duration::from_millis(500), "{took:?}");
    }
}

#[tokio::test]
async fn guarded_guesses_are_limited_for_each_case_and_for_each_client() {
    let (mut upstream, house) = working().await;
    let guess = async |reference: &str, fact: &str, client: &str| {
        let ask = ask(track(reference, Some(fact)), &[], None).header("x-forwarded-for", client);
        ask.of(house.address).await
    };
    // However it is written, and from wherever it comes.
    for number in 0..5 {
        let reference = ["A-1", "a-1", "A1", "(A-1)", "A_1"][number];
        let told = guess(reference, &number.to_string(), &format!("198.51.100.{number}")).await;
        assert_eq!(told.status, 404);
    }
    let sixth = guess("A-1", NIK, "198.51.100.9").await;
    assert_eq!(sixth.status, 429);
    let after: u64 = sixth.header("retry-after").parse().unwrap();
    assert!((3500..=3600).contains(&after), "{after}");
    assert_eq!(upstream.rest().len(), 5);
    assert_eq!(guess("A-3", "x", "198.51.100.9").await.status, 404, "another case");

    let settings = |settings: &mut pendopo::cli::edge::Settings| {
        settings.rates.guesses_per_hour = 3;
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    };
    let backends = pendopo::cli::edge::backend::Backends {
        open: Vec::new(),
        guarded: vec![perizinan(upstream.url())],
    };
    let house = House::of(backends, settings).await;
    let told = |intent: Intent, client: &str| {
        let ask = ask(intent, &[], None).header("x-forwarded-for", client);
        async move { ask.of(house.address).await.status }
    };
    assert_eq!(told(track("B-1", Some("x")), "198.51.100.9").await, 404);
    assert_eq!(told(log_in(NIK, "000000"), "198.51.100.9").await, 401);
    assert_eq!(told(track("B-2", Some("x")), "198.51.100.9").await, 404);
    assert_eq!(told(track("B-3", Some("x")), "198.51.100.9").await, 429);
    assert_eq!(told(log_in("3273010101900003", "000000"), "198.51.100.9").await, 429);
    assert_eq!(told(track("B-3", Some("x")), "198.51.100.10").await, 404);
}

#[tokio::test]
async fn guarded_whoever_knows_the_fact_may_look_as_often_as_they_like() {
    let (_upstream, house) = working().await;
    for _ in 0..20 {
        let (result, _) = simply(house.address, track("A-1", Some(NIK))).await;
        assert!(result.is_ok());
    }
}

#[tokio::test]
async fn guarded_a_backend_that_answers_with_another_case_is_not_believed() {
    let upstream = Upstream::that(answer("200 OK", &json!({"nomor": "A-1", "nik": NIK, "catatan": "x"}))).await;
    let house = house(upstream.url()).await;
    for reference in ["%", "A-%", "A-10", "*"] {
        let (result, told) = simply(house.address, track(reference, Some(NIK))).await;
        assert_eq!(result.unwrap_err().fault, Fault::NotFound, "{reference}");
        assert!(!told.text().contains("A-1"), "{}", told.text());
    }
    let (result, _) = simply(house.address, track("a-1", Some(NIK))).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn guarded_the_phone_that_delivered_follows_its_case_without_being_asked() {
    let (mut upstream, house) = working().await;
    let none = BTreeMap::new();
    let (result, facts, _) = say(house.address, Intent::Submit(submission()), &[], None, &none).await;
    assert!(result.is_ok());
    let (result, _, _) = say(house.address, track("A-1", None), &facts, None, &none).await;
    assert!(result.is_ok());
    assert_eq!(upstream.rest().len(), 2);
    // They open no other case, and none can be made up.
    let (_, _, told) = say(house.address, track("A-2", None), &facts, None, &none).await;
    assert_eq!(told.status, 422);
    let mut forged = facts.clone();
    forged[0].value.replace_range(0..2, "00");
    let plain = pendopo::adapters::Fact {
        name: "nik".to_owned(),
        value: NIK.to_owned(),
    };
    for facts in [forged, vec![plain]] {
        let (_, _, told) = say(house.address, track("A-1", None), &facts, None, &none).await;
        assert_eq!(told.status, 422);
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn guarded_a_citizens_cases_and_documents_need_a_session_that_cannot_be_made_up() {
    let (mut upstream, house) = working().await;
    let none = BTreeMap::new();
    let document = || Intent::Document {
        reference: "A-1".parse().unwrap(),
        handle: "7".to_owned(),
    };
    let made_up = Secret::new("penanda-token".to_owned());
    for intent in [Intent::List, document()] {
        for session in [None, Some(&made_up)] {
            let (result, _, told) = say(house.address, intent.clone(), &[], session, &none).await;
            assert_eq!((result.unwrap_err().fault, told.status), (Fault::LoginNeeded, 401));
        }
    }
    assert_eq!(upstream.more(), 0);

    let (result, told) = simply(house.address, log_in(NIK, "123456")).await;
    let Outcome::LoggedIn { session, lasts, name } = result.unwrap() else {
        panic!("no session");
    };
    assert_eq!((lasts, name.as_str()), (Some(900), "Siti"));
    assert!(
        !told.text().contains("penanda"),
        "the backend's own token: {}",
        told.text()
    );
    let (result, _, _) = say(house.address, Intent::List, &[], Some(&session), &none).await;
    assert!(matches!(result.unwrap(), Outcome::Cases(cases) if cases.len() == 1));
    let (result, _, _) = say(house.address, document(), &[], Some(&session), &none).await;
    let Outcome::Document {
        content_type, bytes, ..
    } = result.unwrap()
    else {
        panic!("no document");
    };
    // What could be a page under this origin is bytes.
    assert_eq!(
        (content_type.as_str(), &bytes[..]),
        ("application/octet-stream", &b"<script>\nx"[..])
    );
}

#[tokio::test]
async fn guarded_logins_are_tried_less_often_than_would_shut_the_citizen_out() {
    let (mut upstream, house) = working().await;
    let told = async |nik: &str, pin: &str, client: &str| {
        let ask = ask(log_in(nik, pin), &[], None).header("x-forwarded-for", client);
        ask.of(house.address).await
    };
    for _ in 0..10 {
        assert_eq!(
            told(NIK, "123456", "198.51.100.1").await.status,
            200,
            "a login is no guess"
        );
    }
    let written = [NIK.to_owned(), format!(" {NIK}"), format!("{NIK} "), NIK.to_owned()];
    for (number, nik) in written.iter().enumerate() {
        let client = format!("198.51.100.{number}");
        assert_eq!(told(nik, &format!("00000{number}"), &client).await.status, 401);
    }
    let fifth = told(NIK, "123456", "198.51.100.77").await;
    assert_eq!(fifth.status, 429);
    assert!((3500..=3600).contains(&fifth.header("retry-after").parse::<u64>().unwrap()));
    let (result, _) = simply(house.address, log_in(NIK, "123456")).await;
    assert!(matches!(
        result.unwrap_err().fault,
        Fault::RateLimited { after: Some(3500..) }
    ));
    assert_eq!(upstream.rest().len(), 14);
    assert_eq!(
        told("3273010101900009", "1", "198.51.100.77").await.status,
        401,
        "another citizen"
    );
    // Letters that a database may hold for digits cannot be counted.
    for nik in ["\u{ff13}273010101900001", "3273\u{200b}010101900001", ""] {
        assert_eq!(told(nik, "1", "198.51.100.77").await.status, 422, "{nik}");
    }
    assert_eq!(upstream.rest().len(), 1);
}

/// A login as a phone sends it: without a key.
async fn open_login(house: &House, media: &str, body: &str) -> Told {
    Ask::new("POST", "/r/32.73/desa/auth/login")
        .header("content-type", media)
        .body(body)
        .of(house.address)
        .await
}

#[tokio::test]
async fn guarded_or_not_logins_that_are_passed_through_are_counted_too() {
    let mut upstream = Upstream::that(answer("401 Unauthorized", &json!({}))).await;
    let desa = OpenBackend {
        id: "33.04/desa".parse().unwrap(),
        ..lapor(upstream.url())
    };
    let desa = OpenBackend {
        id: "32.73/desa".parse().unwrap(),
        routes: vec![RoutePattern::login("auth/login", "credential")],
        ..desa
    };
    let house = House::of(vec![desa], |_| {}).await;
    let json = "application/json";
    for number in 0..4 {
        let body = json!({"credential": NIK, "password": format!("00000{number}")}).to_string();
        assert_eq!(open_login(&house, json, &body).await.status, 401);
    }
    let body = json!({"password": "000009", "credential": format!(" {NIK}")}).to_string();
    let fifth = open_login(&house, json, &body).await;
    assert_eq!(fifth.fault(), (429, "rate_limited", "no"));
    assert!((3500..=3600).contains(&fifth.header("retry-after").parse::<u64>().unwrap()));
    let form = format!("credential={NIK}&password=1");
    let fifth = open_login(&house, "application/x-www-form-urlencoded", &form).await;
    assert_eq!(fifth.status, 429);
    // Nor is one let through whose citizen cannot be told.
    for (media, body) in [
        (json, r#"{"credential":"1","credential":"3273010101900001"}"#),
        (json, r#"{"credential":["3273010101900001"]}"#),
        (json, "credential=3273010101900001"),
        ("text/plain", r#"{"credential":"3273010101900001"}"#),
        ("multipart/form-data; boundary=x", "--x--"),
    ] {
        let told = open_login(&house, media, body).await;
        assert_eq!(told.fault(), (400, "malformed", "no"), "{media} {body}");
    }
    assert_eq!(upstream.rest().len(), 4);
    let other = json!({"credential": "siti@desa.id", "password": "1"}).to_string();
    assert_eq!(open_login(&house, json, &other).await.status, 401);
}

/// What an open village's own login conversation sends passes, and its answer is in no ledger: who
/// shows the key of an application gets no session by it.
#[tokio::test]
async fn guarded_or_not_a_login_passes_without_a_key_and_is_kept_nowhere() {
    let session = json!({"data": {"attributes": {"token": "rahasia-8514"}}});
    let mut upstream = Upstream::that(answer("200 OK", &session)).await;
    let desa = OpenBackend {
        id: "32.73/desa".parse().unwrap(),
        routes: vec![
            RoutePattern::login("auth/login", "credential"),
            RoutePattern::new(Method::Post, "surat"),
        ],
        ..lapor(upstream.url())
    };
    let house = House::of(vec![desa], |_| {}).await;
    let body = json!({"credential": NIK, "password": "111111"}).to_string();
    let told = open_login(&house, "application/json", &body).await;
    assert_eq!(told.status, 200);
    assert!(told.text().contains("rahasia-8514"));
    let keyed = || {
        Ask::new("POST", "/r/32.73/desa/auth/login")
            .header("idempotency-key", "k1")
            .header("content-type", "application/json")
            .body(&body)
    };
    for _ in 0..2 {
        assert_eq!(keyed().of(house.address).await.status, 200);
    }
    assert_eq!(upstream.rest().len(), 3, "none is answered from the ledger");
    let looked = Ask::new("GET", "/l")
        .header("idempotency-key", "k1")
        .header("pendopo-backend", "32.73/desa")
        .of(house.address)
        .await;
    assert_eq!(looked.status, 404, "{}", looked.text());
    let keyless = Ask::new("POST", "/r/32.73/desa/surat")
        .body("{}")
        .of(house.address)
        .await;
    assert_eq!(
        keyless.fault(),
        (428, "key_missing", "no"),
        "anything else needs its key"
    );
}

#[tokio::test]
async fn guarded_a_form_that_only_an_account_may_read_is_read_by_the_publishers() {
    let mut upstream = Upstream::answering(crate::office::works).await;
    let mut backend = perizinan(upstream.url());
    let Intent::LogIn(account) = log_in(NIK, "123456") else {
        unreachable!()
    };
    backend.account = Some(account);
    let house = before(backend).await;
    let form = || Intent::Form {
        service: "izin".parse().unwrap(),
    };
    for _ in 0..3 {
        let (result, told) = simply(house.address, form()).await;
        assert!(matches!(result, Ok(Outcome::Form(_))), "{}", told.text());
        assert!(!told.text().contains("penanda"));
    }
    let lines: Vec<_> = upstream.rest().iter().map(|heard| heard.line().to_owned()).collect();
    let form = "GET /v2/formulir/izin HTTP/1.1";
    assert_eq!(lines, ["POST /v2/masuk HTTP/1.1", form, form, form]);
    // The publisher's session is no citizen's.
    let (result, _) = simply(house.address, Intent::List).await;
    assert_eq!(result.unwrap_err().fault, Fault::LoginNeeded);
    assert_eq!(Ask::get(INTENTS).of(house.address).await.status, 404);
}
