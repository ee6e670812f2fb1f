//! What an application needs next, and what its answers mean.
//!
//! The letter is looked up, the list is remembered, documents go one by one, then the application.
//! Where its answer holds no number, the list is looked at again; where it completes one, its status
//! is, since a release is known that cancels by the same request.

use super::case;
use super::form::COMPLAINT;
use super::letters::Letter;
use super::refusal;
use super::search::{Search, Sought, remember};
use super::talk::{FACT_BEFORE, FACT_DOCUMENT, FACT_LETTER, More, Stage, Talk};
use super::wire::{self, Pairs};
use crate::adapters::answer::resource::{resources, text};
use crate::adapters::codec::Payload;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::Response;
use crate::adapters::{Reconciled, Step, Submission};
use crate::model::answers::FileAnswer;
use crate::model::case::{Acknowledgement, Case, Reference};
use crate::model::form::Field;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::status::Outcome as Ended;

/// Most characters of what the server says along with an acknowledgement.
const MOST_NOTICE: usize = 500;

/// What an application needs next.
pub(super) enum Next {
    Letter(Vec<Letter>),
    Before(String),
    Document,
    Send,
    /// The number, in the list.
    Number(Search, String),
    /// The status after a completion, and what the server said.
    Status(String),
}

/// A document that is due: its requirement, its field, its file.
pub(super) type Due<'a> = (&'a str, &'a Field, &'a FileAnswer);

impl Talk {
    /// What is looked for in the list; `None` where the letter's name is not known.
    pub(super) fn sought(&self, submission: &Submission) -> Option<Sought> {
        if submission.service.as_str() == COMPLAINT {
            let answer = |field| submission.answers.text(field).unwrap_or_default().to_owned();
            return Some(Sought::Complaint(answer("judul"), answer("isi")));
        }
        let (_, name) = self.fact(FACT_LETTER)?.split_once('\n')?;
        Some(Sought::Letter(name.to_owned()))
    }

    /// What an application needs next.
    pub(super) fn next(&self, submission: &Submission) -> Next {
        let complains = submission.service.as_str() == COMPLAINT;
        if !complains && self.fact(FACT_LETTER).is_none() {
            return Next::Letter(Vec::new());
        }
        if submission.completes.is_none() && self.profile.reconcile && self.fact(FACT_BEFORE).is_none() {
            return Next::Before(String::new());
        }
        if !complains && self.due(submission).is_some() {
            return Next::Document;
        }
        Next::Send
    }

