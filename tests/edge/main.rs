//! The edge, over real sockets: phones that hang up on one side, backends that misbehave on the
//! other. Each test has an edge, a folder and backends of its own, on ports of their own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than it expects shall fail there and then"
)]

mod change;
mod configuration;
mod connections;
mod hostile;
mod house;
mod ledger_file;
mod logs;
mod pass;
mod phone;
mod program;
mod site;
mod spared;
#[allow(dead_code, reason = "shared with the tests of guarded backends")]
mod upstream;
