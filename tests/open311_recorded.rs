//! The `open311` adapter against recorded answers: quirks one by one (`reading`, `submitting`, `tracking`), the payloads of real
//! servers (`payloads`), and whatever else may come down a wire (`chaos`).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fixture or an outcome that is not what it must be fails the test where it is read"
)]

#[path = "open311_recorded/chaos.rs"]
mod chaos;
#[path = "open311_recorded/harness.rs"]
mod harness;
#[path = "open311_recorded/payloads.rs"]
mod payloads;
#[path = "open311_recorded/reading.rs"]
mod reading;
#[path = "recorded/mod.rs"]
mod recorded;
#[path = "open311_recorded/submitting.rs"]
mod submitting;
#[path = "open311_recorded/tracking.rs"]
mod tracking;
