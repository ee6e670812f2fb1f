//! A world for the engine to live in: a phone with its store and journal, a network, an edge with a
//! ledger, and offices behind it. Time is simulated, and everything that could be chance comes from
//! one seed.
//!
//! [`World::perform`] is the whole of a driver: it holds the engine to its promise that nothing is
//! sent that is not stored.

#![allow(dead_code, reason = "each test program uses its own part of the world")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a wrong shape fails the test, as it should"
)]

pub mod counter;
pub mod edge;

use std::collections::BTreeMap;

use pendopo::adapters::http::{Request, Response, Target};
use pendopo::catalogue::PublishedService;
use pendopo::delivery::Stage;
use pendopo::engine::{Effect, Engine, Input, Moment, RequestId};
use pendopo::forms;
use pendopo::model::answers::{Answer, Answers};
use pendopo::model::application::{ApplicationId, Draft, uuid_from};
use pendopo::model::capabilities::Capabilities;
use pendopo::model::delivery::Delivery;
use pendopo::model::form::{Field, Form, Section, Step};
use pendopo::model::map::Map;
use pendopo::model::message::{Command, Event};
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::region::{Backend, RegionFile};
use pendopo::model::route::{published_region_file, published_service};
use pendopo::model::service::{Service, ServiceId};
use pendopo::model::time::Timestamp;
use pendopo::store::memory::{MemoryJournal, MemoryStore};
use pendopo::store::migrations::{self, Stored};
use pendopo::store::record::Kind;
use serde_json::json;

use edge::{Edge, Fate, Handling, application};

pub const NOON: i64 = 1_790_000_000_000;
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// Random numbers from a seed (splitmix64).
#[derive(Clone, Copy)]
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: i64) -> i64 {
        i64::try_from(self.roll() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    /// Whether something of so many in a thousand happens.
    pub fn hits(&mut self, per_mille: i64) -> bool {
        self.below(1000) < per_mille
    }
}

/// What may go wrong, each in so many of a thousand cases.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    /// The phone knows that it has no network.
    pub offline: i64,
    /// A request is lost on its way to the edge.
    pub lost_request: i64,
    /// A request arrives long after the phone has given it up.
    pub late_request: i64,
    /// A request arrives twice.
    pub doubled_request: i64,
    /// The answer is lost on its way to the phone.
    pub lost_response: i64,
    /// The office does something other than it should.
    pub office: i64,
    /// The engine dies before an effect is performed.
    pub killed: i64,
    /// The store cannot write.
    pub full: i64,
}

/// Something that is going to happen.
enum Happening {
    /// For the engine of this life.
    Input(u64, Input),
    /// A tick for the engine of this life, if it is still this wish.
    Tick(u64, u64),
    /// From the app, to whatever engine lives.
    Command(Command),
    /// A request arrives at the edge, and somebody may wait for the answer.
    Arrives(Request, Option<(u64, RequestId)>),
    /// The office's end of a forwarded request.
    Ends(Request, Fate, Option<(u64, RequestId)>),
    /// An office takes in what nobody waits for any more.
    TakesIn(Request),
    /// The engine is started.
    Starts,
    /// The phone's clock jumps.
    Jumps(i64),
    /// The edge loses its ledger.
    LosesLedger,
}

