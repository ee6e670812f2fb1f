//! The native program: serve, sandbox, publish, check, new-backend, pack.
//!
//! | here | command |
//! |---|---|
//! | `edge` | `pendopo serve`, its settings (`edge.toml`) and the native transport |
//! | `publish` | `pendopo publish`: the catalogue of all regions, as static files |
//! | `check` | `pendopo check`: what is wrong with a profile, and how a live system behaves |
//! | `new_backend` | `pendopo new-backend`: a first profile from an OpenAPI document or saved answers |
//! | `pack` | `pendopo pack`: a build made ready to be served, Trunk's hook |
//! | `sandbox` | `pendopo sandbox`: the demonstration backends; it names no adapter |

pub mod check;
pub mod compress;
pub mod edge;
pub mod new_backend;
pub mod pack;
pub mod publish;
pub mod sandbox;
