//! The form engine: a published form becomes a model, answers become verdicts.
//!
//! Pure, and the same natively and in the browser. A form of any shape compiles to a model plus
//! diagnostics; answers of any shape give a verdict. Verdicts are keys with arguments
//! ([`Complaint`]); words are the app's.
//!
//! How the app uses it:
//! 1. [`compile`] once, when a form is opened. Its diagnostics are for `pendopo check` and
//!    `publish`; the citizen gets the fields that can be used.
//! 2. [`open`] once, to draw a step; after each change of an answer [`refresh`] says which fields came
//!    or went and which computed answers are others, and looks at nothing that the change cannot touch.
//! 3. [`validate::field`] when a field is left, [`validate::step`] on "Lanjut", [`validate::whole`]
//!    on "Kirim". A complaint names a field by its index; [`model::Model::step_of`] gives the page.
//!    [`doubt()`] says what is merely odd.
//! 4. [`next`], [`previous`], [`progress`] for the way through the pages; [`first_incomplete`] when
//!    a draft is taken up again.
//! 5. [`canonical`] for the review page and for what is sent. What was typed stays in the draft.
//! 6. [`fingerprint`] and [`meanings`] go into the draft: where the first still agrees, every answer
//!    still means what it meant when it was given; where it does not, the second say which do not.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@compile`] | published form → [`model::Model`] and diagnostics |
//! | [`typed`] | how people write numbers, days, telephone numbers, … |
//! | `given` | the answer that a field has, if it has one of its own shape |
//! | [`logic`], [`rules`] | JsonLogic, and the one door to it |
//! | [`mod@visibility`], [`journey`] | which fields and which pages there are, and what is computed |
//! | [`validate`], [`mod@doubt`], [`mod@canonical`] | whether answers can be sent, and how they are written then |
//! | [`mod@prefill`] | what a site around a widget may fill in |
//! | [`document`] | what is to be done with a photo before an office takes it |
//! | [`mod@fingerprint`] | whether two forms mean the same |
//!
//! What it does not do: no clock (today is an argument), no words, no loading, and, but for [`document`],
//! no look at a file's bytes. Doubts never stop anyone and are no complaints.

#![deny(clippy::arithmetic_side_effects)]

pub mod canonical;
pub mod compile;
mod concept;
pub mod document;
pub mod doubt;
pub mod fingerprint;
mod given;
pub mod journey;
pub mod logic;
pub mod model;
pub mod prefill;
#[cfg(test)]
mod properties;
pub mod rules;
pub mod typed;
pub mod validate;
pub mod visibility;

pub use canonical::canonical;
pub use compile::{compile, compile_without_rules};
pub use doubt::{Doubt, doubt};
pub use fingerprint::{fingerprint, meanings};
pub use journey::{first_incomplete, next, previous, progress};
pub use prefill::prefill;
pub use validate::{Complaint, ComplaintKind, InRow};
pub use visibility::{Changes, dependents, open, refresh, visibility, visible};
