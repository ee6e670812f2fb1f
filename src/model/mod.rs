//! Plain data that every room speaks: regions, services, forms, answers, applications, their
//! delivery and their cases, the addresses, and the messages between app and engine.
//!
//! No I/O, no clock, no UI. Types parse at the border (`TryFrom<String>`, serde) so that what is
//! held is valid; nothing here panics, whatever the data.

pub mod answers;
pub mod application;
pub mod capabilities;
pub mod case;
pub mod decimal;
pub mod delivery;
pub mod diagnostic;
pub mod fact;
pub mod form;
pub mod json;
pub mod login;
pub mod map;
pub mod message;
pub mod nik;
pub mod order;
pub mod person;
pub mod problem;
pub mod receipt;
pub mod region;
pub mod route;
pub mod secret;
pub mod service;
pub mod status;
pub mod text;
pub mod time;
