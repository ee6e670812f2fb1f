//! How long to wait before the next try.
//!
//! Full jitter: a random share of a ceiling that doubles, so that a thousand phones that lost one
//! server do not come back to it in one second. Deterministic in the random number given.

/// Ceiling of the first wait, in milliseconds.
pub const BASE: i64 = 2_000;
/// Highest ceiling, in milliseconds.
pub const CAP: i64 = 600_000;
/// The longest that a server may ask for (`Retry-After`), in milliseconds: what it says is bounded
/// like everything else of it. Nothing ever rests longer than this.
pub const LONGEST: i64 = 3_600_000;

/// Milliseconds to wait after so many failures in a row (the first is 1).
#[must_use]
pub fn delay(failures: u32, random: u64) -> i64 {
    let doublings = failures.saturating_sub(1).min(20);
    let ceiling = BASE.saturating_mul(1_i64 << doublings).min(CAP);
    share(ceiling, random)
}

/// A random share of `ceiling` milliseconds, from nothing to all of it.
#[must_use]
pub fn share(ceiling: i64, random: u64) -> i64 {
    let Ok(choices) = u64::try_from(ceiling.saturating_add(1)) else {
        return 0;
    };
    random
        .checked_rem(choices)
        .and_then(|wait| i64::try_from(wait).ok())
        .unwrap_or_default()
}

/// Milliseconds for a server's `Retry-After` in seconds, bounded.
#[must_use]
pub fn asked_for(seconds: u32) -> i64 {
    i64::from(seconds).saturating_mul(1000).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_cap() {
        // The largest share there is: `ceiling` modulo `ceiling + 1`.
        let ceilings: Vec<i64> = (1..=12)
            .map(|failures| {
                (0..=CAP)
                    .step_by(1000)
                    .map(|wait| delay(failures, u64::try_from(wait).unwrap()))
                    .max()
                    .unwrap()
            })
            .collect();
        assert_eq!(&ceilings[..4], &[2_000, 4_000, 8_000, 16_000]);
        assert_eq!(&ceilings[9..], &[CAP, CAP, CAP]);
    }

    #[test]
    fn no_count_and_no_number_leaves_the_bounds() {
        for failures in [0, 1, 9, 10, 31, 32, 63, 64, u32::MAX] {
            for random in [0, 1, 1_999, 2_000, 2_001, u64::MAX] {
                assert!((0..=CAP).contains(&delay(failures, random)));
            }
        }
        assert_eq!(share(-5, 7), 0);
        assert_eq!(asked_for(u32::MAX), LONGEST);
    }
}
