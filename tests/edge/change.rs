//! A change is sent once, and its outcome can be learned, whatever happens to phone and backend.

use std::sync::Arc;
use std::time::Duration;

use pendopo::cli::edge::backend::OpenBackend;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::house::{House, lapor};
use crate::phone::{Ask, Told};
use crate::upstream::{Act, Upstream};

const REQUESTS: &str = "/r/32.73/lapor/requests.json";

/// What the ledger says of a key: status and word.
async fn ledger(house: &House, key: &str) -> (u16, String) {
    let told = Ask::ledger(key).of(house.address).await;
    (told.status, told.header("pendopo-ledger").to_owned())
}

/// The same once nothing is under way any more.
async fn settled(house: &House, key: &str) -> Told {
    loop {
        let told = Ask::ledger(key).of(house.address).await;
        if told.status != 202 {
            return told;
        }
    }
}

#[tokio::test]
async fn a_change_needs_a_key() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let house = House::before(upstream.url()).await;
    let long = "k".repeat(81);
    for key in [None, Some(""), Some("a b"), Some("a/b"), Some("kunci:1"), Some(&long)] {
        for (method, path) in [("POST", REQUESTS), ("PUT", "/r/32.73/lapor/requests/1.json")] {
            let ask = Ask::new(method, path).body("a=1");
            let ask = match key {
                Some(key) => ask.header("idempotency-key", key),
                None => ask,
            };
            assert_eq!(
                ask.of(house.address).await.fault(),
                (428, "key_missing", "no"),
                "{key:?}"
            );
        }
    }
    assert_eq!(upstream.more(), 0);
    let told = Ask::post(REQUESTS, &"k".repeat(80), "a=1").of(house.address).await;
    assert_eq!(told.status, 201);
}

