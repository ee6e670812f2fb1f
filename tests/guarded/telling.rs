//! What comes out of the edge of a guarded backend: nothing that the backend said as it said it, no
//! secret, no address; and nothing of what a citizen said in any log or on any disk.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use pendopo::adapters::Intent;
use pendopo::cli::edge::config::upstream::SecretAt;
use pendopo::cli::edge::guarded::secrets::Secrets;
use pendopo::cli::edge::panic_quietly;
use pendopo::model::problem::Fault;
use pendopo::model::secret::Secret;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::office::{
    ID, NIK, answer, before, guarded, house, log_in, say, simply, submission, track, with_files, works,
};
use crate::upstream::{Act, Upstream};

fn secrets() -> Secrets {
    let at = |header: Option<&str>, query: Option<&str>, field: Option<&str>| SecretAt {
        header: header.map(str::to_owned),
        query: query.map(str::to_owned),
        field: field.map(str::to_owned),
        env: "KEY".to_owned(),
    };
    let places = [
        at(Some("X-Api-Key"), None, None),
        at(None, Some("kunci"), None),
        at(None, None, Some("user_key")),
    ];
    Secrets::read(&places, &|_| Some("sangat-rahasia".to_owned())).unwrap()
}

#[tokio::test]
async fn guarded_secrets_go_up_with_every_request_and_never_come_down() {
    let mut upstream = Upstream::answering(|heard| match heard.line().starts_with("GET") {
        // A backend that repeats what it was told.
        true => {
            let said = format!(
                "{} {} at http://127.0.0.1/x",
                heard.head,
                String::from_utf8_lossy(&heard.body)
            );
            answer("200 OK", &json!({"nomor": "A-1", "nik": NIK, "catatan": said}))
        }
        false if heard.line().contains("masuk") => answer("401 Unauthorized", &json!({})),
        false => works(heard),
    })
    .await;
    let house = before(guarded(upstream.url(), secrets())).await;
    let (submission, files) = with_files(&[b"x"]);
    let (result, _, _) = say(house.address, Intent::Submit(submission), &[], None, &files).await;
    assert!(result.is_ok());
    let (result, told) = simply(house.address, track("A-1", Some(NIK))).await;
    assert!(result.is_ok());
    for hidden in ["sangat-rahasia", "127.0.0.1", &upstream.address.to_string()] {
        assert!(!told.text().contains(hidden), "{hidden} in {}", told.text());
    }
    let heard = upstream.rest();
    assert_eq!(heard.len(), 3);
    for heard in heard {
        assert_eq!(heard.header("x-api-key"), Some("sangat-rahasia"));
        assert!(heard.line().contains("?kunci=sangat-rahasia "), "{}", heard.line());
        let in_body = String::from_utf8_lossy(&heard.body).contains("sangat-rahasia");
        assert_eq!(in_body, !heard.line().starts_with("GET"));
    }
}

#[tokio::test]
async fn guarded_no_raw_answer_of_the_backend_is_told() {
    let said = "SQLSTATE[HY000] penanda at http://10.4.0.7:8080/x in /var/www/html/app/penanda.php via 192.168.7.7";
    let long = "kata ".repeat(10_000);
    for (act, fault) in [
        (answer("500 Internal Server Error", &json!(said)), "upstream"),
        (
            Act::answer("200 OK", "content-type: text/html\r\n", &format!("<html>{said}")),
            "not_found",
        ),
        (
            Act::answer("302 Found", &format!("location: {said}\r\n"), said),
            "protocol",
        ),
        (Act::answer("418 x", "", said), "protocol"),
    ] {
        let upstream = Upstream::that(act).await;
        let house = house(upstream.url()).await;
        for intent in [track("A-1", Some(NIK)), Intent::Submit(submission()), log_in(NIK, "1")] {
            let logs_in = matches!(intent, Intent::LogIn(_));
            let (result, told) = simply(house.address, intent).await;
            let text = told.text();
            for hidden in ["penanda", "10.4.0.7", "/var/www", "192.168.7.7", "SQLSTATE"] {
                assert!(!text.contains(hidden), "{text}");
            }
            assert!(text.contains(fault) || logs_in || result.is_err(), "{text}");
            assert_eq!(told.header("location"), "");
        }
    }
    // Words for the citizen come through: short, and without addresses.
    let words = format!("NIK tidak terdaftar, lihat http://10.4.0.7/penanda atau 192.168.7.7 {long}");
    let upstream = Upstream::that(answer("422 Unprocessable Entity", &json!({"pesan": words}))).await;
    let house = house(upstream.url()).await;
    let (result, _) = simply(house.address, Intent::Submit(submission())).await;
    let Fault::Rejected { message, .. } = result.unwrap_err().fault else {
        panic!("not refused");
    };
    assert!(
        message.starts_with("NIK tidak terdaftar, lihat … atau … kata kata"),
        "{message}"
    );
    assert!(message.chars().count() <= 301);
}

