//! An application's ways from "Kirim" to its end, each on a phone of its own.

mod world;

use pendopo::adapters::http::{HEADER_RESEND, Request, Target};
use pendopo::engine::{Effect, Engine, Input, Moment};
use pendopo::forms::fingerprint;
use pendopo::model::application::ApplicationId;
use pendopo::model::case::Acknowledgement;
use pendopo::model::delivery::{Delivery, WaitingFor};
use pendopo::model::message::{Command, Decision, Event};
use pendopo::model::problem::Fault;
use pendopo::model::route::published_service;
use pendopo::model::time::Timestamp;
use pendopo::store::migrations::{self, Stored};
use pendopo::store::record::Kind;

use world::edge::Fate;
use world::{HOUR, MINUTE, NOON, SECOND, World, counter, stricter_form};

const LOKET: &str = "32.73/loket/001";
const KANTOR: &str = "32.73/kantor/001";

fn world() -> World {
    let mut world = World::new(1);
    world.start();
    world
}

/// The words of an application's delivery, in the order in which the app was told.
fn told(world: &World, id: &ApplicationId) -> Vec<&'static str> {
    let lines = world.events.iter().filter_map(|event| match event {
        Event::Delivery(line) if line.id == *id => Some(line.delivery.word()),
        _ => None,
    });
    let mut words: Vec<&'static str> = lines.collect();
    words.dedup();
    words
}

/// The keys of the requests that left the phone for an office.
fn keys(world: &World) -> Vec<String> {
    let to_offices = world
        .sent
        .iter()
        .filter(|request| matches!(request.target, Target::Backend(_)));
    to_offices.filter_map(|request| request.key.clone()).collect()
}

fn posts(world: &World) -> usize {
    keys(world).len()
}

fn is_marked_resend(request: &Request) -> bool {
    request
        .headers
        .iter()
        .any(|(name, value)| name == HEADER_RESEND && value == "1")
}

#[test]
fn an_application_goes_from_kirim_to_a_receipt_and_a_case_with_a_status() {
    let mut world = world();
    let id = world.submit(1, LOKET, "Lubang di jalan");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id), ["queued", "sending", "delivered"]);
    let Some(Delivery::Delivered(receipt)) = world.told.get(&id) else {
        panic!("{:?}", world.told);
    };
    assert_eq!(
        receipt.acknowledgement,
        Acknowledgement::Reference("LKT-1".parse().unwrap())
    );
    assert_eq!(receipt.notice, "Diterima");
    assert!(!receipt.citizens_word);
    let Some(Event::Case(mine)) = world.events.last() else {
        panic!("{:?}", world.events);
    };
    assert_eq!(mine.receipt, *receipt);
    assert_eq!(
        mine.case.as_ref().map(|case| case.status.code.as_str()),
        Some("diterima")
    );
    assert_eq!(world.journal.get(&id), None, "the draft has done its duty");
    assert_eq!(world.edge.accepted, [(id.to_string(), "Lubang di jalan".to_owned())]);
}

#[test]
fn what_was_won_on_the_way_is_not_won_again() {
    let mut world = world();
    // The file is taken in, and the application fails once.
    world.fates = vec![Fate::Fine, Fate::Unreachable];
    let id = world.submit(1, KANTOR, "benar");
    world.run_for(HOUR);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    let file = format!("{id}-berkas");
    assert_eq!(keys(&world), [file.clone(), id.to_string(), id.to_string()]);
    assert_eq!(world.edge.files_taken, [file]);
}

