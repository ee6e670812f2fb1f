//! Pieces that several pages use.
//!
//! They are functions that give a [`element::Markup`], made with [`element::el`],
//! and no generic components: that keeps the download small.

pub mod action;
pub mod badge;
pub mod completion;
pub mod delivery;
pub mod documents;
pub mod drafts;
pub mod element;
pub mod frame;
pub mod heading;
pub mod install;
pub mod list;
pub mod loading;
pub mod login;
pub mod search;
pub mod system;
pub mod timeline;
