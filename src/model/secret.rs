//! A value that must not be printed.

/// Holds a credential. Has neither `Debug` nor `Display` nor general serialisation: it leaves only
/// by the port to the engine, into a request, or sealed into the store.
#[derive(Clone, PartialEq, Eq)]
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
