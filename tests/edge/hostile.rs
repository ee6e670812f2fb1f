//! What hostile clients send: refused, or stripped of what could do harm. Path tricks are in `pass` and
//! `site`, since each way has its own.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::{House, lapor};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

/// What comes back for these bytes, until the other side closes or says nothing for a while.
pub async fn said(house: &House, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    // Whoever is refused early may find the connection closed.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(Ok(count @ 1..)) = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut piece)).await {
        answer.extend_from_slice(&piece[..count]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn is_refusal(answer: &str) -> bool {
    answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 501")
}

#[tokio::test]
async fn a_request_for_another_host_goes_nowhere_but_here() {
    let mut elsewhere = Upstream::that(Act::created("elsewhere")).await;
    let mut upstream = Upstream::that(Act::created("[1]")).await;
    let house = House::before(upstream.url()).await;
    let other = elsewhere.address;
    for line in [
        format!("GET http://{other}/v2/services.json HTTP/1.1\r\nhost: {other}"),
        format!("CONNECT {other} HTTP/1.1\r\nhost: {other}"),
        format!("GET /r/32.73/lapor/http://{other}/services.json HTTP/1.1\r\nhost: a"),
        format!("GET //{other}/r/32.73/lapor/services.json HTTP/1.1\r\nhost: a"),
        format!("GET /r/32.73/lapor/@{other}/services.json HTTP/1.1\r\nhost: a"),
    ] {
        let answer = said(&house, format!("{line}\r\nconnection: close\r\n\r\n").as_bytes()).await;
        assert!(is_refusal(&answer), "{line}: {answer}");
    }
    assert_eq!((elsewhere.more(), upstream.more()), (0, 0));
    // The absolute form of its own addresses means its own.
    let own = format!(
        "GET http://{other}/r/32.73/lapor/services.json HTTP/1.1\r\nhost: {other}\r\nconnection: close\r\n\r\n"
    );
    assert!(said(&house, own.as_bytes()).await.ends_with("[1]"));
    let heard = upstream.next().await;
    assert_eq!(heard.header("host"), Some(upstream.address.to_string().as_str()));
    assert_eq!(elsewhere.more(), 0);
}

#[tokio::test]
async fn no_header_can_be_injected_and_no_request_hidden_in_another() {
    let mut upstream = Upstream::that(Act::created("[1]")).await;
    let house = House::before(upstream.url()).await;
    let post =
        "POST /r/32.73/lapor/requests.json HTTP/1.1\r\nhost: a\r\nidempotency-key: key-1\r\nconnection: close\r\n";
    for bytes in [
        // Two lengths; a length beside chunks; chunks by another name; a folded line; a space before the colon.
        format!("{post}content-length: 3\r\ncontent-length: 4\r\n\r\na=1"),
        format!("{post}transfer-encoding: chunked, identity\r\n\r\n3\r\na=1\r\n0\r\n\r\n"),
        format!("{post}transfer-encoding: xchunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n"),
        format!("{post}content-length: +3\r\n\r\na=1"),
        format!("{post}content-type: a\r\n b\r\ncontent-length: 3\r\n\r\na=1"),
        format!("{post}content-length : 3\r\n\r\na=1"),
        "GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\naccept: a\rx-evil: 1\r\nconnection: close\r\n\r\n"
            .to_owned(),
        "GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\naccept: a\0b\r\nconnection: close\r\n\r\n".to_owned(),
        "GET /r/32.73/lapor/services.json\0 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
        "GET /r/32.73/lapor/services.json HTTP/9.9\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let answer = said(&house, bytes.as_bytes()).await;
        let heard = upstream.rest();
        let harmless = heard
            .iter()
            .all(|heard| heard.header("x-evil").is_none() && heard.head.matches("HTTP/1.1").count() == 1);
        assert!(
            harmless && (is_refusal(&answer) || answer.matches("HTTP/1.1").count() == 1),
            "{bytes}: {answer}"
        );
        // One request at most, whole, and with the one body that was meant.
        assert!(
            heard.len() <= 1 && heard.iter().all(|heard| heard.body.is_empty() || heard.body == b"a=1"),
            "{bytes}"
        );
    }
    let smuggled = format!(
        "{post}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\n\r\n"
    );
    let answer = said(&house, smuggled.as_bytes()).await;
    assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{answer}");
    assert!(upstream.rest().iter().all(|heard| !heard.line().starts_with("GET")));
}

#[tokio::test]
async fn heads_have_a_limit() {
    let mut upstream = Upstream::that(Act::created("[1]")).await;
    let house = House::before(upstream.url()).await;
    let long = "a".repeat(1 << 20);
    let many = "x-a: b\r\n".repeat(5000);
    for head in [
        format!("GET /r/32.73/lapor/services.json?{long} HTTP/1.1\r\nhost: a\r\n\r\n"),
        format!("GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\naccept: {long}\r\n\r\n"),
        format!("GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\n{many}\r\n"),
    ] {
        let answer = said(&house, head.as_bytes()).await;
        assert!(is_refusal(&answer), "{answer:.80}");
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn a_hundred_slow_heads_keep_nobody_else_out_and_are_cut_off() {
    let upstream = Upstream::that(Act::created("[1]")).await;
    let house = House::of(vec![lapor(upstream.url())], |settings| {
        settings.patience = Duration::from_secs(2);
    })
    .await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream
            .write_all(b"GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\n")
            .await
            .unwrap();
        slow.push(stream);
    }
    assert_eq!(
        Ask::get("/r/32.73/lapor/services.json").of(house.address).await.status,
        201
    );
    for mut stream in slow {
        // A line now and then does not help.
        let _ = stream.write_all(b"x-a: b\r\n").await;
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "it should be cut off by now");
    }
}

#[tokio::test]
async fn headers_of_an_x_road_are_the_operators_and_stay_behind_the_edge() {
    let headers = "X-Road-Id: 1\r\nX-Road-Service: ID/GOV/3273/lapor\r\nX-Road-Request-Hash: x\r\n";
    let mut upstream = Upstream::that(Act::answer("200 OK", headers, "[1]")).await;
    let mut backend = lapor(upstream.url());
    backend
        .headers
        .insert("x-road-client", "ID/GOV/3273/pendopo".parse().unwrap());
    let house = House::of(vec![backend], |_| {}).await;
    let told = Ask::get("/r/32.73/lapor/services.json")
        .header("X-Road-Client", "ID/GOV/0000/evil")
        .header("X-Road-UserId", "ID123")
        .header("apikey", "mine")
        .of(house.address)
        .await;
    assert_eq!((told.status, told.text()), (200, "[1]"));
    assert!(told.headers.keys().all(|name| !name.starts_with("x-road")));
    let heard = upstream.next().await;
    assert_eq!(heard.header("x-road-client"), Some("ID/GOV/3273/pendopo"));
    assert!(heard.header("x-road-userid").is_none() && heard.header("apikey").is_none());
}
