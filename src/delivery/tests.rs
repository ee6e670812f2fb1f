//! The promise of delivery, for any sequence of turns; and each road it takes, one by one.

use proptest::prelude::*;

use super::turn::SETTLE;
use super::*;
use crate::adapters::Reconciled;
use crate::model::case::Acknowledgement;
use crate::model::delivery::{Delivery, WaitingFor};
use crate::model::form::Form;
use crate::model::message::Decision;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::time::Timestamp;

const NOON: Timestamp = Timestamp(1_790_000_000_000);

fn failed(fault: Fault, sent: Sent, answered: Option<Held>) -> Turn {
    Turn::Failed {
        problem: Problem { fault, sent },
        answered,
    }
}

fn upstream() -> Fault {
    Fault::Upstream {
        status: 503,
        message: String::new(),
    }
}

fn refused() -> Fault {
    Fault::Rejected {
        fields: Vec::new(),
        message: "tidak lengkap".to_owned(),
    }
}

fn began(key: &str) -> Turn {
    Turn::Began { key: key.to_owned() }
}

/// A course after these turns at noon, each of which must apply.
fn after(turns: Vec<Turn>) -> Course {
    let mut course = Course::new();
    for turn in turns {
        let said = format!("{turn:?}");
        assert!(course.take(turn, NOON, 7), "{said} in {:?}", course.stage);
    }
    course
}

fn lost() -> Course {
    after(vec![began("k"), failed(Fault::Timeout, Sent::Unknown, None)])
}

#[test]
fn what_is_certainly_not_sent_rests_and_is_sent_again() {
    let course = after(vec![began("k"), failed(Fault::Offline, Sent::No, None)]);
    let Some(Delivery::Waiting(WaitingFor::Network { until, fault })) = course.told(None) else {
        panic!("{course:?}");
    };
    assert_eq!(fault, Fault::Offline);
    assert_eq!(course.due(until.plus(-1)), None);
    assert_eq!(course.due(until), Some(Task::Send));
    assert_eq!(course.resend, None, "no answer was given, so none is to be passed over");
}

#[test]
fn a_wait_grows_but_never_ends_in_giving_up() {
    let mut course = Course::new();
    let mut now = NOON;
    let mut longest = 0;
    for round in 0..200_u64 {
        assert!(course.take(Turn::Started, now, round));
        assert!(course.take(began("k"), now, round));
        assert!(course.take(
            failed(Fault::Offline, Sent::No, None),
            now,
            round.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ));
        let until = course.wakes_at().unwrap();
        longest = longest.max(until.since(now));
        now = until;
    }
    assert!(longest > backoff::CAP / 2 && longest <= backoff::CAP, "{longest}");
}

#[test]
fn retry_after_is_kept_even_by_an_impatient_citizen() {
    let mut course = after(vec![
        began("k"),
        failed(Fault::RateLimited { after: Some(60) }, Sent::Yes, Some(Held::Nothing)),
    ]);
    for turn in [Turn::Awake, Turn::Retry, Turn::Restarted] {
        course.take(turn, NOON, 0);
        assert_eq!(course.due(NOON.plus(59_999)), None);
    }
    assert_eq!(course.due(NOON.plus(60_000)), Some(Task::Send));
    assert_eq!(
        course.edition, 1,
        "the ledger holds nothing of a backend that was only busy"
    );
}

#[test]
fn a_retry_after_of_years_is_cut_to_an_hour() {
    let course = after(vec![
        began("k"),
        failed(Fault::RateLimited { after: Some(u32::MAX) }, Sent::No, None),
    ]);
    assert_eq!(course.due(NOON.plus(backoff::LONGEST)), Some(Task::Send));
}

#[test]
fn awake_cuts_a_wait_short() {
    let mut course = after(vec![began("k"), failed(Fault::Offline, Sent::No, None)]);
    course.failures = 12;
    course.take(Turn::Started, NOON.plus(backoff::CAP), 0);
    course.take(failed(Fault::Offline, Sent::No, None), NOON, 599_999);
    assert_eq!(course.wakes_at(), Some(NOON.plus(599_999)));
    assert!(course.take(Turn::Awake, NOON, 3));
    assert_eq!(course.due(NOON.plus(1_000)), Some(Task::Send));
}

