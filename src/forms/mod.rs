//! The form engine: a published form becomes a model, answers become verdicts.
//!
//! Pure, and the same natively and in the browser. A form of any shape compiles to a model plus
//! diagnostics; answers of any shape give a verdict. Verdicts are keys with arguments
//! ([`validate::Complaint`]); words are the app's.

#![deny(clippy::arithmetic_side_effects)]

pub mod model;
