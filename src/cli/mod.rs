//! The native program: serve, sandbox, publish, pack.

pub mod compress;
pub mod pack;
pub mod publish;
pub mod sandbox;
