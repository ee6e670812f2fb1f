//! The thin edge to the browser: what the app and the engine's driver need of it, one file a thing.
//!
//! web-sys is named here, in `store` and in `app`, nowhere else. Nothing here decides anything.

pub mod address;
pub mod build;
pub mod clock;
pub mod fetch;
pub mod geolocation;
pub mod locale;
pub mod network;
pub mod port;
pub mod preference;
pub mod random;
pub mod share;
pub mod style;
