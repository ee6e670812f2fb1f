//! The engine: `step(Input) → Vec<Effect>`.
//!
//! A state machine that performs nothing itself: commands, responses, ticks and stored records go
//! in; requests, writes, timers and events come out. The moment and a random number are inputs, so
//! the same seed gives the same run. In the browser the worker drives it, natively tokio does, and
//! in tests a simulation. A driver is a loop: it hands in what came, performs the effects in their
//! order, and hands their ends in again.
//!
//! | module | holds |
//! |---|---|
//! | `contract` | [`Input`] and [`Effect`] |
//! | `intake` | drafts that come in |
//! | `outbox` | what is held of each application, what the citizen wants of it, what the app is told |
//! | `schedule` | when which application has its turn |
//! | `run`, `talk` | one try of one application, from its draft to its end |
//! | `settling` | ends that are stored |
//! | `access` | logins of citizens |
//! | `cases` | questions about cases |
//! | `published` | the catalogue's files, kept for the engine's life |
//! | `edge` | what the edge says for itself, its ledger above all |
//! | `writer` | what is to be stored, one transaction at a time |
//! | `wiring` | the calls into the form engine |
//!
//! What it keeps to:
//! - Nothing is sent that is not stored: an application before anything is asked for it, and each
//!   attempt, with the facts won before it, before its request goes.
//! - What became of an attempt is decided by [`crate::delivery`] alone; here its questions are
//!   asked and its turns brought about.
//! - Applications to one backend go one at a time, the oldest that is due first; one that has to
//!   wait does not hold up those behind it. Up to [`RUNS`] backends are served at once, and no
//!   backend is asked more than four things at once.
//! - What the engine cannot read it neither sends nor deletes.
//!
//! What it deliberately does not do: no I/O, no clock, no futures, no words for citizens, no
//! parsing of what a backend says (that is the adapters').

#![deny(clippy::arithmetic_side_effects)]

mod access;
mod cases;
mod contract;
mod edge;
mod intake;
mod outbox;
mod published;
mod run;
mod schedule;
mod settling;
mod talk;
mod wiring;
mod writer;

pub use contract::{Effect, Input, Moment, RequestId, Ticket};

use crate::adapters::http::{Request, Response};
use crate::adapters::{self, Adapter};
use crate::delivery::backoff;
use crate::model::application::ApplicationId;
use crate::model::case::MyCase;
use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::message::{Command, Event};
use crate::model::order::sort_by;
use crate::model::problem::{Fault, Problem};
use crate::model::region::{Backend, BackendId};
use crate::model::time::Timestamp;
use crate::store::record::Key;

use access::Access;
use cases::Inquiry;
use outbox::Entry;
use published::{Need, Place, Published};
use writer::Writer;

/// How many applications are on their way at once, each to a backend of its own.
pub const RUNS: usize = 4;
/// Diagnostics that are kept until they are fetched.
const DIAGNOSTICS: usize = 100;

/// Fits an adapter to a backend; [`adapters::compile`] but in tests.
pub type Compile = fn(&BackendId, &Backend, i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>);

/// The engine.
pub struct Engine {
    compile: Compile,
    /// `None` until [`Input::Started`].
    build: Option<String>,
    /// Commands that came before [`Input::Started`].
    early: Vec<Command>,
    now: Timestamp,
    dice: u64,
    effects: Vec<Effect>,
    diagnostics: Vec<Diagnostic>,
    outbox: Vec<Entry>,
    cases: Vec<MyCase>,
    /// Records that this build cannot read.
    unreadable: Vec<Key>,
    /// Submitted, and their drafts are being read.
    intake: Vec<ApplicationId>,
    /// Delivered, and not yet stored as such; `true` once the app was told all the same.
    arriving: Vec<(ApplicationId, bool)>,
    /// Whose drafts go once everything is erased.
    erasing: Option<Vec<ApplicationId>>,
    accesses: Vec<Access>,
    inquiries: Vec<Inquiry>,
    flights: Vec<(RequestId, Owner)>,
    numbers: u64,
    published: Published,
    writer: Writer,
    /// Backends that asked for quiet, and until when.
    quiet: Vec<(BackendId, Timestamp)>,
    wake: Option<Timestamp>,
}

