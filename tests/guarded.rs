//! Guarded backends, over real sockets: what a stranger with curl gets of them through the edge, and
//! what a citizen's phone does. Each test has an edge and an office of its own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that finds something else than it expects shall fail there and then"
)]

#[path = "guarded/abuse.rs"]
mod abuse;
#[path = "guarded/adapter.rs"]
mod adapter;
#[path = "guarded/delivery.rs"]
mod delivery;
#[path = "guarded/guessing.rs"]
mod guessing;
#[allow(dead_code, reason = "shared with the edge's own tests")]
#[path = "edge/house.rs"]
mod house;
#[path = "guarded/office.rs"]
mod office;
#[allow(dead_code, reason = "shared with the edge's own tests")]
#[path = "edge/phone.rs"]
mod phone;
#[path = "guarded/program.rs"]
mod program;
#[path = "guarded/telling.rs"]
mod telling;
#[allow(dead_code, reason = "shared with the edge's own tests")]
#[path = "edge/upstream.rs"]
mod upstream;
