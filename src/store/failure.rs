//! What can go wrong while something is kept or read.
//!
//! A browser's exception is turned into one of these once, here. Words for citizens are the app's.

use thiserror::Error;

use crate::model::time::Timestamp;

/// What went wrong; nothing of the write that failed is stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StoreError {
    /// There is no room left on the phone, or the browser allows no more.
    #[error("no room is left")]
    Full,
    /// Another tab holds an older database open and does not let go.
    #[error("another tab holds an older database open")]
    Blocked,
    /// A newer build has changed the database; this page must be reloaded.
    #[error("the database belongs to a newer build")]
    Newer,
    /// Another tab has written or removed the row since it was read.
    #[error("changed by another tab (now: {stored:?})")]
    Conflict {
        /// When what is stored now was written; `None` if nothing is.
        stored: Option<Timestamp>,
    },
    /// Another engine has taken over the main database: this one must write no more.
    #[error("another engine has taken over")]
    Replaced,
    /// A PIN keeps it closed, or what was entered is not the PIN.
    #[error("locked by a PIN")]
    Locked,
    /// A row that cannot be opened or understood. It is kept as it is.
    #[error("cannot be read: {what}")]
    Unreadable {
        /// What was expected, for operators.
        what: String,
    },
    /// Anything else that the browser said.
    #[error("{what}")]
    Browser {
        /// The exception's name and message.
        what: String,
    },
}

impl StoreError {
    /// The error of a `DOMException`, by its name.
    #[must_use]
    pub fn from_exception(name: &str, message: &str) -> Self {
        match name {
            "QuotaExceededError" => Self::Full,
            "VersionError" => Self::Newer,
            _ => Self::Browser {
                what: [name, message].join(": "),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart() {
        assert_eq!(StoreError::from_exception("QuotaExceededError", "x"), StoreError::Full);
        assert_eq!(
            StoreError::from_exception("UnknownError", "x").to_string(),
            "UnknownError: x"
        );
    }
}
