//! Pendopo: one front door to the services that Indonesia's regions already run.

pub mod adapters;
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod catalogue;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod delivery;
pub mod engine;
pub mod forms;
pub mod model;
pub mod store;
