//! What a stranger sends that no phone sends.

use pendopo::adapters::Intent;
use pendopo::model::case::Acknowledgement;
use serde_json::{Value, json};

use crate::house::House;
use crate::office::{
    ID, INTENTS, NIK, ask, before, log_in, perizinan, say, simply, submission, track, with_files, working,
};
use crate::phone::Ask;
use crate::upstream::Upstream;

fn intent(value: &Value) -> Vec<u8> {
    json!({"format": 1, "intent": value}).to_string().into_bytes()
}

fn post(body: impl AsRef<[u8]>) -> Ask {
    Ask::new("POST", INTENTS)
        .header("content-type", "application/json")
        .body(body)
}

#[tokio::test]
async fn guarded_backends_are_reached_by_intent_alone_and_open_ones_never_by_it() {
    let (mut upstream, house) = working().await;
    let good = intent(&json!({"form": {"service": "izin"}}));
    for path in [
        "/r/32.73/perizinan/permohonan/A-1",
        "/r/32.73/perizinan/masuk",
        "/r/32.73/perizinan/layanan",
        "/r/32.73/perizinan/",
    ] {
        assert_eq!(
            Ask::get(path).of(house.address).await.fault(),
            (404, "not_allowed", "no"),
            "{path}"
        );
        let told = Ask::post(path, "key-1", "{}").of(house.address).await;
        assert_eq!(told.fault(), (404, "not_allowed", "no"), "{path}");
    }
    for path in [
        "/i/32.73/lapor",
        "/i/32.73/perizinan/",
        "/i/32.73/perizinan/permohonan",
        "/i/32.73/perizinan?x",
        "/i/32.73/perizinan?",
        "/i/32.73//perizinan",
        "/i/32.73/%70erizinan",
        "/i/32.73/other",
        "/i/32.73/../r",
        "/i/",
        "/i/x",
    ] {
        let told = Ask::new("POST", path)
            .header("content-type", "application/json")
            .body(&good)
            .of(house.address)
            .await;
        assert_eq!(told.fault(), (404, "not_allowed", "no"), "{path}");
        assert_eq!(told.header("cache-control"), "no-store");
        assert!(told.header("content-security-policy").contains("; sandbox"), "{path}");
    }
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"] {
        let ask = Ask::new(method, INTENTS)
            .header("content-type", "application/json")
            .body(&good);
        assert_eq!(ask.of(house.address).await.status, 404, "{method}");
    }
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "none"),
        ("sec-fetch-dest", "document"),
        ("sec-fetch-dest", "iframe"),
    ] {
        let told = post(&good).header(name, value).of(house.address).await;
        assert_eq!(told.fault(), (404, "not_allowed", "no"), "{name}: {value}");
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn guarded_what_is_no_intent_is_refused_before_anything_goes_up() {
    let (mut upstream, house) = working().await;
    let submission = json!({"submit": serde_json::to_value(submission()).unwrap()});
    let deep = format!(
        r#"{{"format":1,"intent":{{"form":{{"service":{}"x"{}}}}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let bodies = [
        Vec::new(),
        b"{}".to_vec(),
        b"[]".to_vec(),
        b"\xff".to_vec(),
        b"{\"format\":1}".to_vec(),
        deep.into_bytes(),
        intent(&json!("catalog")),
        intent(&json!({"form": {"service": ""}})),
        intent(&json!({"form": {"service": "a\u{0}b"}})),
        intent(&json!({"form": {"service": "a"}, "list": null})),
        intent(&json!({"track": {"acknowledgement": {"reference": "a\r\nb"}, "second_fact": "1"}})),
        intent(&json!({"track": {"acknowledgement": {"reference": ""}}})),
        intent(&json!({"submit": {"id": "../x"}})),
        intent(&json!({"delete": {"reference": "A-1"}})),
        [&intent(&submission)[..], b"{}"].concat(),
    ];
    for body in bodies {
        let told = post(&body).header("idempotency-key", ID).of(house.address).await;
        let text = String::from_utf8_lossy(&body).chars().take(80).collect::<String>();
        assert_eq!(told.fault(), (400, "malformed", "no"), "{text}");
    }
    let catalogue = post(intent(&json!("catalogue"))).of(house.address).await;
    assert_eq!(catalogue.fault(), (404, "not_allowed", "no"));
    for version in [json!(0), json!(2), json!(4_000_000_000_u32)] {
        let body = json!({"format": version, "anything": true}).to_string();
        assert_eq!(
            post(&body).of(house.address).await.fault(),
            (400, "version", "no"),
            "{version}"
        );
    }
    let good = intent(&json!({"form": {"service": "izin"}}));
    for media in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/html",
        "application/json/x",
    ] {
        let ask = Ask::new("POST", INTENTS).header("content-type", media).body(&good);
        assert_eq!(ask.of(house.address).await.fault(), (400, "malformed", "no"), "{media}");
    }
    let told = Ask::new("POST", INTENTS).body(&good).of(house.address).await;
    assert_eq!(told.fault(), (400, "malformed", "no"));
    let told = post(&good).header("content-encoding", "gzip").of(house.address).await;
    assert_eq!(told.fault(), (400, "malformed", "no"));
    let told = post(&good)
        .header("content-type", "multipart/form-data")
        .of(house.address)
        .await;
    assert_eq!(told.fault(), (400, "malformed", "no"));
    assert_eq!(upstream.more(), 0);
}

