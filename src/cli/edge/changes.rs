//! What changes something: each change is sent once, and its outcome outlives the phone's patience.
//!
//! A change is whatever ends in an answer: a request to an open backend, or a whole conversation with
//! a guarded one. It runs in a task of its own: once the edge has read the last byte of it, it is sent and recorded whether or
//! not the phone is still there. Whoever comes with the same key while it is under way waits for the
//! same outcome, also where another program that shares the ledger has it. What the ledger then keeps:
//!
//! | the backend | the entry | since |
//! |---|---|---|
//! | answers below 500 | answered | the same question has the same answer |
//! | answers 401, 403, 407, 408, 425, 429, or 503 with `Retry-After` | removed | it declined before it acted; the same may succeed later |
//! | answers 500 or above | unknown | it may have acted before it failed |
//! | was certainly not reached | removed | nothing happened |
//! | may have been reached, but gave no answer | unknown | nobody can say |
//!
//! A guarded backend's answer is made here, with the status that says the same of its conversation
//! ([`crate::adapters::guarded::status`]).
//!
//! What it does not do: send anything again by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::{StatusCode, header};
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::ledger::seal::{Fingerprint, Owner};
use super::ledger::{Claim, Ending, Ledger};
use super::reply::{EdgeFault, Reply};
use crate::adapters::http::HEADER_SENT;
use crate::model::time::Timestamp;

/// How often the ledger is asked what became of a change that another program is sending.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A change, ready to be sent.
pub struct Change {
    /// Whose it is.
    pub owner: Arc<Owner>,
    /// What makes it the same as another.
    pub fingerprint: Fingerprint,
    /// How often the citizen has decided to send it again although it may have arrived.
    pub resend: u32,
    /// How long a second request with the same key waits for the first.
    pub patience: Duration,
    /// What sends it and ends in the answer; nothing goes before it is first asked.
    pub sending: BoxFuture<'static, Reply>,
}

/// Sends changes, and knows those that are under way.
#[derive(Clone)]
pub struct Changes {
    ledger: Ledger,
    under_way: Arc<Mutex<HashMap<[u8; 32], UnderWay>>>,
}

#[derive(Clone)]
struct UnderWay {
    fingerprint: Fingerprint,
    stage: watch::Receiver<Stage>,
}

#[derive(Clone)]
enum Stage {
    /// The ledger is being asked.
    Asking,
    /// It is being sent.
    Sending,
    /// It is over.
    Over(Reply),
}

/// The one who sends. Dropped without a word (a panic), it leaves the entry pending in the ledger,
/// where it counts as unknown.
struct Leader {
    name: [u8; 32],
    stage: watch::Sender<Stage>,
    under_way: Arc<Mutex<HashMap<[u8; 32], UnderWay>>>,
}

impl Leader {
    fn finish(self, reply: Reply) -> Reply {
        self.stage.send_replace(Stage::Over(reply.clone()));
        reply
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&self.name);
    }
}

enum Turn {
    First(Leader),
    Later(UnderWay),
}

