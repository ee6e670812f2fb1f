//! What passes, which way, and what is said where nothing does.

use std::time::Duration;

use axum::http::header;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::house::{House, PROXIED, lapor};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

#[tokio::test]
async fn a_request_goes_up_with_its_query_and_few_headers_and_its_answer_comes_down_with_few() {
    let headers = "Content-Type: application/json\r\nX-Next-Page-URL: http://a/2\r\nLink: <x>; rel=next\r\n\
        ETag: \"1\"\r\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nRetry-After: 3\r\nSet-Cookie: a=b\r\n\
        Server: old\r\nLocation: http://a/\r\nCache-Control: public, max-age=9\r\nContent-Security-Policy: x\r\n\
        Access-Control-Allow-Origin: *\r\npendopo-edge: offline\r\npendopo-sent: no\r\n";
    let mut upstream = Upstream::that(Act::answer("200 OK", headers, "[1]")).await;
    let house = House::before(upstream.url()).await;
    let told = Ask::get("/r/32.73/lapor/services.json?a=%20b&&c=[1]'")
        .header("Accept", "application/json")
        .header("Accept-Language", "id")
        .header("Accept-Encoding", "gzip, br")
        .header("Cookie", "session=1")
        .header("Authorization", "Bearer x")
        .header("Idempotency-Key", "k")
        .header("X-Forwarded-For", "1.2.3.4")
        .header("X-Other", "y")
        .header("Origin", "http://pendopo.test")
        .of(house.address)
        .await;

    let heard = upstream.next().await;
    assert_eq!(heard.line(), "GET /v2/services.json?a=%20b&&c=[1]%27 HTTP/1.1");
    let mut names: Vec<String> = heard
        .head
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split_once(": ")?.0.to_ascii_lowercase()))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "accept",
            "accept-encoding",
            "accept-language",
            "host",
            "user-agent",
            "x-forwarded-for"
        ]
    );
    assert_eq!(heard.header("accept"), Some("application/json"));
    assert_eq!(heard.header("accept-encoding"), Some("identity"));
    assert_eq!(heard.header("x-forwarded-for"), Some("127.0.0.1"));
    assert_eq!(heard.header("host"), Some(upstream.address.to_string().as_str()));

    assert_eq!((told.status, told.text()), (200, "[1]"));
    for (name, value) in [
        ("content-type", "application/json"),
        ("x-next-page-url", "http://a/2"),
        ("link", "<x>; rel=next"),
        ("etag", "\"1\""),
        ("last-modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
        ("retry-after", "3"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(told.header(name), value, "{name}");
    }
    for name in [
        "set-cookie",
        "server",
        "location",
        "access-control-allow-origin",
        "pendopo-edge",
        "pendopo-sent",
    ] {
        // A proxy names itself.
        let said = told.headers.get(name).filter(|said| !(PROXIED && *said == "nginx"));
        assert_eq!(said, None, "{name}");
    }
    assert!(told.header("content-security-policy").contains("; sandbox;"));
}

#[tokio::test]
async fn what_the_operator_says_goes_up_too() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let mut backend = lapor(upstream.url());
    backend.headers.insert("x-api-key", "s3cret".parse().unwrap());
    backend.headers.insert(header::ACCEPT, "text/xml".parse().unwrap());
    backend.forward = vec![header::AUTHORIZATION, "idempotency-key".parse().unwrap()];
    let house = House::of(vec![backend], |_| {}).await;
    let told = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1")
        .header("authorization", "Bearer x")
        .header("accept", "application/json")
        .of(house.address)
        .await;
    assert_eq!(told.status, 201);
    let heard = upstream.next().await;
    assert_eq!(heard.header("x-api-key"), Some("s3cret"));
    assert_eq!(heard.header("accept"), Some("text/xml"));
    assert_eq!(heard.header("authorization"), Some("Bearer x"));
    assert_eq!(heard.header("idempotency-key"), Some("key-1"));
    assert_eq!(heard.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        (heard.header("content-length"), &heard.body[..]),
        (Some("3"), &b"a=1"[..])
    );
    assert_eq!(heard.header("transfer-encoding"), None);
}