#[test]
fn an_answer_that_was_lost_is_found_in_the_ledger_and_nothing_is_sent_again() {
    let mut world = world();
    let id = world.submit(1, KANTOR, "benar");
    // The answers to both published files and to the file come through, that to the application does not.
    world.lose = vec![false, false, false, true];
    world.run_for(HOUR);
    assert_eq!(told(&world, &id), ["queued", "sending", "uncertain", "delivered"]);
    assert_eq!(posts(&world), 2, "the file and the application, once each");
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn a_refused_application_is_reopened_mended_and_sent_under_a_key_of_its_own() {
    let mut world = world();
    let id = world.submit(1, LOKET, "salah");
    world.run_for(MINUTE);
    let refused = Delivery::Rejected {
        fields: Vec::new(),
        message: "Uraian tidak lengkap".to_owned(),
    };
    assert_eq!(world.told.get(&id), Some(&refused));
    // The citizen takes a day over it, and the phone is started anew.
    world.kill();
    world.run_for(24 * HOUR);
    world.start();
    world.mend(&id, "benar", None);
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    assert_eq!(keys(&world), [id.to_string(), format!("{id}.2")]);
}

#[test]
fn a_form_that_the_office_has_changed_is_shown_before_anything_is_sent_and_its_answers_are_taken() {
    let mut world = world();
    let service = LOKET.parse().unwrap();
    let new = stricter_form();
    world.office_form(&service, &new);
    let id = world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    let changed = WaitingFor::FormChanged {
        form: new.clone(),
        fingerprint: fingerprint(&new),
    };
    assert_eq!(world.told.get(&id), Some(&Delivery::Waiting(changed)));
    assert_eq!(posts(&world), 0);
    // What is published still has the old form; the citizen has answered the office's.
    world.mend(&id, "benar", Some(fingerprint(&new)));
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    assert_eq!(
        keys(&world),
        [id.to_string()],
        "nothing of the first content was sent: the key is the same"
    );
}

#[test]
fn a_form_that_is_published_anew_is_shown_before_anything_is_sent() {
    let mut world = world();
    let service = KANTOR.parse().unwrap();
    let new = stricter_form();
    world.publish_service(&service, &new, false);
    let id = world.submit(1, KANTOR, "benar");
    world.run_for(MINUTE);
    let changed = WaitingFor::FormChanged {
        form: new.clone(),
        fingerprint: fingerprint(&new),
    };
    assert_eq!(world.told.get(&id), Some(&Delivery::Waiting(changed)));
    assert_eq!(posts(&world), 0);
}

#[test]
fn a_published_file_that_the_engine_keeps_is_asked_for_again_before_a_form_is_called_changed() {
    let mut world = world();
    let first = world.submit(1, KANTOR, "benar");
    world.run_for(MINUTE);
    let new = stricter_form();
    world.publish_service(&KANTOR.parse().unwrap(), &new, false);
    let second = world.write(2, KANTOR, "benar");
    let mut draft = world.journal.get(&second).unwrap().clone();
    draft.form = fingerprint(&new);
    world.journal.put(draft);
    world.later(0, Command::Submit { id: second.clone() });
    world.run_for(MINUTE);
    assert_eq!(told(&world, &first), ["queued", "sending", "delivered"]);
    assert_eq!(told(&world, &second), ["queued", "sending", "delivered"]);
}

#[test]
fn a_form_that_cannot_be_read_holds_nothing_back_but_an_office_that_is_down_does() {
    let mut world = world();
    world.edge.form_status = 404;
    let id = world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    let diagnostics = world.engine.as_mut().map(Engine::diagnostics).unwrap_or_default();
    assert_eq!(diagnostics.first().map(|one| one.path.as_str()), Some("/form"));

    world.edge.form_status = 503;
    let id = world.submit(2, LOKET, "benar");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"waiting"));
    assert_eq!(posts(&world), 1);
    world.edge.form_status = 200;
    world.run_for(HOUR);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
}

#[test]
fn a_service_that_is_no_longer_published_is_waited_for() {
    let mut world = world();
    let path = published_service(&LOKET.parse().unwrap());
    let file = world.edge.files.remove(&path).unwrap();
    let id = world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    let waits = |world: &World| match world.told.get(&id) {
        Some(Delivery::Waiting(WaitingFor::Network { fault, .. })) => Some(fault.clone()),
        _ => None,
    };
    assert_eq!(waits(&world), Some(Fault::NotFound));
    world.edge.files.insert(path, file);
    world.run_for(HOUR);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
}

#[test]
fn where_nobody_can_tell_the_citizen_decides() {
    let mut world = world();
    world.fates = vec![Fate::Fine, Fate::Slow];
    let id = world.submit(1, KANTOR, "benar");
    world.run_for(HOUR);
    assert!(matches!(
        world.told.get(&id),
        Some(Delivery::Uncertain {
            until: None,
            login: false,
            ..
        })
    ));
    assert_eq!(posts(&world), 2);
    let reference = "LKT-1".parse().ok();
    world.later(
        0,
        Command::Decide {
            id: id.clone(),
            decision: Decision::Arrived { reference },
        },
    );
    world.run_for(MINUTE);
    let Some(Delivery::Delivered(receipt)) = world.told.get(&id) else {
        panic!("{:?}", world.told);
    };
    assert!(receipt.citizens_word, "the receipt says whose word it is");
    assert!(receipt.acknowledgement.shown().is_some());
    assert_eq!((posts(&world), world.edge.accepted.len()), (2, 1));
}

