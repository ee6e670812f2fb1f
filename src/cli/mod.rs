//! The native program: serve, sandbox, publish, pack.

pub mod edge;
