//! What the edge says for itself: that an answer is its own, and what its ledger knows.

use crate::adapters::http::{
    Body, HEADER_BACKEND, HEADER_EDGE, HEADER_LEDGER, HEADER_LEDGER_SINCE, HEADER_LEDGER_STATUS, HEADER_SENT,
    LEDGER_PATH, Method, Request, Response, Target,
};
use crate::delivery::{Attempt, Held, Ledger};
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::time::{Timestamp, days_from_civil};

/// How long the ledger keeps an answer, less an hour to be sure, in milliseconds.
const KEPT: i64 = 23 * 3_600_000;
/// By how much the ledger must reach back before the attempt, in milliseconds: dates in headers are
/// cut to seconds, and requests take their time.
const MARGIN: i64 = 60_000;

/// The answer if it is the backend's; a problem if the edge made it itself.
pub(super) fn backends_own(response: Response) -> Result<Response, Problem> {
    let Some(word) = response.header(HEADER_EDGE) else {
        return Ok(response);
    };
    let sent = match response.header(HEADER_SENT) {
        Some("no") => Sent::No,
        Some("yes") => Sent::Yes,
        _ => Sent::Unknown,
    };
    let (fault, sent) = match word {
        "offline" => (Fault::Offline, sent),
        "timeout" => (Fault::Timeout, sent),
        "unreachable" => (Fault::Unreachable, sent),
        "too_large" => (Fault::TooLarge, sent),
        "rate_limited" => {
            let after = response.header("retry-after").and_then(|text| text.trim().parse().ok());
            (Fault::RateLimited { after }, sent)
        }
        // This request was not sent, but another under the same key may have been.
        "pending" | "unknown" | "key_reused" => (protocol(word), Sent::Unknown),
        _ => (protocol(word), sent),
    };
    Err(Problem { fault, sent })
}

/// What the ledger holds of a backend's answer: nothing where the backend declined before it acted,
/// that nobody knows where it failed, else the answer itself.
pub(super) fn held(response: &Response) -> Held {
    match response.status {
        401 | 403 | 407 | 408 | 425 | 429 => Held::Nothing,
        503 if response.header("retry-after").is_some() => Held::Nothing,
        500.. => Held::Unknown,
        _ => Held::Answer,
    }
}

fn protocol(word: &str) -> Fault {
    let word: String = word.chars().take(40).collect();
    Fault::Protocol {
        what: ["edge: ", &word].concat(),
    }
}

/// Asks the ledger what became of an attempt.
pub(super) fn question(backend: &BackendId, attempt: &Attempt) -> Request {
    Request {
        target: Target::Site,
        method: Method::Get,
        path: LEDGER_PATH.to_owned(),
        query: Vec::new(),
        headers: vec![
            ("Idempotency-Key".to_owned(), attempt.key.clone()),
            (HEADER_BACKEND.to_owned(), backend.to_string()),
        ],
        secrets: Vec::new(),
        body: Body::default(),
        key: None,
        timeout: 30_000,
    }
}

/// What came of the question.
pub(super) enum Word {
    /// The backend's answer, as it was kept.
    Answered(Response),
    /// Anything else.
    Says(Ledger),
}

/// Reads the ledger's answer.
pub(super) fn answer(result: Result<Response, Problem>, attempt: &Attempt, now: Timestamp) -> Word {
    let response = match result {
        Ok(response) => response,
        Err(problem) => return Word::Says(Ledger::Failed(problem.fault)),
    };
    Word::Says(match response.header(HEADER_LEDGER) {
        Some("absent") => Ledger::Absent {
            proven: proven(&response, attempt, now),
        },
        Some("pending") => Ledger::Pending,
        Some("unknown") => Ledger::Unknown,
        Some("answered") => match response.header(HEADER_LEDGER_STATUS).and_then(|text| text.parse().ok()) {
            Some(status) => {
                let headers = response.headers.into_iter();
                return Word::Answered(Response {
                    status,
                    headers: headers.filter(|(name, _)| name == "content-type").collect(),
                    body: response.body,
                });
            }
            None => Ledger::Foreign,
        },
        _ => match backends_own(response) {
            Err(problem) => Ledger::Failed(problem.fault),
            Ok(response) if response.status >= 500 || response.status == 429 => Ledger::Failed(Fault::Upstream {
                status: response.status,
                message: String::new(),
            }),
            Ok(_) => Ledger::Foreign,
        },
    })
}

