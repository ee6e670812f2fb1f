//! The outbox as a pure state machine: how one application comes from the phone to its backend,
//! exactly once.
//!
//! A [`Course`] is where one application is on its way. [`Course::take`] moves it by a [`Turn`] and
//! [`Course::due`] says what is to be done now, if anything. Between them they keep one promise:
//! **nothing is sent a second time unless somebody has proved that the first did not arrive, or the
//! citizen wants it so.**
//!
//! ```text
//!            Began                 Arrived
//!   Ready ─────────► Sending ──────────────────► (delivered)
//!    ▲  ▲             │  │ └─ refused ─────────► Rejected ── Submitted (a new edition) ─► Ready
//!    │  └─ certainly ─┘  │
//!    │     not sent:     │ nobody knows
//!    │     Resting       ▼
//!    └─── absent ──── Unknown: the edge's ledger ─► the backend ─► the citizen
//! ```
//!
//! **Proof is fresh.** Where the ledger has nothing of an attempt, a copy of it may still be on its
//! way. So what waits before it is sent again is not the sending but the question: the ledger is
//! asked once more after the wait, and what is sent follows its word at once.
//!
//! **Editions.** The key of every request is the application's id, so that edge and backend can tell
//! a repetition: where an attempt was lost on its way, the same key is sent again. But whoever keeps
//! answers by key would answer a mended application with the old refusal, and a new try with the old
//! failure. So content that was changed after any of it had been sent, and a try that follows one
//! whose end the ledger holds, are a new *edition*: the key becomes `{id}.2`, then `{id}.3`. An
//! edition begins only where the one before is settled (refused, declined, proved absent), never
//! while it is unknown, so editions cannot double either. What the citizen wants sent again in spite
//! of a doubt goes under the same key, marked as wanted: a backend that knows keys can still tell.
//!
//! **Giving up.** Delivery never gives up by itself while it is certain that nothing was sent: it
//! rests, ever longer up to [`backoff::CAP`]. The citizen can discard.
//!
//! What this room does not do: no I/O, no clock (moments are inputs), no requests, no words.

#![deny(clippy::arithmetic_side_effects)]

pub mod backoff;
mod course;
mod turn;
pub mod verdict;

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "numbers of tests are not outside data")]
mod tests;

pub use course::{Attempt, Course, Held, Look, Outgoing, Rest, Stage, Task};
pub use turn::{Ledger, Turn};