impl Changes {
    /// Changes that are recorded in `ledger`.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            under_way: Arc::default(),
        }
    }

    /// Whether a request of this owner is under way.
    #[must_use]
    pub fn is_under_way(&self, owner: &Owner) -> bool {
        let under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.contains_key(&owner.name)
    }

    /// Sends a change, or answers for it if its key was seen before. Not to be dropped before it
    /// ends: run it in a task.
    pub async fn perform(&self, change: Change, now: impl Fn() -> Timestamp) -> Reply {
        let until = Instant::now() + change.patience;
        loop {
            match self.enter(&change) {
                Turn::First(leader) => return self.lead(leader, change, until, now).await,
                Turn::Later(mut other) => {
                    let same = other.fingerprint == change.fingerprint;
                    let settled = |stage: &Stage| match stage {
                        Stage::Asking => false,
                        Stage::Sending => !same,
                        Stage::Over(_) => true,
                    };
                    match timeout_at(until, other.stage.wait_for(settled)).await {
                        Err(_) => return Reply::fault(EdgeFault::Pending),
                        Ok(Ok(stage)) => match &*stage {
                            Stage::Over(reply) if same => return reply.clone().again(),
                            Stage::Sending => return Reply::fault(EdgeFault::KeyReused),
                            _ => {}
                        },
                        Ok(Err(_)) => {}
                    }
                    // It ended without an outcome for this request: the ledger knows more.
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    fn enter(&self, change: &Change) -> Turn {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(other) = under_way.get(&change.owner.name) {
            return Turn::Later(other.clone());
        }
        let (sender, stage) = watch::channel(Stage::Asking);
        let fingerprint = change.fingerprint;
        under_way.insert(change.owner.name, UnderWay { fingerprint, stage });
        Turn::First(Leader {
            name: change.owner.name,
            stage: sender,
            under_way: Arc::clone(&self.under_way),
        })
    }

    async fn lead(&self, leader: Leader, change: Change, until: Instant, now: impl Fn() -> Timestamp) -> Reply {
        let Change { owner, fingerprint, .. } = change;
        loop {
            let claim = self.ledger.claim(Arc::clone(&owner), fingerprint, change.resend, now());
            match claim.await {
                Ok(Claim::Granted) => break,
                Ok(Claim::Answered(reply)) => return leader.finish(reply.again()),
                Ok(Claim::Unknown) => return leader.finish(Reply::fault(EdgeFault::Unknown)),
                Ok(Claim::Reused) => return leader.finish(Reply::fault(EdgeFault::KeyReused)),
                // The ledger is all that the two programs share, so it is asked again.
                Ok(Claim::Elsewhere) if Instant::now() < until => tokio::time::sleep(LOOK_AGAIN).await,
                Ok(Claim::Elsewhere) => return leader.finish(Reply::fault(EdgeFault::Pending)),
                Err(error) => {
                    tracing::error!(%error, "the ledger cannot be written; nothing is sent");
                    return leader.finish(Reply::fault(EdgeFault::NoLedger));
                }
            }
        }
        leader.stage.send_replace(Stage::Sending);
        let reply = change.sending.await;
        let ending = ending(&reply);
        if let Err(error) = self.ledger.settle(owner, fingerprint, ending).await {
            tracing::error!(%error, "an outcome could not be recorded; it counts as unknown");
        }
        leader.finish(reply)
    }
}

/// What is recorded of an answer.
fn ending(reply: &Reply) -> Ending {
    // The edge's own word, where the backend gave no answer.
    match reply.headers.get(HEADER_SENT).map(|sent| sent.as_bytes()) {
        Some(b"no") => return Ending::Void,
        Some(_) => return Ending::Unknown,
        None => {}
    }
    let busy = reply.status == StatusCode::SERVICE_UNAVAILABLE && reply.headers.contains_key(header::RETRY_AFTER);
    match reply.status.as_u16() {
        401 | 403 | 407 | 408 | 425 | 429 => Ending::Void,
        _ if busy => Ending::Void,
        500.. => Ending::Unknown,
        _ => Ending::Answered(reply.clone()),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn whoever_waits_too_long_for_another_request_is_told_that_it_is_pending() {
        let folder = tempfile::tempdir().unwrap();
        let changes = Changes::new(
            Ledger::open(&folder.path().join("ledger").into(), Timestamp(0))
                .await
                .unwrap(),
        );
        let (begun, has_begun) = oneshot::channel();
        let change = |patience, sending: BoxFuture<'static, Reply>| {
            let owner = Arc::new(Owner::new(&"32.73/lapor".parse().unwrap(), "key-1"));
            Change {
                fingerprint: owner.fingerprint(&[], []),
                owner,
                resend: 0,
                patience,
                sending,
            }
        };
        let first = change(
            Duration::from_secs(60),
            Box::pin(async {
                let _ = begun.send(());
                std::future::pending().await
            }),
        );
        let sending = changes.clone();
        tokio::spawn(async move { sending.perform(first, || Timestamp(0)).await });
        has_begun.await.unwrap();
        let second = change(
            Duration::from_millis(50),
            Box::pin(async { unreachable!("it is sent twice") }),
        );
        let told = changes.perform(second, || Timestamp(0)).await;
        assert_eq!(told, Reply::fault(EdgeFault::Pending));
        assert_eq!(
            (told.status.as_u16(), &told.headers["retry-after"]),
            (409, &"5".parse().unwrap())
        );
    }
}
