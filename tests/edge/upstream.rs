//! A backend that does what the test says: answers, waits, hangs, or breaks off.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};

/// What the backend does with a request that it has read.
#[derive(Clone)]
pub enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends these bytes once the test gives a permit.
    SayLater(Arc<Semaphore>, Vec<u8>),
    /// Sends these bytes and resets the connection.
    SayAndReset(Vec<u8>),
    /// Sends these bytes, and then spaces without end.
    SayWithoutEnd(Vec<u8>),
    /// Says nothing and keeps the connection.
    Hang,
}

impl Act {
    /// An answer with a body.
    pub fn answer(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Say(format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes())
    }

    /// The answer to a report that was taken.
    pub fn created(reference: &str) -> Self {
        Self::answer("201 Created", "content-type: application/json\r\n", reference)
    }
}

/// A request as it arrived.
pub struct Heard {
    /// Request line and headers; names as they came.
    pub head: String,
    pub body: Vec<u8>,
}

impl Heard {
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        let (_, value) = lines.find(|(found, _)| found.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

/// A running backend.
pub struct Upstream {
    pub address: SocketAddr,
    heard: mpsc::UnboundedReceiver<Heard>,
}

impl Upstream {
    /// A backend that does the same with every request.
    pub async fn that(act: Act) -> Self {
        Self::scripted(move |_| act.clone()).await
    }

    /// A backend that does with its nth request what `script` says, from 0.
    pub async fn scripted(script: impl Fn(usize) -> Act + Send + 'static) -> Self {
        Self::at(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    pub fn at(listener: TcpListener, script: impl Fn(usize) -> Act + Send + 'static) -> Self {
        Self::listening(listener, move |number| {
            let act = script(number);
            move |_: &Heard| act
        })
    }

    /// A backend that does with a request what `answer` says of it.
    pub async fn answering(answer: impl Fn(&Heard) -> Act + Clone + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::listening(listener, move |_| answer.clone())
    }

    fn listening<A: FnOnce(&Heard) -> Act + Send + 'static>(
        listener: TcpListener,
        script: impl Fn(usize) -> A + Send + 'static,
    ) -> Self {
        let address = listener.local_addr().unwrap();
        let (told, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let (told, answer) = (told.clone(), script(number));
                tokio::spawn(async move { play(stream, answer, told).await });
            }
        });
        Self { address, heard }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v2", self.address)
    }

    /// The next request that arrived whole.
    pub async fn next(&mut self) -> Heard {
        let heard = tokio::time::timeout(Duration::from_secs(20), self.heard.recv());
        heard.await.expect("a request should have arrived by now").unwrap()
    }

    /// All requests that arrived and were not asked for with [`Upstream::next`].
    pub fn rest(&mut self) -> Vec<Heard> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }

    /// How many requests arrived that were not asked for with [`Upstream::next`].
    pub fn more(&mut self) -> usize {
        std::iter::from_fn(|| self.heard.try_recv().ok()).count()
    }
}

async fn play(mut stream: TcpStream, answer: impl FnOnce(&Heard) -> Act, told: mpsc::UnboundedSender<Heard>) {
    let Some(heard) = hear(&mut stream).await else {
        return;
    };
    let act = answer(&heard);
    let _ = told.send(heard);
    match act {
        Act::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Act::SayLater(gate, bytes) => {
            gate.acquire().await.unwrap().forget();
            let _ = stream.write_all(&bytes).await;
        }
        Act::SayAndReset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.set_zero_linger().unwrap();
        }
        Act::SayWithoutEnd(bytes) => {
            let _ = stream.write_all(&bytes).await;
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        }
        Act::Hang => std::future::pending().await,
    }
}

async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut heard = Heard {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end..].to_vec(),
    };
    let length = heard
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while heard.body.len() < length {
        if stream.read_buf(&mut heard.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(heard)
}
