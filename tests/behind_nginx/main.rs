//! The edge's own suite, on Debian's nginx before two edges that share a ledger in PostgreSQL; and what only
//! that arrangement has. The tests that [`crate::pass`], [`crate::change`], [`crate::site`] and
//! [`crate::hostile`] hold are those of `tests/edge`, word for word; the house is another.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that finds something else than it expects shall fail there and then"
)]

#[path = "../edge/change.rs"]
mod change;
#[path = "../edge/hostile.rs"]
mod hostile;
mod house;
mod killed;
mod nginx;
mod own;
#[path = "../edge/pass.rs"]
mod pass;
#[path = "../edge/phone.rs"]
mod phone;
#[allow(dead_code, reason = "shared with the ledger's tests")]
#[path = "../postgres/mod.rs"]
mod postgres;
#[path = "../edge/site.rs"]
mod site;
#[allow(dead_code, reason = "shared with the tests of guarded backends")]
#[path = "../edge/upstream.rs"]
mod upstream;
