//! Catalogues kept in memory: a weak system is asked once for all citizens, and what it said last is told
//! while it says nothing.
//!
//! Kept are answers to GETs that the backend's adapter makes for everybody: its catalogue and its
//! forms ([`super::backend`] finds out which). Never kept: an answer to a request that carries
//! anything of a citizen's, a refusal, a failure, or more than [`MOST_OF_ONE`] bytes.
//!
//! | what is kept is | the answer |
//! |---|---|
//! | fresh | is given at once, and nobody is asked |
//! | stale | the system is asked; where that fails, what is kept is given all the same |
//! | too old, or nothing | the system is asked |
//!
//! Whoever asks for the same while the system is being asked waits for that answer. `Cache-Status`
//! (RFC 9211) says which it was; a negative `ttl` there means that the system failed and this is older than
//! it should be, and `Age` by how much.
//!
//! What it does not do: keep anything on the disk, or longer than the program runs.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use tokio::sync::watch;

use super::reply::{EdgeFault, Reply};
use crate::adapters::http::HEADER_EDGE;

/// Most bytes of one answer that is kept.
pub const MOST_OF_ONE: usize = 4 * 1024 * 1024;
/// What an entry takes beside its body.
const OVERHEAD: usize = 1024;

const STATUS: HeaderName = HeaderName::from_static("cache-status");

/// How long answers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// So long nobody is asked again.
    pub fresh: Duration,
    /// And so long after that it is told where the system fails.
    pub stale: Duration,
}

/// What makes two requests ask for the same: the address and what the phone prefers.
pub type Key = Vec<u8>;

/// Answers, within a bound. Cheap to clone: all clones are the same one.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    shelf: Mutex<Shelf>,
    under_way: Mutex<HashMap<Key, watch::Receiver<Option<Reply>>>>,
}

impl Cache {
    /// A cache that takes so many bytes at most.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Inner {
            shelf: Mutex::new(Shelf::new(most)),
            under_way: Mutex::default(),
        }))
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<Option<Reply>>>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request: what is kept, or what `ask` brings. Once begun, `ask` goes on whether or
    /// not anybody still waits.
    pub async fn answer<F>(&self, key: Key, keeping: Keeping, ask: impl FnOnce() -> F) -> Reply
    where
        F: Future<Output = Reply> + Send + 'static,
    {
        let now = Instant::now();
        if let Some((reply, age)) = self.shelf().look(&key, now)
            && age < keeping.fresh
        {
            let left = keeping.fresh.saturating_sub(age).as_secs();
            return marked(reply, age, &format!("pendopo; hit; ttl={left}"));
        }
        let (mut waiting, sender) = {
            let mut under_way = self.under_way();
            match under_way.get(&key) {
                Some(waiting) => (waiting.clone(), None),
                None => {
                    let (sender, waiting) = watch::channel(None);
                    under_way.insert(key.clone(), waiting.clone());
                    (waiting, Some(sender))
                }
            }
        };
        if let Some(sender) = sender {
            let (leader, asking) = (
                Leader {
                    cache: self.clone(),
                    key,
                },
                ask(),
            );
            tokio::spawn(async move {
                let reply = leader.cache.conclude(&leader.key, keeping, asking.await);
                drop(leader);
                sender.send_replace(Some(reply));
            });
        }
        // It ends without a word only where asking panicked.
        match waiting.wait_for(Option::is_some).await {
            Ok(reply) => reply.clone().unwrap_or_else(|| Reply::fault(EdgeFault::Unknown)),
            Err(_) => Reply::fault(EdgeFault::Unknown),
        }
    }

    /// Keeps an answer that may be kept; for one that is a failure, gives what is kept.
    fn conclude(&self, key: &Key, keeping: Keeping, reply: Reply) -> Reply {
        let now = Instant::now();
        let own = reply.headers.contains_key(HEADER_EDGE);
        if reply.status == StatusCode::OK && !own {
            let kept = self.shelf().put(key.clone(), reply.clone(), now);
            let word = if kept {
                "pendopo; fwd=miss; stored"
            } else {
                "pendopo; fwd=miss"
            };
            return marked(reply, Duration::ZERO, word);
        }
        let fails = own || reply.status.is_server_error() || reply.status == StatusCode::TOO_MANY_REQUESTS;
        match self.shelf().look(key, now).filter(|_| fails) {
            Some((kept, age)) if age < keeping.fresh.saturating_add(keeping.stale) => {
                let over = age.saturating_sub(keeping.fresh).as_secs().max(1);
                let status = reply.status.as_u16();
                marked(kept, age, &format!("pendopo; hit; ttl=-{over}; fwd-status={status}"))
            }
            _ => reply,
        }
    }
}

