//! The line to one system: how many requests are on it at once, when it rests, what is tried again.
//!
//! Every request to a backend, passed through or of a guarded conversation, goes over its line:
//!
//! 1. It waits for a place. A weak server gets so many requests at once and no more, however many
//!    citizens ask; whoever gets no place within half of its time was not sent.
//! 2. The breaker is asked ([`super::breaker`]). While it is open nothing is sent.
//! 3. It is sent. A GET that the system did not answer is tried again, a few times, each time after a
//!    longer pause whose length is drawn, so that those who failed together do not come back together.
//!
//! All of it happens within the request's own time. What changes something is sent once, whatever
//! happens: whether it is sent again is the citizen's decision ([`super::changes`]).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode, header};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::breaker::{Breaker, Ended, Leave, Rule};
use super::transport::{Incoming, Outgoing, Transport};
use crate::model::problem::{Fault, Problem};

/// The pause before the first repetition, doubled for each further one; a part of it is drawn.
const PAUSE: Duration = Duration::from_millis(200);

/// How a system is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// Requests at once.
    pub at_once: usize,
    /// How often a GET is tried again.
    pub retries: u32,
    /// When it is left alone.
    pub rule: Rule,
}

impl Default for Treatment {
    fn default() -> Self {
        Self {
            at_once: 32,
            retries: 1,
            rule: Rule {
                failures: 10,
                pause: Duration::from_secs(15),
            },
        }
    }
}

/// The line to one system.
pub struct Line {
    treatment: Treatment,
    places: Semaphore,
    breaker: Mutex<Breaker>,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The request itself failed.
    Problem(Problem),
    /// The system is left alone for so many seconds; nothing was sent.
    Resting(u64),
}

impl Refused {
    /// As a problem of the conversation.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Resting(_) => Problem::unsent(Fault::Unreachable),
        }
    }
}

impl Line {
    /// A line to a system that is treated so.
    #[must_use]
    pub fn new(treatment: Treatment) -> Self {
        Self {
            treatment,
            places: Semaphore::new(treatment.at_once.min(Semaphore::MAX_PERMITS)),
            breaker: Mutex::new(Breaker::new(treatment.rule)),
        }
    }

    /// Puts the old line in the place of a new one, where the system is treated as it was.
    pub fn keep(new: &mut Arc<Self>, old: &Arc<Self>) {
        if new.treatment == old.treatment {
            *new = Arc::clone(old);
        }
    }

    /// Sends a request over the line.
    ///
    /// # Errors
    /// Whatever kept an answer from coming, and whether the request had been sent.
    pub async fn call(&self, transport: &Transport, mut outgoing: Outgoing) -> Result<Incoming, Refused> {
        let until = Instant::now() + outgoing.timeout;
        let left = || until.saturating_duration_since(Instant::now());
        // The semaphore is never closed.
        let Ok(Ok(_place)) = timeout(left() / 2, self.places.acquire()).await else {
            return Err(Refused::Problem(Problem::unsent(Fault::Timeout)));
        };
        let safe = outgoing.method == Method::GET;
        let mut attempt = 0;
        loop {
            outgoing.timeout = left();
            let again = (safe && attempt < self.treatment.retries).then(|| outgoing.clone());
            let call = self.ask().map_err(Refused::Resting)?;
            let result = transport.call(outgoing).await;
            let ended = ended(&result);
            call.end(ended);
            let pause = pause(attempt);
            match again {
                Some(again) if ended == Ended::Fails && !wants_quiet(&result) && pause < left() => outgoing = again,
                _ => return result.map_err(Refused::Problem),
            }
            attempt = attempt.saturating_add(1);
            tokio::time::sleep(pause).await;
        }
    }

    /// Leave to send, or the seconds until it may be asked for again.
    fn ask(&self) -> Result<Call<'_>, u64> {
        let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        match breaker.ask(Instant::now()) {
            Ok(leave) => Ok(Call {
                line: self,
                leave,
                ended: Ended::Unheard,
            }),
            Err(left) => Err(left.as_secs().saturating_add(1)),
        }
    }
}

/// A request under way. Dropped without a word (the phone is gone), it says nothing of the system.
struct Call<'a> {
    line: &'a Line,
    leave: Leave,
    ended: Ended,
}

impl Call<'_> {
    fn end(mut self, ended: Ended) {
        self.ended = ended;
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut breaker = self.line.breaker.lock().unwrap_or_else(PoisonError::into_inner);
        breaker.tell(self.leave, self.ended, Instant::now());
    }
}

/// What an end says of the system, rather than of the request: 500 is as often the request's.
fn ended(result: &Result<Incoming, Problem>) -> Ended {
    match result {
        Ok(answer) if is_down(answer.status) => Ended::Fails,
        // The security server of an X-Road says with this header that it, not the system, is speaking.
        Ok(answer) if answer.status.is_server_error() && answer.headers.contains_key("x-road-error") => Ended::Fails,
        Ok(_) => Ended::Works,
        Err(problem) => match problem.fault {
            Fault::Unreachable | Fault::Timeout => Ended::Fails,
            _ => Ended::Works,
        },
    }
}

fn is_down(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

/// Whether the system says itself when to come again.
fn wants_quiet(result: &Result<Incoming, Problem>) -> bool {
    matches!(result, Ok(answer) if answer.headers.contains_key(header::RETRY_AFTER))
}

/// From half of the pause to the whole of it.
fn pause(attempt: u32) -> Duration {
    let whole = PAUSE.saturating_mul(2_u32.saturating_pow(attempt));
    let mut byte = [128];
    // Without randomness the pauses are all alike, which harms little.
    let _ = getrandom::fill(&mut byte);
    let [drawn] = byte;
    let half = whole / 2;
    half + half.mul_f64(f64::from(drawn) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_drawn_from_a_range_that_doubles() {
        for attempt in 0..4 {
            let whole = PAUSE * 2_u32.pow(attempt);
            let drawn: Vec<Duration> = (0..200).map(|_| pause(attempt)).collect();
            assert!(drawn.iter().all(|pause| (whole / 2..=whole).contains(pause)));
            assert!(drawn.iter().any(|pause| *pause != drawn[0]));
        }
    }
}
