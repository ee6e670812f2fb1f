//! What a citizen sees: pages, components, words.
//!
//! The app draws from published files and from the engine's events, and speaks to the engine in
//! [`crate::model::message::Command`]s alone. It writes raw answers to the journal itself, within a
//! second of their being typed, so that no answer waits for the engine.
//!
//! | here | holds |
//! |---|---|
//! | `messages` | every word of the interface, in two languages |
//! | `snippet` | the lines that a regional site pastes |
//! | `words` | which words fit a state or a fault |
//! | `state` | what all pages share: route, outbox, cases |
//! | `line` | the line to the engine |
//! | `soon` | what comes once a form answers to typing |
//! | `wrong` | what is wrong with an answer, in words |
//! | `signal` | one signal for all types of values |
//! | `pages` | one file an address |
//! | `components` | pieces that several pages use |
//! | `own` | the citizen's own data, offered to a form |
//! | `form` | the form on the page: its answers, its draft, its fields |
//!
//! What it does not do: it names no adapter, no delivery and no engine; it parses nothing that a
//! backend sends; it has no inline style or script, since the content policy forbids both.
//!
//! Messages and words compile natively too, so that they are tested there; the rest is the browser's.

pub mod messages;
pub mod snippet;
pub mod theme;
pub mod words;
pub mod wrong;

#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod form;
#[cfg(target_arch = "wasm32")]
mod line;
#[cfg(target_arch = "wasm32")]
mod locale;
#[cfg(target_arch = "wasm32")]
mod own;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod signal;
#[cfg(target_arch = "wasm32")]
mod soon;
#[cfg(target_arch = "wasm32")]
mod state;

#[cfg(target_arch = "wasm32")]
pub use pages::start;
