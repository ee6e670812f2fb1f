//! The `open311` adapter against recorded answers: quirks one by one (`quirks`), the payloads of real
//! servers (`payloads`), and whatever else may come down a wire (`chaos`).

#[path = "open311_recorded/chaos.rs"]
mod chaos;
#[path = "open311_recorded/harness.rs"]
mod harness;
#[path = "open311_recorded/payloads.rs"]
mod payloads;
#[path = "open311_recorded/reading.rs"]
mod reading;
#[path = "open311_recorded/submitting.rs"]
mod submitting;
#[path = "open311_recorded/tracking.rs"]
mod tracking;
