//! Questions about cases: one's own, and any by its number.

#![expect(clippy::unwrap_used, reason = "a wrong shape fails the test, as it should")]

mod world;

use pendopo::adapters::http::Target;
use pendopo::model::application::ApplicationId;
use pendopo::model::case::MyCase;
use pendopo::model::message::{Command, Event};
use pendopo::model::problem::Fault;
use pendopo::model::status::Phase;

use world::{MINUTE, SECOND, World};

const LOKET: &str = "32.73/loket/001";

fn delivered(number: u8) -> (World, ApplicationId) {
    let mut world = World::new(1);
    world.start();
    let id = world.submit(number, LOKET, "benar");
    world.run_for(MINUTE);
    (world, id)
}

fn last_case(world: &World) -> MyCase {
    let case = world.events.iter().rev().find_map(|event| match event {
        Event::Case(mine) => Some(mine.clone()),
        _ => None,
    });
    case.unwrap()
}

fn look_up(reference: &str) -> Command {
    Command::LookUp {
        second_fact: None,
        backend: "32.73/loket".parse().unwrap(),
        reference: reference.parse().unwrap(),
    }
}

#[test]
fn trouble_never_takes_away_what_was_known() {
    let (mut world, id) = delivered(1);
    let known = last_case(&world);
    world.faults.offline = 1000;
    world.later(0, Command::Refresh { id: Some(id.clone()) });
    world.run_for(MINUTE);
    let troubled = last_case(&world);
    assert_eq!(troubled.trouble, Some(Fault::Offline));
    assert_eq!((&troubled.case, troubled.as_of), (&known.case, known.as_of));
    // It outlives the engine, and the next answer ends it.
    world.kill();
    world.start();
    world.faults.offline = 0;
    world.later(0, Command::Refresh { id: None });
    world.run_for(MINUTE);
    let fresh = last_case(&world);
    assert_eq!(fresh.trouble, None);
    assert!(fresh.as_of > known.as_of);
}

#[test]
fn a_case_is_looked_up_by_its_number_and_nothing_is_stored() {
    let (mut world, _) = delivered(1);
    let stored = world.store.records();
    world.later(0, look_up("LKT-1"));
    world.later(0, look_up("LKT-77"));
    world.run_for(MINUTE);
    let mut answers: Vec<(String, Option<Phase>)> = Vec::new();
    for event in &world.events {
        if let Event::LookedUp { reference, answer, .. } = event {
            let phase = answer.as_ref().ok().map(|(case, _)| case.status.phase);
            answers.push((reference.to_string(), phase));
        }
    }
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        answers,
        [
            ("LKT-1".to_owned(), Some(Phase::Submitted)),
            ("LKT-77".to_owned(), None)
        ]
    );
    assert_eq!(world.store.records(), stored);
}

#[test]
fn a_look_up_says_why_it_failed() {
    let mut world = World::new(1);
    world.start();
    world.faults.offline = 1000;
    world.later(0, look_up("LKT-1"));
    world.run_for(MINUTE);
    let Some(Event::LookedUp {
        answer: Err(problem), ..
    }) = world.events.last()
    else {
        panic!("{:?}", world.events);
    };
    assert_eq!(problem.fault, Fault::Offline);
}

#[test]
fn no_more_than_three_questions_go_to_one_office_at_once() {
    let mut world = World::new(1);
    world.start();
    for number in 1..=9 {
        world.later(0, look_up(&format!("LKT-{number}")));
    }
    world.later(0, look_up("LKT-9"));
    let mut most = 0;
    for _ in 0..600 {
        world.run_for(SECOND / 10);
        let sent = world
            .sent
            .iter()
            .filter(|request| matches!(request.target, Target::Backend(_)));
        most = most.max(sent.count() - world.edge.reached.len());
    }
    let answers = world
        .events
        .iter()
        .filter(|event| matches!(event, Event::LookedUp { .. }));
    assert_eq!(answers.count(), 9, "the same question at the same time is one question");
    assert!((1..=3).contains(&most), "{most}");
    let regions = world.sent.iter().filter(|request| request.target == Target::Site);
    assert_eq!(regions.count(), 1, "the region's file is asked for once");
}

#[test]
fn all_that_is_delivered_is_listed_newest_first() {
    let (mut world, first) = delivered(1);
    let second = world.submit(2, LOKET, "benar");
    world.run_for(MINUTE);
    world.later(0, Command::List);
    world.run_for(SECOND);
    let Some(Event::Cases(cases)) = world.events.last() else {
        panic!("{:?}", world.events);
    };
    let ids: Vec<&ApplicationId> = cases.iter().map(|mine| &mine.receipt.id).collect();
    assert_eq!(ids, [&second, &first]);
}

#[test]
fn a_case_that_its_office_closed_a_year_ago_is_forgotten_and_one_that_is_open_never() {
    for (phase, kept) in [(Phase::Closed, false), (Phase::InProgress, true)] {
        let (mut world, id) = delivered(1);
        let mut mine = last_case(&world);
        mine.case.as_mut().unwrap().status.phase = phase;
        world.kill();
        let record = pendopo::store::migrations::case(&mine);
        world.store.save(vec![record.clone()], &[]).unwrap();
        // Within the year it stays.
        world.now += 360 * 24 * world::HOUR;
        world.start();
        world.run_for(1);
        assert!(world.store.get(&record.key).is_some(), "{phase:?}");
        world.kill();
        world.faults.offline = 1000;
        world.now += 6 * 24 * world::HOUR;
        world.store.save(vec![record.clone()], &[]).unwrap();
        world.start();
        world.run_for(MINUTE);
        assert_eq!(world.store.get(&record.key).is_some(), kept, "{phase:?} {id}");
    }
}