#[tokio::test]
async fn guarded_redirects_are_not_followed() {
    let mut elsewhere = Upstream::answering(works).await;
    let location = format!("location: {}/permohonan/A-1\r\n", elsewhere.url());
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let upstream = Upstream::that(Act::answer(status, &location, "")).await;
        let house = house(upstream.url()).await;
        let (result, told) = simply(house.address, track("A-1", Some(NIK))).await;
        assert!(result.is_err());
        assert!(!told.text().contains("127.0.0.1"), "{}", told.text());
    }
    assert_eq!(elsewhere.more(), 0);
}

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

/// Runs in a program of its own, since hooks and logs are a program's: see the test below.
#[tokio::test]
#[ignore = "run by guarded_credentials_are_in_no_log_no_ledger_and_no_panic"]
async fn guarded_speaking_of_secrets() {
    let lines = Lines::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .init();
    panic_quietly();
    let upstream = Upstream::answering(|heard| match heard.line().contains("masuk") {
        true => answer("200 OK", &json!({"token": "penanda-token"})),
        false => works(heard),
    })
    .await;
    let house = before(guarded(upstream.url(), secrets())).await;
    let none = BTreeMap::new();
    let (result, _) = simply(house.address, log_in("penanda-nik", "penanda-pin")).await;
    let pendopo::adapters::Outcome::LoggedIn { session, .. } = result.unwrap() else {
        panic!("no session");
    };
    let mut marked = submission();
    let text = pendopo::model::answers::Answer::Text("penanda-jawaban".to_owned());
    marked.answers.0.insert("alasan".to_owned(), text);
    let (result, _, _) = say(
        house.address,
        Intent::Submit(marked.clone()),
        &[],
        Some(&session),
        &none,
    )
    .await;
    assert!(result.is_ok());
    let (_, told) = simply(house.address, track("penanda-nomor", Some("penanda-fakta"))).await;
    assert_eq!(told.status, 404);
    // The adapter panics with the session in its message.
    marked.service = "panik".parse().unwrap();
    marked.id = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a11".parse().unwrap();
    let (_, _, told) = say(house.address, Intent::Submit(marked), &[], Some(&session), &none).await;
    assert_eq!(told.fault(), (409, "unknown", "unknown"));
    assert!(!format!("{:?}", log_in("penanda", "penanda")).contains("penanda"));
    assert!(!format!("{:?}", Secret::new("penanda")).contains("penanda"));

    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "route=\"/i/32.73/perizinan log_in\" method=\"POST\" status=200",
        "route=\"/i/32.73/perizinan submit\" method=\"POST\" status=200",
        "route=\"/i/32.73/perizinan track\" method=\"POST\" status=404",
        "a task panicked at=",
    ] {
        assert!(logged.contains(expected), "{expected} in {logged}");
    }
    for hidden in ["penanda", "sangat-rahasia", ID, NIK] {
        assert!(!logged.contains(hidden), "{hidden} in {logged}");
    }
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for hidden in ["penanda", "sangat-rahasia", ID, NIK] {
            let found = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
            assert!(!found, "{hidden} in {}", path.display());
        }
    }
    println!("well");
}

#[test]
fn guarded_credentials_are_in_no_log_no_ledger_and_no_panic() {
    let mut program = std::process::Command::new(std::env::current_exe().unwrap());
    program.args([
        "--exact",
        "telling::guarded_speaking_of_secrets",
        "--ignored",
        "--nocapture",
    ]);
    let output = program.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && said.contains("well"), "{said}");
    assert!(!said.contains("penanda"), "{said}");
}
