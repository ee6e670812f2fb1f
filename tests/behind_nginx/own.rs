//! What only several edges behind nginx have.

use std::sync::Arc;
use std::time::Duration;

use pendopo::adapters::RoutePattern;
use pendopo::adapters::http::Method;
use pendopo::cli::edge::backend::OpenBackend;
use pendopo::cli::edge::cache::Keeping;
use tokio::sync::Semaphore;

use crate::house::{House, lapor};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

const SERVICES: &str = "/r/32.73/lapor/services.json";
const REQUESTS: &str = "/r/32.73/lapor/requests.json";

#[tokio::test]
async fn an_address_cannot_be_made_up_and_whoever_asks_too_often_is_told_so() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let house = House::of(vec![lapor(upstream.url())], |settings| {
        settings.rates.changes_per_minute = 2
    })
    .await;
    let mut refused = 0;
    for number in 0..6 {
        let ask = Ask::post(REQUESTS, &format!("key-{number}"), "a=1");
        let ask = ask.header("x-forwarded-for", &format!("192.0.2.{number}"));
        let told = ask.header("forwarded", "for=192.0.2.9").of(house.address).await;
        match told.status {
            201 => assert_eq!(upstream.next().await.header("x-forwarded-for"), Some("127.0.0.1")),
            _ => {
                assert_eq!(told.fault(), (429, "rate_limited", "no"));
                assert!(!told.header("retry-after").is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused >= 3, "{refused}");
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn two_edges_asked_with_one_key_at_once_send_one_request_and_tell_the_same() {
    let gate = Arc::new(Semaphore::new(0));
    let Act::Say(answer) = Act::created("[1]") else {
        panic!("an answer is said")
    };
    let mut upstream = Upstream::that(Act::SayLater(Arc::clone(&gate), answer)).await;
    let house = House::before(upstream.url()).await;
    let ask = |edge: usize| {
        let address = house.edges[edge];
        tokio::spawn(async move { Ask::post(REQUESTS, "key-1", "a=1").of(address).await })
    };
    let first = ask(0);
    upstream.next().await;
    let second = ask(1);
    let pending = Ask::ledger("key-1").of(house.edges[1]).await;
    assert_eq!((pending.status, pending.header("pendopo-ledger")), (202, "pending"));
    gate.add_permits(1);
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    assert_eq!((first.status, first.text()), (201, "[1]"));
    assert_eq!((second.status, second.text()), (201, "[1]"));
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn a_catalogue_is_kept_by_nginx_too_and_told_when_nobody_is_left_behind_it() {
    let upstream = Upstream::scripted(|number| match number {
        0 => Act::answer("200 OK", "Content-Type: application/json\r\nSet-Cookie: a=b\r\n", "[1]"),
        _ => Act::answer("500 Internal Server Error", "", "broken"),
    })
    .await;
    let backend = OpenBackend {
        public: vec![RoutePattern::new(Method::Get, "services.json")],
        keeping: Some(Keeping {
            fresh: Duration::from_secs(1),
            stale: Duration::from_secs(600),
        }),
        ..lapor(upstream.url())
    };
    let mut house = House::of(vec![backend], |_| {}).await;
    let ask = || async { Ask::get(SERVICES).of(house.address).await };
    let told = ask().await;
    assert_eq!(
        (told.status, told.text(), told.header("content-type")),
        (200, "[1]", "application/json")
    );
    assert!(!told.headers.contains_key("set-cookie") && told.header("content-security-policy").contains("sandbox"));
    assert_eq!(ask().await.text(), "[1]");
    // What a browser asks for as a page is refused, also where the answer is kept.
    let page = Ask::get(SERVICES)
        .header("sec-fetch-dest", "document")
        .of(house.address)
        .await;
    assert_eq!(page.fault(), (404, "not_allowed", "no"));
    assert_eq!(Ask::new("HEAD", SERVICES).of(house.address).await.status, 404);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(ask().await.text(), "[1]", "the backend fails");
    let own = Ask::get(SERVICES)
        .header("authorization", "Bearer a")
        .of(house.address)
        .await;
    assert_eq!((own.status, own.text()), (500, "broken"));
    house.stop();
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    while Ask::get("/healthz").of(house.address).await.status != 502 {
        assert!(tokio::time::Instant::now() < until, "the edges should be gone by now");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        Ask::get(SERVICES).of(house.address).await.text(),
        "[1]",
        "nobody is there"
    );
    let told = Ask::post(REQUESTS, "key-1", "a=1").of(house.address).await;
    assert_eq!(told.fault(), (502, "unreachable", "unknown"));
}
