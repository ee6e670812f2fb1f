//! A delivery to a guarded backend arrives once, and what became of it can be learned.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pendopo::adapters::http::{HEADER_LEDGER_STATUS, Response};
use pendopo::adapters::{Intent, Outcome, Step};
use pendopo::model::case::Acknowledgement;
use pendopo::model::problem::{Fault, Sent};
use serde_json::json;

use crate::house::House;
use crate::office::{
    ID, INTENTS, ask, before, created, house, perizinan, say, simply, submission, talk, with_files, working, works,
};
use crate::phone::{Ask, Told};
use crate::upstream::{Act, Upstream};

fn arrived(outcome: &Outcome) -> &str {
    let Outcome::Submitted {
        acknowledgement: Acknowledgement::Reference(reference),
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    reference.as_str()
}

/// What the ledger says once nothing is under way any more.
async fn settled(house: &House, backend: &str, key: &str) -> Told {
    loop {
        let ask = Ask::get("/l")
            .header("idempotency-key", key)
            .header("pendopo-backend", backend);
        let told = ask.of(house.address).await;
        if told.status != 202 {
            return told;
        }
    }
}

/// What a phone makes of an answer that the ledger kept.
fn learned(told: &Told) -> Outcome {
    let kept = Response {
        status: told.header(HEADER_LEDGER_STATUS).parse().unwrap(),
        headers: vec![("content-type".to_owned(), told.header("content-type").to_owned())],
        body: told.body.clone(),
    };
    let mut talk = talk(Intent::Submit(submission()), &[], None);
    let _ = talk.begin();
    let Step::Done { outcome, .. } = talk.resume(Ok(kept)) else {
        panic!("{}", told.text());
    };
    outcome
}

#[tokio::test]
async fn guarded_deliveries_take_as_many_requests_as_the_adapter_needs_and_end_in_one_answer() {
    let (mut upstream, house) = working().await;
    let photo = [0_u8, 13, 10, 255, b'-', b'-'].repeat(100_000);
    let (submission, files) = with_files(&[&photo, b"second"]);
    let (result, facts, told) = say(house.address, Intent::Submit(submission), &[], None, &files).await;
    let outcome = result.unwrap();
    assert_eq!(arrived(&outcome), "A-1");
    assert_eq!((told.status, told.header("cache-control")), (200, "no-store"));
    assert!(matches!(outcome, Outcome::Submitted { notice, .. } if notice == "Terima kasih"));
    assert_eq!(facts.len(), 1);
    for number in 0..2 {
        let heard = upstream.next().await;
        assert_eq!(heard.line(), "POST /v2/berkas HTTP/1.1");
        let key = format!("{ID}-00000000-0000-4000-8000-00000000000{number}");
        assert_eq!(heard.header("idempotency-key"), Some(key.as_str()));
        let text = String::from_utf8_lossy(&heard.body);
        assert!(text.contains("filename=\"ktp %22saya%22.jpg\""), "{text}");
        if number == 0 {
            assert!(heard.body.windows(photo.len()).any(|window| window == photo));
        }
    }
    let heard = upstream.next().await;
    assert_eq!(heard.line(), "POST /v2/permohonan HTTP/1.1");
    assert_eq!(heard.header("idempotency-key"), Some(ID));
    assert_eq!(heard.header("x-forwarded-for"), Some("127.0.0.1"));
    let body: serde_json::Value = serde_json::from_slice(&heard.body).unwrap();
    assert_eq!(
        body["jawaban"]["ktp"]["files"][0]["size"],
        photo.len(),
        "the size is what came"
    );
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn guarded_the_same_key_has_the_same_answer_and_belongs_to_one_application() {
    let (mut upstream, house) = working().await;
    let first = ask(Intent::Submit(submission()), &[], None).of(house.address).await;
    let again = ask(Intent::Submit(submission()), &[], None).of(house.address).await;
    assert_eq!((again.status, again.text()), (200, first.text()));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let mut other = submission();
    other.answers.0.remove("alasan");
    let reused = ask(Intent::Submit(other), &[], None).of(house.address).await;
    assert_eq!(reused.fault(), (422, "key_reused", "no"));
    upstream.next().await;
    assert_eq!(upstream.more(), 0);

    let bare = ask(Intent::Submit(submission()), &[], None).bytes();
    let bare = String::from_utf8(bare)
        .unwrap()
        .replace(&format!("idempotency-key: {ID}\r\n"), "");
    let keyed = |key: &str| {
        let (_, body) = bare.split_once("\r\n\r\n").unwrap();
        let ask = Ask::new("POST", INTENTS)
            .header("content-type", "application/json")
            .body(body);
        if key.is_empty() {
            ask
        } else {
            ask.header("idempotency-key", key)
        }
    };
    assert_eq!(keyed("").of(house.address).await.fault(), (428, "key_missing", "no"));
    for key in ["other", "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a11", &format!("{ID}x")] {
        assert_eq!(
            keyed(key).of(house.address).await.fault(),
            (400, "malformed", "no"),
            "{key}"
        );
    }
    assert_eq!(upstream.more(), 0);
    assert_eq!(keyed(&format!("{ID}.2")).of(house.address).await.status, 200);
    assert_eq!(
        upstream.next().await.header("idempotency-key"),
        Some(format!("{ID}.2").as_str())
    );
}

#[tokio::test]
async fn guarded_a_phone_that_hangs_up_a_hundred_times_has_one_case_each_time_and_learns_its_number() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let mut upstream = Upstream::answering(move |heard| match heard.line().contains("/permohonan ") {
        true => created(&json!({"nomor": format!("A-{}", counted.fetch_add(1, Ordering::SeqCst))})),
        false => works(heard),
    })
    .await;
    let house = house(upstream.url()).await;
    for number in 0..100 {
        // From one packet to more than the system buffers; every other one with a file.
        let mut submission = submission();
        submission.id = format!("{number:08x}-9a51-4f7e-8b0e-0d9f5f6f7a10").parse().unwrap();
        let key = submission.id.as_str().to_owned();
        let text = "x".repeat(number * number * 100);
        let ask = if number % 2 == 0 {
            let text = pendopo::model::answers::Answer::Text(text);
            submission.answers.0.insert("alasan".to_owned(), text);
            ask(Intent::Submit(submission), &[], None)
        } else {
            let (with, files) = with_files(&[text.as_bytes()]);
            submission.answers = with.answers;
            let mut talk = talk(Intent::Submit(submission), &[], None);
            let Step::Send { request, .. } = talk.begin() else {
                panic!("nothing is asked");
            };
            crate::office::sent(&request, &files)
        };
        let ask = ask.header("x-forwarded-for", &format!("198.51.100.{number}"));
        ask.and_hang_up(house.address).await;
        while !upstream.next().await.line().contains("/permohonan ") {}
        let kept = settled(&house, "32.73/perizinan", &key).await;
        assert_eq!(
            (kept.status, kept.header("pendopo-ledger")),
            (200, "answered"),
            "{number}"
        );
        assert_eq!(arrived(&learned(&kept)), format!("A-{number}"));
        let again = ask.of(house.address).await;
        assert_eq!((again.status, again.text()), (200, kept.text()));
    }
    assert_eq!(count.load(Ordering::SeqCst), 100);
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn guarded_or_not_a_phone_that_hangs_up_a_hundred_times_has_one_report_each_time() {
    let mut upstream = Upstream::scripted(|number| Act::created(&format!("[{number}]"))).await;
    let house = house(upstream.url()).await;
    for number in 0..100 {
        let key = format!("key-{number}");
        let body = format!("laporan={}", "x".repeat(number * number * 100));
        let ask = Ask::post("/r/32.73/lapor/requests.json", &key, &body)
            .header("x-forwarded-for", &format!("198.51.100.{number}"));
        ask.and_hang_up(house.address).await;
        assert!(upstream.next().await.body == body.as_bytes());
        let kept = settled(&house, "32.73/lapor", &key).await;
        assert_eq!(
            (kept.header("pendopo-status"), kept.text()),
            ("201", format!("[{number}]").as_str())
        );
        let again = ask.of(house.address).await;
        assert_eq!((again.status, again.text()), (201, kept.text()));
    }
    assert_eq!(upstream.more(), 0);
}

#[tokio::test]
async fn guarded_what_was_won_before_a_failure_is_not_won_again_and_nobody_can_read_it() {
    let failures = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&failures);
    let mut upstream = Upstream::answering(move |heard| {
        match heard.line().contains("/permohonan ") && counted.fetch_add(1, Ordering::SeqCst) == 0 {
            true => Act::answer("429 Too Many Requests", "Retry-After: 77\r\n", "{}"),
            false => works(heard),
        }
    })
    .await;
    let house = house(upstream.url()).await;
    let (submission, files) = with_files(&[b"first", b"second"]);
    let intent = || Intent::Submit(submission.clone());
    let (result, facts, told) = say(house.address, intent(), &[], None, &files).await;
    let problem = result.unwrap_err();
    assert_eq!(problem.fault, Fault::RateLimited { after: Some(77) });
    assert_eq!((told.status, told.header("retry-after")), (429, "77"));
    assert!(!facts.is_empty() && !told.text().contains("10.4.0.7") && !told.text().contains("penanda"));
    assert_eq!(upstream.rest().len(), 3);
    let (result, _, _) = say(house.address, intent(), &facts, None, &files).await;
    assert_eq!(arrived(&result.unwrap()), "A-1");
    let rest = upstream.rest();
    assert_eq!(rest.len(), 1, "files were sent twice");
    let body = String::from_utf8_lossy(&rest[0].body);
    assert_eq!(body.matches("http://10.4.0.7/penanda").count(), 2, "{body}");
}

#[tokio::test]
async fn guarded_where_nobody_knows_whether_it_arrived_nothing_is_sent_again_without_a_decision() {
    for (act, status) in [
        (Act::SayAndReset(Vec::new()), 502),
        (Act::Hang, 504),
        (
            Act::Say(b"HTTP/1.1 201 Created\r\ncontent-length: 9\r\n\r\nSL".to_vec()),
            502,
        ),
        (Act::SayWithoutEnd(b"HTTP/1.1 201 Created\r\n\r\n".to_vec()), 502),
        (Act::answer("500 Internal Server Error", "", "{}"), 502),
        (Act::answer("201 Created", "", "<html>"), 502),
    ] {
        let mut upstream = Upstream::scripted(move |number| match number {
            0 => act.clone(),
            _ => created(&json!({"nomor": "A-1"})),
        })
        .await;
        let mut backend = perizinan(upstream.url());
        backend.timeout = Duration::from_millis(500);
        backend.max_response = 10_000;
        let house = before(backend).await;
        let (result, told) = simply(house.address, Intent::Submit(submission())).await;
        assert_eq!(told.status, status, "{}", told.text());
        assert_ne!(result.unwrap_err().sent, Sent::No);
        let ledger = settled(&house, "32.73/perizinan", ID).await;
        assert_eq!((ledger.status, ledger.header("pendopo-ledger")), (409, "unknown"));
        let again = ask(Intent::Submit(submission()), &[], None);
        assert_eq!(again.of(house.address).await.fault(), (409, "unknown", "unknown"));
        upstream.next().await;
        assert_eq!(upstream.more(), 0);
        let decided = String::from_utf8(again.bytes()).unwrap();
        let (_, body) = decided.split_once("\r\n\r\n").unwrap();
        let decided = Ask::new("POST", INTENTS)
            .header("content-type", "application/json")
            .header("idempotency-key", ID)
            .header("pendopo-resend", "1")
            .body(body);
        assert_eq!(decided.of(house.address).await.status, 200);
        assert!(settled(&house, "32.73/perizinan", ID).await.text().contains("A-1"));
    }
}

#[tokio::test]
async fn guarded_what_certainly_did_not_arrive_may_be_sent_again_with_its_key() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = gone.local_addr().unwrap();
    drop(gone);
    let house = house(format!("http://{address}/v2")).await;
    let (result, told) = simply(house.address, Intent::Submit(submission())).await;
    let problem = result.unwrap_err();
    assert_eq!((problem.fault, problem.sent), (Fault::Unreachable, Sent::No));
    assert_eq!((told.status, told.header("retry-after")), (503, "15"));
    assert_eq!(
        settled(&house, "32.73/perizinan", ID).await.header("pendopo-ledger"),
        "absent"
    );
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let _upstream = Upstream::at(listener, |_| created(&json!({"nomor": "A-1"})));
    let (result, _) = simply(house.address, Intent::Submit(submission())).await;
    assert_eq!(arrived(&result.unwrap()), "A-1");
}

