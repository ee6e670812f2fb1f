//! How often one client may ask: a token bucket for each, full at first.
//!
//! Generous by intent, since a whole network may share one address; it keeps one machine from
//! flooding a weak backend, no more. The number of buckets is bounded: where clients are too many
//! to be told apart, newcomers pass, because turning citizens away would be the greater harm.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most clients that are told apart at once.
const MOST: usize = 50_000;

/// A limit on one kind of request.
pub struct Limit {
    per_minute: u32,
    buckets: Mutex<HashMap<u128, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Limit {
    /// At most `per_minute` requests a minute, with bursts of as many.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        Self {
            per_minute,
            buckets: Mutex::default(),
        }
    }

    /// What it was made with.
    #[must_use]
    pub const fn per_minute(&self) -> u32 {
        self.per_minute
    }

    /// Counts a request of `client`.
    ///
    /// # Errors
    /// The seconds until the next one passes, at least 1.
    pub fn take(&self, client: u128, now: Instant) -> Result<(), u64> {
        let most = f64::from(self.per_minute);
        let filled = |bucket: &Bucket| {
            let gone = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.tokens + gone * most / 60.0).min(most)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&client) {
            buckets.retain(|_, bucket| filled(bucket) < most);
            if buckets.len() >= MOST {
                return Ok(());
            }
        }
        let bucket = buckets.entry(client).or_insert(Bucket { tokens: most, at: now });
        *bucket = Bucket {
            tokens: filled(bucket),
            at: now,
        };
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait = Duration::try_from_secs_f64((1.0 - bucket.tokens) * 60.0 / most);
        Err(wait.map_or(60, |wait| wait.as_secs().saturating_add(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_burst_and_then_its_rate() {
        let limit = Limit::new(60);
        let start = Instant::now();
        for _ in 0..60 {
            assert_eq!(limit.take(1, start), Ok(()));
        }
        assert_eq!(limit.take(1, start), Err(2));
        assert_eq!(limit.take(2, start), Ok(()));
        assert_eq!(limit.take(1, start + Duration::from_millis(500)), Err(1));
        assert_eq!(limit.take(1, start + Duration::from_secs(1)), Ok(()));
        assert!(limit.take(1, start + Duration::from_secs(1)).is_err());
    }

    #[test]
    fn a_rate_of_nothing_lets_nothing_pass() {
        assert_eq!(Limit::new(0).take(1, Instant::now()), Err(60));
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let limit = Limit::new(1);
        let start = Instant::now();
        for client in 0..(MOST as u128 + 10) {
            assert_eq!(limit.take(client, start), Ok(()));
        }
        assert!(limit.buckets.lock().unwrap().len() <= MOST);
        assert!(limit.take(0, start).is_err());
        assert_eq!(limit.take(MOST as u128 + 10, start + Duration::from_secs(61)), Ok(()));
        assert_eq!(limit.buckets.lock().unwrap().len(), 1);
    }
}