pub struct World {
    pub seed: u64,
    pub dice: Dice,
    /// The true time, in milliseconds.
    pub now: i64,
    /// By how much the phone's clock is off.
    pub skew: i64,
    pub faults: Faults,
    pub store: MemoryStore,
    pub journal: MemoryJournal,
    pub edge: Edge,
    /// What the office does next, one after the other; [`Faults::office`] decides where it is empty.
    pub fates: Vec<Fate>,
    /// How the next responses reach the phone: lost where `true`.
    pub lose: Vec<bool>,
    pub engine: Option<Engine>,
    /// Before which of its effects the engine dies, counted from the world's beginning; once.
    pub dies_at: Option<u64>,
    /// Effects performed.
    effects: u64,
    /// Keys of requests that have been answered.
    answered: std::collections::BTreeSet<String>,
    /// Those of which the network brought a copy after that, with nobody waiting for its answer.
    copies: std::collections::BTreeSet<String>,
    /// Applications that the edge got again after it had lost the ledger that knew of them, where no phone
    /// could be wiser: what came was such a copy, or what it had been answered was no longer true since
    /// such a copy.
    pub unremembered: Vec<String>,
    /// How often the engine died.
    pub kills: u64,
    /// What the app was told and has not looked at.
    pub events: Vec<Event>,
    /// Where each application was said to be, last.
    pub told: BTreeMap<ApplicationId, Delivery>,
    /// Requests that left the phone.
    pub sent: Vec<Request>,
    /// The number of the last of them.
    pub last_flight: Option<RequestId>,
    /// Lives and wishes so far.
    life: u64,
    wishes: u64,
    queue: BTreeMap<(i64, u64), Happening>,
    count: u64,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut world = Self {
            seed,
            dice: Dice(seed),
            now: NOON,
            skew: 0,
            faults: Faults::default(),
            store: MemoryStore::default(),
            journal: MemoryJournal::default(),
            edge: Edge::new(NOON),
            fates: Vec::new(),
            lose: Vec::new(),
            engine: None,
            dies_at: None,
            effects: 0,
            answered: std::collections::BTreeSet::new(),
            copies: std::collections::BTreeSet::new(),
            unremembered: Vec::new(),
            kills: 0,
            events: Vec::new(),
            told: BTreeMap::new(),
            sent: Vec::new(),
            last_flight: None,
            life: 0,
            wishes: 0,
            queue: BTreeMap::new(),
            count: 0,
        };
        for region in ["32.73", "34.04"] {
            world.publish_region(region);
        }
        world
    }

    /// Three offices: `loket` can be asked what arrived, `kantor` cannot but takes a file first, and `balai`
    /// wants a login.
    fn publish_region(&mut self, code: &str) {
        let backend = |name: &str, profile: serde_json::Value| Backend {
            guarded: false,
            capabilities: None,
            id: name.parse().unwrap(),
            name: name.into(),
            office: "Dinas".into(),
            adapter: "counter".to_owned(),
            profile: profile.into(),
            services: Vec::new(),
            sources: Map::new(),
        };
        let file = RegionFile {
            schema: None,
            format: 1,
            code: code.parse().unwrap(),
            name: "Kota".to_owned(),
            languages: Vec::new(),
            utc_offset: 420,
            contact: None,
            theme: None,
            demonstration: false,
            backends: vec![
                backend("loket", json!({ "cari": true, "formulir": true })),
                backend("kantor", json!({ "berkas": true })),
                backend("balai", json!({ "masuk": true, "cari": true })),
            ],
        };
        let path = published_region_file(&file.code);
        self.edge.files.insert(path, serde_json::to_vec(&file).unwrap());
        for (name, upstream) in [("loket", true), ("kantor", false), ("balai", false)] {
            let id: ServiceId = format!("{code}/{name}/001").parse().unwrap();
            self.publish_service(&id, &form("Uraian"), upstream);
            if upstream {
                self.office_form(&id, &form("Uraian"));
            }
        }
    }

    /// Publishes a service with this form, which is the office's own where `upstream`.
    pub fn publish_service(&mut self, id: &ServiceId, form: &Form, upstream: bool) {
        let fingerprint = forms::fingerprint(form);
        let mut service = Service::of(id.service.clone());
        service.form = Some(form.clone());
        let published = PublishedService {
            format: 1,
            id: id.clone(),
            service,
            region: "Kota".to_owned(),
            backend: "Loket".into(),
            office: "Dinas".into(),
            capabilities: Capabilities::default(),
            contact: None,
            theme: None,
            demonstration: false,
            upstream: upstream.then(|| fingerprint.clone()),
            fingerprint,
            as_of: Timestamp(NOON),
            stale: false,
        };
        self.edge
            .files
            .insert(published_service(id), serde_json::to_vec(&published).unwrap());
    }

    /// Gives the office a form of its own.
    pub fn office_form(&mut self, id: &ServiceId, form: &Form) {
        self.edge
            .forms
            .insert(id.to_string(), serde_json::to_value(form).unwrap());
    }

    pub fn clock(&self) -> Timestamp {
        Timestamp(self.now + self.skew)
    }

    pub fn later(&mut self, millis: i64, command: Command) {
        self.at(millis, Happening::Command(command));
    }

    pub fn jump_later(&mut self, millis: i64, skew: i64) {
        self.at(millis, Happening::Jumps(skew));
    }

    pub fn lose_ledger_later(&mut self, millis: i64) {
        self.at(millis, Happening::LosesLedger);
    }

    pub fn start_later(&mut self, millis: i64) {
        self.at(millis, Happening::Starts);
    }

    fn at(&mut self, millis: i64, happening: Happening) {
        self.count += 1;
        self.queue.insert((self.now + millis.max(0), self.count), happening);
    }

    /// Starts the engine with what the phone holds.
    pub fn start(&mut self) {
        self.life += 1;
        self.engine = Some(Engine::with_adapters(counter::compile));
        let input = Input::Started {
            records: self.store.records(),
            submitted: self.journal.submitted(),
            build: "b1".to_owned(),
        };
        self.feed(input);
    }

    /// The engine dies; whatever it waited for is lost.
    pub fn kill(&mut self) {
        self.life += 1;
        self.engine = None;
    }

    /// Writes a draft as the app does when "Kirim" is pressed; the command is the caller's.
    pub fn write(&mut self, number: u8, service: &str, text: &str) -> ApplicationId {
        let id: ApplicationId = uuid_from([number; 16]).parse().unwrap();
        let service: ServiceId = service.parse().unwrap();
        self.journal.put(Draft {
            completes: None,
            acting: Vec::new(),
            meanings: Map::new(),
            id: id.clone(),
            service,
            title: "Jalan rusak".to_owned(),
            form: forms::fingerprint(&form("Uraian")),
            answers: answers(text),
            step: "satu".to_owned(),
            progress: (1, 1),
            submitted: Some(self.clock()),
            updated: self.clock(),
        });
        id
    }

    /// Writes a draft and submits it.
    pub fn submit(&mut self, number: u8, service: &str, text: &str) -> ApplicationId {
        let id = self.write(number, service, text);
        self.later(0, Command::Submit { id: id.clone() });
        id
    }

    /// Changes a reopened draft and submits it again.
    pub fn mend(&mut self, id: &ApplicationId, text: &str, fingerprint: Option<String>) {
        let mut draft = self.journal.get(id).unwrap().clone();
        assert_eq!(
            draft.submitted, None,
            "seed {}: a draft that is not reopened",
            self.seed
        );
        draft.answers = answers(text);
        draft.form = fingerprint.unwrap_or(draft.form);
        draft.submitted = Some(self.clock());
        self.journal.put(draft);
        self.later(0, Command::Submit { id: id.clone() });
    }

    /// Lets things happen until nothing more does or the time is over; `true` if nothing more does.
    pub fn run_for(&mut self, millis: i64) -> bool {
        let end = self.now + millis;
        while let Some(entry) = self.queue.first_entry() {
            if entry.key().0 > end {
                self.now = end;
                return false;
            }
            let ((at, _), happening) = entry.remove_entry();
            self.now = at.max(self.now);
            self.happen(happening);
        }
        self.now = end;
        true
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Input(life, input) if life == self.life => self.feed(input),
            Happening::Tick(life, wish) if life == self.life && wish == self.wishes => self.feed(Input::Tick),
            Happening::Input(..) | Happening::Tick(..) => {}
            Happening::Command(command) if self.engine.is_some() => self.feed(Input::Command(command)),
            // The page says it again to the next engine.
            Happening::Command(command) => self.at(SECOND, Happening::Command(command)),
            Happening::Arrives(request, reply) => match self.edge.receive(&request, self.now) {
                Handling::Answer(response) => self.answer(reply, Ok(response)),
                Handling::Forward => {
                    let key = request.key.clone().unwrap_or_default();
                    let is_copy = reply.is_none();
                    if self.edge.has_forgotten(&request) && (is_copy || self.copies.contains(&key)) {
                        self.unremembered.push(application(&key));
                    }
                    if is_copy && self.answered.contains(&key) {
                        self.copies.insert(key);
                    }
                    let fate = self.fate();
                    let wait = if fate == Fate::Slow {
                        30 * SECOND
                    } else {
                        20 + self.dice.below(2_000)
                    };
                    if fate == Fate::Slow {
                        self.at(wait + 5 * SECOND, Happening::TakesIn(request.clone()));
                    }
                    self.at(wait, Happening::Ends(request, fate, reply));
                }
            },
            Happening::Ends(request, fate, reply) => {
                let response = self.edge.forwarded(&request, fate, self.now);
                if reply.is_some() {
                    self.answered.extend(request.key);
                }
                self.answer(reply, Ok(response));
            }
            Happening::TakesIn(request) => {
                self.edge.take_in(&request);
            }
            Happening::Starts => {
                if self.engine.is_none() {
                    self.start();
                }
            }
            Happening::Jumps(skew) => self.skew = skew,
            Happening::LosesLedger => self.edge.lose_ledger(self.now),
        }
    }

    fn fate(&mut self) -> Fate {
        if !self.fates.is_empty() {
            return self.fates.remove(0);
        }
        if !self.dice.hits(self.faults.office) {
            return Fate::Fine;
        }
        match self.dice.below(6) {
            0 => Fate::Unreachable,
            1 => Fate::RateLimited,
            2 => Fate::FailsBefore,
            3 => Fate::FailsAfter,
            4 => Fate::Garbled,
            _ => Fate::Slow,
        }
    }

    fn answer(&mut self, reply: Option<(u64, RequestId)>, result: Result<Response, Problem>) {
        let Some((life, id)) = reply else {
            return;
        };
        let planned = if self.lose.is_empty() {
            None
        } else {
            Some(self.lose.remove(0))
        };
        let lost = planned.unwrap_or_else(|| self.dice.hits(self.faults.lost_response));
        let (wait, result) = if lost {
            (45 * SECOND, Err(broken(Fault::Timeout, Sent::Unknown)))
        } else {
            (10 + self.dice.below(400), result)
        };
        self.at(wait, Happening::Input(life, Input::Response { id, result }));
    }

    /// One step of the engine, and its effects.
    pub fn feed(&mut self, input: Input) {
        let moment = Moment {
            now: self.clock(),
            random: self.dice.roll(),
        };
        let Some(engine) = &mut self.engine else {
            return;
        };
        for effect in engine.step(moment, input) {
            let dies = self.dies_at == Some(self.effects);
            if dies || self.dice.hits(self.faults.killed) {
                if dies {
                    self.dies_at = None;
                }
                self.kills += 1;
                self.kill();
                let pause = SECOND + self.dice.below(10 * MINUTE);
                self.start_later(pause);
                return;
            }
            self.effects += 1;
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        let life = self.life;
        match effect {
            Effect::Save { ticket, put, delete } => {
                if self.dice.hits(self.faults.full) {
                    self.store.fail_next(1);
                }
                let result = self.store.save(put, &delete);
                let wait = 1 + self.dice.below(20);
                self.at(wait, Happening::Input(life, Input::Saved { ticket, result }));
            }
            Effect::ReadDraft(id) => {
                let draft = Ok(self.journal.get(&id).cloned());
                let wait = 1 + self.dice.below(5);
                self.at(wait, Happening::Input(life, Input::Draft { id, draft }));
            }
            Effect::DropDraft(id) => self.journal.drop_draft(&id),
            Effect::ReopenDraft(id) => self.journal.reopen(&id),
            Effect::Fetch { id, request } => self.send(id, request),
            Effect::WakeAt(at) => {
                self.wishes += 1;
                let wait = at.since(self.clock());
                // Timers come a little early, or late, or very late on a phone that slept.
                let off = if self.dice.hits(20) {
                    5 * MINUTE
                } else {
                    self.dice.below(40) - 10
                };
                self.at(wait + off, Happening::Tick(life, self.wishes));
            }
            Effect::Emit(event) => {
                if let Event::Delivery(line) = &event {
                    self.told.insert(line.id.clone(), line.delivery.clone());
                }
                self.events.push(event);
            }
        }
    }

    fn send(&mut self, id: RequestId, request: Request) {
        if matches!(request.target, Target::Backend(_)) && request.key.is_some() {
            self.must_be_stored(&request);
        }
        self.sent.push(request.clone());
        self.last_flight = Some(id);
        let reply = Some((self.life, id));
        let wait = 10 + self.dice.below(600);
        if self.dice.hits(self.faults.offline) {
            let result = Err(broken(Fault::Offline, Sent::No));
            self.at(wait, Happening::Input(self.life, Input::Response { id, result }));
        } else if self.dice.hits(self.faults.lost_request) {
            let result = Err(broken(Fault::Unreachable, Sent::Unknown));
            self.at(wait, Happening::Input(self.life, Input::Response { id, result }));
        } else if self.dice.hits(self.faults.late_request) {
            let result = Err(broken(Fault::Unreachable, Sent::Unknown));
            self.at(wait, Happening::Input(self.life, Input::Response { id, result }));
            let late = wait + self.dice.below(10 * MINUTE);
            self.at(late, Happening::Arrives(request, None));
        } else {
            if self.dice.hits(self.faults.doubled_request) {
                let again = wait + self.dice.below(5 * SECOND);
                self.at(again, Happening::Arrives(request.clone(), None));
            }
            self.at(wait, Happening::Arrives(request, reply));
        }
    }

    /// Nothing is sent that is not stored: the attempt, by its key, stands in the database.
    fn must_be_stored(&self, request: &Request) {
        let key = request.key.clone().unwrap();
        let place = migrations::key(Kind::Outbox, &application(&key).parse().unwrap());
        let record = self.store.get(&place);
        let record = record.unwrap_or_else(|| panic!("seed {}: {key} is sent and not stored", self.seed));
        let Ok(Stored::Outgoing(out)) = migrations::read(record) else {
            panic!("seed {}: {key} is stored as something else", self.seed);
        };
        let Stage::Sending(Some(attempt)) = out.course.stage else {
            panic!("seed {}: {key} is stored as {:?}", self.seed, out.course.stage);
        };
        assert_eq!(attempt.key, key, "seed {}", self.seed);
    }
}

fn broken(fault: Fault, sent: Sent) -> Problem {
    Problem { fault, sent }
}

/// A form with one question of this wording.
pub fn form(label: &str) -> Form {
    Form {
        format: 1,
        steps: vec![Step {
            id: "satu".to_owned(),
            sections: vec![Section {
                fields: vec![Field {
                    id: "uraian".to_owned(),
                    kind: "textarea".to_owned(),
                    label: label.into(),
                    ..Field::default()
                }],
                ..Section::default()
            }],
            ..Step::default()
        }],
        ..Form::default()
    }
}

/// The same form, which now insists on an answer: it is no longer the one that was filled in.
pub fn stricter_form() -> Form {
    let mut form = form("Uraian");
    form.steps[0].sections[0].fields[0].required = true;
    form
}

fn answers(text: &str) -> Answers {
    Answers(Map::from([("uraian".to_owned(), Answer::Text(text.to_owned()))]))
}