    /// The first document that was not handed in yet.
    pub(super) fn due<'a>(&self, submission: &'a Submission) -> Option<Due<'a>> {
        wire::documents(submission)
            .into_iter()
            .find_map(|(requirement, field, file)| {
                let file = file.filter(|file| self.fact(&[FACT_DOCUMENT, file.id.as_str()].concat()).is_none())?;
                Some((requirement, field, file))
            })
    }

    /// Requirements and the numbers of the documents that meet them.
    pub(super) fn uploaded(&self, submission: &Submission) -> Pairs {
        let documents = wire::documents(submission).into_iter();
        documents
            .filter_map(|(requirement, _, file)| {
                let number = self.fact(&[FACT_DOCUMENT, file?.id.as_str()].concat())?;
                Some((requirement.to_owned(), number.to_owned()))
            })
            .collect()
    }

    pub(super) fn advance(&mut self, submission: Box<Submission>) -> Step {
        let next = self.next(&submission);
        self.go(Stage::Submit(submission, next))
    }

    pub(super) fn submission(
        &mut self,
        submission: Box<Submission>,
        next: Next,
        response: &Response,
        root: &Node,
    ) -> Step {
        let unreadable = |sent| {
            Step::Failed(Problem {
                fault: refusal::unreadable(response.status, &Payload::Tree(Node::default())),
                sent,
            })
        };
        match next {
            Next::Letter(letters) => self
                .letters(root, letters, |letters| {
                    Stage::Submit(submission, Next::Letter(letters))
                })
                .unwrap_or_else(|| unreadable(Sent::No)),
            Next::Before(mut before) => {
                if remember(root, &mut before, &mut self.notes).is_none() {
                    return unreadable(Sent::No);
                }
                match self.more(root) {
                    More::Yes => self.stay(Stage::Submit(submission, Next::Before(before))),
                    More::No => {
                        self.win(FACT_BEFORE.to_owned(), before);
                        self.advance(submission)
                    }
                    // A list without an end is no help; the application goes all the same.
                    More::Cut => {
                        let next = if self.due(&submission).is_some() {
                            Next::Document
                        } else {
                            Next::Send
                        };
                        self.go(Stage::Submit(submission, next))
                    }
                }
            }
            Next::Document => {
                let number = resources(root, &mut self.notes).unwrap_or_default();
                let number = number
                    .first()
                    .map(|document| document.id.to_owned())
                    .unwrap_or_default();
                let file = self.due(&submission).map(|(_, _, file)| file.id.as_str().to_owned());
                let (Some(file), false) = (file, number.is_empty()) else {
                    return unreadable(Sent::Unknown);
                };
                self.win([FACT_DOCUMENT, &file].concat(), number);
                let next = if self.due(&submission).is_some() {
                    Next::Document
                } else {
                    Next::Send
                };
                self.go(Stage::Submit(submission, next))
            }
            Next::Send => self.sent(submission, root).unwrap_or_else(|| unreadable(Sent::Unknown)),
            Next::Number(mut search, notice) => {
                let read = search.look(root, &mut self.notes).is_some();
                let more = self.more(root);
                if read && more == More::Yes {
                    return self.stay(Stage::Submit(submission, Next::Number(search, notice)));
                }
                let acknowledgement = match search.conclude(read && more == More::No) {
                    Reconciled::Arrived(acknowledgement) => acknowledgement,
                    _ => Acknowledgement::Nothing,
                };
                self.submitted(acknowledgement, notice)
            }
            Next::Status(notice) => {
                let rows = resources(root, &mut self.notes).unwrap_or_default();
                let case = rows
                    .first()
                    .and_then(|row| case::application(&self.profile, row, self.offset, &mut self.notes));
                self.after_completion(*submission, case, notice)
            }
        }
    }

    /// The answer to an application; `None` where it is none.
    pub(super) fn sent(&mut self, submission: Box<Submission>, root: &Node) -> Option<Step> {
        let top = root.children.first()?;
        let rows = resources(root, &mut self.notes).unwrap_or_default();
        let row = rows.first().filter(|row| !row.id.is_empty());
        let words = ["message", "messages"].map(|name| text(top, name)).join("");
        let notice = match words.as_str() {
            "success" => String::new(),
            words => bounded(clean(words), MOST_NOTICE),
        };
        let said = matches!(text(top, "status"), "true" | "success")
            || text(top, "success") == "true"
            || text(top, "code").starts_with('2')
            || !notice.is_empty();
        if row.is_none() && !said {
            return None;
        }
        if submission.completes.is_some() {
            let case = row.and_then(|row| case::application(&self.profile, row, self.offset, &mut self.notes));
            return Some(if case.is_some() {
                self.after_completion(*submission, case, notice)
            } else {
                self.go(Stage::Submit(submission, Next::Status(notice)))
            });
        }
        let complains = submission.service.as_str() == COMPLAINT;
        let prefix = if complains { case::COMPLAINT_PREFIX } else { "" };
        let number = row.and_then(|row| [prefix, row.id].concat().parse::<Reference>().ok());
        Some(match (number, self.sought(&submission), self.fact(FACT_BEFORE)) {
            (Some(number), ..) => self.submitted(Acknowledgement::Reference(number), notice),
            (None, Some(sought), Some(before)) => {
                let search = Search::new(sought, Some(before.to_owned()));
                self.go(Stage::Submit(submission, Next::Number(search, notice)))
            }
            _ => self.submitted(Acknowledgement::Nothing, notice),
        })
    }

    /// A completion was answered: it is none where the application is cancelled now.
    pub(super) fn after_completion(&mut self, submission: Submission, case: Option<Case>, notice: String) -> Step {
        let cancelled = case.is_some_and(|case| case.status.outcome == Ended::Withdrawn);
        if cancelled {
            return Step::Failed(Problem {
                fault: Fault::Rejected {
                    fields: Vec::new(),
                    message: notice,
                },
                sent: Sent::Yes,
            });
        }
        let reference = submission.completes.map(Acknowledgement::Reference);
        self.submitted(reference.unwrap_or(Acknowledgement::Nothing), notice)
    }
}
