//! What goes into a step and what comes out of it.

use crate::adapters::http::{Request, Response};
use crate::model::application::{ApplicationId, Draft};
use crate::model::message::{Command, Event};
use crate::model::problem::Problem;
use crate::model::time::Timestamp;
use crate::store::record::{Key, Record};

/// When a step is taken, and a fresh random number for it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Now, by the clock of the device; it may jump.
    pub now: Timestamp,
    /// Random; a step that needs more expands it.
    pub random: u64,
}

/// A request's number in this engine's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// A write's number in this engine's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What goes in.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "one at a time; not large on 32 bits")
)]
pub enum Input {
    /// The first input: what the main database held, which drafts in the journal are marked as
    /// submitted, and which build this is. Commands that come before it wait for it.
    Started {
        /// All records.
        records: Vec<Record>,
        /// Submitted drafts.
        submitted: Vec<Draft>,
        /// The engine's build.
        build: String,
    },
    /// From the app.
    Command(Command),
    /// The answer to [`Effect::ReadDraft`]; `None` if there is none.
    Draft {
        /// Which one.
        id: ApplicationId,
        /// The draft, or what the browser said when it could not be read.
        draft: Result<Option<Draft>, String>,
    },
    /// The end of [`Effect::Fetch`].
    Response {
        /// Which one.
        id: RequestId,
        /// The response, or the transport's own failure.
        result: Result<Response, Problem>,
    },
    /// Bytes of a request's body that are on their way.
    Progress {
        /// Which one.
        id: RequestId,
        /// Bytes sent.
        sent: u64,
        /// Bytes in all.
        total: u64,
    },
    /// The end of [`Effect::Save`].
    Saved {
        /// Which one.
        ticket: Ticket,
        /// What the browser said if it failed; then nothing of it is stored.
        result: Result<(), String>,
    },
    /// The moment of the last [`Effect::WakeAt`] has come. May come early or late.
    Tick,
}

/// What comes out; the driver performs effects in their order, and none is awaited before the next.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        clippy::large_enum_variant,
        reason = "a step has a handful, each is performed once and gone; not large on 32 bits"
    )
)]
pub enum Effect {
    /// Write all of this in one transaction, durably; answered by [`Input::Saved`]. There is one
    /// at a time.
    Save {
        /// Its number.
        ticket: Ticket,
        /// Records to write.
        put: Vec<Record>,
        /// Keys to remove.
        delete: Vec<Key>,
    },
    /// Read a draft from the journal; answered by [`Input::Draft`].
    ReadDraft(ApplicationId),
    /// Remove a draft and its files from the journal: it is delivered or discarded.
    DropDraft(ApplicationId),
    /// Take back the mark of a draft as submitted, so that it can be changed by the citizen.
    ReopenDraft(ApplicationId),
    /// Send a request; answered by [`Input::Response`], perhaps after [`Input::Progress`].
    Fetch {
        /// Its number.
        id: RequestId,
        /// The request.
        request: Request,
    },
    /// Come back with [`Input::Tick`] at this moment; replaces the wish before.
    WakeAt(Timestamp),
    /// Tell the app.
    Emit(Event),
}