#[tokio::test]
async fn only_paths_of_the_adapter_pass() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let house = House::before(upstream.url()).await;
    for (method, path) in [
        ("GET", "/r/"),
        ("GET", "/r/32.73"),
        ("GET", "/r/32.73/lapor"),
        ("GET", "/r/32.73/lapor/"),
        ("GET", "/r/32.73/other/services.json"),
        ("GET", "/r/32.74/lapor/services.json"),
        ("GET", "/r/x/lapor/services.json"),
        ("GET", "/r/32.73/lapor/requests.json"),
        ("GET", "/r/32.73/lapor/admin.json"),
        ("GET", "/r/32.73/lapor//services.json"),
        ("GET", "/r//32.73/lapor/services.json"),
        ("GET", "/r/32.73/lapor/services/a/b.json"),
        ("GET", "/r/32.73/lapor/services/../services.json"),
        ("GET", "/r/32.73/lapor/services/..%2f..%2fadmin.json"),
        ("GET", "/r/32.73/lapor/services/%2e%2e/services.json"),
        ("GET", "/r/32.73/lapor/services/%252e%252e%252fadmin.json"),
        ("GET", "/r/32.73/lapor/services/a%00.json"),
        ("GET", "/r/32.73/lapor/services/a%0d%0aX:y.json"),
        ("GET", "/r/32.73/lapor/../../32.74/lapor/services.json"),
        ("POST", "/r/32.73/lapor/services.json"),
        ("DELETE", "/r/32.73/lapor/services.json"),
        ("HEAD", "/r/32.73/lapor/services.json"),
        ("OPTIONS", "/r/32.73/lapor/services.json"),
        ("PATCH", "/r/32.73/lapor/requests/1.json"),
    ] {
        let told = Ask::new(method, path)
            .header("idempotency-key", "k")
            .of(house.address)
            .await;
        assert!(told.is_refused(), "{method} {path}: {told:?}");
    }
    assert_eq!(upstream.more(), 0);
    let slash = Ask::get("/r/32.73/lapor/services/a%2fb.json").of(house.address).await;
    assert_eq!(slash.status, 201);
    assert_eq!(upstream.next().await.line(), "GET /v2/services/a%2Fb.json HTTP/1.1");
}

#[tokio::test]
async fn a_browser_gets_answers_as_data_only() {
    let mut upstream = Upstream::that(Act::answer("200 OK", "Content-Type: text/javascript\r\n", "alert(1)")).await;
    let house = House::before(upstream.url()).await;
    let ask = |dest, site| {
        let ask = Ask::get("/r/32.73/lapor/services.json").header("sec-fetch-dest", dest);
        ask.header("sec-fetch-site", site)
    };
    for (dest, site) in [
        ("document", "none"),
        ("script", "same-origin"),
        ("worker", "same-origin"),
        ("iframe", "same-origin"),
        ("image", "same-origin"),
        ("empty", "cross-site"),
        ("empty", "same-site"),
    ] {
        let told = ask(dest, site).of(house.address).await;
        assert_eq!(told.fault(), (404, "not_allowed", "no"), "{dest} {site}");
    }
    assert_eq!(upstream.more(), 0);
    let told = ask("empty", "same-origin").of(house.address).await;
    assert_eq!((told.status, told.header("x-content-type-options")), (200, "nosniff"));
}

#[tokio::test]
async fn pages_redirects_and_failures_of_a_backend_pass_as_they_are() {
    for (status, headers, body) in [
        ("200 OK", "Content-Type: text/html\r\n", "<html>Maintenance</html>"),
        ("302 Found", "Location: http://169.254.169.254/\r\n", ""),
        ("404 Not Found", "", "no"),
        (
            "500 Internal Server Error",
            "Content-Type: text/plain\r\n",
            "stack trace",
        ),
    ] {
        let mut upstream = Upstream::that(Act::answer(status, headers, body)).await;
        let house = House::before(upstream.url()).await;
        let told = Ask::get("/r/32.73/lapor/services.json").of(house.address).await;
        assert!(status.starts_with(&told.status.to_string()));
        assert_eq!((told.text(), told.header("location")), (body, ""));
        assert!(!told.headers.contains_key("pendopo-edge"));
        upstream.next().await;
        assert_eq!(upstream.more(), 0, "{status}");
    }
}

#[tokio::test]
async fn a_backend_that_is_not_there_was_not_sent_anything() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    for url in [refused.as_str(), "http://backend.invalid"] {
        let house = House::before(url).await;
        let read = Ask::get("/r/32.73/lapor/services.json").of(house.address).await;
        assert_eq!(read.fault(), (502, "unreachable", "no"));
        assert_eq!(read.text(), r#"{"fault":"unreachable"}"#);
        let change = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1")
            .of(house.address)
            .await;
        assert_eq!(change.fault(), (502, "unreachable", "no"));
    }
}

