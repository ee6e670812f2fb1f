//! Two programs behind nginx, one of them killed in the middle of submissions: no case doubled, none lost.
//!
//! Phones do what the engine does: the same key until there is an answer; after an answer that leaves it open,
//! the ledger is asked, then the office, and only if that does not know the application it is sent again as a
//! decision of the citizen.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::nginx::{Nginx, free_address};
use crate::phone::Ask;
use crate::postgres::Postgres;

const PHONES: usize = 12;
const CASES_EACH: usize = 25;
const REQUESTS: &str = "/requests.json";

/// An office that takes a while over each report, and knows what it took in.
#[derive(Clone, Default)]
struct Office {
    taken: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Office {
    async fn open(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let office = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let office = office.clone();
                tokio::spawn(async move { office.serve(stream).await });
            }
        });
        address
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut bytes = Vec::new();
        // Reports are short: head and body come within the first kilobytes, the body's end is marked.
        while !bytes.ends_with(b";") {
            if !matches!(stream.read_buf(&mut bytes).await, Ok(1..)) {
                return;
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let case = text
            .rsplit("case=")
            .next()
            .unwrap_or_default()
            .trim_end_matches(';')
            .to_owned();
        *self.taken.lock().unwrap().entry(case.clone()).or_default() += 1;
        // The report is in; the answer comes later, or to nobody.
        tokio::time::sleep(Duration::from_millis(60)).await;
        let head = format!("HTTP/1.1 201 Created\r\ncontent-length: {}\r\n\r\n{case}", case.len());
        let _ = stream.write_all(head.as_bytes()).await;
    }

    fn has(&self, case: &str) -> bool {
        self.taken.lock().unwrap().contains_key(case)
    }
}

/// How often each way was taken.
#[derive(Default)]
struct Ways {
    answered: AtomicUsize,
    by_the_ledger: AtomicUsize,
    by_the_office: AtomicUsize,
    decisions: AtomicUsize,
}

/// Asks as a phone does: a connection that breaks is no answer.
async fn ask(ask: Ask, address: SocketAddr) -> Option<(u16, String, String)> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(&ask.bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, head.to_ascii_lowercase(), body.to_owned()))
}

