//! A client that says exactly what it is told, byte for byte, and hangs up when it is told.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as it is written.
#[derive(Clone)]
pub struct Ask {
    head: String,
    body: Vec<u8>,
}

/// What came back; header names in lower case, values of one name joined by a comma.
#[derive(Debug, PartialEq, Eq)]
pub struct Told {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            head: format!("{method} {target} HTTP/1.1\r\nhost: pendopo.test\r\nconnection: close\r\n"),
            body: Vec::new(),
        }
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A change with its key.
    pub fn post(target: &str, key: &str, body: impl AsRef<[u8]>) -> Self {
        Self::new("POST", target)
            .header("idempotency-key", key)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }

    /// What became of a change.
    pub fn ledger(key: &str) -> Self {
        Self::get("/l")
            .header("idempotency-key", key)
            .header("pendopo-backend", "32.73/lapor")
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    pub fn body(self, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref().to_vec();
        let length = body.len().to_string();
        Self {
            body,
            ..self.header("content-length", &length)
        }
    }

    /// The body as it goes over the wire, without a `Content-Length`.
    pub fn raw_body(self, body: impl AsRef<[u8]>) -> Self {
        Self {
            body: body.as_ref().to_vec(),
            ..self
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Sends it and reads the whole answer.
    pub async fn of(&self, edge: SocketAddr) -> Told {
        let mut stream = TcpStream::connect(edge).await.unwrap();
        stream.write_all(&self.bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Told::parse(&bytes)
    }

    /// Sends it to the last byte and hangs up.
    pub async fn and_hang_up(&self, edge: SocketAddr) {
        let mut stream = TcpStream::connect(edge).await.unwrap();
        stream.write_all(&self.bytes()).await.unwrap();
    }
}

impl Told {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = BTreeMap::<String, String>::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let joined = headers.entry(name.to_ascii_lowercase()).or_default();
            if !joined.is_empty() {
                joined.push(',');
            }
            joined.push_str(value);
        }
        Self {
            status,
            headers,
            body: bytes[end + 4..].to_vec(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Status, fault and whether it was sent, as the edge says.
    pub fn fault(&self) -> (u16, &str, &str) {
        (self.status, self.header("pendopo-edge"), self.header("pendopo-sent"))
    }

    /// Whether the edge refuses to pass it on, or the proxy before it does.
    pub fn is_refused(&self) -> bool {
        let proxys =
            crate::house::PROXIED && matches!(self.status, 400 | 405) && !self.headers.contains_key("pendopo-edge");
        proxys || self.fault() == (404, "not_allowed", "no")
    }

    /// Whether there is no such file, or the proxy before the edge does not even look for it.
    pub fn is_no_file(&self) -> bool {
        let proxys = crate::house::PROXIED && self.status == 400;
        proxys || (self.status, self.text()) == (404, "Tidak ditemukan.\n")
    }
}