#[test]
fn a_clock_set_back_by_years_does_not_hold_a_wait() {
    let course = after(vec![began("k"), failed(Fault::Offline, Sent::No, None)]);
    assert_eq!(course.due(Timestamp(0)), Some(Task::Send));
    assert_eq!(course.due(Timestamp(i64::MIN)), Some(Task::Send));
    assert_eq!(course.due(Timestamp(i64::MAX)), Some(Task::Send));
}

#[test]
fn a_refusal_is_final_until_mended_and_mended_content_has_a_key_of_its_own() {
    let id = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10".parse().unwrap();
    let mut course = after(vec![began("k"), failed(refused(), Sent::Yes, Some(Held::Answer))]);
    assert_eq!(course.due(Timestamp(i64::MAX)), None);
    assert_eq!(course.told(None).map(|told| told.word()), Some("rejected"));
    assert!(course.take(Turn::Submitted, NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::Send));
    assert_eq!(course.key(&id, id.as_str()), format!("{id}.2"));
    assert_eq!(course.key(&id, &format!("{id}-foto")), format!("{id}.2-foto"));
}

#[test]
fn content_of_which_nothing_was_sent_keeps_its_key() {
    let form = Form::default();
    let mut course = after(vec![Turn::FormDiffers {
        form,
        fingerprint: "f".to_owned(),
    }]);
    assert_eq!(course.due(Timestamp(i64::MAX)), None);
    assert!(course.take(Turn::Submitted, NOON, 0));
    assert_eq!(course.edition, 1);
}

#[test]
fn a_login_is_waited_for() {
    let mut course = after(vec![failed(Fault::LoginNeeded, Sent::Unknown, None)]);
    assert_eq!(
        course.stage,
        Stage::Login,
        "nothing was under way, whatever the transport says"
    );
    assert_eq!(course.due(Timestamp(i64::MAX)), None);
    assert!(course.take(Turn::Retry, NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::Send));
}

#[test]
fn the_ledger_is_asked_first_then_the_backend_then_the_citizen() {
    let mut course = lost();
    assert_eq!(course.due(NOON), Some(Task::AskLedger));
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::AskBackend));
    assert!(course.take(Turn::Backend(Ok(Reconciled::CannotTell)), NOON, 0));
    assert_eq!(course.due(Timestamp(i64::MAX)), None);
    assert_eq!(
        course.told(None),
        Some(Delivery::Uncertain {
            since: NOON,
            until: None,
            login: false
        })
    );
    assert!(
        course.take(Turn::Retry, NOON, 0),
        "the citizen may have it looked for again"
    );
    assert_eq!(course.due(NOON), Some(Task::AskLedger));
}

#[test]
fn a_backend_that_wants_a_login_before_it_tells_is_asked_after_the_login() {
    let mut course = lost();
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON, 0));
    assert!(course.take(Turn::Backend(Err(Fault::LoginNeeded)), NOON, 0));
    assert_eq!(course.due(Timestamp(i64::MAX)), None, "it is the citizen's turn");
    assert_eq!(
        course.told(None),
        Some(Delivery::Uncertain {
            since: NOON,
            until: None,
            login: true
        })
    );
    assert!(course.needs_login());
    assert!(course.take(Turn::Retry, NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::AskLedger));
    assert!(!course.needs_login());
}

#[test]
fn proven_absence_at_the_ledger_sends_again_under_the_same_key() {
    let mut course = lost();
    let absent = || Turn::Ledger(Ledger::Absent { proven: true });
    assert!(course.take(absent(), NOON, 9));
    let again = course.wakes_at().unwrap();
    let waits = WaitingFor::Network {
        until: again,
        fault: Fault::Timeout,
    };
    assert_eq!(course.told(None), Some(Delivery::Waiting(waits)), "nothing is in doubt");
    assert!(again > NOON);
    assert_eq!(course.due(again.plus(-1)), None);
    assert_eq!(
        course.due(again),
        Some(Task::AskLedger),
        "a copy may have arrived while it waited"
    );
    assert!(course.take(absent(), again, 9));
    assert_eq!(course.due(again), Some(Task::Send), "and now without a wait between");
    assert_eq!((course.edition, course.resend), (1, None));
}

