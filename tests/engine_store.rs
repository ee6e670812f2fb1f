//! What happens to an application when the phone's own stores fail, are old, or are emptied.

#![expect(clippy::unwrap_used, reason = "a wrong shape fails the test, as it should")]

mod world;

use pendopo::engine::Engine;
use pendopo::model::application::ApplicationId;
use pendopo::model::delivery::Delivery;
use pendopo::model::message::{Command, Event};
use pendopo::store::migrations;
use pendopo::store::record::{Kind, Record};

use world::edge::Fate;
use world::{HOUR, MINUTE, SECOND, World};

const LOKET: &str = "32.73/loket/001";
const KANTOR: &str = "32.73/kantor/001";

fn word(world: &World, id: &ApplicationId) -> Option<&'static str> {
    world.told.get(id).map(Delivery::word)
}

fn outbox(world: &mut World) -> Vec<ApplicationId> {
    world.later(0, Command::List);
    world.run_for(10);
    let lines = world.events.iter().rev().find_map(|event| match event {
        Event::Outbox(lines) => Some(lines.iter().map(|line| line.id.clone()).collect()),
        _ => None,
    });
    lines.unwrap()
}

#[test]
fn on_a_full_phone_nothing_is_told_or_sent_until_it_is_stored() {
    let mut world = World::new(1);
    world.faults.full = 1000;
    world.start();
    let id = world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    assert!(
        world
            .events
            .iter()
            .all(|event| matches!(event, Event::StoreFailed { .. }))
    );
    assert!(world.events.len() > 1, "it is tried again");
    assert_eq!(world.sent, []);
    assert!(world.journal.get(&id).is_some());
    world.faults.full = 0;
    world.run_for(2 * MINUTE);
    assert_eq!(word(&world, &id), Some("delivered"));
}

