//! JSON as the programs of the browser read and write it: serde's data model over RFC 8259, and thin.
//!
//! [`read`] and [`write`] are all that the other rooms need; [`Value`] holds JSON of no known shape.
//! What is read and written is what `serde_json` reads and writes for the same types, which the tests
//! hold for all types of this crate's formats. It is here since bytes decide in what a citizen
//! downloads: `serde_json` makes for every type a reader from lists beside the one from objects,
//! another for each way a key may be given, and words for each error.
//!
//! So this is narrower than the format it reads:
//! - there is one [`reader`] and one [`writer`], neither of them generic;
//! - a struct is an object and never a list, a variant is named by a text and never by its number;
//! - what is wrong is [`Malformed`] and nothing more. The programs only ever ask whether they can use a
//!   file; who writes one by hand is helped by `pendopo check`, which reads it with `serde_json`;
//! - nesting is bounded by [`MAX_DEPTH`]. Of doubled keys a struct refuses and a map takes the last.

pub mod reader;
pub mod value;
pub mod writer;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use thiserror::Error;

pub use value::Value;

/// Deepest nesting of lists and objects that is read.
pub const MAX_DEPTH: u8 = 96;

/// A text that is not the JSON that was expected, or a value that JSON cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the JSON that is expected here")]
pub struct Malformed;

/// Reads a value from a whole text, UTF-8.
///
/// # Errors
/// [`Malformed`] where the text is no JSON, goes on after its end, or says something else than `T`.
pub fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Malformed> {
    let mut reader = reader::Reader::new(text)?;
    let value = T::deserialize(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// Writes a value without white space.
///
/// # Errors
/// [`Malformed`] where the value has a map whose keys are no texts. A number that is not finite is
/// written as null.
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

impl serde::de::Error for Malformed {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

impl serde::ser::Error for Malformed {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests;