#[test]
fn what_arrives_at_the_edge_during_the_wait_is_not_sent_again() {
    for word in [Ledger::Pending, Ledger::Unknown, Ledger::Absent { proven: false }] {
        let mut course = lost();
        assert!(course.take(Turn::Ledger(Ledger::Absent { proven: true }), NOON, 9));
        let again = course.wakes_at().unwrap();
        assert!(course.take(Turn::Ledger(word.clone()), again, 9));
        let due = course.due(course.wakes_at().unwrap());
        assert!(
            matches!(due, Some(Task::AskLedger | Task::AskBackend)),
            "{word:?}: {due:?}"
        );
        assert!(course.unsettled().is_some());
    }
}

#[test]
fn a_proof_that_was_not_used_at_once_is_asked_for_again() {
    let proved = || {
        let mut course = lost();
        assert!(course.take(Turn::Ledger(Ledger::Failed(Fault::Offline)), NOON, 9));
        let again = course.wakes_at().unwrap();
        assert!(course.take(Turn::Ledger(Ledger::Absent { proven: true }), again, 9));
        (course, again)
    };
    let (mut course, now) = proved();
    assert!(course.take(failed(Fault::Offline, Sent::No, None), now, 9));
    assert_eq!(course.due(course.wakes_at().unwrap()), Some(Task::AskLedger));
    let (mut course, now) = proved();
    assert!(course.take(failed(Fault::LoginNeeded, Sent::No, None), now, 9));
    assert!(course.needs_login());
    assert!(course.take(Turn::Retry, now, 9));
    assert_eq!(course.due(now), Some(Task::AskLedger));
    let (mut course, now) = proved();
    assert!(course.take(Turn::Restarted, now, 9));
    assert_eq!(course.due(course.wakes_at().unwrap()), Some(Task::AskLedger));
    let (mut course, now) = proved();
    assert!(
        !course.take(Turn::Decided(Decision::SendAgain), now, 9),
        "nothing is in doubt"
    );
    assert!(course.take(Turn::Started, now, 9));
    assert!(course.take(began("k"), now, 9), "used at once");
}

#[test]
fn what_was_wanted_again_and_proved_absent_is_sent_as_wanted_again() {
    let mut course = lost();
    assert!(course.take(Turn::Decided(Decision::SendAgain), NOON, 0));
    assert!(course.take(began("k"), NOON, 0));
    assert!(course.take(failed(Fault::Timeout, Sent::Unknown, None), NOON, 0));
    for _ in 0..2 {
        let at = course.wakes_at().unwrap();
        assert!(course.take(Turn::Ledger(Ledger::Absent { proven: true }), at.max(NOON), 9));
    }
    assert_eq!((course.resend.as_deref(), course.resends), (Some("k"), 1));
}

#[test]
fn a_ledger_that_was_waited_for_is_believed_at_once() {
    let mut course = lost();
    assert!(course.take(Turn::Ledger(Ledger::Failed(Fault::Offline)), NOON, 9));
    let again = course.wakes_at().unwrap();
    assert!(course.take(Turn::Ledger(Ledger::Absent { proven: true }), again, 9));
    assert_eq!(
        course.due(again),
        Some(Task::Send),
        "the network is there: it was waited for"
    );
}

#[test]
fn absence_that_the_ledger_cannot_prove_is_not_believed() {
    let mut course = lost();
    assert!(course.take(Turn::Ledger(Ledger::Absent { proven: false }), NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::AskBackend));
}

#[test]
fn a_backend_that_finds_nothing_of_what_it_has_answered_is_believed_at_once() {
    let mut course = lost();
    let problem = Problem {
        fault: Fault::Protocol {
            what: "a web page".to_owned(),
        },
        sent: Sent::Unknown,
    };
    let answered = Some(Held::Answer);
    assert!(course.take(Turn::Failed { problem, answered }, NOON, 0));
    let asks = course.wakes_at().unwrap();
    assert_eq!(course.due(asks), Some(Task::AskBackend));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), asks, 0));
    assert_eq!(course.due(asks), Some(Task::Send));
    assert_eq!(
        course.edition, 2,
        "under the first key the ledger would give the web page again"
    );
}