#[tokio::test]
async fn guarded_what_the_backend_says_has_the_status_that_the_engine_goes_by() {
    for (status, fault, told_status, ledger) in [
        ("401 Unauthorized", Fault::LoginNeeded, 401, "absent"),
        ("404 Not Found", Fault::NotFound, 404, "answered"),
        ("413 Content Too Large", Fault::TooLarge, 413, "answered"),
        (
            "422 Unprocessable Entity",
            Fault::Rejected {
                fields: Vec::new(),
                message: "NIK salah".to_owned(),
            },
            422,
            "answered",
        ),
        (
            "429 Too Many Requests",
            Fault::RateLimited { after: Some(77) },
            429,
            "absent",
        ),
    ] {
        let upstream = Upstream::that(crate::office::answer(status, &json!({"pesan": "NIK salah"}))).await;
        let house = house(upstream.url()).await;
        let (result, told) = simply(house.address, Intent::Submit(submission())).await;
        assert_eq!((result.unwrap_err().fault, told.status), (fault, told_status));
        assert_eq!(
            settled(&house, "32.73/perizinan", ID).await.header("pendopo-ledger"),
            ledger
        );
    }
}

#[tokio::test]
async fn guarded_a_conversation_ends_in_time_and_after_so_many_requests() {
    let mut upstream = Upstream::that(Act::Hang).await;
    let mut backend = perizinan(upstream.url());
    backend.conversation = Duration::from_millis(300);
    let hanging = before(backend).await;
    let started = std::time::Instant::now();
    let (result, _) = simply(hanging.address, Intent::Submit(submission())).await;
    let problem = result.unwrap_err();
    assert_eq!((problem.fault, problem.sent), (Fault::Timeout, Sent::Unknown));
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(upstream.more(), 1);

    // An adapter that would send a file for ever.
    let mut upstream = Upstream::answering(works).await;
    let house = house(upstream.url()).await;
    let (mut submission, files) = with_files(&[b"x"]);
    submission.service = "berputar".parse().unwrap();
    let (result, _, told) = say(house.address, Intent::Submit(submission), &[], None, &files).await;
    assert_eq!((result.unwrap_err().sent, told.status), (Sent::Unknown, 502));
    assert_eq!(upstream.more(), 64);
}