#[tokio::test]
async fn the_same_key_has_the_same_answer() {
    let mut upstream = Upstream::scripted(|number| {
        let headers = "Content-Type: application/json\r\nLink: <x>\r\nSet-Cookie: a=b\r\n";
        Act::answer("201 Created", headers, &format!("[{number}]"))
    })
    .await;
    let house = House::before(upstream.url()).await;
    let ask = Ask::post(REQUESTS, "key-1", "a=1");
    let mut first = ask.of(house.address).await;
    assert_eq!((first.status, first.text(), first.header("link")), (201, "[0]", "<x>"));
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = ask.of(house.address).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    first
        .headers
        .insert("idempotency-replayed".to_owned(), "true".to_owned());
    for told in [&mut first, &mut { again }] {
        told.headers.remove("date");
    }
    let mut again = ask.of(house.address).await;
    again.headers.remove("date");
    assert_eq!(again, first);

    let told = Ask::ledger("key-1").of(house.address).await;
    assert_eq!((told.status, told.text()), (200, "[0]"));
    assert_eq!(told.header("pendopo-ledger"), "answered");
    assert_eq!(told.header("pendopo-status"), "201");
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("cache-control"), "no-store");

    upstream.next().await;
    assert_eq!(upstream.more(), 0);
    let put = Ask::new("PUT", "/r/32.73/lapor/requests/1.json")
        .header("idempotency-key", "key-2")
        .body("b");
    assert_eq!(put.of(house.address).await.text(), "[1]");
    assert_eq!(put.of(house.address).await.text(), "[1]");
    assert_eq!(upstream.next().await.line(), "PUT /v2/requests/1.json HTTP/1.1");
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn a_phone_that_hangs_up_after_the_last_byte_has_its_change_sent_once_and_learns_of_it() {
    let mut upstream = Upstream::scripted(|number| Act::created(&format!("[{number}]"))).await;
    let house = House::before(upstream.url()).await;
    for number in 0..20 {
        let key = format!("key-{number}");
        // From one packet to more than the system buffers.
        let body = format!("laporan={}", "x".repeat(number * number * 10_000));
        let ask = Ask::post(REQUESTS, &key, &body);
        ask.and_hang_up(house.address).await;
        let heard = upstream.next().await;
        assert!(heard.body == body.as_bytes());

        let learned = settled(&house, &key).await;
        assert_eq!((learned.status, learned.header("pendopo-status")), (200, "201"));
        assert_eq!(learned.text(), format!("[{number}]"));
        let again = ask.of(house.address).await;
        assert_eq!((again.status, again.text()), (201, learned.text()));
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn two_requests_with_one_key_at_once_are_one() {
    let gate = Arc::new(Semaphore::new(0));
    let Act::Say(answer) = Act::created("[1]") else {
        unreachable!()
    };
    let mut upstream = Upstream::that(Act::SayLater(Arc::clone(&gate), answer)).await;
    let house = House::before(upstream.url()).await;
    let address = house.address;
    let ask = || {
        let ask = Ask::post(REQUESTS, "key-1", "a=1");
        tokio::spawn(async move { ask.of(address).await })
    };
    let first = ask();
    upstream.next().await;
    assert_eq!(ledger(&house, "key-1").await, (202, "pending".to_owned()));
    let others = [ask(), ask(), ask()];
    let reused = Ask::post(REQUESTS, "key-1", "a=2").of(address).await;
    assert_eq!(reused.fault(), (422, "key_reused", "no"));
    gate.add_permits(4);
    assert_eq!(first.await.unwrap().text(), "[1]");
    for other in others {
        let told = other.await.unwrap();
        assert_eq!((told.status, told.text()), (201, "[1]"));
        assert_eq!(told.header("idempotency-replayed"), "true");
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn a_key_belongs_to_one_request() {
    let mut upstream = Upstream::that(Act::created("[1]")).await;
    let mut other = lapor(upstream.url());
    other.id = "32.73/other".parse().unwrap();
    let house = House::of(vec![lapor(upstream.url()), other], |_| {}).await;
    assert_eq!(Ask::post(REQUESTS, "key-1", "a=1").of(house.address).await.status, 201);
    let keyed = |ask: Ask| ask.header("idempotency-key", "key-1");
    for ask in [
        Ask::post(REQUESTS, "key-1", "a=2"),
        Ask::post(&format!("{REQUESTS}?x"), "key-1", "a=1"),
        keyed(
            Ask::new("POST", REQUESTS)
                .header("content-type", "text/plain")
                .body("a=1"),
        ),
        keyed(Ask::new("PUT", "/r/32.73/lapor/requests/1.json").body("a=1")),
        Ask::post(REQUESTS, "key-1", "a=2").header("pendopo-resend", "1"),
    ] {
        assert_eq!(ask.of(house.address).await.fault(), (422, "key_reused", "no"));
    }
    upstream.next().await;
    assert_eq!(upstream.more(), 0);
    let elsewhere = Ask::post("/r/32.73/other/requests.json", "key-1", "a=2");
    assert_eq!(elsewhere.of(house.address).await.status, 201);
}

#[tokio::test]
async fn a_refused_change_keeps_its_answer_and_may_be_mended() {
    let mut upstream = Upstream::scripted(|number| match number {
        0 => Act::answer("422 Unprocessable Entity", "", "nik"),
        _ => Act::created("[1]"),
    })
    .await;
    let house = House::before(upstream.url()).await;
    for _ in 0..2 {
        let told = Ask::post(REQUESTS, "key-1", "nik=x").of(house.address).await;
        assert_eq!((told.status, told.text()), (422, "nik"));
    }
    let told = Ask::post(REQUESTS, "key-1", "nik=1").of(house.address).await;
    assert_eq!((told.status, told.text()), (201, "[1]"));
    upstream.next().await;
    upstream.next().await;
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn what_was_certainly_not_done_may_be_tried_again() {
    for (status, headers) in [
        ("401 Unauthorized", ""),
        ("403 Forbidden", ""),
        ("429 Too Many Requests", "Retry-After: 7\r\n"),
        ("503 Service Unavailable", "Retry-After: 7\r\n"),
    ] {
        let script = move |number| match number {
            0 => Act::answer(status, headers, "later"),
            _ => Act::created("[1]"),
        };
        let upstream = Upstream::scripted(script).await;
        let house = House::before(upstream.url()).await;
        let ask = Ask::post(REQUESTS, "key-1", "a=1");
        let told = ask.of(house.address).await;
        assert_eq!((told.text(), told.header("pendopo-edge")), ("later", ""), "{status}");
        let absent = Ask::ledger("key-1").of(house.address).await;
        assert_eq!((absent.status, absent.header("pendopo-ledger")), (404, "absent"));
        assert_eq!(ask.of(house.address).await.status, 201, "{status}");
    }
}

#[tokio::test]
async fn a_backend_that_comes_back_gets_what_it_missed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let house = House::before(format!("http://{address}/v2")).await;
    let ask = Ask::post(REQUESTS, "key-1", "a=1");
    assert_eq!(ask.of(house.address).await.fault(), (502, "unreachable", "no"));
    assert_eq!(ledger(&house, "key-1").await, (404, "absent".to_owned()));
    let _upstream = Upstream::at(TcpListener::bind(address).await.unwrap(), |_| Act::created("[1]"));
    assert_eq!(ask.of(house.address).await.status, 201);
}

#[tokio::test]
async fn what_is_unknown_is_sent_again_only_if_the_citizen_says_so() {
    let failures = [
        (Act::answer("500 Internal Server Error", "", "oops"), (500, "", "")),
        (Act::answer("503 Service Unavailable", "", "oops"), (503, "", "")),
        (Act::SayAndReset(Vec::new()), (502, "unreachable", "unknown")),
        (Act::Hang, (504, "timeout", "unknown")),
        (
            Act::Say(b"HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\nSL".to_vec()),
            (502, "unreachable", "unknown"),
        ),
        (
            Act::SayWithoutEnd(b"HTTP/1.1 201 Created\r\n\r\n".to_vec()),
            (502, "too_large", "yes"),
        ),
    ];
    for (act, fault) in failures {
        let script = move |number| match number {
            0 => act.clone(),
            _ => Act::created("[1]"),
        };
        let mut upstream = Upstream::scripted(script).await;
        let backend = OpenBackend {
            timeout: Duration::from_millis(500),
            max_response: 10_000,
            ..lapor(upstream.url())
        };
        let house = House::of(vec![backend], |_| {}).await;
        let ask = Ask::post(REQUESTS, "key-1", "a=1");
        assert_eq!(ask.of(house.address).await.fault(), fault);
        upstream.next().await;
        assert_eq!(ledger(&house, "key-1").await, (409, "unknown".to_owned()), "{fault:?}");
        for _ in 0..2 {
            assert_eq!(
                ask.of(house.address).await.fault(),
                (409, "unknown", "unknown"),
                "{fault:?}"
            );
        }
        let no = ask.clone().header("pendopo-resend", "0");
        assert_eq!(no.of(house.address).await.fault(), (409, "unknown", "unknown"));
        assert_eq!(upstream.more(), 0);
        let told = ask.clone().header("pendopo-resend", "1").of(house.address).await;
        assert_eq!((told.status, told.text()), (201, "[1]"), "{fault:?}");
        upstream.next().await;
        // Answered now: the decision to send again does not send it a third time.
        let told = ask.header("pendopo-resend", "1").of(house.address).await;
        assert_eq!((told.status, told.header("idempotency-replayed")), (201, "true"));
        assert_eq!(upstream.more(), 0);
    }
}

#[tokio::test]
async fn the_ledger_answers_by_key_and_backend_only() {
    let house = House::before("http://127.0.0.1:1").await;
    let absent = Ask::ledger("key-1").of(house.address).await;
    assert_eq!((absent.status, absent.header("pendopo-ledger")), (404, "absent"));
    assert!(absent.header("pendopo-ledger-since").parse::<i64>().unwrap() > 1_700_000_000_000);
    assert_eq!(
        (absent.header("pendopo-edge"), absent.header("cache-control")),
        ("", "no-store")
    );

    let no_key = Ask::get("/l").header("pendopo-backend", "32.73/lapor");
    assert_eq!(no_key.of(house.address).await.fault(), (428, "key_missing", "no"));
    for backend in ["32.73/other", "x", ""] {
        let ask = Ask::get("/l")
            .header("idempotency-key", "k")
            .header("pendopo-backend", backend);
        assert_eq!(ask.of(house.address).await.fault(), (404, "not_allowed", "no"));
    }
    let post = Ask::new("POST", "/l").header("idempotency-key", "k");
    assert_eq!(post.of(house.address).await.fault(), (404, "not_allowed", "no"));
}

#[tokio::test]
async fn an_edge_that_is_stopped_finishes_what_it_began() {
    let gate = Arc::new(Semaphore::new(0));
    let Act::Say(answer) = Act::created("[1]") else {
        unreachable!()
    };
    let mut upstream = Upstream::that(Act::SayLater(Arc::clone(&gate), answer)).await;
    let mut house = House::before(upstream.url()).await;
    // One phone waits, one has hung up.
    let address = house.address;
    let waiting = tokio::spawn(async move { Ask::post(REQUESTS, "key-1", "a=1").of(address).await });
    upstream.next().await;
    Ask::post(REQUESTS, "key-2", "a=2").and_hang_up(address).await;
    upstream.next().await;
    house.stop();
    gate.add_permits(2);
    assert_eq!(waiting.await.unwrap().text(), "[1]");
    let folder = house.ended().await;

    let house = House::in_folder(folder, vec![lapor(upstream.url())], |_| {}).await;
    for key in ["key-1", "key-2"] {
        assert_eq!(ledger(&house, key).await, (200, "answered".to_owned()), "{key}");
    }
    assert_eq!(upstream.more(), 0);
}