/// Whom a response is for.
#[derive(Clone, PartialEq, Eq)]
enum Owner {
    Published(Place),
    Run(ApplicationId),
    Inquiry(u64),
    Access(BackendId),
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine at the beginning of its life; it waits for [`Input::Started`].
    #[must_use]
    pub fn new() -> Self {
        Self::with_adapters(adapters::compile)
    }

    /// An engine that speaks through other adapters.
    #[must_use]
    pub fn with_adapters(compile: Compile) -> Self {
        Self {
            compile,
            build: None,
            early: Vec::new(),
            now: Timestamp(0),
            dice: 0,
            effects: Vec::new(),
            diagnostics: Vec::new(),
            outbox: Vec::new(),
            cases: Vec::new(),
            unreadable: Vec::new(),
            intake: Vec::new(),
            arriving: Vec::new(),
            erasing: None,
            accesses: Vec::new(),
            inquiries: Vec::new(),
            flights: Vec::new(),
            numbers: 0,
            published: Published::default(),
            writer: Writer::default(),
            quiet: Vec::new(),
            wake: None,
        }
    }

    /// Takes a step. Effects are to be performed in their order.
    pub fn step(&mut self, moment: Moment, input: Input) -> Vec<Effect> {
        self.now = moment.now;
        self.dice = moment.random;
        match input {
            Input::Started {
                records,
                submitted,
                build,
            } => self.start(&records, submitted, build),
            Input::Command(command) if self.build.is_none() => self.early.push(command),
            Input::Command(command) => self.command(command),
            Input::Draft { id, draft } => self.draft_read(&id, draft),
            Input::Response { id, result } => self.response(id, result),
            Input::Progress { id, sent, total } => self.progress(id, sent, total),
            Input::Saved { ticket, result } => self.saved(ticket, result),
            Input::Tick => self.wake = None,
        }
        if self.build.is_some() {
            self.start_runs();
            self.start_inquiries();
            if let Some(save) = self.writer.flush(self.now) {
                self.effects.push(save);
            }
            self.wish();
        }
        std::mem::take(&mut self.effects)
    }

