//! Lives of phones, simulated: faults of every kind, engines that die at any effect, clocks that
//! jump. What must hold in the end holds for each seed; a seed that fails prints itself, and
//! `PENDOPO_SEED=n` runs it alone. `PENDOPO_APPLICATIONS=100000` lives that many applications, over
//! all weathers together; the suite lives fewer.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a wrong shape fails the test, as it should"
)]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use pendopo::delivery::{Look, Stage};
use pendopo::model::application::ApplicationId;
use pendopo::model::case::MyCase;
use pendopo::model::delivery::{Delivery, WaitingFor};
use pendopo::model::message::{Command, Decision, Event};
use pendopo::store::migrations::{self, Stored};
use pendopo::store::record::Kind;

use world::edge::{Fate, application};
use world::{Faults, HOUR, MINUTE, SECOND, World};

const SERVICES: [&str; 4] = [
    "32.73/loket/001",
    "32.73/kantor/001",
    "34.04/loket/001",
    "34.04/kantor/001",
];
const APPLICATIONS: u8 = 12;
/// Applications over all weathers, where nobody says how many.
const FEW: u64 = 4_320;
const WEATHERS: u64 = 6;

/// What kind of world a seed gives.
struct Weather {
    faults: Faults,
    jumps: bool,
    loses_ledger: bool,
}

fn kind(seed: u64) -> Weather {
    let network = Faults {
        offline: 100,
        lost_request: 100,
        late_request: 60,
        doubled_request: 100,
        lost_response: 150,
        ..Faults::default()
    };
    let (faults, jumps, loses_ledger) = match seed % WEATHERS {
        0 => (network, false, false),
        1 => (Faults { killed: 60, ..network }, false, false),
        2 => (Faults { office: 400, ..network }, false, false),
        3 => (
            Faults {
                office: 300,
                killed: 40,
                full: 150,
                ..network
            },
            false,
            false,
        ),
        4 => (
            Faults {
                office: 200,
                killed: 30,
                ..network
            },
            false,
            true,
        ),
        _ => (
            Faults {
                office: 200,
                killed: 30,
                ..network
            },
            true,
            false,
        ),
    };
    Weather {
        faults,
        jumps,
        loses_ledger,
    }
}

/// A citizen: mends what is refused, decides what nobody knows, and comes back to the page.
#[derive(Default)]
struct Citizen {
    mended: BTreeMap<ApplicationId, u32>,
    sent_again: BTreeMap<ApplicationId, usize>,
    said_arrived: BTreeSet<ApplicationId>,
}

impl Citizen {
    fn reacts(&mut self, world: &mut World, decides: bool) {
        for event in std::mem::take(&mut world.events) {
            let Event::Delivery(line) = event else {
                continue;
            };
            let id = line.id;
            match line.delivery {
                Delivery::Rejected { .. } => {
                    let times = self.mended.entry(id.clone()).or_default();
                    *times += 1;
                    let reopened = world.journal.get(&id).is_some_and(|draft| draft.submitted.is_none());
                    if reopened && *times <= 3 {
                        let text = if *times == 1 && world.dice.hits(300) {
                            "masih salah"
                        } else {
                            "benar"
                        };
                        world.mend(&id, text, None);
                    }
                }
                Delivery::Uncertain {
                    until: None,
                    login: false,
                    ..
                } if decides && world.dice.hits(700) => {
                    let wait = world.dice.below(HOUR);
                    let decision = if world.dice.hits(500) {
                        Decision::SendAgain
                    } else {
                        Decision::Arrived { reference: None }
                    };
                    if decision == Decision::SendAgain {
                        *self.sent_again.entry(id.clone()).or_default() += 1;
                    } else {
                        self.said_arrived.insert(id.clone());
                    }
                    world.later(wait, Command::Decide { id, decision });
                }
                Delivery::Waiting(WaitingFor::Network { .. }) if world.dice.hits(100) => {
                    world.later(5 * SECOND, Command::Retry { id });
                }
                _ => {}
            }
        }
    }
}

/// How a life went.
struct Lived {
    ends: Vec<&'static str>,
    kills: u64,
}

