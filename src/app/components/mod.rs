//! Pieces that several pages use.
//!
//! They are functions that give an [`AnyView`] rather than generic components: each view's type is
//! erased where it is made, which keeps the download small.
//!
//! [`AnyView`]: leptos::prelude::AnyView

pub mod badge;
pub mod delivery;
pub mod frame;
pub mod heading;
pub mod list;
pub mod loading;
pub mod search;
pub mod timeline;