#[test]
fn a_backend_that_finds_nothing_is_asked_twice_before_it_is_believed() {
    let mut course = lost();
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON, 0));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), NOON, 0));
    course.take(Turn::Awake, NOON, 0);
    assert_eq!(
        course.due(NOON.plus(SETTLE - 1)),
        None,
        "the request may still be at work there"
    );
    let later = NOON.plus(SETTLE);
    assert_eq!(course.due(later), Some(Task::AskBackend));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), later, 0));
    assert_eq!(course.due(later), Some(Task::Send));
    assert_eq!(
        course.edition, 2,
        "under the first key the ledger would still say that it is unknown"
    );
}

#[test]
fn a_page_that_is_loaded_anew_does_not_begin_the_wait_again() {
    let mut course = lost();
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON, 0));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), NOON.plus(1_000), 0));
    course.take(Turn::Restarted, NOON.plus(SETTLE - 1), 0);
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON.plus(SETTLE - 1), 0));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), NOON.plus(SETTLE - 1), 0));
    assert_eq!(course.due(NOON.plus(SETTLE)), Some(Task::AskBackend));

    course.take(Turn::Restarted, NOON.plus(SETTLE), 0);
    assert!(course.take(Turn::Ledger(Ledger::Unknown), NOON.plus(SETTLE), 0));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), NOON.plus(SETTLE), 0));
    assert_eq!(course.due(NOON.plus(SETTLE)), Some(Task::Send));
}

#[test]
fn a_clock_that_was_put_back_makes_nobody_wait_longer() {
    let mut course = lost();
    let yesterday = NOON.plus(-86_400_000);
    course.take(Turn::Awake, yesterday, 0);
    assert!(course.take(Turn::Ledger(Ledger::Unknown), yesterday, 0));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), yesterday, 0));
    let later = yesterday.plus(SETTLE);
    assert_eq!(course.due(later), Some(Task::AskBackend));
    assert!(course.take(Turn::Backend(Ok(Reconciled::Absent)), later, 0));
    assert_eq!(course.due(later), Some(Task::Send));
}

#[test]
fn the_ledgers_own_answer_that_says_nothing_leads_to_the_backend() {
    let mut course = lost();
    assert!(course.take(failed(upstream(), Sent::Unknown, Some(Held::Answer)), NOON, 0));
    assert_eq!(course.due(NOON), Some(Task::AskBackend));
}

#[test]
fn a_ledger_that_cannot_be_asked_is_asked_later_and_never_replaced_by_sending() {
    let mut course = lost();
    let mut now = NOON;
    for _ in 0..50 {
        assert!(course.take(Turn::Ledger(Ledger::Failed(Fault::Offline)), now, 5));
        now = course.wakes_at().unwrap();
        assert_eq!(course.due(now), Some(Task::AskLedger));
    }
    for _ in 0..=6 {
        assert_eq!(course.due(course.wakes_at().unwrap()), Some(Task::AskLedger));
        assert!(course.take(Turn::Ledger(Ledger::Foreign), now, 5));
    }
    assert_eq!(
        course.due(now),
        Some(Task::AskBackend),
        "where there is no ledger, the backend is asked"
    );
}

#[test]
fn a_new_try_never_goes_under_a_key_that_the_ledger_would_answer_for() {
    let not_there = |held| after(vec![began("k"), failed(Fault::NotFound, Sent::Yes, Some(held))]);
    assert_eq!(not_there(Held::Nothing).edition, 1);
    assert_eq!(not_there(Held::Unknown).edition, 2);
    assert_eq!(not_there(Held::Answer).edition, 2);
}

#[test]
fn what_is_wanted_sent_again_after_an_answer_that_said_nothing_has_a_key_of_its_own() {
    let mut course = after(vec![
        began("k"),
        failed(Fault::Protocol { what: String::new() }, Sent::Yes, Some(Held::Answer)),
        Turn::Decided(Decision::SendAgain),
    ]);
    assert_eq!((course.edition, course.resend.take()), (2, None));
}