#[tokio::test]
async fn guarded_an_edge_that_is_stopped_finishes_the_conversation_that_it_began() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let Act::Say(taken) = created(&json!({"nomor": "A-1"})) else {
        unreachable!()
    };
    let mut upstream = Upstream::that(Act::SayLater(Arc::clone(&gate), taken)).await;
    let mut house = house(upstream.url()).await;
    ask(Intent::Submit(submission()), &[], None)
        .and_hang_up(house.address)
        .await;
    upstream.next().await;
    house.stop();
    gate.add_permits(1);
    let folder = house.ended().await;
    let backends = pendopo::cli::edge::backend::Backends {
        open: Vec::new(),
        guarded: vec![perizinan(upstream.url())],
    };
    let house = House::in_folder(folder, backends, |_| {}).await;
    let kept = settled(&house, "32.73/perizinan", ID).await;
    assert_eq!(arrived(&learned(&kept)), "A-1");
    // What was sealed before opens afterwards.
    let mut talk = talk(Intent::Submit(submission()), &[], None);
    let _ = talk.begin();
    let kept = crate::office::response(&Told {
        status: 200,
        headers: BTreeMap::new(),
        body: kept.body.clone(),
    });
    let Step::Done { facts, .. } = talk.resume(Ok(kept)) else {
        panic!("no facts");
    };
    gate.add_permits(1);
    let (_, _, told) = say(
        house.address,
        crate::office::track("A-1", None),
        &facts,
        None,
        &BTreeMap::new(),
    )
    .await;
    assert_ne!(told.status, 422, "the phone is asked for what it has proven");
}
