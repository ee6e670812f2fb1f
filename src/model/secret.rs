//! A value that must not be printed.

use std::fmt;

use serde::{Deserialize, Serialize as _, Serializer};

use super::json::{Node, Read};

/// Holds a credential. It leaves only by the port to the engine, into a request, or sealed into the
/// store: there is no `Display` and no general serialisation, and `Debug` tells nothing of it, so
/// that types which hold one can still be looked at.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a credential.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The credential itself; the name is long so that a review sees it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

impl Read for Secret<String> {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        Self(String::read(node, wrong))
    }
}

/// Writes the credential itself: `#[serde(serialize_with = "expose")]` at the one member that carries
/// it over the port, to the edge, or into what is sealed.
///
/// # Errors
/// The serializer's own.
pub fn expose<S: Serializer>(secret: &Secret<String>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.0.serialize(serializer)
}

/// As [`expose`], for one that may be absent.
///
/// # Errors
/// The serializer's own.
pub fn expose_some<S: Serializer>(secret: &Option<Secret<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}
