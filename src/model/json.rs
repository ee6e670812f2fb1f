//! JSON as the programs of the browser read and write it (RFC 8259), and thin.
//!
//! [`read`] and [`write`] are all that the other rooms need; [`Value`] holds JSON of no known shape.
//! What is read and written is what `serde_json` reads and writes for the same types, which the tests
//! hold for all types of this crate's formats. It is here since bytes decide in what a citizen
//! downloads: reading by serde's derived code was a quarter of the engine, and more of the app.
//!
//! Reading is in two steps. A text becomes a tree ([`tree`]), by code that is made once. Then a type
//! is built from the tree by [`Read`], which **cannot fail and says when something was wrong**: a
//! member that is absent or no such thing leaves a stand-in and a mark, and what bears the mark is
//! never given out. So a type's code is one call for each member, with no way out between them.
//! [`object`] and [`choice`] write it from a list of the members, of which the compiler sees that none
//! is missing:
//!
//! ```ignore
//! object!(Receipt { id, service, title, acknowledgement, notice = default, submitted, delivered });
//! choice!(Decision { "send_again" => SendAgain, "arrived" => Arrived { reference } });
//! ```
//!
//! What it deliberately does not do:
//! - say what is wrong: it is [`Malformed`] and nothing more. The programs only ever ask whether they
//!   can use a file; who writes one by hand is helped by `pendopo check`, which reads it with serde;
//! - refuse keys that no member has, for the same reason. Of doubled keys the last counts;
//! - nest deeper than [`MAX_DEPTH`], or know floats: see [`super::decimal`].

pub mod shape;
pub mod tree;
pub mod value;
pub mod writer;

use serde::{Serialize, Serializer};
use thiserror::Error;

pub(crate) use shape::{choice, object};
pub use tree::Node;
pub use value::Value;

/// Deepest nesting of lists and objects that is read.
pub const MAX_DEPTH: u8 = 96;

/// A text that is not the JSON that was expected, or a value that JSON cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the JSON that is expected here")]
pub struct Malformed;

/// What can be read from JSON.
pub trait Read: Sized {
    /// Builds the value from a node. Where the node is not such a value, `wrong` is set and what is
    /// returned means nothing.
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self;
}

/// Reads a value from a whole text, UTF-8.
///
/// # Errors
/// [`Malformed`] where the text is no JSON, goes on after its end, or says something else than `T`.
pub fn read<T: Read>(text: &[u8]) -> Result<T, Malformed> {
    let tree = tree::parse(text)?;
    let mut wrong = false;
    let value = T::read(&tree, &mut wrong);
    if wrong { Err(Malformed) } else { Ok(value) }
}

/// Writes a value without white space.
///
/// # Errors
/// [`Malformed`] where the value has a map whose keys are no texts, or a float.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Malformed> {
    let mut writer = writer::Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

/// Writes a number by its digits, which are valid JSON.
///
/// serde has no such value. This room's own writer is told apart by saying that it is not for people,
/// and takes bytes, which JSON has not, for digits; so a program that only writes by it never needs to
/// know what a float is.
pub(super) fn number<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if !serializer.is_human_readable() {
        serializer.serialize_bytes(digits.as_bytes())
    } else if let Ok(whole) = digits.parse() {
        serializer.serialize_u64(whole)
    } else if let Ok(whole) = digits.parse() {
        serializer.serialize_i64(whole)
    } else {
        serializer.serialize_f64(digits.parse().map_err(serde::ser::Error::custom)?)
    }
}

impl serde::ser::Error for Malformed {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
