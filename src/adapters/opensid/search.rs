//! Finding out what became of an application: the citizen's own list is compared with what was in it
//! before anything was sent.
//!
//! The list is the citizen's alone and shows a new application at once, so it can decide where lists
//! of everybody's cannot:
//! - **arrived**: exactly one of the same letter is there that was not there before. It may have been
//!   made elsewhere in the meantime, at the counter or on another phone; then, too, the village has an
//!   application of this citizen's for this letter, and the citizen sees it;
//! - **absent**: the list was read to its end before and now, each new row says of which letter it is,
//!   and none is of this one;
//! - anything else cannot tell: a list that was not read to its end, a row without its letter's name,
//!   two new ones, and above all no list from before.
//!
//! Of complaints, which all bear one name, the words must be the same too. A completion changes an
//! application that has a number, so there the status alone is looked at: while it still says that
//! something is missing, sending the same again makes no second case.

use super::case::{COMPLAINT_PREFIX, name};
use crate::adapters::Reconciled;
use crate::adapters::answer::record::Notes;
use crate::adapters::answer::resource::resources;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::case::Acknowledgement;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// An application for the letter of this name.
    Letter(String),
    /// A complaint of this title and text.
    Complaint(String, String),
}

/// A search under way.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub(super) sought: Sought,
    /// Numbers that were there before, by spaces; `None` where nobody looked.
    before: Option<String>,
    found: Vec<Acknowledgement>,
    doubtful: bool,
}

impl Search {
    pub(super) const fn new(sought: Sought, before: Option<String>) -> Self {
        Self {
            sought,
            before,
            found: Vec::new(),
            doubtful: false,
        }
    }

    /// Looks through a page; `None` where it is none.
    pub(super) fn look(&mut self, root: &Node, notes: &mut Notes) -> Option<()> {
        for row in resources(root, notes)? {
            let mut before = self.before.as_deref().unwrap_or_default().split(' ');
            if row.id.is_empty() {
                self.doubtful = true;
                continue;
            }
            if before.any(|id| id == row.id) {
                continue;
            }
            let (prefix, same) = match &self.sought {
                Sought::Letter(wanted) => {
                    let kind = name(&row, "jenis_surat");
                    self.doubtful |= kind.is_empty();
                    ("", kind.eq_ignore_ascii_case(wanted))
                }
                Sought::Complaint(title, text) => {
                    let words = (name(&row, "judul"), name(&row, "isi"));
                    self.doubtful |= words.1.is_empty();
                    (COMPLAINT_PREFIX, words.0 == clean(title) && words.1 == clean(text))
                }
            };
            let reference = [prefix, row.id].concat().parse();
            match reference {
                Ok(reference) if same => {
                    let acknowledgement = Acknowledgement::Reference(reference);
                    if !self.found.contains(&acknowledgement) {
                        self.found.push(acknowledgement);
                    }
                }
                Err(_) => self.doubtful = true,
                Ok(_) => {}
            }
        }
        Some(())
    }

    /// What was found; `complete` where the pages were read to their end.
    pub(super) fn conclude(mut self, complete: bool) -> Reconciled {
        if self.before.is_none() || !complete || self.doubtful {
            return Reconciled::CannotTell;
        }
        match (self.found.len(), self.found.pop()) {
            (1, Some(acknowledgement)) => Reconciled::Arrived(acknowledgement),
            (0, _) => Reconciled::Absent,
            _ => Reconciled::CannotTell,
        }
    }
}

/// The numbers of a page's rows, added to those of the pages before; `None` where it is none.
pub(super) fn remember(root: &Node, before: &mut String, notes: &mut Notes) -> Option<()> {
    for row in resources(root, notes)? {
        if !row.id.is_empty() && !row.id.contains(' ') {
            if !before.is_empty() {
                before.push(' ');
            }
            before.push_str(row.id);
        }
    }
    Some(())
}
