//! A weak backend is spared: requests at once, what is tried again, when it is left alone, what is kept.

use std::sync::Arc;
use std::time::Duration;

use pendopo::adapters::RoutePattern;
use pendopo::adapters::http::Method;
use pendopo::cli::edge::backend::OpenBackend;
use pendopo::cli::edge::breaker::Rule;
use pendopo::cli::edge::cache::Keeping;
use pendopo::cli::edge::line::{Line, Treatment};
use tokio::sync::Semaphore;

use crate::house::{House, lapor};
use crate::phone::{Ask, Told};
use crate::upstream::{Act, Upstream};

const SERVICES: &str = "/r/32.73/lapor/services.json";
const REQUESTS: &str = "/r/32.73/lapor/requests.json";

fn treated(url: String, treatment: Treatment) -> OpenBackend {
    OpenBackend {
        line: Arc::new(Line::new(treatment)),
        ..lapor(url)
    }
}

fn kept(url: String, fresh: u64, stale: u64) -> OpenBackend {
    OpenBackend {
        public: vec![
            RoutePattern::new(Method::Get, "services.json"),
            RoutePattern::new(Method::Get, "services/*.json"),
        ],
        keeping: Some(Keeping {
            fresh: Duration::from_millis(fresh),
            stale: Duration::from_millis(stale),
        }),
        ..treated(
            url,
            Treatment {
                retries: 0,
                ..Treatment::default()
            },
        )
    }
}

fn down() -> Act {
    Act::answer("503 Service Unavailable", "", "down")
}

fn list(body: &str) -> Act {
    Act::answer("200 OK", "content-type: application/json\r\nset-cookie: a=b\r\n", body)
}

#[tokio::test]
async fn a_read_that_was_not_answered_is_tried_again_so_often_and_a_change_never() {
    let again = Treatment {
        retries: 2,
        ..Treatment::default()
    };
    let mut upstream = Upstream::scripted(|number| match number {
        0 => Act::SayAndReset(Vec::new()),
        1 => down(),
        2 => list("[1]"),
        _ => down(),
    })
    .await;
    let house = House::of(vec![treated(upstream.url(), again)], |_| {}).await;
    let told = Ask::get(SERVICES).of(house.address).await;
    assert_eq!((told.status, told.text(), upstream.more()), (200, "[1]", 3));
    let told = Ask::get(SERVICES).of(house.address).await;
    assert_eq!((told.status, told.text(), upstream.more()), (503, "down", 3));
    let told = Ask::post(REQUESTS, "key-1", "a=1").of(house.address).await;
    assert_eq!((told.status, upstream.more()), (503, 1));
}

