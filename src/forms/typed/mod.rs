//! How people write things: each module reads one kind of text, leniently but without guessing, and
//! gives the one form in which it is sent.
//!
//! Every reader is linear in the text, takes any text at all, and reads its own canonical form back
//! to the same value. What can be meant in two ways is read the Indonesian way where that is safe,
//! and refused where it is not.

pub mod address;
pub mod contact;
pub mod coordinate;
pub mod moment;
pub mod number;
pub mod organisation;