/// Whether a ledger that has seen nothing would have seen the attempt: it must have kept everything
/// since before the attempt, and the attempt must not be so old that it has forgotten it again.
///
/// The phone's clock may be off by hours: how long ago the attempt was is taken by the phone's
/// clock, and when that was by the edge's own, from the answer's `Date`. A clock that was set back
/// since then (the attempt lies in the future) proves nothing.
fn proven(response: &Response, attempt: &Attempt, now: Timestamp) -> bool {
    let since = response
        .header(HEADER_LEDGER_SINCE)
        .and_then(|text| text.trim().parse().ok());
    let Some(since) = since.map(Timestamp) else {
        return false;
    };
    let gone = now.0.saturating_sub(attempt.at.0);
    if !(0..KEPT).contains(&gone) {
        return false;
    }
    let edges_now = response.header("date").and_then(http_date).unwrap_or(now);
    since.plus(MARGIN) <= edges_now.plus(gone.saturating_neg())
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7; the obsolete forms are not read).
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut parts = text.split([' ', ':']);
    let mut next = || parts.next();
    let _weekday = next()?;
    let day = next()?.parse().ok()?;
    let name = next()?;
    let month = MONTHS
        .match_indices(name)
        .find(|(at, _)| name.len() == 3 && at.checked_rem(3) == Some(0))?
        .0;
    let month = i64::try_from(month).ok()?.checked_div(3)?.checked_add(1)?;
    let year = next()?.parse().ok()?;
    let mut of_day = 0_i64;
    for _ in 0..3 {
        let part: i64 = next()?.parse().ok()?;
        of_day = of_day.checked_mul(60)?.checked_add(part)?;
    }
    days_from_civil(year, month, day)?
        .checked_mul(86_400)?
        .checked_add(of_day)?
        .checked_mul(1000)
        .map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_790_000_000_000);

    fn edge(headers: &[(&str, &str)]) -> Response {
        Response {
            status: 409,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }

    fn problem(headers: &[(&str, &str)]) -> (Fault, Sent) {
        let problem = backends_own(edge(headers)).unwrap_err();
        (problem.fault, problem.sent)
    }

    #[test]
    fn an_answer_without_the_edges_mark_is_the_backends() {
        assert!(backends_own(edge(&[("content-type", "text/html")])).is_ok());
    }

    #[test]
    fn the_edges_own_word_says_whether_it_was_sent_and_silence_means_unknown() {
        let limited = problem(&[
            ("pendopo-edge", "rate_limited"),
            ("pendopo-sent", "no"),
            ("retry-after", "7"),
        ]);
        assert_eq!(limited, (Fault::RateLimited { after: Some(7) }, Sent::No));
        assert_eq!(
            problem(&[("pendopo-edge", "unreachable"), ("pendopo-sent", "no")]),
            (Fault::Unreachable, Sent::No)
        );
        assert_eq!(problem(&[("pendopo-edge", "timeout")]), (Fault::Timeout, Sent::Unknown));
        for word in ["pending", "unknown", "key_reused"] {
            let (_, sent) = problem(&[("pendopo-edge", word), ("pendopo-sent", "no")]);
            assert_eq!(
                sent,
                Sent::Unknown,
                "{word}: another request under this key may have been sent"
            );
        }
    }

    fn absent(since: Timestamp, date: &str, now: Timestamp) -> bool {
        let attempt = Attempt {
            key: "k".to_owned(),
            at: NOON,
            held: Held::Nothing,
        };
        let since = since.0.to_string();
        let mut headers = vec![("pendopo-ledger", "absent"), ("pendopo-ledger-since", since.as_str())];
        if !date.is_empty() {
            headers.push(("date", date));
        }
        match answer(Ok(edge(&headers)), &attempt, now) {
            Word::Says(Ledger::Absent { proven }) => proven,
            _ => panic!("not an absence"),
        }
    }

    #[test]
    fn absence_is_proven_only_by_a_ledger_that_reaches_back_and_has_not_forgotten() {
        let hour = 3_600_000;
        let before = NOON.plus(-hour);
        assert!(absent(before, "", NOON.plus(hour)));
        assert!(!absent(NOON.plus(1), "", NOON.plus(hour)), "begun after the attempt");
        assert!(!absent(before, "", NOON.plus(23 * hour)), "perhaps forgotten");
        assert!(!absent(before, "", NOON.plus(-1)), "the clock was set back");
    }

    #[test]
    fn a_phone_whose_clock_is_ahead_does_not_believe_a_ledger_that_began_after_the_attempt() {
        // By the phone the attempt was at noon and it is a minute later; by the edge it is 10:01.
        let minute = 60_000;
        let edges_now = NOON.plus(-119 * minute);
        let date = "Mon, 21 Sep 2026 12:14:20 GMT";
        assert_eq!(http_date(date), Some(edges_now));
        let began = edges_now.plus(-minute / 2);
        assert!(!absent(began, date, NOON.plus(minute)));
        assert!(absent(edges_now.plus(-3 * minute), date, NOON.plus(minute)));
    }

    #[test]
    fn dates_of_headers_are_read_and_nonsense_is_not() {
        assert_eq!(
            http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Timestamp(784_111_777_000))
        );
        for text in [
            "",
            "Sun, 06 anF 1994 08:49:37 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "now",
            "a b c d e f g",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_kept_answer_comes_back_as_the_backend_gave_it() {
        let attempt = Attempt {
            key: "k".to_owned(),
            at: NOON,
            held: Held::Nothing,
        };
        let mut response = edge(&[
            ("pendopo-ledger", "answered"),
            ("pendopo-status", "201"),
            ("content-type", "application/json"),
            ("pendopo-edge", "ledger"),
        ]);
        response.body = b"[]".to_vec();
        let Word::Answered(kept) = answer(Ok(response), &attempt, NOON) else {
            panic!("not answered");
        };
        assert_eq!(
            (kept.status, kept.header("content-type")),
            (201, Some("application/json"))
        );
        assert_eq!(kept.body, b"[]");
        assert_eq!(kept.header("pendopo-edge"), None);
    }
}
