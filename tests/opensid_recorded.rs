//! The `opensid` adapter against recorded answers: logins and refusals (`login`), letters and their
//! forms (`letters`), applying (`applying`), following what one has (`following`), and whatever else
//! may come down a wire (`chaos`).

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "an outcome that is not what it must be fails the test where it is read"
)]

#[path = "opensid_recorded/applying.rs"]
mod applying;
#[path = "opensid_recorded/chaos.rs"]
mod chaos;
#[path = "opensid_recorded/following.rs"]
mod following;
#[path = "opensid_recorded/harness.rs"]
mod harness;
#[path = "opensid_recorded/letters.rs"]
mod letters;
#[path = "opensid_recorded/login.rs"]
mod login;
#[path = "recorded/mod.rs"]
mod recorded;
