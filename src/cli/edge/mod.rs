//! The edge.

pub mod transport;
