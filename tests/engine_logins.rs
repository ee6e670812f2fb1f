//! Logins of citizens: asked for when they are needed, renewed by themselves, forgotten when they are
//! wrong, and nothing lost meanwhile.

#![expect(clippy::unwrap_used, reason = "a wrong shape fails the test, as it should")]

mod world;

use pendopo::model::application::ApplicationId;
use pendopo::model::delivery::{Delivery, WaitingFor};
use pendopo::model::login::Credentials;
use pendopo::model::message::{Command, Event};
use pendopo::model::problem::Fault;
use pendopo::model::secret::Secret;
use pendopo::store::record::Kind;

use world::edge::Fate;
use world::{HOUR, MINUTE, World};

const BALAI: &str = "32.73/balai/001";
const SANDI: &str = "rahasia-8514";

fn world() -> World {
    let mut world = World::new(3);
    world.edge.citizens.push(("siti".to_owned(), SANDI.to_owned()));
    world.start();
    world
}

fn log_in(proof: &str, keep: bool) -> Command {
    Command::LogIn {
        backend: "32.73/balai".parse().unwrap(),
        credentials: Credentials {
            identifier: Secret::new("siti".to_owned()),
            proof: Secret::new(proof.to_owned()),
        },
        keep,
    }
}

fn said(world: &World) -> Vec<Result<String, Fault>> {
    let answers = world.events.iter().filter_map(|event| match event {
        Event::LoggedIn { answer, .. } => Some(answer.clone().map_err(|problem| problem.fault)),
        _ => None,
    });
    answers.collect()
}

fn held(world: &World) -> usize {
    let last = world.events.iter().rev().find_map(|event| match event {
        Event::Accesses(accesses) => Some(accesses.len()),
        _ => None,
    });
    last.unwrap_or_default()
}

fn told<'a>(world: &'a World, id: &ApplicationId) -> &'a Delivery {
    world.told.get(id).unwrap()
}

#[test]
fn an_application_waits_for_a_login_and_goes_once_it_is_there() {
    let mut world = world();
    let id = world.submit(1, BALAI, "benar");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id), &Delivery::Waiting(WaitingFor::Login));
    assert_eq!(world.edge.reached.len(), 0, "nothing is sent before");
    world.later(0, log_in(SANDI, false));
    world.run_for(MINUTE);
    assert_eq!(said(&world), [Ok("Siti".to_owned())]);
    assert!(
        matches!(told(&world, &id), Delivery::Delivered(_)),
        "{:?}",
        told(&world, &id)
    );
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn a_wrong_login_is_said_forgotten_and_not_tried_again() {
    let mut world = world();
    let id = world.submit(1, BALAI, "benar");
    world.later(MINUTE, log_in("keliru", true));
    world.run_for(HOUR);
    assert_eq!(said(&world), [Err(Fault::LoginNeeded)]);
    assert_eq!(told(&world, &id), &Delivery::Waiting(WaitingFor::Login));
    assert_eq!((world.edge.logins, held(&world)), (1, 0));
    assert!(
        world
            .store
            .records()
            .iter()
            .all(|record| record.key.kind != Kind::Login)
    );
}

#[test]
fn a_session_that_has_ended_is_renewed_without_the_citizen() {
    let mut world = world();
    world.later(0, log_in(SANDI, false));
    world.run_for(HOUR);
    // The phone does not know that the backend has forgotten it, and then does.
    let first = world.submit(1, BALAI, "benar");
    world.run_for(5 * MINUTE);
    assert!(matches!(told(&world, &first), Delivery::Delivered(_)));
    world.edge.tokens.clear();
    let second = world.submit(2, BALAI, "benar juga");
    world.run_for(5 * MINUTE);
    assert!(
        matches!(told(&world, &second), Delivery::Delivered(_)),
        "{:?}",
        told(&world, &second)
    );
    assert_eq!((world.edge.accepted.len(), world.edge.logins), (2, 3));
}

#[test]
fn what_became_of_an_application_is_asked_once_the_citizen_has_logged_in_again() {
    let mut world = world();
    world.later(0, log_in(SANDI, false));
    world.run_for(MINUTE);
    world.fates = vec![Fate::FailsAfter];
    let id = world.submit(1, BALAI, "benar");
    while world.edge.accepted.is_empty() {
        world.run_for(10);
    }
    // The office's failure never reaches the phone, whose session is gone with its engine.
    world.kill();
    world.start_later(5_000);
    world.run_for(5 * MINUTE);
    let told_now = told(&world, &id);
    assert!(
        matches!(
            told_now,
            Delivery::Uncertain {
                until: None,
                login: true,
                ..
            }
        ),
        "{told_now:?}"
    );
    world.later(0, log_in(SANDI, false));
    world.run_for(5 * MINUTE);
    assert!(
        matches!(told(&world, &id), Delivery::Delivered(_)),
        "{:?}",
        told(&world, &id)
    );
    assert_eq!(world.edge.accepted.len(), 1, "and nothing was sent twice");
}

