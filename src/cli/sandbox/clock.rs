//! What time it is at a demonstration backend.
//!
//! The machine's clock, which tests and demonstrations may set ahead: a token becomes a number
//! after half an hour, and nobody wants to wait for that.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's clock, and by how much the backend is ahead of it.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Seconds, never below zero.
    ahead: AtomicI64,
}

impl Clock {
    /// Seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        let real = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |gone| i64::try_from(gone.as_secs()).unwrap_or(i64::MAX));
        real.saturating_add(self.ahead.load(Ordering::Relaxed))
    }

    /// Sets the clock ahead by so many seconds more.
    pub(super) fn advance(&self, seconds: u32) {
        self.ahead.fetch_add(i64::from(seconds), Ordering::Relaxed);
    }
}
