//! What holds of every ledger.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use pendopo::cli::edge::ledger::seal::{Fingerprint, Owner};
use pendopo::cli::edge::ledger::{Claim, Ending, Entry, KEPT, Ledger, LedgerError, Place};
use pendopo::cli::edge::reply::{EdgeFault, Reply};
use pendopo::model::secret::Secret;
use pendopo::model::time::Timestamp;

use crate::postgres::Postgres;

pub const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A ledger, and whoever asks it.
pub struct Fixture {
    pub place: Place,
    ledger: Option<Ledger>,
    owner: Arc<Owner>,
}

pub fn owner() -> Arc<Owner> {
    Arc::new(Owner::new(&"32.73/lapor".parse().unwrap(), "key-1"))
}

impl Fixture {
    pub async fn new(place: Place) -> Self {
        let ledger = Ledger::open(&place, NOW).await.unwrap();
        Self {
            place,
            ledger: Some(ledger),
            owner: owner(),
        }
    }

    pub fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().unwrap()
    }

    /// The program dies, and another one opens the ledger.
    pub async fn reopen(&mut self, now: Timestamp) {
        self.close();
        let until = tokio::time::Instant::now() + Duration::from_secs(20);
        // The file's lock goes with the last task that has it.
        self.ledger = Some(loop {
            match Ledger::open(&self.place, now).await {
                Err(LedgerError::InUse) if tokio::time::Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                opened => break opened.unwrap(),
            }
        });
    }

    pub fn close(&mut self) {
        self.ledger = None;
    }

    fn fingerprint(&self, body: &[u8]) -> Fingerprint {
        self.owner.fingerprint(&[], [body])
    }

    pub async fn claim(&self, body: &[u8], resend: u32) -> Claim {
        let owner = Arc::clone(&self.owner);
        let claim = self.ledger().claim(owner, self.fingerprint(body), resend, NOW);
        claim.await.unwrap()
    }

    pub async fn settle(&self, body: &[u8], ending: Ending) {
        let owner = Arc::clone(&self.owner);
        let settled = self.ledger().settle(owner, self.fingerprint(body), ending);
        settled.await.unwrap();
    }

    pub async fn look(&self) -> (Entry, Timestamp) {
        self.ledger().look(Arc::clone(&self.owner)).await.unwrap()
    }

    /// The same, once the database knows that the last program is gone.
    async fn look_once_it_is_known(&self, not: &Entry) -> (Entry, Timestamp) {
        let until = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            let seen = self.look().await;
            if seen.0 != *not || tokio::time::Instant::now() > until {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

pub fn reply(status: StatusCode, body: &'static str) -> Reply {
    let mut reply = Reply::fault(EdgeFault::Unknown);
    reply.status = status;
    reply.body = body.into();
    reply
}

type Running = Pin<Box<dyn Future<Output = ()>>>;

/// Makes of each case a test for the file, and of all of them one for PostgreSQL.
macro_rules! cases {
    ($($name:ident($ledger:ident) $body:block)*) => {
        $(
            #[allow(unused_mut, reason = "some cases open it anew")]
            async fn $name(mut $ledger: Fixture) $body
        )*

        mod in_a_file {
            use super::{Fixture, Place};
            $(
                #[tokio::test]
                async fn $name() {
                    let folder = tempfile::tempdir().unwrap();
                    let place = Place::File(folder.path().join("ledger"));
                    super::$name(Fixture::new(place).await).await;
                }
            )*
        }

        #[tokio::test]
        async fn all_of_it_holds_in_postgresql_too() {
            let postgres = Postgres::start();
            let cases: Vec<(&str, fn(Fixture) -> Running)> = vec![
                $((stringify!($name), |ledger| Box::pin($name(ledger)))),*
            ];
            assert!(!cases.is_empty());
            for (number, (name, case)) in cases.into_iter().enumerate() {
                println!("{name}");
                let way = postgres.database(&format!("ledger{number}"));
                case(Fixture::new(Place::Postgres(Secret::new(way))).await).await;
            }
        }
    };
}

cases! {
    a_request_is_granted_once_and_then_answered_with_the_same_answer(ledger) {
        assert_eq!(ledger.look().await, (Entry::Absent, NOW));
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        assert_eq!(ledger.look().await.0, Entry::Pending);
        let answer = reply(StatusCode::CREATED, "SL-1");
        ledger.settle(b"a", Ending::Answered(answer.clone())).await;
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Answered(answer.clone()));
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Answered(answer.clone()));
        assert_eq!(ledger.claim(b"b", 1).await, Claim::Reused);
        assert_eq!(ledger.look().await.0, Entry::Answered(answer));
    }

    what_is_unknown_is_sent_again_only_by_decision(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(ledger.look().await.0, Entry::Unknown);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
        assert_eq!(ledger.claim(b"b", 1).await, Claim::Reused);
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
    }

    a_decision_to_send_again_is_granted_once_however_often_the_network_repeats_it(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(
            ledger.claim(b"a", 1).await,
            Claim::Unknown,
            "the copy of the first decision"
        );
        ledger.reopen(NOW.plus(1000)).await;
        assert_eq!(ledger.claim(b"a", 1).await, Claim::Unknown, "after a restart too");
        assert_eq!(
            ledger.claim(b"a", 3).await,
            Claim::Granted,
            "a later decision, one was lost on its way"
        );
        ledger.settle(b"a", Ending::Unknown).await;
        assert_eq!(
            ledger.claim(b"a", 2).await,
            Claim::Unknown,
            "and that one comes after all"
        );
    }

    what_had_no_effect_was_never_there(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Void).await;
        assert_eq!(ledger.look().await.0, Entry::Absent);
        assert_eq!(ledger.claim(b"b", 0).await, Claim::Granted);
    }

    a_refused_request_may_be_mended_and_sent_again_with_its_key(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        let refusal = reply(StatusCode::UNPROCESSABLE_ENTITY, "nik");
        ledger.settle(b"a", Ending::Answered(refusal.clone())).await;
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Answered(refusal));
        assert_eq!(ledger.claim(b"b", 0).await, Claim::Granted);
        assert_eq!(ledger.look().await.0, Entry::Pending);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Reused);
    }

    what_was_pending_at_a_crash_is_unknown_afterwards(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.reopen(NOW.plus(1000)).await;
        let known = ledger.look_once_it_is_known(&Entry::Elsewhere).await;
        assert_eq!(known, (Entry::Unknown, NOW));
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
    }

    entries_are_kept_for_a_day_and_the_ledger_says_since_when(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.ledger().purge(NOW.plus(KEPT)).await.unwrap();
        assert_eq!(ledger.look().await, (Entry::Pending, NOW));
        ledger.ledger().purge(NOW.plus(KEPT + 1)).await.unwrap();
        assert_eq!(ledger.look().await, (Entry::Absent, NOW.plus(1)));
        // A clock that jumps back does not make it promise more.
        ledger.reopen(NOW).await;
        assert_eq!(ledger.look().await, (Entry::Absent, NOW.plus(1)));
    }

    a_key_without_its_owner_opens_nothing(ledger) {
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
        ledger.settle(b"a", Ending::Answered(reply(StatusCode::CREATED, "SL-1"))).await;
        ledger.owner = Arc::new(Owner::new(&"32.74/lapor".parse().unwrap(), "key-1"));
        assert_eq!(ledger.look().await.0, Entry::Absent);
        assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
    }

    its_secret_lives_as_long_as_it_does(ledger) {
        let secret = *ledger.ledger().secret();
        assert_ne!(secret, [0; 32]);
        ledger.reopen(NOW.plus(1000)).await;
        assert_eq!(*ledger.ledger().secret(), secret);
    }

    it_can_be_written(ledger) {
        ledger.ledger().probe(NOW).await.unwrap();
        ledger.ledger().probe(NOW.plus(1)).await.unwrap();
        ledger.close();
    }
}

