//! `pendopo sandbox` over real sockets: the city's life, its faults, and whether what it sends is
//! GeoReport.

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
#[path = "sandbox/faults.rs"]
mod faults;
#[path = "sandbox/life.rs"]
mod life;
#[path = "sandbox/validation.rs"]
mod validation;