fn live(seed: u64) -> Result<Lived, String> {
    let Weather {
        faults,
        jumps,
        loses_ledger,
    } = kind(seed);
    let mut world = World::new(seed);
    let mut citizen = Citizen::default();
    world.faults = faults;
    world.start();
    if world.engine.is_none() {
        world.start_later(SECOND);
    }
    let mut ids = Vec::new();
    for number in 1..=APPLICATIONS {
        let service = SERVICES[usize::from(number) % SERVICES.len()];
        let text = if world.dice.hits(200) { "salah" } else { "benar" };
        ids.push(world.submit(number, service, text));
        let pause = world.dice.below(5 * MINUTE);
        world.run_for(pause);
        citizen.reacts(&mut world, true);
    }
    if jumps {
        for at in 1..6 {
            let skew = (world.dice.below(40) - 20) * 6 * HOUR;
            world.jump_later(at * 20 * MINUTE, skew);
        }
    }
    if loses_ledger {
        let at = world.dice.below(HOUR);
        world.lose_ledger_later(at);
    }
    for _ in 0..120 {
        world.run_for(MINUTE);
        if world.dice.hits(100) {
            world.later(0, Command::Awake { online: true });
        }
        citizen.reacts(&mut world, true);
    }
    // Now all is well, and long enough.
    world.faults = Faults::default();
    for _ in 0..96 {
        world.run_for(30 * MINUTE);
        citizen.reacts(&mut world, false);
    }
    world.later(0, Command::List);
    let still = world.run_for(HOUR);
    if !still {
        return Err("something goes on for ever".to_owned());
    }
    Ok(Lived {
        ends: judge(&world, &citizen, &ids, jumps)?,
        kills: world.kills,
    })
}

/// What must hold of each application in the end.
fn judge(world: &World, citizen: &Citizen, ids: &[ApplicationId], jumps: bool) -> Result<Vec<&'static str>, String> {
    let mut ends = Vec::new();
    let mut keys = BTreeMap::new();
    for key in &world.edge.files_taken {
        *keys.entry(key.clone()).or_insert(0_usize) += 1;
    }
    for id in ids {
        let draft = world.journal.get(id);
        let taken = world
            .edge
            .accepted
            .iter()
            .filter(|(accepted, _)| accepted == id.as_str())
            .count();
        let copies = world.unremembered.iter().filter(|of| *of == id.as_str()).count();
        let again = citizen.sent_again.get(id).copied().unwrap_or_default() + copies;
        let ambiguous = world.edge.ambiguous.contains(id.as_str());
        if taken > 1 + again {
            return Err(format!(
                "{id} was taken in {taken} times and sent again by the citizen {again} times"
            ));
        }
        if let Some((key, times)) = keys
            .iter()
            .find(|(key, times)| application(key) == id.as_str() && **times > 1 + again)
        {
            return Err(format!("the file {key} was taken in {times} times"));
        }
        let out = world
            .store
            .get(&migrations::key(Kind::Outbox, id))
            .map(migrations::read);
        let case = world.store.get(&migrations::key(Kind::Case, id)).map(migrations::read);
        match (out, case) {
            (None, Some(Ok(Stored::Case(mine)))) => {
                delivered(id, &mine, taken, draft.is_some())?;
                ends.push(if mine.receipt.citizens_word {
                    "said to have arrived"
                } else {
                    "delivered"
                });
            }
            (Some(Ok(Stored::Outgoing(out))), None) => {
                let Some(draft) = draft else {
                    return Err(format!("the draft of {id} is lost at {:?}", out.course.stage));
                };
                match out.course.stage {
                    Stage::Rejected { .. } if taken > 0 => return Err(format!("{id} was taken in and is rejected")),
                    Stage::Rejected { .. } if draft.submitted.is_some() => {
                        return Err(format!("{id} is rejected and cannot be mended"));
                    }
                    Stage::Rejected { .. } => ends.push("rejected"),
                    Stage::Unknown {
                        look: Look::Citizen,
                        attempt,
                        ..
                    } => {
                        // A ledger that begins after an attempt, or hardly before, proves nothing of it.
                        let before_ledger = attempt.at.0 < world.edge.since + MINUTE;
                        if !ambiguous && !before_ledger && !jumps {
                            return Err(format!(
                                "{id} is uncertain, and nothing was between first byte and answer"
                            ));
                        }
                        if out.service.to_string().contains("/loket/") {
                            return Err(format!("{id} is uncertain, and its office could be asked"));
                        }
                        ends.push("uncertain");
                    }
                    stage => return Err(format!("{id} is still {stage:?} though all is well")),
                }
            }
            (out, case) => return Err(format!("{id} is lost: {out:?}, {case:?}, {draft:?}")),
        }
    }
    Ok(ends)
}