#[test]
fn a_backend_that_refuses_each_session_is_not_asked_without_end() {
    let mut world = world();
    world.later(0, log_in(SANDI, false));
    world.run_for(MINUTE);
    let id = world.submit(1, BALAI, "benar");
    for _ in 0..600 {
        world.edge.tokens.clear();
        world.run_for(1000);
    }
    assert_eq!(told(&world, &id), &Delivery::Waiting(WaitingFor::Login));
    assert!(world.edge.logins <= 4, "{}", world.edge.logins);
}

#[test]
fn a_login_is_kept_only_where_the_citizen_wants_it() {
    for keep in [false, true] {
        let mut world = world();
        world.later(0, log_in(SANDI, keep));
        world.run_for(MINUTE);
        world.kill();
        world.start();
        let id = world.submit(1, BALAI, "benar");
        world.run_for(5 * MINUTE);
        assert_eq!(
            matches!(told(&world, &id), Delivery::Delivered(_)),
            keep,
            "{:?}",
            told(&world, &id)
        );
        // Logging out forgets it, here and in the store.
        world.later(
            0,
            Command::LogOut {
                backend: "32.73/balai".parse().unwrap(),
            },
        );
        world.run_for(MINUTE);
        assert!(
            world
                .store
                .records()
                .iter()
                .all(|record| record.key.kind != Kind::Login)
        );
        assert_eq!(held(&world), 0);
    }
}

#[test]
fn a_login_without_a_network_loses_nothing() {
    let mut world = world();
    world.later(0, log_in(SANDI, true));
    world.run_for(MINUTE);
    world.kill();
    world.start();
    world.faults.offline = 1000;
    let id = world.submit(1, BALAI, "benar");
    world.run_for(10 * MINUTE);
    assert!(
        matches!(told(&world, &id), Delivery::Waiting(WaitingFor::Network { .. })),
        "{:?}",
        told(&world, &id)
    );
    world.faults.offline = 0;
    world.later(0, Command::Awake { online: true });
    world.run_for(10 * MINUTE);
    assert!(matches!(told(&world, &id), Delivery::Delivered(_)));
}

#[test]
fn what_a_citizen_has_is_listed_and_its_documents_are_fetched() {
    let mut world = world();
    let backend = || "32.73/balai".parse().unwrap();
    world.later(0, Command::Mine { backend: backend() });
    world.run_for(MINUTE);
    let refused = world
        .events
        .iter()
        .any(|event| matches!(event, Event::Mine { answer: Err(problem), .. } if problem.fault == Fault::LoginNeeded));
    assert!(refused);
    world.later(0, log_in(SANDI, false));
    world.later(MINUTE, Command::Mine { backend: backend() });
    world.later(
        MINUTE,
        Command::Document {
            backend: backend(),
            reference: "LKT-1".parse().unwrap(),
            handle: "1".to_owned(),
        },
    );
    world.run_for(2 * MINUTE);
    let listed = world
        .events
        .iter()
        .any(|event| matches!(event, Event::Mine { answer: Ok(cases), .. } if cases.len() == 1));
    let file = world.events.iter().find_map(|event| match event {
        Event::Document { answer: Ok(file), .. } => Some(file.clone()),
        _ => None,
    });
    assert!(listed, "{:?}", world.events);
    assert_eq!(file.unwrap().base64, "JVBERg==");
}

#[test]
fn no_credential_is_in_what_can_be_printed() {
    let mut world = world();
    world.later(0, log_in(SANDI, true));
    world.submit(1, BALAI, "benar");
    world.run_for(MINUTE);
    assert!(!world.edge.tokens.is_empty());
    let printed = format!(
        "{:?} {:?} {:?} {:?}",
        world.sent,
        world.events,
        log_in(SANDI, true),
        world.told
    );
    assert!(!printed.contains(SANDI) && !printed.contains("token-"), "{printed}");
}

#[test]
fn erasing_forgets_logins() {
    let mut world = world();
    world.later(0, log_in(SANDI, true));
    world.later(MINUTE, Command::Erase);
    world.run_for(2 * MINUTE);
    assert!(world.store.records().is_empty());
    let id = world.submit(1, BALAI, "benar");
    world.run_for(MINUTE);
    assert_eq!(told(&world, &id), &Delivery::Waiting(WaitingFor::Login));
}
