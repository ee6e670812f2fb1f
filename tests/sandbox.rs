//! `pendopo sandbox` over real sockets: each backend's life, its faults, and whether what it sends is
//! what its protocol says.

#![expect(clippy::string_slice, reason = "a wrong shape fails the test, as it should")]
#![cfg(test)]

#[path = "sandbox/city.rs"]
mod city;
#[path = "sandbox/conformance.rs"]
mod conformance;
#[path = "sandbox/demonstration.rs"]
mod demonstration;
#[path = "sandbox/desk.rs"]
mod desk;
#[path = "sandbox/district.rs"]
mod district;
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/life.rs"]
mod life;
#[path = "sandbox/office.rs"]
mod office;
#[path = "sandbox/parts.rs"]
mod parts;
#[path = "sandbox/semarang.rs"]
mod semarang;
#[path = "sandbox/validation.rs"]
mod validation;
#[path = "sandbox/village.rs"]
mod village;
#[path = "sandbox/village_papers.rs"]
mod village_papers;
