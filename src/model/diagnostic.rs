//! What is wrong with data from outside, said so that its author can mend it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether diagnostics are made at all: on a phone nobody reads them, and what says them is not carried
/// there. What is asked here is known when the program is built.
pub const SAID: bool = cfg!(not(target_arch = "wasm32"));

/// One thing that could not be used as written. Never a reason to panic, rarely one to give up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where: a JSON Pointer (`/steps/0/sections/1/fields/2/type`), or a path into a response.
    pub path: String,
    /// What would have been right.
    pub expected: Cow<'static, str>,
    /// What was found, cut to a readable length.
    pub found: String,
}

impl Diagnostic {
    /// A diagnostic at `path`; `found` is cut to 120 characters.
    pub fn new(path: impl Into<String>, expected: impl Into<Cow<'static, str>>, found: impl AsRef<str>) -> Self {
        let found = found.as_ref();
        let found = match found.char_indices().nth(120) {
            Some((end, _)) => format!("{}…", found.get(..end).unwrap_or_default()),
            None => found.to_owned(),
        };
        Self {
            path: path.into(),
            expected: expected.into(),
            found,
        }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: expected {}, found {}",
            self.path, self.expected, self.found
        )
    }
}