#[test]
fn a_citizens_decision_ends_any_doubt() {
    let mut course = lost();
    assert!(course.take(Turn::Decided(Decision::SendAgain), NOON, 0));
    assert_eq!(
        (course.due(NOON), course.resend.as_deref()),
        (Some(Task::Send), Some("k"))
    );
    let mut course = lost();
    let reference: crate::model::case::Reference = "LPR-1".parse().unwrap();
    let decision = Decision::Arrived {
        reference: Some(reference.clone()),
    };
    assert!(course.take(Turn::Decided(decision), NOON, 0));
    assert_eq!(
        course.stage,
        Stage::Arrived {
            acknowledgement: Acknowledgement::Reference(reference),
            notice: String::new(),
            at: NOON,
            citizens_word: true
        }
    );
}

#[test]
fn where_there_is_no_doubt_there_is_nothing_to_decide() {
    for mut course in [Course::new(), after(vec![began("k")])] {
        let before = course.clone();
        assert!(!course.take(Turn::Decided(Decision::SendAgain), NOON, 0));
        assert!(!course.take(Turn::Decided(Decision::Arrived { reference: None }), NOON, 0));
        assert_eq!(course, before);
    }
}

#[test]
fn what_was_under_way_when_the_engine_died_is_unknown() {
    let mut course = after(vec![began("k"), Turn::Restarted]);
    assert_eq!(course.due(NOON), Some(Task::AskLedger));
    assert_eq!(course.unsettled().map(|attempt| attempt.key.as_str()), Some("k"));
    course = after(vec![began("k"), Turn::Continued, Turn::Restarted]);
    assert_eq!(
        course.due(NOON),
        Some(Task::Send),
        "the first request was answered, the next not begun"
    );
}

#[test]
fn nothing_under_way_can_be_discarded() {
    let mut course = after(vec![began("k")]);
    assert!(!course.take(Turn::Discarded, NOON, 0));
    assert!(lost().take(Turn::Discarded, NOON, 0));
    assert!(Course::new().take(Turn::Discarded, NOON, 0));
}

/// Turns of every kind; those that answer a question are taken only where it was due.
fn turns() -> impl Strategy<Value = Turn> {
    let fault = prop_oneof![
        Just(Fault::Offline),
        Just(Fault::Timeout),
        (0..7200_u32).prop_map(|after| Fault::RateLimited { after: Some(after) }),
        Just(Fault::LoginNeeded),
        Just(refused()),
        Just(Fault::NotFound),
        Just(Fault::TooLarge),
        Just(Fault::Protocol { what: String::new() }),
        Just(upstream()),
    ];
    let sent = prop_oneof![Just(Sent::No), Just(Sent::Yes), Just(Sent::Unknown)];
    let held = prop_oneof![
        2 => Just(None),
        1 => Just(Some(Held::Nothing)),
        1 => Just(Some(Held::Unknown)),
        1 => Just(Some(Held::Answer)),
    ];
    let acknowledgement = Just(Acknowledgement::Nothing);
    prop_oneof![
        1 => Just(Turn::Submitted),
        6 => Just(Turn::Started),
        6 => "[a-c]".prop_map(|key| Turn::Began { key }),
        1 => Just(Turn::Continued),
        1 => acknowledgement.clone().prop_map(|acknowledgement| Turn::Arrived { acknowledgement, notice: String::new() }),
        6 => (fault.clone(), sent, held).prop_map(|(fault, sent, answered)| failed(fault, sent, answered)),
        1 => Just(Turn::FormDiffers { form: Form::default(), fingerprint: String::new() }),
        4 => prop_oneof![
            any::<bool>().prop_map(|proven| Ledger::Absent { proven }),
            Just(Ledger::Pending),
            Just(Ledger::Unknown),
            Just(Ledger::Foreign),
            fault.clone().prop_map(Ledger::Failed),
        ].prop_map(Turn::Ledger),
        4 => prop_oneof![
            acknowledgement.prop_map(|acknowledgement| Ok(Reconciled::Arrived(acknowledgement))),
            Just(Ok(Reconciled::Absent)),
            Just(Ok(Reconciled::CannotTell)),
            fault.prop_map(Err),
        ].prop_map(Turn::Backend),
        1 => Just(Turn::Decided(Decision::SendAgain)),
        1 => Just(Turn::Decided(Decision::Arrived { reference: None })),
        2 => Just(Turn::Retry),
        2 => Just(Turn::Awake),
        1 => Just(Turn::Restarted),
        1 => Just(Turn::Discarded),
    ]
}

