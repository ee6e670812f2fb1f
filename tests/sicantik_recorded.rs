//! The `sicantik` adapter against recorded answers: tracking by number (`tracking`), those who apply
//! (`applicants`), and whatever else may come down a wire (`chaos`).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an outcome that is not what it must be fails the test where it is read"
)]

#[path = "sicantik_recorded/applicants.rs"]
mod applicants;
#[path = "sicantik_recorded/chaos.rs"]
mod chaos;
#[path = "recorded/mod.rs"]
mod recorded;
#[path = "sicantik_recorded/tracking.rs"]
mod tracking;