#[tokio::test]
async fn what_says_when_to_come_again_or_refuses_is_not_tried_again() {
    let again = Treatment {
        retries: 3,
        ..Treatment::default()
    };
    for (status, headers) in [
        ("503 Service Unavailable", "Retry-After: 9\r\n"),
        ("429 Too Many Requests", ""),
        ("500 Internal Server Error", ""),
        ("404 Not Found", ""),
    ] {
        let mut upstream = Upstream::that(Act::answer(status, headers, "")).await;
        let house = House::of(vec![treated(upstream.url(), again)], |_| {}).await;
        Ask::get(SERVICES).of(house.address).await;
        assert_eq!(upstream.more(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_backend_that_fails_again_and_again_is_left_alone_and_comes_back_by_a_trial() {
    let rule = Rule {
        failures: 3,
        pause: Duration::from_millis(1500),
    };
    let treatment = Treatment {
        retries: 0,
        rule,
        ..Treatment::default()
    };
    let mut upstream = Upstream::scripted(|number| if number < 3 { down() } else { Act::created("[1]") }).await;
    let house = House::of(vec![treated(upstream.url(), treatment)], |_| {}).await;
    for _ in 0..3 {
        assert_eq!(Ask::get(SERVICES).of(house.address).await.text(), "down");
    }
    assert_eq!(upstream.more(), 3);
    let read = Ask::get(SERVICES).of(house.address).await;
    assert_eq!(read.fault(), (503, "unreachable", "no"));
    assert!((1..=2).contains(&read.header("retry-after").parse().unwrap()));
    let change = Ask::post(REQUESTS, "key-1", "a=1");
    assert_eq!(change.of(house.address).await.fault(), (503, "unreachable", "no"));
    assert_eq!(upstream.more(), 0);
    // What was not sent is as if it had never been, so the phone may come again with its key.
    tokio::time::sleep(Duration::from_millis(1600)).await;
    let told = change.of(house.address).await;
    assert_eq!((told.status, upstream.more()), (201, 1));
    assert_eq!(Ask::get(SERVICES).of(house.address).await.status, 201);
}

#[tokio::test]
async fn so_many_requests_are_on_a_backend_at_once_and_who_gets_no_place_was_not_sent() {
    let gate = Arc::new(Semaphore::new(0));
    let mut upstream = {
        let gate = Arc::clone(&gate);
        Upstream::scripted(move |_| {
            Act::SayLater(
                Arc::clone(&gate),
                b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n".to_vec(),
            )
        })
        .await
    };
    let backend = OpenBackend {
        timeout: Duration::from_secs(2),
        ..treated(
            upstream.url(),
            Treatment {
                at_once: 2,
                ..Treatment::default()
            },
        )
    };
    let house = House::of(vec![backend], |_| {}).await;
    let asked: Vec<_> = (0..5)
        .map(|number| {
            let ask = Ask::post(REQUESTS, &format!("key-{number}"), "a=1");
            let address = house.address;
            tokio::spawn(async move { ask.of(address).await })
        })
        .collect();
    upstream.next().await;
    upstream.next().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(upstream.more(), 0, "two places, two requests");
    gate.add_permits(1);
    upstream.next().await;
    let mut told = Vec::new();
    for ask in asked {
        told.push(ask.await.unwrap());
    }
    let of = |status: u16, sent: &str| {
        told.iter()
            .filter(|told| told.status == status && told.header("pendopo-sent") == sent)
            .count()
    };
    assert_eq!((of(201, ""), of(504, "unknown"), of(504, "no")), (1, 2, 2), "{told:?}");
    assert_eq!(upstream.more(), 0);
}

fn how(told: &Told) -> (u16, &str, &str) {
    (
        told.status,
        told.text(),
        told.header("cache-status").split("; ttl=").next().unwrap_or_default(),
    )
}

#[tokio::test]
async fn a_catalogue_is_asked_for_once_and_told_stale_where_the_backend_fails() {
    let mut upstream = Upstream::scripted(|number| match number {
        0 => list("[1]"),
        1 => down(),
        2 => Act::SayAndReset(Vec::new()),
        3 => list("[2]"),
        4 => Act::answer("404 Not Found", "", "gone"),
        _ => down(),
    })
    .await;
    let house = House::of(vec![kept(upstream.url(), 700, 60_000)], |_| {}).await;
    let ask = || async { Ask::get(SERVICES).of(house.address).await };
    let stale = || tokio::time::sleep(Duration::from_millis(800));
    let told = ask().await;
    assert_eq!(how(&told), (200, "[1]", "pendopo; fwd=miss; stored"));
    assert!(!told.headers.contains_key("set-cookie"));
    let told = ask().await;
    assert_eq!(
        (how(&told), told.header("content-type")),
        ((200, "[1]", "pendopo; hit"), "application/json")
    );
    let heard = upstream.next().await;
    assert!(heard.header("x-forwarded-for").is_none(), "it is asked for everybody");
    assert_eq!(upstream.more(), 0);
    for _ in 0..2 {
        stale().await;
        let told = ask().await;
        assert_eq!((how(&told), upstream.more()), ((200, "[1]", "pendopo; hit"), 1));
        assert!(
            told.header("cache-status").contains("ttl=-"),
            "{}",
            told.header("cache-status")
        );
    }
    assert_eq!(how(&ask().await), (200, "[2]", "pendopo; fwd=miss; stored"));
    stale().await;
    let told = ask().await;
    assert_eq!((told.status, told.text()), (404, "gone"), "that is no failure");
}

#[tokio::test]
async fn what_is_kept_is_told_for_so_long_and_no_longer() {
    let upstream = Upstream::scripted(|number| if number == 0 { list("[1]") } else { down() }).await;
    let house = House::of(vec![kept(upstream.url(), 0, 600)], |_| {}).await;
    assert_eq!(Ask::get(SERVICES).of(house.address).await.text(), "[1]");
    assert_eq!(Ask::get(SERVICES).of(house.address).await.text(), "[1]");
    tokio::time::sleep(Duration::from_millis(700)).await;
    let told = Ask::get(SERVICES).of(house.address).await;
    assert_eq!((told.status, told.text()), (503, "down"));
}

#[tokio::test]
async fn all_who_ask_for_the_same_at_once_get_one_answer_and_whoever_leaves_takes_it_from_nobody() {
    let gate = Arc::new(Semaphore::new(0));
    let mut upstream = {
        let gate = Arc::clone(&gate);
        Upstream::scripted(move |_| {
            Act::SayLater(
                Arc::clone(&gate),
                b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n[1]".to_vec(),
            )
        })
        .await
    };
    let house = House::of(vec![kept(upstream.url(), 60_000, 0)], |_| {}).await;
    Ask::get(SERVICES).and_hang_up(house.address).await;
    upstream.next().await;
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let address = house.address;
            tokio::spawn(async move { Ask::get(SERVICES).of(address).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    gate.add_permits(1);
    for ask in asked {
        assert_eq!(ask.await.unwrap().text(), "[1]");
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn nothing_of_a_citizens_is_kept_nor_what_the_adapter_does_not_ask_for_everybody() {
    let mut upstream = Upstream::scripted(|number| list(&number.to_string())).await;
    let backend = OpenBackend {
        forward: vec!["x-token".parse().unwrap()],
        public: vec![RoutePattern::new(Method::Get, "services.json")],
        ..kept(upstream.url(), 60_000, 60_000)
    };
    let house = House::of(vec![backend], |_| {}).await;
    let asked: Vec<Ask> = vec![
        Ask::get(SERVICES).header("x-token", "a"),
        Ask::get(SERVICES).header("authorization", "Bearer a"),
        Ask::get("/r/32.73/lapor/services/1.json"),
    ];
    for ask in &asked {
        for _ in 0..2 {
            let told = ask.of(house.address).await;
            assert_eq!((told.status, told.header("cache-status")), (200, ""));
        }
    }
    assert_eq!(upstream.more(), 6);
    // And what is kept is not told to whoever prefers something else.
    for (language, query) in [("id", ""), ("en", ""), ("id", "?a=1")] {
        let ask = Ask::get(format!("{SERVICES}{query}").as_str()).header("accept-language", language);
        assert_eq!(how(&ask.of(house.address).await).2, "pendopo; fwd=miss; stored");
        assert_eq!(how(&ask.of(house.address).await).2, "pendopo; hit");
    }
    assert_eq!(upstream.more(), 3);
}
