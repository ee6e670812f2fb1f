//! Connections of the program itself: how many of one address, and encrypted by its own certificate.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::hostile::said;
use crate::house::{House, lapor};
use crate::program::{first_line, furnish, pendopo};
use crate::upstream::{Act, Upstream};

#[tokio::test]
async fn one_address_has_so_many_connections_and_no_more() {
    let upstream = Upstream::that(Act::created("[1]")).await;
    let fit = |proxies: &[&str]| {
        let proxies = proxies.iter().map(|text| text.parse().unwrap()).collect();
        move |settings: &mut pendopo::cli::edge::Settings| {
            settings.limits.connections_per_address = 3;
            settings.trusted_proxies = proxies;
        }
    };
    let house = House::of(vec![lapor(upstream.url())], fit(&[])).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        held.push(stream);
    }
    let ask = b"GET /r/32.73/lapor/services.json HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    assert_eq!(said(&house, ask).await, "");
    drop(held.pop());
    let mut answer = String::new();
    for _ in 0..50 {
        answer = said(&house, ask).await;
        if !answer.is_empty() {
            break;
        }
    }
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    let house = House::of(vec![lapor(upstream.url())], fit(&["127.0.0.1"])).await;
    let mut many = Vec::new();
    for _ in 0..10 {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        many.push(stream);
    }
    assert!(
        said(&house, ask).await.starts_with("HTTP/1.1 201"),
        "a proxy stands for many"
    );
}

/// Writes a new certificate for localhost, and gives it.
fn certify(folder: &Path) -> reqwest::Certificate {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
}

/// What is answered at `/healthz` to whoever trusts this certificate alone, on a new connection.
async fn healthz(address: SocketAddr, certificate: reqwest::Certificate) -> Option<reqwest::Response> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .tls_certs_only([certificate])
        .resolve("localhost", address)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("https://localhost:{}/healthz", address.port());
    client.get(url).send().await.ok()
}

fn hang_up(child: &Child) {
    let told = Command::new("kill")
        .args(["-HUP", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
}

#[tokio::test]
async fn it_ends_tls_itself_and_has_a_new_certificate_when_it_is_told_to_read_again() {
    let folder = tempfile::tempdir().unwrap();
    furnish(
        folder.path(),
        "[tls]\ncertificate = 'certificate.pem'\nkey = 'key.pem'\n",
    );
    let first = certify(folder.path());
    let mut child = pendopo(folder.path(), &["serve"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = first_line(&mut child);
    let address: SocketAddr = line.trim().strip_prefix("https://").unwrap().parse().unwrap();
    let told = healthz(address, first.clone()).await.unwrap();
    assert_eq!(
        told.headers().get("strict-transport-security").unwrap(),
        "max-age=31536000"
    );
    assert_eq!(told.text().await.unwrap(), "ok");

    // Whoever speaks in clear, or hardly at all, gets no answer and keeps nobody out.
    let mut clear = std::net::TcpStream::connect(address).unwrap();
    clear.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    let second = certify(folder.path());
    hang_up(&child);
    let until = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while healthz(address, second.clone()).await.is_none() {
        assert!(
            tokio::time::Instant::now() < until,
            "it should have the new certificate by now"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(healthz(address, first).await.is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    furnish(
        folder.path(),
        "[tls]\ncertificate = 'certificate.pem'\nkey = 'key.pem'\n",
    );
    let said = || {
        let output = pendopo(folder.path(), &["serve"]).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let none = said();
    assert!(
        none.contains("edge.toml: tls: certificate.pem: cannot be read: "),
        "{none}"
    );
    certify(folder.path());
    std::fs::write(folder.path().join("key.pem"), "no key").unwrap();
    let wrong = said();
    assert!(
        wrong.contains("edge.toml: tls: key.pem: expected a private key in PEM"),
        "{wrong}"
    );
    certify(folder.path());
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(folder.path().join("key.pem"), other.signing_key.serialize_pem()).unwrap();
    let wrong = said();
    assert!(
        wrong.contains("edge.toml: tls: certificate.pem: with key.pem: "),
        "{wrong}"
    );
}
