//! The whole job over real sockets, without a browser: the demonstration city behind the edge, a
//! catalogue that was published from it, and a phone that sends, waits, asks and follows.

#![cfg(test)]

#[path = "sandbox/city.rs"]
#[allow(dead_code, reason = "shared with the sandbox's own tests, which use all of it")]
mod city;
mod phone;

#[path = "whole_job/home.rs"]
mod home;

#[path = "whole_job/doubts.rs"]
mod doubts;
#[path = "whole_job/plainly.rs"]
mod plainly;
#[path = "whole_job/semarang.rs"]
mod semarang;