    /// What could not be used of what backends said and the store held, since this was last asked;
    /// for logs. Nothing personal is in it.
    pub fn diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Hello { .. } => {
                let build = self.build.clone().unwrap_or_default();
                self.emit(Event::Hello { build });
            }
            Command::Submit { id } => {
                if !self.intake.contains(&id) {
                    self.intake.push(id.clone());
                }
                self.effects.push(Effect::ReadDraft(id));
            }
            Command::Retry { id } => self.retry(&id),
            Command::Decide { id, decision } => self.decide(&id, decision),
            Command::Discard { id } => self.discard(&id),
            Command::List => {
                self.emit_outbox();
                let mut cases = self.cases.clone();
                sort_by(&mut cases, |one, other| {
                    other.receipt.delivered.cmp(&one.receipt.delivered)
                });
                self.emit_accesses();
                self.emit(Event::Cases(cases));
            }
            Command::Refresh { id } => self.refresh(id.as_ref()),
            Command::LookUp {
                backend,
                reference,
                second_fact,
            } => self.look_up(backend, reference, second_fact),
            Command::LogIn {
                backend,
                credentials,
                keep,
            } => self.log_in(backend, credentials, keep),
            Command::LogOut { backend } => self.log_out(&backend),
            Command::Mine { backend } => self.list_mine(backend),
            Command::Document {
                backend,
                reference,
                handle,
            } => self.fetch_document(backend, reference, handle),
            Command::Awake { online: true } => self.awake(),
            // What the browser says of being offline is a hint: a request finds out for itself.
            Command::Awake { online: false } => {}
            Command::Erase => self.erase(),
        }
    }

    fn response(&mut self, id: RequestId, result: Result<Response, Problem>) {
        // A request that nobody waits for any more was given up.
        let Some(at) = self.flights.iter().position(|(flight, _)| *flight == id) else {
            return;
        };
        let (_, owner) = self.flights.swap_remove(at);
        match owner {
            Owner::Published(place) => {
                let result = result.and_then(edge::backends_own);
                self.published.came(&place, result, self.now);
                self.resume_logins();
                self.resume_runs();
                self.resume_inquiries();
            }
            Owner::Run(application) => self.run_answered(&application, result),
            Owner::Inquiry(number) => self.inquiry_answered(number, result),
            Owner::Access(backend) => self.login_answered(&backend, result),
        }
    }

    /// Whether a published file is here; it is asked for if it is not.
    fn need(&mut self, place: &Place, since: u64, fresh: bool) -> Need {
        let need = self.published.need(place, since, fresh, self.now);
        let Need::Load(request) = need else {
            return need;
        };
        self.fetch(Owner::Published(place.clone()), request);
        Need::Wait
    }

    /// The adapter of a backend whose region's file is here.
    fn adapter(&mut self, id: &BackendId) -> Result<Box<dyn Adapter>, Problem> {
        let backend = self.published.region(&id.region).and_then(|region| {
            let backend = region.backends.iter().find(|backend| backend.id == id.backend)?;
            Some((self.compile)(id, backend, region.utc_offset))
        });
        let Some((adapter, diagnostics)) = backend else {
            return Err(Problem::unsent(Fault::NotFound));
        };
        self.note(diagnostics);
        adapter.ok_or_else(|| {
            Problem::unsent(Fault::Protocol {
                what: "no adapter speaks to this backend".to_owned(),
            })
        })
    }

    fn fetch(&mut self, owner: Owner, request: Request) -> RequestId {
        self.numbers = self.numbers.saturating_add(1);
        let id = RequestId(self.numbers);
        self.flights.push((id, owner));
        self.effects.push(Effect::Fetch { id, request });
        id
    }

    fn emit(&mut self, event: Event) {
        self.effects.push(Effect::Emit(event));
    }

    fn note(&mut self, diagnostics: Vec<Diagnostic>) {
        if !SAID {
            return;
        }
        let room = DIAGNOSTICS.saturating_sub(self.diagnostics.len());
        self.diagnostics.extend(diagnostics.into_iter().take(room));
    }

    /// A fresh random number (splitmix64).
    const fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.dice ^ (self.dice >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A backend asked for quiet: nobody asks it anything before.
    fn hush(&mut self, backend: &BackendId, fault: &Fault) {
        let Fault::RateLimited { after: Some(seconds) } = fault else {
            return;
        };
        let until = self.now.plus(backoff::asked_for(*seconds));
        self.quiet.retain(|(quiet, _)| quiet != backend);
        self.quiet.push((backend.clone(), until));
    }

    /// Until when a backend is to be left alone. More than can be asked for means that the clock was
    /// set back.
    fn quiet_until(&self, backend: &BackendId) -> Option<Timestamp> {
        let (_, until) = self.quiet.iter().find(|(quiet, _)| quiet == backend)?;
        let left = until.since(self.now);
        (left > 0 && left <= backoff::LONGEST).then_some(*until)
    }

    /// Wishes to be woken when the next thing is due.
    fn wish(&mut self) {
        let due = self.outbox.iter().filter_map(|entry| self.entry_wakes_at(entry));
        let Some(at) = due.chain(self.writer.wakes_at()).min() else {
            return;
        };
        if self.wake != Some(at) {
            self.wake = Some(at);
            self.effects.push(Effect::WakeAt(at));
        }
    }
}