#[tokio::test]
async fn a_file_of_version_1_is_taken_over_with_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("ledger");
    let (owner, fingerprint) = (owner(), owner().fingerprint(&[], [&b"a"[..]]));
    let old = rusqlite::Connection::open(&path).unwrap();
    old.execute_batch(
        "create table meta (name text primary key, value integer not null) strict;
         create table entries (
             name blob primary key, fingerprint blob not null,
             state text not null check (state in ('pending', 'answered', 'unknown')),
             created integer not null, answer blob
         ) strict;
         create index entries_by_age on entries (created);
         insert into meta values ('since', 5);
         pragma user_version = 1;",
    )
    .unwrap();
    old.execute(
        "insert into entries values (?1, ?2, 'pending', ?3, null)",
        rusqlite::params![owner.name, fingerprint.0, NOW.0],
    )
    .unwrap();
    drop(old);
    let mut ledger = Fixture::new(Place::File(path)).await;
    assert_eq!(ledger.look().await, (Entry::Unknown, NOW.plus(-KEPT)));
    assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
    assert_eq!(ledger.claim(b"a", 1).await, Claim::Granted);
    ledger.reopen(NOW).await;
    assert_eq!(ledger.claim(b"a", 1).await, Claim::Unknown);
}

#[tokio::test]
async fn a_file_has_one_program() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Fixture::new(Place::File(folder.path().join("ledger"))).await;
    let second = Ledger::open(&ledger.place, NOW).await;
    assert!(matches!(second, Err(LedgerError::InUse)));
}

#[tokio::test]
async fn an_answer_that_was_tampered_with_counts_as_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let mut ledger = Fixture::new(Place::File(path.clone())).await;
    assert_eq!(ledger.claim(b"a", 0).await, Claim::Granted);
    ledger
        .settle(b"a", Ending::Answered(reply(StatusCode::CREATED, "SL-1")))
        .await;
    ledger.close();
    let file = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(file.execute("update entries set answer = x'00'", []).unwrap(), 1);
    drop(file);
    ledger.reopen(NOW).await;
    assert_eq!(ledger.look().await.0, Entry::Unknown);
    assert_eq!(ledger.claim(b"a", 0).await, Claim::Unknown);
}
