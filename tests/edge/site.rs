//! The app's files, the catalogue, and what holds for every answer.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::house::{House, PROXIED};
use crate::phone::Ask;
use crate::upstream::{Act, Upstream};

async fn furnished() -> House {
    let house = House::before("http://127.0.0.1:1").await;
    house.put("dist/index.html", "<!doctype html>Pendopo");
    house.put("dist/sw.js", "self");
    house.put("dist/app.webmanifest", "{}");
    house.put("dist/b/abc/app.js", "js ".repeat(1000));
    house.put("dist/b/abc/app_bg.wasm", "wasm");
    house.put("dist/b/abc/app_bg.wasm.br", "compressed wasm");
    house.put("dist/b/abc/gaya.css", "css");
    house.put("dist/b/abc/logo.svg", "<svg/>");
    house.put("dist/.env", "secret");
    house.put("dist/b/.git/config.json", "secret");
    house.put("secret.json", "secret");
    house.put("catalogue/indeks.json", format!("[{}]", "0,".repeat(1000)));
    house.put("catalogue/32.73/lapor/a%2Fb.json", "encoded");
    house.put("catalogue/32.73/lapor/a b.json", "decoded");
    house.put("catalogue/notes.txt", "secret");
    house
}

#[tokio::test]
async fn every_address_of_the_app_is_the_app() {
    let house = furnished().await;
    for path in [
        "/",
        "/?x=1",
        "/daerah/32.73",
        "/layanan/32.73/lapor/a%2Fb/isi",
        "/status/32.73/lapor/SLM-2026.0417",
        "/status/32.73/lapor/..%2Fx.json",
        "/kotak-keluar",
    ] {
        let told = Ask::get(path).of(house.address).await;
        assert_eq!((told.status, told.text()), (200, "<!doctype html>Pendopo"), "{path}");
        assert_eq!(told.header("cache-control"), "no-cache");
        assert_eq!(told.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_only_a_browser_is_shown_the_app_for_it() {
    let house = furnished().await;
    for path in [
        "/none",
        "/none.js",
        "/b/abc/none.js",
        "/b/abc",
        "/b/",
        "/katalog/none.json",
        "/katalog/",
        "/l/",
        "/r",
    ] {
        let told = Ask::get(path).of(house.address).await;
        assert_eq!((told.status, told.text()), (404, "Tidak ditemukan.\n"), "{path}");
    }
    let page = |path| Ask::get(path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let told = page("/none").of(house.address).await;
    assert_eq!((told.status, told.text()), (404, "<!doctype html>Pendopo"));
    for path in ["/none.js", "/b/abc/none", "/katalog/none"] {
        let told = page(path).of(house.address).await;
        assert_eq!((told.status, told.text()), (404, "Tidak ditemukan.\n"), "{path}");
    }
}

#[tokio::test]
async fn builds_are_kept_for_ever_and_all_else_is_asked_for_again() {
    let house = furnished().await;
    for (path, media, cache) in [
        (
            "/b/abc/app.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/abc/app_bg.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/abc/gaya.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/b/abc/logo.svg",
            "image/svg+xml",
            "public, max-age=31536000, immutable",
        ),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/app.webmanifest", "application/manifest+json", "no-cache"),
        ("/katalog/indeks.json", "application/json", "no-cache"),
    ] {
        let told = Ask::get(path).of(house.address).await;
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(
            (told.header("content-type"), told.header("cache-control")),
            (media, cache),
            "{path}"
        );
        assert_eq!(told.header("vary").to_ascii_lowercase(), "accept-encoding");

        let tag = told.header("etag");
        let known = Ask::get(path).header("if-none-match", tag).of(house.address).await;
        assert_eq!(
            (known.status, known.body.len(), known.header("etag")),
            (304, 0, tag),
            "{path}"
        );
        let other = Ask::get(path).header("if-none-match", "\"x\"").of(house.address).await;
        assert_eq!(other.body, told.body);

        let head = Ask::new("HEAD", path).of(house.address).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("content-length"), told.body.len().to_string());
    }
    let post = Ask::new("POST", "/").body("x").of(house.address).await;
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
}

#[tokio::test]
async fn what_is_compressed_goes_to_those_who_can_read_it() {
    let house = furnished().await;
    let ask = async |path: &str| {
        let ask = Ask::get(path).header("accept-encoding", "gzip, deflate, br");
        ask.of(house.address).await
    };
    let beside = ask("/b/abc/app_bg.wasm").await;
    assert_eq!(
        (beside.header("content-encoding"), beside.text()),
        ("br", "compressed wasm")
    );
    let plain = Ask::get("/b/abc/app_bg.wasm").of(house.address).await;
    assert_eq!((plain.header("content-encoding"), plain.text()), ("", "wasm"));
    assert_ne!(plain.header("etag"), beside.header("etag"));
    assert_eq!(ask("/b/abc/app_bg.wasm.br").await.status, 404);

    // A proxy compresses nothing: what is packed and published has its compressed file beside it.
    let here = ["/katalog/indeks.json", "/b/abc/app.js"];
    for path in here.iter().filter(|_| !PROXIED) {
        let here = ask(path).await;
        assert_eq!(here.header("content-encoding"), "br");
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut &here.body[..], &mut text).unwrap();
        assert_eq!(text, Ask::get(path).of(house.address).await.body);
        assert!(here.body.len() * 10 < text.len());
    }
}

#[tokio::test]
async fn nothing_else_on_the_disk_is_served() {
    let house = furnished().await;
    for (path, text) in [("a%2Fb.json", "encoded"), ("a%20b.json", "decoded")] {
        let told = Ask::get(&format!("/katalog/32.73/lapor/{path}"))
            .of(house.address)
            .await;
        assert_eq!(told.text(), text);
    }
    for path in [
        "/.env",
        "/%2eenv",
        "/b/.git/config.json",
        "/b/../.env",
        "/../secret.json",
        "/b/../../secret.json",
        "/%2e%2e/secret.json",
        "/..%2fsecret.json",
        "/b/%2e%2e%2f%2e%2e%2fsecret.json",
        "/b/..%5c..%5csecret.json",
        "/katalog/../secret.json",
        "/katalog/%2e%2e/secret.json",
        "/katalog/..%2fsecret.json",
        "/katalog/notes.txt",
        "//secret.json",
        "/katalog//indeks.json",
        "/%00",
        "/katalog/%ff.json",
        "/ledger",
        "/../ledger",
        "/katalog/../ledger",
    ] {
        let told = Ask::get(path).of(house.address).await;
        assert!(told.is_no_file(), "{path}: {told:?}");
    }
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let upstream = Upstream::that(Act::answer("200 OK", "Content-Type: text/html\r\n", "<script>")).await;
    let house = House::of(vec![crate::house::lapor(upstream.url())], |settings| {
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    house.put("dist/index.html", "app");
    for (path, status, is_data) in [
        ("/", 200, false),
        ("/none", 404, false),
        ("/healthz", 200, false),
        ("/r/32.73/lapor/services.json", 200, true),
        ("/r/32.73/lapor/none", 404, true),
        ("/l", 404, true),
    ] {
        let told = Ask::get(path).of(house.address).await;
        assert_eq!(told.status, status, "{path}");
        assert_eq!(told.header("x-content-type-options"), "nosniff");
        assert_eq!(told.header("referrer-policy"), "no-referrer");
        assert_eq!(told.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(told.header("cross-origin-resource-policy"), "same-origin");
        assert!(
            told.header("permissions-policy")
                .starts_with("geolocation=(self), camera=(self), ")
        );
        let policy = told.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert!(policy.ends_with("; frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert_eq!(
            policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
            !is_data,
            "{path}"
        );
        assert_eq!(policy.contains("; sandbox;"), is_data, "{path}");
        assert_eq!(told.header("strict-transport-security"), "");
        assert!(!told.headers.contains_key("set-cookie"));
    }
    let secure = Ask::get("/")
        .header("x-forwarded-proto", "https")
        .of(house.address)
        .await;
    // A proxy says itself how it was asked.
    let expected = if PROXIED { "" } else { "max-age=31536000" };
    assert_eq!(secure.header("strict-transport-security"), expected);
}

/// An edge of which sites may show the widgets of 32.73, with the app's files.
async fn embedding() -> House {
    let house = House::of(Vec::new(), |settings| {
        let sites = ["https://www.bandung.go.id", "https://*.bandung.go.id"];
        let sites = sites.map(|site| site.to_owned().try_into().unwrap());
        settings.embed_origins.insert("32.73".parse().unwrap(), sites.into());
        settings.embed_origins.insert("32.04".parse().unwrap(), Vec::new());
    })
    .await;
    house.put("dist/index.html", "app");
    house.put("dist/embed-1.js", "script");
    house
}

#[tokio::test]
async fn a_regions_widgets_may_be_framed_by_its_sites_and_nothing_else_by_anybody() {
    let house = embedding().await;
    let ancestors = async |path: &str| {
        let told = Ask::get(path).header("accept", "text/html").of(house.address).await;
        let policy = told.header("content-security-policy").to_owned();
        assert_eq!(policy.matches("frame-ancestors").count(), 1, "{path}: {policy}");
        (told.status, policy.split_once("frame-ancestors ").unwrap().1.to_owned())
    };
    for path in [
        "/embed/layanan/32.73",
        "/embed/layanan/32.73/",
        "/embed/layanan/32.73/lapor/001/isi",
        "/embed/cari/32.73?x=1",
        "/embed/status/32.73/lapor/A%2F1",
        "/embed/saya/32.73/3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10",
    ] {
        let listed = "'self' https://www.bandung.go.id https://*.bandung.go.id".to_owned();
        assert_eq!(ancestors(path).await, (200, listed), "{path}");
    }
    // Regions without sites, known or not.
    for path in ["/embed/cari/32.04", "/embed/cari/11"] {
        assert_eq!(ancestors(path).await, (200, "'self'".to_owned()), "{path}");
    }
    // Pages of their own.
    for path in [
        "/embed/lanjut",
        "/",
        "/layanan/32.73/lapor/001/isi",
        "/status/32.73/lapor/1",
        "/data-saya",
    ] {
        assert_eq!(ancestors(path).await, (200, "'none'".to_owned()), "{path}");
    }
    for path in [
        "/embed/",
        "/embed/data-saya/32.73",
        "/embed/layanan/32.73/lapor",
        "/embed/..%2Flayanan/32.73",
        "/embed//layanan/32.73",
    ] {
        assert_eq!(ancestors(path).await, (404, "'none'".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn other_sites_load_one_script_and_only_the_page_that_takes_over_a_draft_keeps_its_opener() {
    let house = embedding().await;
    for (path, opener, resource, cache) in [
        (
            "/embed-1.js",
            "same-origin",
            "cross-origin",
            "public, max-age=3600, stale-while-revalidate=86400",
        ),
        ("/embed/lanjut", "unsafe-none", "same-origin", "no-cache"),
        ("/embed/cari/32.73", "same-origin", "same-origin", "no-cache"),
        ("/", "same-origin", "same-origin", "no-cache"),
    ] {
        let told = Ask::get(path).of(house.address).await;
        let header = |name| told.header(name).to_owned();
        assert_eq!(told.status, 200, "{path}");
        assert_eq!(header("cross-origin-opener-policy"), opener, "{path}");
        assert_eq!(header("cross-origin-resource-policy"), resource, "{path}");
        assert_eq!(header("cache-control"), cache, "{path}");
    }
}

#[tokio::test]
async fn health_means_that_the_ledger_can_be_written_and_the_app_is_there() {
    let house = House::before("http://127.0.0.1:1").await;
    assert_eq!(Ask::get("/healthz").of(house.address).await.status, 503);
    assert_eq!(Ask::get("/").of(house.address).await.status, 503);
    house.put("dist/index.html", "app");
    let well = Ask::get("/healthz").of(house.address).await;
    assert_eq!((well.status, well.text()), (200, "ok"));
}

#[tokio::test]
async fn whoever_takes_nothing_of_an_answer_is_cut_off() {
    let mut house = House::of(Vec::new(), |settings| settings.patience = Duration::from_millis(200)).await;
    house.put("dist/b/abc/large.bin", vec![0; 20_000_000]);
    let mut phone = TcpStream::connect(house.address).await.unwrap();
    phone.write_all(&Ask::get("/b/abc/large.bin").bytes()).await.unwrap();
    // The first bytes are there; more than the system buffers is to come, and nobody reads it.
    phone.readable().await.unwrap();
    house.stop();
    let ended = tokio::time::timeout(Duration::from_secs(10), house.ended()).await;
    assert!(ended.is_ok());
}
