//! How often something may be tried that strangers would guess at: a citizen's login, and the fact
//! that opens a case.
//!
//! A try is counted under a hash that is keyed by a secret of this program's life: what is guessed at
//! (a NIK, a reference) is nowhere held in clear. At most so many tries fall into any hour, so a backend
//! that shuts after a few more is never brought to it. A try that succeeded is taken back.
//!
//! What it does not do: outlive the program, or count across machines; behind a balancer the tries of
//! one backend belong on one machine.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

const HOUR: Duration = Duration::from_secs(3600);
/// Most things that are told apart at once.
const MOST: usize = 50_000;

/// Counts tries.
pub struct Tries {
    secret: [u8; 32],
    counted: Mutex<HashMap<[u8; 32], Vec<Instant>>>,
}

/// A try that was counted.
#[derive(Clone, Copy)]
pub struct Try {
    what: [u8; 32],
    at: Instant,
}

impl Tries {
    /// Nothing was tried yet.
    #[must_use]
    pub fn new() -> Self {
        let mut secret = [0; 32];
        // Without randomness hashes can be guessed, tries are counted all the same.
        let _ = getrandom::fill(&mut secret);
        Self {
            secret,
            counted: Mutex::default(),
        }
    }

    /// Counts a try of `what`, of which at most `most` may fall into an hour.
    ///
    /// # Errors
    /// The seconds until the next one may be made, at least 1.
    pub fn count(&self, what: &[&str], most: u32, now: Instant) -> Result<Try, u64> {
        let mut hash = Sha256::new_with_prefix(self.secret);
        for part in what {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let what = hash.finalize().into();
        let recent = |at: &Instant| now.saturating_duration_since(*at) < HOUR;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST && !counted.contains_key(&what) {
            counted.retain(|_, tries| tries.iter().any(recent));
            if counted.len() >= MOST {
                // Whoever guesses makes the newest entries; what was tried longest ago gives way.
                let oldest = counted.iter().min_by_key(|(_, tries)| tries.last().copied());
                if let Some(oldest) = oldest.map(|(name, _)| *name) {
                    counted.remove(&oldest);
                }
            }
        }
        let tries = counted.entry(what).or_default();
        tries.retain(recent);
        if tries.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
            let free = tries
                .first()
                .map_or(HOUR, |first| HOUR.saturating_sub(now.saturating_duration_since(*first)));
            return Err(free.as_secs().saturating_add(1).min(HOUR.as_secs()));
        }
        tries.push(now);
        Ok(Try { what, at: now })
    }

    /// Takes a try back: it was no guess.
    pub fn take_back(&self, tried: Try) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = counted.get_mut(&tried.what)
            && let Some(at) = tries.iter().position(|at| *at == tried.at)
        {
            tries.remove(at);
        }
    }
}

impl Default for Tries {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_so_many_tries_fall_into_any_hour() {
        let tries = Tries::new();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        for second in 0..4 {
            assert!(tries.count(&["login", "a"], 4, after(second * 600)).is_ok());
        }
        assert_eq!(tries.count(&["login", "a"], 4, after(2400)).err(), Some(1201));
        assert_eq!(tries.count(&["login", "a"], 4, after(3599)).err(), Some(2));
        // One falls out, one may be made; not four.
        assert!(tries.count(&["login", "a"], 4, after(3600)).is_ok());
        assert_eq!(tries.count(&["login", "a"], 4, after(3600)).err(), Some(601));
        assert!(tries.count(&["login", "b"], 4, after(3600)).is_ok());
        assert!(tries.count(&["logi", "na"], 4, after(3600)).is_ok());
        assert_eq!(tries.count(&["login", "c"], 0, start).err(), Some(3600));
    }

    #[test]
    fn a_try_that_is_taken_back_does_not_count() {
        let tries = Tries::new();
        let now = Instant::now();
        for _ in 0..10 {
            let tried = tries.count(&["x"], 1, now).ok().unwrap();
            assert!(tries.count(&["x"], 1, now).is_err());
            tries.take_back(tried);
        }
    }

    #[test]
    fn what_is_counted_is_bounded_and_what_was_tried_last_is_kept() {
        let tries = Tries::new();
        let start = Instant::now();
        assert!(tries.count(&["first"], 1, start).is_ok());
        for number in 0..MOST {
            let at = start + Duration::from_millis(number as u64 / 100 + 1);
            assert!(tries.count(&[&number.to_string()], 1, at).is_ok());
        }
        assert!(tries.counted.lock().unwrap().len() <= MOST);
        let last = (MOST - 1).to_string();
        assert!(tries.count(&[&last], 1, start + Duration::from_secs(2)).is_err());
        assert!(tries.count(&["first"], 1, start + Duration::from_secs(2)).is_ok());
    }
}
