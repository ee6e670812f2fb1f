//! GeoReport servers that nobody here wrote an adapter for: each of them is described by an operator
//! in two files, published, and then used by a citizen from the catalogue to the last status.

#![cfg(test)]

mod phone;

#[path = "foreign_servers/job.rs"]
mod job;
#[path = "foreign_servers/server.rs"]
mod server;
#[path = "foreign_servers/writing.rs"]
mod writing;

#[path = "foreign_servers/described.rs"]
mod described;
#[path = "foreign_servers/undescribed.rs"]
mod undescribed;