/// Whether a turn that was taken settles an attempt that was out: an answer, a certain failure, a
/// proof, a decision. Written from the promise, not from the machine.
fn settles(turn: &Turn, asked: bool, ended: bool, sends: bool, absences: &mut u32) -> bool {
    let absent = matches!(turn, Turn::Backend(Ok(Reconciled::Absent)));
    match turn {
        Turn::Backend(_) if absent => *absences += 1,
        Turn::Backend(Err(_)) | Turn::Awake | Turn::Failed { answered: None, .. } => {}
        _ => *absences = 0,
    }
    match turn {
        Turn::Continued | Turn::Arrived { .. } | Turn::Decided(_) => true,
        // It may be sent now, or the ledger be asked once more after a wait: the course says which.
        Turn::Ledger(Ledger::Absent { proven }) => *proven && sends,
        Turn::Backend(Ok(Reconciled::Arrived(_))) => true,
        // A request that the backend has answered, or that is two minutes old, is no longer at work
        // there: once is enough.
        Turn::Backend(Ok(Reconciled::Absent)) => ended || *absences >= 2,
        // While it is being asked what became of it, only a judged answer says anything.
        Turn::Failed { problem, answered } => {
            (answered.is_some() || !asked) && verdict::verdict(problem.clone()) != verdict::Verdict::Unknown
        }
        // Given up: never sent again without being submitted again, by the citizen.
        Turn::Discarded => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_sequence_of_turns_sends_twice_without_a_proof_or_a_decision(
        steps in prop::collection::vec((turns(), -100_000_i64..900_000, any::<u64>()), 1..60)
    ) {
        let mut course = Course::new();
        let mut now = NOON;
        let (mut out, mut asked, mut absences, mut proved) = (false, false, 0, false);
        let mut began = NOON;
        for (turn, gone, random) in steps {
            now = now.plus(gone);
            let due = course.due(now);
            let wanted = match turn {
                Turn::Ledger(_) => due == Some(Task::AskLedger),
                Turn::Backend(_) => due == Some(Task::AskBackend),
                _ => true,
            };
            let before = course.clone();
            if !wanted || !course.take(turn.clone(), now, random) {
                prop_assert_eq!(&course, &before, "what does not apply changes nothing");
                continue;
            }
            prop_assert!(!matches!(before.stage, Stage::Arrived { .. }), "delivered is final: {:?}", turn);
            if let Turn::Began { .. } = turn {
                prop_assert!(!out, "sent again while the first is unsettled");
                (out, asked, absences, proved) = (true, false, 0, false);
                began = now;
            } else if proved && matches!(turn, Turn::Failed { .. } | Turn::Restarted) && course.unsettled().is_some() {
                // Nothing went at once, and a proof ages: it is in doubt as before.
                (out, asked, absences, proved) = (true, true, 0, false);
            } else if out {
                let answered = before.unsettled().is_some_and(|attempt| attempt.held == Held::Answer);
                let ended = answered || now.since(began) >= 120_000;
                let sends = course.due(now) == Some(Task::Send);
                if settles(&turn, asked, ended, sends, &mut absences) {
                    out = false;
                    proved = matches!(turn, Turn::Ledger(_));
                } else if matches!(turn, Turn::Failed { .. } | Turn::Restarted) {
                    asked = true;
                }
            }
            prop_assert_eq!(course.unsettled().is_some(), out, "after {:?}: {:?}", turn, course.stage);
            if let Some(at) = course.wakes_at() {
                prop_assert!(course.due(at).is_some(), "a wish to wake is for something");
                prop_assert!(at.since(now) <= backoff::LONGEST.max(900_000 * 60));
            }
        }
    }
}
