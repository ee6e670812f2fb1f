//! A circuit breaker: a system that fails again and again is left alone for a while.
//!
//! ```text
//!            so many failures, one after the other
//!  closed ───────────────────────────────────────► open ◄───────┐
//!    ▲                                              │ the pause  │ fails: a pause
//!    │ the trial works                              ▼ is over    │ twice as long
//!    └───────────────────────────────────────── half-open ──────┘
//! ```
//!
//! Closed, everything passes. Open, nothing does, and whoever asks is told when to come again. Half-open, one
//! request passes as a trial, and the others wait for what becomes of it. The pause doubles with
//! every trial that fails, up to [`LONGEST`].
//!
//! Pure: the time is an argument, and nothing here sends or waits.

use std::time::{Duration, Instant};

/// The longest pause, whatever the settings say of the first.
pub const LONGEST: Duration = Duration::from_secs(600);

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Failures one after the other; 0 means that it never opens.
    pub failures: u32,
    /// The first pause.
    pub pause: Duration,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The system answered, whatever it said of the request itself.
    Works,
    /// It was not there, or said that it cannot.
    Fails,
    /// Nobody waited for the end, which says nothing.
    Unheard,
}

/// Leave to send a request; its end is told with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Requests that were sent before a change of state say nothing about the new one.
    era: u64,
}

/// What is known of one system.
#[derive(Clone, Debug)]
pub struct Breaker {
    rule: Rule,
    state: State,
    era: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Instant, pause: Duration },
    HalfOpen { pause: Duration, trying: bool },
}

impl Breaker {
    /// A breaker that is closed.
    #[must_use]
    pub const fn new(rule: Rule) -> Self {
        Self {
            rule,
            state: State::Closed { failures: 0 },
            era: 0,
        }
    }

    /// Asks whether a request may be sent.
    ///
    /// # Errors
    /// After how long to ask again.
    pub fn ask(&mut self, now: Instant) -> Result<Leave, Duration> {
        if let State::Open { until, pause } = self.state {
            if now < until {
                return Err(until.saturating_duration_since(now));
            }
            self.turn(State::HalfOpen { pause, trying: false });
        }
        if let State::HalfOpen { trying, .. } = &mut self.state {
            if *trying {
                return Err(Duration::from_secs(1));
            }
            *trying = true;
        }
        Ok(Leave { era: self.era })
    }

    /// Tells how a request ended.
    pub fn tell(&mut self, leave: Leave, ended: Ended, now: Instant) {
        if leave.era != self.era {
            return;
        }
        match (&mut self.state, ended) {
            (State::Closed { failures }, Ended::Works) => *failures = 0,
            (State::Closed { failures }, Ended::Fails) => {
                *failures = failures.saturating_add(1);
                if self.rule.failures > 0 && *failures >= self.rule.failures {
                    self.rest(self.rule.pause, now);
                }
            }
            (State::HalfOpen { .. }, Ended::Works) => self.turn(State::Closed { failures: 0 }),
            (State::HalfOpen { pause, .. }, Ended::Fails) => {
                let pause = pause.saturating_mul(2);
                self.rest(pause, now);
            }
            (State::HalfOpen { trying, .. }, Ended::Unheard) => *trying = false,
            // An open breaker gives no leave in its own era.
            (State::Closed { .. }, Ended::Unheard) | (State::Open { .. }, _) => {}
        }
    }