#[test]
fn what_the_citizen_wants_sent_again_goes_under_the_same_key_marked_as_wanted() {
    let mut world = world();
    world.fates = vec![Fate::Fine, Fate::FailsBefore];
    let id = world.submit(1, KANTOR, "benar");
    world.run_for(HOUR);
    assert!(matches!(
        world.told.get(&id),
        Some(Delivery::Uncertain {
            until: None,
            login: false,
            ..
        })
    ));
    assert!(!world.sent.iter().any(is_marked_resend));
    world.later(
        0,
        Command::Decide {
            id: id.clone(),
            decision: Decision::SendAgain,
        },
    );
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    let marked: Vec<&Request> = world.sent.iter().filter(|request| is_marked_resend(request)).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0].key.as_deref(), Some(id.as_str()));
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn an_office_that_can_be_asked_settles_a_doubt_by_itself() {
    let mut world = world();
    world.fates = vec![Fate::Slow];
    let slow = world.submit(1, LOKET, "benar");
    world.run_for(HOUR);
    assert_eq!(told(&world, &slow), ["queued", "sending", "uncertain", "delivered"]);
    assert_eq!((posts(&world), world.edge.accepted.len()), (1, 1));

    world.fates = vec![Fate::FailsBefore];
    let failed = world.submit(2, LOKET, "benar");
    world.run_for(HOUR);
    assert_eq!(told(&world, &failed).last(), Some(&"delivered"));
    assert_eq!(keys(&world)[1..], [failed.to_string(), format!("{failed}.2")]);
    assert_eq!(world.edge.accepted.len(), 2);
}

#[test]
fn nothing_is_decided_about_what_is_under_way() {
    let mut world = world();
    world.fates = vec![Fate::Slow];
    let id = world.submit(1, LOKET, "benar");
    world.run_for(10 * SECOND);
    assert_eq!(told(&world, &id), ["queued", "sending"]);
    world.later(
        0,
        Command::Decide {
            id: id.clone(),
            decision: Decision::SendAgain,
        },
    );
    world.later(0, Command::Discard { id: id.clone() });
    world.later(0, Command::Retry { id: id.clone() });
    world.run_for(5 * SECOND);
    assert_eq!(told(&world, &id), ["queued", "sending"]);
    assert_eq!(posts(&world), 1);
}

#[test]
fn an_engine_that_died_while_sending_looks_before_it_sends() {
    let mut world = world();
    let id = world.submit(1, LOKET, "benar");
    while posts(&world) == 0 {
        world.run_for(100);
    }
    world.kill();
    world.run_for(MINUTE);
    world.start();
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
    assert_eq!((posts(&world), world.edge.accepted.len()), (1, 1));
}

#[test]
fn a_busy_office_is_left_alone_by_all_applications_until_it_said() {
    let mut world = world();
    world.fates = vec![Fate::RateLimited];
    let first = world.submit(1, LOKET, "benar");
    world.run_for(5 * SECOND);
    let second = world.submit(2, LOKET, "benar");
    world.later(0, Command::Retry { id: first.clone() });
    world.later(0, Command::Awake { online: true });
    world.run_for(20 * SECOND);
    assert_eq!(posts(&world), 1);
    assert_eq!(told(&world, &second), ["queued"]);
    world.run_for(MINUTE);
    assert_eq!(told(&world, &first).last(), Some(&"delivered"));
    assert_eq!(told(&world, &second).last(), Some(&"delivered"));
}

#[test]
fn applications_to_one_office_go_one_after_the_other_and_to_different_ones_side_by_side() {
    let mut world = world();
    // The first to each office takes half a minute to fail.
    world.fates = vec![Fate::Slow, Fate::Slow];
    let ids: Vec<ApplicationId> = [LOKET, LOKET, "34.04/loket/001"]
        .into_iter()
        .zip(1..)
        .map(|(service, number)| {
            let id = world.submit(number, service, "benar");
            world.run_for(10);
            id
        })
        .collect();
    world.run_for(10 * SECOND);
    assert_eq!(keys(&world), [ids[0].to_string(), ids[2].to_string()]);
    world.run_for(HOUR);
    assert!(
        ids.iter().all(|id| told(&world, id).last() == Some(&"delivered")),
        "{:?}",
        world.told
    );
}

#[test]
fn one_that_waits_does_not_hold_up_those_behind_it() {
    let mut world = world();
    let bad = world.submit(1, LOKET, "salah");
    world.run_for(MINUTE);
    let good = world.submit(2, LOKET, "benar");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &bad).last(), Some(&"rejected"));
    assert_eq!(told(&world, &good).last(), Some(&"delivered"));
}

