//! Files that the citizen has chosen.

use super::random;
use crate::model::answers::FileAnswer;

/// What is kept of a file beside its bytes, under a new handle.
#[must_use]
pub fn described(file: &web_sys::File) -> Option<FileAnswer> {
    // File sizes are whole numbers far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is a whole number, not negative"
    )]
    let size = file.size() as u64;
    Some(FileAnswer {
        id: random::uuid().try_into().ok()?,
        name: file.name(),
        media_type: file.type_(),
        size,
        was: None,
    })
}