#[test]
fn a_delivery_that_cannot_be_stored_is_told_all_the_same_and_keeps_its_draft() {
    let mut world = World::new(1);
    world.start();
    world.fates = vec![Fate::Slow];
    let id = world.submit(1, LOKET, "benar");
    world.run_for(20 * SECOND);
    assert_eq!(word(&world, &id), Some("sending"));
    world.faults.full = 1000;
    world.run_for(10 * MINUTE);
    assert_eq!(word(&world, &id), Some("delivered"));
    assert!(
        world.journal.get(&id).is_some(),
        "the draft is all that the phone has stored of it"
    );
    let delivered = |event: &&Event| matches!(event, Event::Delivery(line) if line.delivery.word() == "delivered");
    assert_eq!(world.events.iter().filter(delivered).count(), 1, "told once");
    // A phone that is started anew knows only the attempt; the office has it once, and says so.
    world.kill();
    world.faults.full = 0;
    world.start();
    world.run_for(HOUR);
    assert_eq!(word(&world, &id), Some("delivered"));
    assert_eq!(world.journal.get(&id), None);
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn a_record_that_this_build_cannot_read_is_kept_and_its_application_not_sent() {
    let mut world = World::new(1);
    let id = world.write(1, LOKET, "benar");
    let record = Record {
        key: migrations::key(Kind::Outbox, &id),
        version: 9,
        data: b"sealed by the future".to_vec(),
    };
    world.store.save(vec![record.clone()], &[]).unwrap();
    world.start();
    world.later(0, Command::Submit { id: id.clone() });
    world.run_for(HOUR);
    assert_eq!(world.sent, []);
    assert_eq!(world.store.get(&record.key), Some(&record));
    assert!(world.journal.get(&id).is_some_and(|draft| draft.submitted.is_some()));
    let diagnostics = world.engine.as_mut().map(Engine::diagnostics).unwrap_or_default();
    let said = diagnostics.iter().map(ToString::to_string).collect::<String>();
    assert!(said.contains("version 9"), "{said}");
    assert!(
        !said.contains(id.as_str()),
        "whoever holds an id may ask the edge about it"
    );
}

#[test]
fn a_submitted_draft_that_the_engine_never_heard_of_is_sent_at_its_next_start() {
    let mut world = World::new(1);
    let id = world.write(1, LOKET, "benar");
    world.start();
    world.run_for(MINUTE);
    assert_eq!(word(&world, &id), Some("delivered"));
}

#[test]
fn a_discarded_application_is_not_sent_even_if_its_draft_outlived_it() {
    let mut world = World::new(1);
    world.faults.offline = 1000;
    world.start();
    let id = world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    let draft = world.journal.get(&id).unwrap().clone();
    world.later(0, Command::Discard { id: id.clone() });
    world.run_for(MINUTE);
    assert_eq!(world.journal.get(&id), None);
    assert_eq!(outbox(&mut world), []);
    // The page died before the journal had removed it.
    world.journal.put(draft);
    world.faults.offline = 0;
    world.kill();
    world.start();
    world.run_for(HOUR);
    assert_eq!(world.edge.accepted, []);
    assert_eq!(world.journal.get(&id), None);
    world.kill();
    world.start();
    world.run_for(MINUTE);
    assert_eq!(world.store.records(), [], "and in the end nothing is left of it");
}

#[test]
fn a_refused_draft_that_was_not_reopened_is_reopened_at_the_next_start() {
    let mut world = World::new(1);
    world.start();
    let id = world.submit(1, LOKET, "salah");
    let draft = world.journal.get(&id).unwrap().clone();
    world.run_for(MINUTE);
    assert_eq!(word(&world, &id), Some("rejected"));
    world.journal.put(draft);
    world.kill();
    world.start();
    world.run_for(MINUTE);
    assert_eq!(world.journal.get(&id).and_then(|draft| draft.submitted), None);
    assert_eq!(outbox(&mut world), [id]);
    assert_eq!(
        world
            .edge
            .reached
            .iter()
            .filter(|(method, ..)| method == "POST")
            .count(),
        1
    );
}

#[test]
fn a_delivered_draft_that_was_not_dropped_is_dropped_and_not_sent_again() {
    let mut world = World::new(1);
    world.start();
    let id = world.submit(1, LOKET, "benar");
    let draft = world.journal.get(&id).unwrap().clone();
    world.run_for(MINUTE);
    world.journal.put(draft);
    world.kill();
    world.start();
    world.run_for(HOUR);
    assert_eq!(world.journal.get(&id), None);
    assert_eq!(world.edge.accepted.len(), 1);
}

#[test]
fn erasing_forgets_everything_what_cannot_be_read_included() {
    let mut world = World::new(1);
    let unreadable = Record {
        key: migrations::key(Kind::Case, &world.write(9, LOKET, "benar")),
        version: 9,
        data: Vec::new(),
    };
    world.store.save(vec![unreadable], &[]).unwrap();
    world.start();
    world.fates = vec![Fate::Fine, Fate::Slow];
    world.submit(1, LOKET, "benar");
    world.run_for(10 * SECOND);
    let sending = world.submit(2, LOKET, "benar");
    world.run_for(10 * SECOND);
    assert_eq!(word(&world, &sending), Some("sending"));
    world.events.clear();
    world.later(0, Command::Erase);
    world.run_for(HOUR);
    assert_eq!(world.store.records(), []);
    assert_eq!(
        world.events,
        [Event::Erased],
        "and what was under way says nothing more"
    );
    assert_eq!(world.journal.get(&sending), None);
    world.later(0, Command::Erase);
    world.run_for(MINUTE);
    assert_eq!(
        world.events,
        [Event::Erased, Event::Erased],
        "with nothing to erase, too"
    );
}

#[test]
fn erasing_on_a_full_phone_is_done_when_it_is_done() {
    let mut world = World::new(1);
    world.start();
    world.submit(1, LOKET, "benar");
    world.run_for(MINUTE);
    world.faults.full = 1000;
    world.later(0, Command::Erase);
    world.run_for(MINUTE);
    assert!(!world.events.contains(&Event::Erased));
    world.faults.full = 0;
    world.run_for(MINUTE);
    assert!(world.events.contains(&Event::Erased));
    assert_eq!(world.store.records(), []);
}

#[test]
fn an_uncertain_application_whose_draft_is_gone_is_left_to_the_citizen() {
    let mut world = World::new(1);
    world.start();
    world.fates = vec![Fate::Fine, Fate::Slow];
    let id = world.submit(1, KANTOR, "benar");
    world.run_for(20 * SECOND);
    world.journal.drop_draft(&id);
    world.run_for(HOUR);
    assert!(matches!(
        world.told.get(&id),
        Some(Delivery::Uncertain {
            until: None,
            login: false,
            ..
        })
    ));
}