/// The one who asks. Dropped in a panic, it lets the next one ask.
struct Leader {
    cache: Cache,
    key: Key,
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.cache.under_way().remove(&self.key);
    }
}

fn marked(mut reply: Reply, age: Duration, word: &str) -> Reply {
    reply.headers.insert(header::AGE, age.as_secs().into());
    if let Ok(word) = HeaderValue::from_str(word) {
        reply.headers.insert(STATUS, word);
    }
    reply
}

/// What is kept; what was asked for longest ago gives way. Pure.
struct Shelf {
    most: usize,
    bytes: usize,
    entries: HashMap<Key, Entry>,
    /// Keys in the order in which they were asked for.
    order: BTreeMap<u64, Key>,
    tick: u64,
}

struct Entry {
    reply: Reply,
    at: Instant,
    tick: u64,
}

impl Shelf {
    fn new(most: usize) -> Self {
        Self {
            most,
            bytes: 0,
            entries: HashMap::new(),
            order: BTreeMap::new(),
            tick: 0,
        }
    }

    /// What is kept, and how old it is.
    fn look(&mut self, key: &Key, now: Instant) -> Option<(Reply, Duration)> {
        self.tick = self.tick.wrapping_add(1);
        let entry = self.entries.get_mut(key)?;
        self.order.remove(&entry.tick);
        entry.tick = self.tick;
        self.order.insert(self.tick, key.clone());
        Some((entry.reply.clone(), now.saturating_duration_since(entry.at)))
    }

    /// Keeps it, if it is not too large.
    fn put(&mut self, key: Key, reply: Reply, now: Instant) -> bool {
        self.remove(&key);
        let size = size(&key, &reply);
        if reply.body.len() > MOST_OF_ONE || size > self.most {
            return false;
        }
        while self.bytes.saturating_add(size) > self.most {
            let Some((_, oldest)) = self.order.pop_first() else {
                break;
            };
            self.remove(&oldest);
        }
        self.tick = self.tick.wrapping_add(1);
        self.order.insert(self.tick, key.clone());
        self.bytes = self.bytes.saturating_add(size);
        let tick = self.tick;
        self.entries.insert(key, Entry { reply, at: now, tick });
        true
    }

    fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.order.remove(&entry.tick);
            self.bytes = self.bytes.saturating_sub(size(key, &entry.reply));
        }
    }
}

fn size(key: &Key, reply: &Reply) -> usize {
    key.len()
        .saturating_mul(2)
        .saturating_add(reply.body.len())
        .saturating_add(OVERHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &[u8]) -> Reply {
        let mut reply = Reply::fault(EdgeFault::Unknown);
        reply.headers.clear();
        reply.status = StatusCode::OK;
        reply.body = body.to_vec().into();
        reply
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_was_asked_for_last_stays() {
        let mut shelf = Shelf::new(10 * (OVERHEAD + 2 + 100));
        let now = Instant::now();
        for number in 0..10_u8 {
            assert!(shelf.put(vec![number], answer(&[0; 100]), now));
        }
        assert!(shelf.look(&vec![0], now).is_some());
        for number in 10..15_u8 {
            assert!(shelf.put(vec![number], answer(&[0; 100]), now));
            assert!(shelf.bytes <= shelf.most);
        }
        assert_eq!((shelf.entries.len(), shelf.order.len()), (10, 10));
        assert!(shelf.look(&vec![0], now).is_some(), "it was asked for");
        assert!(shelf.look(&vec![1], now).is_none() && shelf.look(&vec![6], now).is_some());
        assert!(!shelf.put(vec![0], answer(&vec![0; MOST_OF_ONE + 1]), now));
        assert!(
            shelf.look(&vec![0], now).is_none(),
            "nor is what it replaces told any more"
        );
        for number in 0..15 {
            shelf.remove(&vec![number]);
        }
        assert_eq!((shelf.bytes, shelf.entries.len(), shelf.order.len()), (0, 0, 0));
    }

    #[tokio::test]
    async fn a_panic_while_asking_lets_the_next_one_ask() {
        let cache = Cache::new(1 << 20);
        let keeping = Keeping {
            fresh: Duration::from_secs(60),
            stale: Duration::ZERO,
        };
        let told = cache
            .answer(vec![1], keeping, || async { panic!("while asking") })
            .await;
        assert_eq!(told, Reply::fault(EdgeFault::Unknown));
        let told = cache.answer(vec![1], keeping, || async { answer(b"one") }).await;
        assert_eq!(&told.body[..], b"one");
    }
}
