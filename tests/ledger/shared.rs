//! What several programs do with one ledger in PostgreSQL.

use std::time::Duration;

use axum::http::StatusCode;
use pendopo::cli::edge::ledger::{Claim, Ending, Entry, Ledger, LedgerError, Place};
use pendopo::model::secret::Secret;

use crate::postgres::Postgres;
use crate::suite::{Fixture, NOW, owner, reply};

fn place(postgres: &Postgres) -> Place {
    Place::Postgres(Secret::new(postgres.database("ledger")))
}

/// Asks until the database knows what it should, since it notices a death a moment later.
async fn eventually(what: &str, holds: impl AsyncFn() -> bool) {
    let until = tokio::time::Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(tokio::time::Instant::now() < until, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_one_program_sends_no_other_does_and_all_know_its_answer() {
    let postgres = Postgres::start();
    let place = place(&postgres);
    let (one, two) = (Fixture::new(place.clone()).await, Fixture::new(place).await);
    assert_eq!(one.ledger().secret(), two.ledger().secret());
    assert_eq!(one.claim(b"a", 0).await, Claim::Granted);
    assert_eq!(two.claim(b"a", 0).await, Claim::Elsewhere);
    assert_eq!(
        two.claim(b"a", 7).await,
        Claim::Elsewhere,
        "no decision sends beside one that is under way"
    );
    assert_eq!(two.claim(b"b", 0).await, Claim::Reused);
    assert_eq!(
        (one.look().await.0, two.look().await.0),
        (Entry::Pending, Entry::Elsewhere)
    );
    let answer = reply(StatusCode::CREATED, "SL-1");
    one.settle(b"a", Ending::Answered(answer.clone())).await;
    assert_eq!(two.claim(b"a", 0).await, Claim::Answered(answer.clone()));
    assert_eq!(two.look().await.0, Entry::Answered(answer));
}

#[tokio::test]
async fn what_a_dead_program_left_is_unknown_and_sent_again_only_by_decision() {
    let postgres = Postgres::start();
    let place = place(&postgres);
    let (mut one, two) = (Fixture::new(place.clone()).await, Fixture::new(place.clone()).await);
    assert_eq!(one.claim(b"a", 0).await, Claim::Granted);
    one.close();
    eventually("it is gone", async || two.look().await.0 == Entry::Unknown).await;
    assert_eq!(two.claim(b"a", 0).await, Claim::Unknown);
    assert_eq!(two.claim(b"a", 1).await, Claim::Granted);
    let three = Fixture::new(place).await;
    assert_eq!(three.claim(b"a", 2).await, Claim::Elsewhere);
    two.settle(b"a", Ending::Void).await;
    assert_eq!(three.claim(b"a", 0).await, Claim::Granted);
}

#[tokio::test]
async fn whoever_lost_an_entry_to_a_decision_settles_it_no_more() {
    let postgres = Postgres::start();
    let place = place(&postgres);
    let (one, two) = (Fixture::new(place.clone()).await, Fixture::new(place).await);
    assert_eq!(one.claim(b"a", 0).await, Claim::Granted);
    // The database loses the first program, which goes on sending all the same.
    let cut = "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and pid in
        (select pid from pg_stat_activity where query like '%pg_advisory_lock(%' order by backend_start limit 1)";
    assert_eq!(postgres.ask("ledger", cut), "1");
    eventually("it seems gone", async || two.look().await.0 == Entry::Unknown).await;
    assert_eq!(two.claim(b"a", 1).await, Claim::Granted);
    one.settle(b"a", Ending::Void).await;
    assert_eq!(two.look().await.0, Entry::Pending, "it is the second program's by now");
    two.settle(b"a", Ending::Answered(reply(StatusCode::CREATED, "SL-2")))
        .await;
    one.settle(b"a", Ending::Unknown).await;
    assert_eq!(one.look().await.0, Entry::Answered(reply(StatusCode::CREATED, "SL-2")));
}

#[tokio::test]
async fn a_hundred_requests_with_one_key_from_two_programs_are_granted_once() {
    let postgres = Postgres::start();
    let place = place(&postgres);
    let (one, two) = (Fixture::new(place.clone()).await, Fixture::new(place).await);
    let ask = |ledger: &Ledger| {
        let (ledger, owner) = (ledger.clone(), owner());
        let fingerprint = owner.fingerprint(&[], [&b"a"[..]]);
        tokio::spawn(async move { ledger.claim(owner, fingerprint, 0, NOW).await.unwrap() })
    };
    let asked: Vec<_> = (0..50).flat_map(|_| [ask(one.ledger()), ask(two.ledger())]).collect();
    let mut granted = 0;
    for claim in asked {
        match claim.await.unwrap() {
            Claim::Granted => granted += 1,
            // Of its own program, which tells its own requests apart before it asks; or of the other one.
            Claim::Unknown | Claim::Elsewhere => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 1);
}

#[tokio::test]
async fn while_the_database_is_away_nothing_may_be_sent_and_afterwards_all_goes_on() {
    let mut postgres = Postgres::start();
    let ledger = Fixture::new(place(&postgres)).await;
    assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
    ledger
        .settle(b"a", Ending::Answered(reply(StatusCode::CREATED, "SL-1")))
        .await;
    postgres.stop();
    let claim = ledger
        .ledger()
        .claim(owner(), owner().fingerprint(&[], [&b"b"[..]]), 0, NOW)
        .await;
    assert!(matches!(claim, Err(LedgerError::Postgres(_))), "{claim:?}");
    assert!(ledger.ledger().probe(NOW).await.is_err());
    postgres.resume();
    ledger.ledger().probe(NOW).await.unwrap();
    assert_eq!(
        ledger.claim(b"a", 0).await,
        Claim::Answered(reply(StatusCode::CREATED, "SL-1"))
    );
}

#[tokio::test]
async fn what_lies_in_the_database_shows_neither_key_nor_answer() {
    let postgres = Postgres::start();
    let ledger = Fixture::new(place(&postgres)).await;
    assert_eq!(ledger.claim(b"penanda-a", 0).await, Claim::Granted);
    ledger
        .settle(b"penanda-a", Ending::Answered(reply(StatusCode::CREATED, "penanda-b")))
        .await;
    let rows = "select state, length(answer) > 20, position('penanda'::bytea in answer),
        position('key-1'::bytea in name || fingerprint || answer) from pendopo_ledger";
    assert_eq!(postgres.ask("ledger", rows), "answered|t|0|0");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_said_to_be_so_without_its_password() {
    let way = "host=/nonexistent user=pendopo password=rahasia dbname=ledger";
    let opened = Ledger::open(&Place::Postgres(Secret::new(way.to_owned())), NOW).await;
    let said = opened.err().unwrap().to_string();
    assert!(said.starts_with("PostgreSQL: ") && !said.contains("rahasia"), "{said}");
    let wrong = Ledger::open(&Place::Postgres(Secret::new("rahasia".to_owned())), NOW).await;
    let said = wrong.err().unwrap().to_string();
    assert!(said.starts_with("PostgreSQL: ") && !said.contains("rahasia"), "{said}");
}