async fn deliver(site: SocketAddr, backend: String, case: String, office: Office, ways: Arc<Ways>) {
    let (mut resend, mut again) = (0, true);
    for _ in 0..200 {
        if again {
            let change = Ask::post(&format!("/r/{backend}{REQUESTS}"), &case, format!("case={case};"));
            let change = change.header("pendopo-resend", &resend.to_string());
            if let Some((201, _, body)) = ask(change, site).await {
                assert_eq!(body, case);
                ways.answered.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        let look = Ask::get("/l")
            .header("idempotency-key", &case)
            .header("pendopo-backend", &backend);
        again = match ask(look, site).await {
            Some((200, head, body)) if head.contains("pendopo-ledger: answered") => {
                assert_eq!(body, case);
                ways.by_the_ledger.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Some((404, head, _)) if head.contains("pendopo-ledger: absent") => true,
            Some((409, head, _)) if head.contains("pendopo-ledger: unknown") => {
                if office.has(&case) {
                    ways.by_the_office.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                resend += 1;
                ways.decisions.fetch_add(1, Ordering::Relaxed);
                true
            }
            // Pending, or nobody there.
            _ => false,
        };
    }
    panic!("{case} has no end");
}

/// Backends: several, so that both programs have some.
const BACKENDS: [&str; 6] = ["lapor-a", "lapor-b", "lapor-c", "lapor-d", "lapor-e", "lapor-f"];

fn furnish(folder: &Path, office: SocketAddr) {
    for part in ["dist", "regions"] {
        std::fs::create_dir(folder.join(part)).unwrap();
    }
    std::fs::write(folder.join("dist/index.html"), "app").unwrap();
    let backend = |id: &&str| {
        format!(r#"{{"id":"{id}","name":"Lapor","office":"Dinas","adapter":"open311","profile":{{"format":"json"}}}}"#)
    };
    let backends: Vec<String> = BACKENDS.iter().map(backend).collect();
    let region = format!(
        r#"{{"format":1,"code":"32.73","name":"Bandung","backends":[{}]}}"#,
        backends.join(",")
    );
    std::fs::write(folder.join("regions/32.73.json"), region).unwrap();
    let mut settings = "dist = 'dist'\nregions = 'regions'\ncatalogue = 'catalogue'\n\
        ledger = { postgres_env = 'LEDGER' }\ntrusted_proxies = ['127.0.0.1']\n\
        rates = { changes_per_minute = 1000000, reads_per_minute = 1000000 }\n"
        .to_owned();
    for id in BACKENDS {
        settings.push_str(&format!("[upstreams.'32.73/{id}']\nurl = 'http://{office}/v2'\n"));
    }
    std::fs::write(folder.join("edge.toml"), settings).unwrap();
}

fn serve(folder: &Path, ledger: &str) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pendopo"))
        .current_dir(folder)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("LEDGER", ledger)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, line.trim().strip_prefix("http://").unwrap().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_programs_is_killed_in_the_middle_and_no_case_is_doubled_or_lost() {
    let postgres = Postgres::start();
    let ledger = postgres.database("ledger");
    let folder = tempfile::tempdir().unwrap();
    let office = Office::default();
    furnish(folder.path(), office.open().await);
    let (mut one, first) = serve(folder.path(), &ledger);
    let (mut two, second) = serve(folder.path(), &ledger);

    let address = free_address();
    let written = Command::new(env!("CARGO_BIN_EXE_pendopo"))
        .current_dir(folder.path())
        .args(["edge", "nginx", "--listen", &address.to_string()])
        .args(["--server", &first.to_string(), "--server", &second.to_string()])
        .arg("--cache")
        .arg(folder.path().join("cache"))
        .output()
        .unwrap();
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let nginx = Nginx::start(folder.path(), address, &String::from_utf8(written.stdout).unwrap());

    let ways = Arc::new(Ways::default());
    let phones: Vec<_> = (0..PHONES)
        .map(|phone| {
            let (site, office, ways) = (nginx.address, office.clone(), Arc::clone(&ways));
            tokio::spawn(async move {
                for number in 0..CASES_EACH {
                    let case = format!("case-{phone}-{number}");
                    let backend = format!("32.73/{}", BACKENDS[(phone + number) % BACKENDS.len()]);
                    deliver(site, backend, case, office.clone(), Arc::clone(&ways)).await;
                }
            })
        })
        .collect();
    // In the middle: a third is in, and as many phones as there are wait for an answer.
    while office.taken.lock().unwrap().len() < PHONES * CASES_EACH / 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    one.kill().unwrap();
    one.wait().unwrap();
    let at_the_kill = office.taken.lock().unwrap().len();
    for phone in phones {
        phone.await.unwrap();
    }
    two.kill().unwrap();
    two.wait().unwrap();

    let taken = office.taken.lock().unwrap();
    assert!(
        at_the_kill < PHONES * CASES_EACH * 9 / 10,
        "it was killed in the middle: {at_the_kill}"
    );
    let doubled: Vec<_> = taken.iter().filter(|(_, times)| **times != 1).collect();
    assert_eq!(doubled, []);
    assert_eq!(taken.len(), PHONES * CASES_EACH);
    let count = |way: &AtomicUsize| way.load(Ordering::Relaxed);
    println!(
        "{} cases, one of two programs killed after {at_the_kill}: {} answered, {} told by the ledger, {} by the office, \
         {} sent again by decision",
        taken.len(),
        count(&ways.answered),
        count(&ways.by_the_ledger),
        count(&ways.by_the_office),
        count(&ways.decisions),
    );
    assert!(
        count(&ways.by_the_office) + count(&ways.decisions) > 0,
        "the kill should have hit something"
    );
}
