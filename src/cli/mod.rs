//! The native program: serve, sandbox, publish, pack.
//!
//! | here | command |
//! |---|---|
//! | `edge` | `pendopo serve`, its settings (`edge.toml`) and the native transport |
//! | `publish` | `pendopo publish`: the catalogue of all regions, as static files |
//! | `pack` | `pendopo pack`: a build made ready to be served, Trunk's hook |
//! | `sandbox` | `pendopo sandbox`: the demonstration backends; it names no adapter |

pub mod compress;
pub mod edge;
pub mod pack;
pub mod publish;
pub mod sandbox;
