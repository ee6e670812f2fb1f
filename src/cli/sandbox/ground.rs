//! What every demonstration backend stands on, whatever it speaks: its register, its clock, the
//! fault that is switched on, and where it is found.
//!
//! Each backend has a ground of its own, so that one can be down or a day ahead while its neighbours
//! are not.

use axum::response::Response;

use super::clock::Clock;
use super::fault::Switch;
use super::register::Register;

/// What a backend stands on.
#[derive(Debug)]
pub(super) struct Ground {
    /// What the officer's page calls it.
    pub(super) name: &'static str,
    /// What its addresses begin with, after the host: empty, or a slash and more.
    pub(super) base: &'static str,
    /// Scheme, host and port: addresses of files are written with it.
    pub(super) origin: String,
    pub(super) register: Register,
    pub(super) clock: Clock,
    pub(super) fault: Switch,
    /// How it says that it failed: the body and status of its own 500.
    pub(super) broken: fn() -> Response,
    /// How it refuses who asks too often; the status becomes 429, whatever it is here.
    pub(super) busy: fn() -> Response,
}

impl Ground {
    /// The address of something of this backend's, without the host.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.base)
    }
}