    /// Whether requests pass as usual.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed { .. })
    }

    fn rest(&mut self, pause: Duration, now: Instant) {
        let pause = pause.min(LONGEST);
        self.turn(State::Open {
            until: now + pause,
            pause,
        });
    }

    const fn turn(&mut self, state: State) {
        self.state = state;
        self.era = self.era.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULE: Rule = Rule {
        failures: 3,
        pause: Duration::from_secs(10),
    };

    struct Bench {
        breaker: Breaker,
        start: Instant,
    }

    impl Bench {
        fn new(rule: Rule) -> Self {
            Self {
                breaker: Breaker::new(rule),
                start: Instant::now(),
            }
        }

        fn at(&self, seconds: u64) -> Instant {
            self.start + Duration::from_secs(seconds)
        }

        fn send(&mut self, seconds: u64, ended: Ended) -> Result<(), u64> {
            let now = self.at(seconds);
            let leave = self.breaker.ask(now).map_err(|left| left.as_secs())?;
            self.breaker.tell(leave, ended, now);
            Ok(())
        }
    }

    #[test]
    fn it_opens_after_so_many_failures_one_after_the_other_and_not_before() {
        let mut bench = Bench::new(RULE);
        for _ in 0..10 {
            assert_eq!(bench.send(0, Ended::Fails), Ok(()));
            assert_eq!(bench.send(0, Ended::Fails), Ok(()));
            assert_eq!(bench.send(0, Ended::Works), Ok(()));
        }
        for _ in 0..3 {
            assert_eq!(bench.send(0, Ended::Fails), Ok(()));
        }
        assert_eq!(bench.send(0, Ended::Works), Err(10));
        assert_eq!(bench.send(9, Ended::Works), Err(1));
    }

    #[test]
    fn after_the_pause_one_request_is_the_trial_and_the_others_wait() {
        let mut bench = Bench::new(RULE);
        for _ in 0..3 {
            bench.send(0, Ended::Fails).unwrap();
        }
        let now = bench.at(10);
        let trial = bench.breaker.ask(now).unwrap();
        assert!(bench.breaker.ask(now).is_err() && !bench.breaker.is_closed());
        bench.breaker.tell(trial, Ended::Works, now);
        assert!(bench.breaker.is_closed());
        assert_eq!(bench.send(10, Ended::Fails), Ok(()), "and it counts from the beginning");
        assert!(bench.breaker.is_closed());
    }

    #[test]
    fn a_trial_that_fails_doubles_the_pause_up_to_the_longest() {
        let mut bench = Bench::new(RULE);
        for _ in 0..3 {
            bench.send(0, Ended::Fails).unwrap();
        }
        let (mut now, mut pause) = (0, 10);
        for _ in 0..10 {
            now += pause;
            assert_eq!(bench.send(now, Ended::Fails), Ok(()));
            pause = (pause * 2).min(LONGEST.as_secs());
            assert_eq!(bench.send(now, Ended::Works), Err(pause));
        }
        assert_eq!(pause, LONGEST.as_secs());
        assert_eq!(bench.send(now + pause, Ended::Works), Ok(()));
        assert!(bench.breaker.is_closed());
    }

    #[test]
    fn a_trial_that_nobody_waits_for_leaves_the_next_one_to_try() {
        let mut bench = Bench::new(RULE);
        for _ in 0..3 {
            bench.send(0, Ended::Fails).unwrap();
        }
        assert_eq!(bench.send(10, Ended::Unheard), Ok(()));
        assert_eq!(bench.send(10, Ended::Works), Ok(()));
        assert!(bench.breaker.is_closed());
    }

    #[test]
    fn what_was_sent_before_it_opened_says_nothing_about_the_trial() {
        let mut bench = Bench::new(RULE);
        let now = bench.at(0);
        let old: Vec<Leave> = (0..5).map(|_| bench.breaker.ask(now).unwrap()).collect();
        for leave in &old[..3] {
            bench.breaker.tell(*leave, Ended::Fails, now);
        }
        bench.breaker.tell(old[3], Ended::Works, now);
        assert_eq!(bench.send(0, Ended::Works), Err(10), "a late answer does not close it");
        let trial = bench.breaker.ask(bench.at(10)).unwrap();
        bench.breaker.tell(old[4], Ended::Fails, bench.at(10));
        bench.breaker.tell(trial, Ended::Works, bench.at(10));
        assert!(bench.breaker.is_closed());
    }

    #[test]
    fn a_rule_of_no_failures_never_opens() {
        let mut bench = Bench::new(Rule { failures: 0, ..RULE });
        for _ in 0..100 {
            assert_eq!(bench.send(0, Ended::Fails), Ok(()));
        }
    }

    proptest! {
        /// Whatever happens: it never refuses for longer than the longest pause, and never has two trials.
        #[test]
        fn whatever_happens_it_comes_back(steps in proptest::collection::vec((0_u64..40, 0_u8..3), 1..200)) {
            let mut bench = Bench::new(RULE);
            let mut now = 0;
            for (later, ended) in steps {
                now += later;
                let ended = [Ended::Works, Ended::Fails, Ended::Unheard][usize::from(ended)];
                if let Err(left) = bench.send(now, ended) {
                    prop_assert!(left <= LONGEST.as_secs());
                }
            }
            prop_assert_eq!(bench.send(now + LONGEST.as_secs(), Ended::Works), Ok(()));
            prop_assert!(bench.breaker.is_closed());
        }
    }
}
