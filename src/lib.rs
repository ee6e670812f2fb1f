//! Pendopo: one front door to the services that Indonesia's regions already run.
//!
//! Five hundred and fourteen regencies and cities run systems that were never joined. Pendopo stands
//! in front of them: a citizen fills in one kind of form and follows one kind of status, and nothing
//! behind it has to change. This crate is the library of two programs that only wire its rooms
//! together. One is the browser's (`src/main.rs`): in a page it is the **app**, in a web worker the
//! **engine**. The other is **pendopo** (`src/bin/pendopo.rs`, native: the edge, the demonstration
//! city, publishing, packing). App and engine speak in messages alone, so whatever a backend sends is
//! parsed away from the main thread, and the engine's code runs natively too: in tests, and at the
//! edge.
//!
//! App and engine are one program because they share a third of their code, which would otherwise be
//! downloaded twice. It arrives in parts, cut where `#[wasm_split]` stands: what a form needs first; once
//! it answers to typing what going on needs (`app::soon`), then the other pages (`app::pages::late`);
//! what few forms have (`app::form::rare`); the engine for the worker alone (`browser::worker`). A part
//! holds what is reached through its cut alone: whoever names a late page or the engine elsewhere moves
//! it into the first part, and the byte budget says so.
//!
//! # The rooms, and who may use whom
//!
//! From the ground up; a room may use itself and those above it in this table. `tests/layers.rs`
//! parses every path in `src/` and holds all that is said here.
//!
//! | room | holds | and |
//! |---|---|---|
//! | [`model`] | plain data, the addresses, the messages between app and engine | performs nothing |
//! | [`forms`] | the form engine: a published form becomes a model, answers become verdicts | performs nothing |
//! | [`catalogue`] | what is published, and the search over it | performs nothing |
//! | [`adapters`] | protocols: an intent becomes requests, responses become an outcome | performs nothing |
//! | [`delivery`] | the outbox: when to send, wait, ask, give up | performs nothing |
//! | [`store`] | what outlives a page: records, the journal, encryption | may name the browser's crates |
//! | [`engine`] | `step(Input) → Vec<Effect>`: one state machine over all of the above | performs nothing |
//! | `browser` | fetch, clock, locks, the worker and its port | may name the browser's crates |
//! | `app` | pages and components | may name the browser's crates and Leptos; never adapters, delivery or engine, and of the store only `store::journal` |
//! | `cli` | the native program | alone names tokio, axum, reqwest, rusqlite; its sandbox never names adapters |
//!
//! `browser` and `app` exist in the browser's build alone, `cli` in the native one. No room
//! re-exports another (the model aside), since that would hide who uses it.
//!
//! # What always holds
//!
//! Numbered as commits and tests cite them.
//!
//! 1. **Below the engine nothing is performed**, and the engine performs nothing either: no I/O, no
//!    clock, no randomness, no futures. An adapter is a conversation that says what to send and is
//!    told what came back. After a restart it is begun anew from the facts it had won; no half-done
//!    conversation is ever stored.
//! 2. **Data never panics.** A form, a profile, a response or a stored record of any shape gives a
//!    value with diagnostics, or a typed error. There is no pattern from outside whose cost grows
//!    faster than its input.
//! 3. **A typed answer is not lost.** The app writes it to the journal itself, within a second and
//!    before it judges it. No answer waits for the engine: a page whose engine never comes keeps and
//!    shows everything. The engine alone opens the main database.
//! 4. **An application arrives once.** Its id, made on the phone, goes along as its key. When nobody
//!    knows whether it was sent, nothing is sent before somebody has looked: at the edge's ledger, at
//!    the backend, and where neither can tell, the citizen decides.
//! 5. **No status is guessed.** A code that no mapping names is shown in the backend's own words.
//!    Nothing is shown without where it comes from and as of when.
//! 6. **Backends are hostile input.** Their text never becomes markup, their links are http(s) only,
//!    and there is a limit to the size of everything.
//! 7. **The edge works for citizens, not for strangers.** It passes on what a profile's own
//!    conversations use, and nothing else. Upstream addresses and secrets are in no file that a phone
//!    can fetch. A backend that is secret, private or talkative is never passed through.
//! 8. **Personal data stays on the phone**, sealed: never in an address, a title or a log, and there
//!    are no cookies. No request goes to another origin. The key lies in the same browser profile: it
//!    keeps out a glance and a copied file, not whoever holds the unlocked phone.
//! 9. **Errors are typed where they arise and become words in `app` or `cli` alone.** The words say
//!    what happened, what is safe, and what to do next; they never blame.
//! 10. **Bytes are counted.** What must arrive before one can type has a goal and a ceiling, and so has
//!     everything together; a build above a ceiling fails, and ceilings are only lowered.
//! 11. **Nothing needs a mouse, an eye for colour, or a wide screen.** Keyboard, screen reader,
//!     320 px and 200 % zoom are tested, not assumed.
//!
//! # Where to start reading
//!
//! [`model::message`] is what app and engine say to each other, and [`engine`] what becomes
//! of it. [`adapters`] opens with the shape of a conversation, [`model::form`] is the published form.
//! For a whole life of an application read `tests/browser/job.spec.mjs`: it is written in the words
//! of somebody who uses it.

pub mod adapters;
pub mod app;
#[cfg(any(target_arch = "wasm32", test))]
pub mod browser;
pub mod catalogue;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod delivery;
pub mod engine;
pub mod forms;
pub mod model;
pub mod store;
