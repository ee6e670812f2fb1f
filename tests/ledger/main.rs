//! The ledger, in a file and in PostgreSQL: one suite for both, and what only one of them has.
//!
//! Each case of [`suite`] is a test of its own for the file. For PostgreSQL they are one test, which
//! starts the server once and gives each case an empty database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that finds something else than it expects shall fail there and then"
)]

#[allow(dead_code, reason = "shared with the edge's tests")]
#[path = "../postgres/mod.rs"]
mod postgres;
mod shared;
mod suite;