#[tokio::test]
async fn a_time_out_says_whether_the_request_was_written() {
    // Takes connections and never says a word, so TLS is never agreed upon.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let before = format!("https://{}", silent.local_addr().unwrap());
    let upstream = Upstream::that(Act::Hang).await;
    for (url, sent) in [(before, "no"), (upstream.url(), "unknown")] {
        let backend = pendopo::cli::edge::backend::OpenBackend {
            timeout: Duration::from_millis(200),
            ..lapor(url)
        };
        let house = House::of(vec![backend], |_| {}).await;
        let told = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1")
            .of(house.address)
            .await;
        assert_eq!(told.fault(), (504, "timeout", sent));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_the_request_unknown() {
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n";
    for bytes in [
        String::new(),
        "HTTP/1.1 2".to_owned(),
        head.to_owned(),
        format!("{head}part"),
    ] {
        for act in [
            Act::SayAndReset(bytes.clone().into_bytes()),
            Act::Say(bytes.clone().into_bytes()),
        ] {
            let upstream = Upstream::that(act).await;
            let house = House::before(upstream.url()).await;
            let told = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1")
                .of(house.address)
                .await;
            assert_eq!(told.fault(), (502, "unreachable", "unknown"), "{bytes}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_cut_and_was_sent() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 10001\r\n\r\n";
    let endless = "HTTP/1.1 200 OK\r\n\r\n";
    for head in [announced, endless] {
        let upstream = Upstream::that(Act::SayWithoutEnd(head.into())).await;
        let backend = pendopo::cli::edge::backend::OpenBackend {
            max_response: 10_000,
            ..lapor(upstream.url())
        };
        let house = House::of(vec![backend], |_| {}).await;
        let told = Ask::get("/r/32.73/lapor/services.json").of(house.address).await;
        assert_eq!(told.fault(), (502, "too_large", "yes"));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_sent_however_it_comes() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let backend = pendopo::cli::edge::backend::OpenBackend {
        max_request: 1_000_000,
        ..lapor(upstream.url())
    };
    let house = House::of(vec![backend], |_| {}).await;
    let long = vec![b'a'; 1_000_001];
    let told = Ask::post("/r/32.73/lapor/requests.json", "key-1", &long)
        .of(house.address)
        .await;
    assert_eq!(told.fault(), (413, "too_large", "no"));

    let chunked = [b"f4241\r\n", &long[..], b"\r\n0\r\n\r\n"].concat();
    let told = Ask::new("POST", "/r/32.73/lapor/requests.json")
        .header("idempotency-key", "key-1")
        .header("transfer-encoding", "chunked")
        .raw_body(chunked)
        .of(house.address)
        .await;
    assert_eq!(told.fault(), (413, "too_large", "no"));
    assert_eq!(upstream.more(), 0);

    let told = Ask::post("/r/32.73/lapor/requests.json", "key-1", &long[1..])
        .of(house.address)
        .await;
    assert_eq!(told.status, 201);
    assert_eq!(upstream.next().await.body.len(), 1_000_000);
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_when_to_come_again() {
    if PROXIED {
        // Behind a proxy nobody can say to be somebody else; that is a test of its own there.
        return;
    }
    let mut upstream = Upstream::that(Act::created("1")).await;
    let house = House::of(vec![lapor(upstream.url())], |settings| {
        settings.rates.changes_per_minute = 2;
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let ask = |key, client| {
        let ask = Ask::post("/r/32.73/lapor/requests.json", key, "a=1");
        ask.header("x-forwarded-for", client)
    };
    for key in ["key-1", "key-2"] {
        assert_eq!(ask(key, "192.0.2.1").of(house.address).await.status, 201);
        assert_eq!(upstream.next().await.header("x-forwarded-for"), Some("192.0.2.1"));
    }
    let told = ask("key-3", "192.0.2.1").of(house.address).await;
    assert_eq!(told.fault(), (429, "rate_limited", "no"));
    assert!((1..=31).contains(&told.header("retry-after").parse().unwrap()));
    assert_eq!(upstream.more(), 0);
    assert_eq!(ask("key-3", "192.0.2.2").of(house.address).await.status, 201);
    let read = Ask::get("/r/32.73/lapor/services.json").header("x-forwarded-for", "192.0.2.1");
    assert_eq!(read.of(house.address).await.status, 201);
}

#[tokio::test]
async fn whoever_sends_too_slowly_is_cut_off() {
    let mut upstream = Upstream::that(Act::created("1")).await;
    let house = House::of(vec![lapor(upstream.url())], |settings| {
        settings.patience = Duration::from_millis(200);
    })
    .await;
    let whole = Ask::post("/r/32.73/lapor/requests.json", "key-1", "a=1").bytes();
    for (sent, said) in [(20, ""), (whole.len() - 1, "HTTP/1.1 408")] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(&whole[..sent]).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        // A proxy says nothing at all.
        let said = if PROXIED { "" } else { said };
        assert!(
            answer.starts_with(said) && answer.is_empty() == said.is_empty(),
            "{answer}"
        );
    }
    assert_eq!(upstream.more(), 0);
    assert_eq!(Ask::ledger("key-1").of(house.address).await.status, 404);
}