fn multipart(parts: &[(&str, &[u8])]) -> Ask {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    Ask::new("POST", INTENTS)
        .header("content-type", "multipart/form-data; boundary=b")
        .header("idempotency-key", ID)
        .body(body)
}

#[tokio::test]
async fn guarded_only_files_that_an_answer_names_go_along_and_each_once() {
    let (mut upstream, house) = working().await;
    let (with_file, _) = with_files(&[b"x"]);
    let file = "00000000-0000-4000-8000-000000000000";
    let other = "00000000-0000-4000-8000-000000000001";
    let submit = intent(&json!({"submit": with_file}));
    let plain = intent(&json!({"submit": submission()}));
    let cases: [&[(&str, &[u8])]; 9] = [
        &[],
        &[(file, b"x"), ("intent", &submit)],
        &[("intent", &submit)],
        &[("intent", &submit), (other, b"x")],
        &[("intent", &submit), (file, b"x"), (other, b"x")],
        &[("intent", &submit), (file, b"x"), (file, b"y")],
        &[("intent", &submit), (file, b"x"), ("intent", &submit)],
        &[("intent", &submit), ("../x", b"x")],
        &[("intent", &plain), (file, b"x")],
    ];
    for parts in cases {
        let told = multipart(parts).of(house.address).await;
        let names: Vec<_> = parts.iter().map(|(name, _)| name).collect();
        assert_eq!(told.fault(), (400, "malformed", "no"), "{names:?}");
    }
    let cut = multipart(&[("intent", &submit), (file, b"x")]).bytes();
    let cut = String::from_utf8(cut).unwrap().replace("--b--", "");
    let (_, body) = cut.split_once("\r\n\r\n").unwrap();
    let cut = Ask::new("POST", INTENTS)
        .header("content-type", "multipart/form-data; boundary=b")
        .header("idempotency-key", ID)
        .body(body);
    assert_eq!(cut.of(house.address).await.fault(), (400, "malformed", "no"));
    assert_eq!(upstream.more(), 0);
    assert_eq!(
        multipart(&[("intent", &submit), (file, b"x")])
            .of(house.address)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn guarded_bodies_have_a_limit_and_so_have_intents() {
    let mut upstream = Upstream::answering(crate::office::works).await;
    let mut backend = perizinan(upstream.url());
    backend.max_request = 3_000_000;
    let house = before(backend).await;
    let long = |bytes: usize| {
        let mut submission = submission();
        let text = pendopo::model::answers::Answer::Text("x".repeat(bytes));
        submission.answers.0.insert("alasan".to_owned(), text);
        submission
    };
    let told = ask(Intent::Submit(long(2_200_000)), &[], None).of(house.address).await;
    assert_eq!(told.fault(), (413, "too_large", "no"));
    let hidden = intent(&json!({"submit": long(2_200_000)}));
    assert_eq!(
        multipart(&[("intent", &hidden)]).of(house.address).await.fault(),
        (413, "too_large", "no")
    );
    let (submission, files) = with_files(&[&vec![0; 3_000_000]]);
    let (_, _, told) = say(house.address, Intent::Submit(submission), &[], None, &files).await;
    assert_eq!(told.fault(), (413, "too_large", "no"));
    assert_eq!(upstream.more(), 0);
    let (submission, files) = with_files(&[&vec![0; 2_900_000]]);
    let (result, _, _) = say(house.address, Intent::Submit(submission), &[], None, &files).await;
    assert!(result.is_ok());
}

#[tokio::test]
async fn guarded_no_header_can_be_injected_and_no_path_leads_elsewhere() {
    let (mut upstream, house) = working().await;
    let session = session(&house).await;
    upstream.rest();
    for handle in ["7\r\nX-Evil: 1", "7\nX-Evil: 1", "7\0"] {
        let document = Intent::Document {
            reference: "A-1".parse().unwrap(),
            handle: handle.to_owned(),
        };
        let (_, _, told) = say(house.address, document, &[], Some(&session), &Default::default()).await;
        assert_eq!(told.status, 503, "{handle:?}");
    }
    assert_eq!(upstream.more(), 0);
    for reference in [
        "../masuk",
        "..",
        "A-1?x=1",
        "A-1#x",
        "A-1/../../..",
        "..\\x",
        "%2e%2e/x",
        "a b",
    ] {
        let (result, told) = simply(house.address, track(reference, Some(NIK))).await;
        assert!(result.is_err(), "{reference}: {}", told.text());
    }
    for heard in upstream.rest() {
        let path = heard.line().split(' ').nth(1).unwrap();
        assert!(path.starts_with("/v2/permohonan/") && !path.contains(".."), "{path}");
    }
    // A number that looks like an address is a number.
    let nowhere = Intent::Track {
        acknowledgement: Acknowledgement::Reference("http://evil.example/x".parse().unwrap()),
        second_fact: None,
    };
    assert_eq!(simply(house.address, nowhere).await.1.status, 422);
}

async fn session(house: &House) -> pendopo::model::secret::Secret<String> {
    match simply(house.address, log_in(NIK, "123456")).await.0.unwrap() {
        pendopo::adapters::Outcome::LoggedIn { session, .. } => session,
        other => panic!("{other:?}"),
    }
}
