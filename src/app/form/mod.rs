//! The form on the page: its answers, its draft in the journal, its steps.
//!
//! Inputs are the browser's own and hold what was typed; each key writes one entry of a flat map
//! from field to answer and looks at no other field but those whose visibility depends on it.
//! Nothing is validated before "Lanjut", and the draft is written whether or not it is valid.
//!
//! | here | holds |
//! |---|---|
//! | `filling` | the state of one form |
//! | `opening` | the draft that it begins with, and what the office changed since |
//! | `way` | where one is in it, and the way back |
//! | `keeper` | its draft: when it is written, what is said about it |
//! | `field` | one question as inputs |
//! | `rare` | what few forms have, in a part of the program of its own |
//! | `going` | from step to step, to the review, and to the outbox |
//! | `beneath` | what is said beneath an input |
//! | `complaint` | what is wrong, in words, and the summary |
//! | `review` | "Periksa jawaban Anda" |
//! | `full_tab` | a widget's way into a full tab |

pub mod beneath;
pub mod complaint;
pub mod field;
pub mod filling;
pub mod full_tab;
pub mod going;
pub mod keeper;
pub mod opening;
pub mod rare;
pub mod review;
pub mod way;