#[test]
fn the_network_coming_back_sends_what_waits_at_once() {
    let mut world = world();
    world.faults.offline = 1000;
    let id = world.submit(1, LOKET, "benar");
    world.run_for(3 * HOUR);
    let Some(Delivery::Waiting(WaitingFor::Network { fault, .. })) = world.told.get(&id) else {
        panic!("{:?}", world.told);
    };
    assert_eq!(*fault, Fault::Offline);
    world.faults.offline = 0;
    world.later(0, Command::Awake { online: true });
    world.run_for(10 * SECOND);
    assert_eq!(told(&world, &id).last(), Some(&"delivered"));
}

#[test]
fn a_phone_without_network_tries_ever_more_rarely() {
    let mut world = world();
    world.faults.offline = 1000;
    world.submit(1, LOKET, "benar");
    world.run_for(HOUR);
    let first = world.sent.len();
    world.run_for(23 * HOUR);
    let later = (world.sent.len() - first) / 23;
    assert!(
        2 * first > 3 * later,
        "{first} in the first hour, {later} in each later one"
    );
    // Two files are asked for at each try, and a try comes after five minutes on average.
    assert!(later <= 2 * 16, "{later}");
}

#[test]
fn a_clock_that_jumps_either_way_stops_nothing() {
    for years in [-30, -1, 1, 30] {
        let mut world = world();
        world.faults.offline = 1000;
        let id = world.submit(1, LOKET, "benar");
        world.run_for(HOUR);
        world.skew = years * 365 * 24 * HOUR;
        world.faults.offline = 0;
        world.run_for(HOUR);
        assert_eq!(told(&world, &id).last(), Some(&"delivered"), "{years} years");
    }
}

#[test]
fn progress_is_told_in_twentieths() {
    let mut world = world();
    world.fates = vec![Fate::Slow];
    let id = world.submit(1, LOKET, "benar");
    world.run_for(10 * SECOND);
    world.events.clear();
    let flight = world.last_flight.unwrap();
    for sent in 0..=1000 {
        world.feed(Input::Progress {
            id: flight,
            sent,
            total: 1000,
        });
    }
    let told: Vec<(u64, u64)> = world
        .events
        .iter()
        .map(|event| match event {
            Event::Delivery(line) if line.id == id => match line.delivery {
                Delivery::Sending {
                    progress: Some(progress),
                } => progress,
                _ => panic!("{event:?}"),
            },
            _ => panic!("{event:?}"),
        })
        .collect();
    assert_eq!(told.len(), 21);
    assert_eq!((told.first(), told.last()), (Some(&(0, 1000)), Some(&(1000, 1000))));
}

#[test]
fn commands_that_come_before_the_store_is_read_wait_for_it() {
    let mut engine = Engine::with_adapters(counter::compile);
    let moment = Moment {
        now: Timestamp(NOON),
        random: 1,
    };
    let hello = Command::Hello { build: "b1".to_owned() };
    assert_eq!(engine.step(moment, Input::Command(hello)), []);
    let started = Input::Started {
        records: Vec::new(),
        submitted: Vec::new(),
        build: "b2".to_owned(),
    };
    let said = Effect::Emit(Event::Hello { build: "b2".to_owned() });
    assert_eq!(engine.step(moment, started.clone()), [said]);
    assert_eq!(engine.step(moment, started), [], "it is started once");
}

#[test]
fn a_draft_that_is_not_marked_as_submitted_is_not_sent() {
    let mut world = world();
    let id = world.write(1, LOKET, "benar");
    world.journal.reopen(&id);
    world.later(0, Command::Submit { id: id.clone() });
    world.run_for(MINUTE);
    assert!(matches!(world.events[..], [Event::StoreFailed { .. }]));
    assert_eq!(world.sent, []);
}

#[test]
fn submitting_twice_sends_once() {
    let mut world = world();
    let id = world.submit(1, LOKET, "benar");
    world.later(0, Command::Submit { id: id.clone() });
    world.later(700, Command::Submit { id: id.clone() });
    world.later(MINUTE, Command::Submit { id: id.clone() });
    world.run_for(HOUR);
    assert_eq!(posts(&world), 1);
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn the_attempt_is_stored_with_its_moment_before_it_goes() {
    // The world looks at each request (`World::send`); here what it looks at is seen to be there.
    let mut world = world();
    world.fates = vec![Fate::Slow];
    let id = world.submit(1, LOKET, "benar");
    world.run_for(10 * SECOND);
    let record = world.store.get(&migrations::key(Kind::Outbox, &id)).unwrap();
    let Ok(Stored::Outgoing(out)) = migrations::read(record) else {
        panic!("{record:?}");
    };
    let attempt = out.course.unsettled().unwrap();
    assert_eq!(attempt.key, id.as_str());
    assert_eq!(Some(attempt.at), out.course.first_sent);
}
