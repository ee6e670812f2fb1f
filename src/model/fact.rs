//! What a conversation with a backend won and the next one about the same application must know.

use serde::{Deserialize, Serialize};

use super::json::object;

/// Something won on the way that must not be won twice, or that only the owner of a case knows: an
/// uploaded file's id, a token that became a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name, the adapter's own.
    pub name: String,
    /// Its value.
    pub value: String,
}

object!(Fact { name, value });
