//! What is logged tells nobody who asked for what.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;

use crate::house::{House, lapor};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_name_routes_and_never_paths_queries_keys_bodies_or_addresses() {
    let lines = Lines::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .init();

    let upstream = Upstream::that(Act::answer("201 Created", "X-Penanda: penanda\r\n", "penanda")).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut unreachable = lapor(format!("http://{}/penanda", gone.local_addr().unwrap()));
    unreachable.id = "32.73/gone".parse().unwrap();
    drop(gone);
    let house = House::of(vec![lapor(upstream.url()), unreachable], |settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    house.put("dist/index.html", "app");
    let mut statuses = Vec::new();
    for ask in [
        Ask::get("/r/32.73/lapor/services/penanda.json?penanda=penanda"),
        Ask::get("/r/32.73/gone/services/penanda.json?penanda=penanda"),
        Ask::get("/r/32.73/penanda/services.json?penanda"),
        Ask::post("/r/32.73/lapor/requests.json?penanda", "penanda", "penanda"),
        Ask::post("/r/32.73/lapor/requests.json?penanda", "penanda", "penanda"),
        Ask::post("/r/32.73/gone/requests.json?penanda", "penanda", "penanda"),
        Ask::ledger("penanda"),
        Ask::get("/status/32.73/lapor/penanda?penanda").header("accept", "text/html"),
        Ask::get("/penanda/penanda.js?penanda"),
        Ask::get("/katalog/penanda.json"),
        Ask::new("PENANDA", "/penanda"),
        Ask::get("/healthz?penanda"),
    ] {
        let ask = ask
            .header("user-agent", "penanda")
            .header("referer", "http://pendopo.test/penanda")
            .header("x-forwarded-for", "198.51.100.77");
        statuses.push(ask.of(house.address).await.status);
    }
    assert_eq!(statuses, [201, 502, 404, 201, 201, 502, 200, 200, 404, 404, 405, 200]);

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for route in [
        "route=\"/r/32.73/lapor/services/*.json\" method=\"GET\" status=201 ms=",
        "route=\"/r/32.73/gone/services/*.json\" method=\"GET\" status=502 ms=",
        "route=\"/r/32.73/lapor/requests.json\" method=\"POST\" status=201 ms=",
        "route=\"/r/*\" method=\"GET\" status=404 ms=",
        "route=\"/l\" method=\"GET\" status=200 ms=",
        "route=\"page\" method=\"GET\" status=200 ms=",
        "route=\"*\" method=\"other\" status=405 ms=",
    ] {
        assert!(text.contains(route), "{route} in {text}");
    }
    for line in text.lines() {
        let quiet = !line.to_ascii_lowercase().contains("penanda") && !line.contains("198.51.100.77");
        assert!(quiet, "{line}");
    }
}