fn delivered(id: &ApplicationId, mine: &MyCase, taken: usize, has_draft: bool) -> Result<(), String> {
    if has_draft {
        return Err(format!("{id} is delivered and its draft is still there"));
    }
    if taken == 0 && !mine.receipt.citizens_word {
        return Err(format!("{id} is delivered and nobody has it"));
    }
    if !mine.receipt.citizens_word && mine.case.is_none() && mine.trouble.is_none() {
        return Err(format!("{id} was never asked about"));
    }
    Ok(())
}

/// Lives as many of one weather as are quickly lived, or the one that `PENDOPO_SEED` names.
fn lives(weather: u64) {
    let alone = std::env::var("PENDOPO_SEED")
        .ok()
        .map(|text| text.parse::<u64>().unwrap());
    let seeds: Vec<u64> = match alone {
        Some(seed) if seed % WEATHERS == weather => vec![seed],
        Some(_) => Vec::new(),
        None => {
            let wanted = std::env::var("PENDOPO_APPLICATIONS");
            let wanted = wanted.map_or(FEW, |text| text.parse().unwrap());
            let rounds = wanted.div_ceil(u64::from(APPLICATIONS) * WEATHERS);
            (0..rounds).map(|round| round * WEATHERS + weather).collect()
        }
    };
    let mut ends = BTreeMap::new();
    let mut kills = 0;
    for seed in &seeds {
        let lived = live(*seed).unwrap_or_else(|what| panic!("PENDOPO_SEED={seed}: {what}"));
        kills += lived.kills;
        for end in lived.ends {
            *ends.entry(end).or_insert(0) += 1;
        }
    }
    let applications = seeds.len() * usize::from(APPLICATIONS);
    println!("{applications} applications, {kills} kills: {ends:?}");
}

/// The offices' fates and lost answers that an application is led through while its engine dies.
const PATHS: [(&str, &[Fate], &[bool]); 7] = [
    ("all is well", &[], &[]),
    ("the answer is lost", &[], &[true]),
    ("the office cannot be reached", &[Fate::Unreachable], &[]),
    ("the office fails and has it", &[Fate::FailsAfter], &[]),
    ("the office fails and has it not", &[Fate::FailsBefore], &[]),
    ("the office answers nonsense", &[Fate::Garbled], &[]),
    ("the office is slow", &[Fate::Slow], &[]),
];

/// The engine dies before its first effect, in another life before its second, and so on until it is
/// no longer there to die: there is no effect at which something gets lost or doubled.
#[test]
fn an_engine_that_dies_at_each_of_its_effects_loses_and_doubles_nothing() {
    let mut deaths = 0;
    for (name, fates, lost) in PATHS {
        for service in SERVICES {
            for text in ["benar", "salah"] {
                for at in 0.. {
                    let mut world = World::new(7);
                    world.fates = fates.to_vec();
                    world.lose = lost.to_vec();
                    world.dies_at = Some(at);
                    world.start();
                    let id = world.submit(1, service, text);
                    let mut citizen = Citizen::default();
                    for _ in 0..200 {
                        world.run_for(10 * MINUTE);
                        citizen.reacts(&mut world, false);
                    }
                    let died = world.dies_at.is_none();
                    deaths += u32::from(died);
                    if let Err(what) = judge(&world, &citizen, &[id], false) {
                        panic!("{name}, {service}, {text}, dead at effect {at}: {what}");
                    }
                    if !died {
                        break;
                    }
                }
            }
        }
    }
    println!("{deaths} deaths");
    assert!(deaths > 500, "{deaths}: each path has some dozen effects");
}

#[test]
fn over_a_network_that_loses_delays_and_doubles_nothing_is_lost_or_doubled() {
    lives(0);
}

#[test]
fn with_an_engine_that_dies_at_any_effect_nothing_is_lost_or_doubled() {
    lives(1);
}

#[test]
fn with_offices_that_fail_nothing_is_lost_or_doubled() {
    lives(2);
}

#[test]
fn on_a_phone_that_is_full_nothing_is_lost_or_doubled() {
    lives(3);
}

#[test]
fn with_an_edge_that_loses_its_ledger_nothing_is_lost_or_doubled() {
    lives(4);
}

#[test]
fn with_a_clock_that_jumps_nothing_is_lost_or_doubled() {
    lives(5);
}

#[test]
fn the_same_seed_gives_the_same_life() {
    let log = |seed| {
        let mut world = World::new(seed);
        world.faults = kind(3).faults;
        world.start();
        for number in 1..6 {
            world.submit(number, SERVICES[usize::from(number) % 4], "benar");
        }
        world.run_for(3 * HOUR);
        (world.events, world.sent, world.store.records())
    };
    assert_eq!(log(11), log(11));
    assert_ne!(log(11).1, log(12).1);
}
