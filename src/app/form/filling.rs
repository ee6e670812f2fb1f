//! The state of one form while it is filled in.

use std::sync::Arc;

use super::keeper::{self, Kept, Pace, Then};
use crate::app::signal::Signal;
use crate::browser::clock;
use crate::catalogue::PublishedService;
use crate::forms::model::Model;
use crate::forms::validate::Complaint;
use crate::forms::visibility;
use crate::model::answers::Answer;
use crate::model::application::Draft;
use crate::model::problem::FieldRefusal;
use crate::model::time::Timestamp;

/// A form's state, as a copy that every closure of the page can hold.
pub type Handle = Signal<Filling>;

/// Which page of the form is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A step, by its index.
    Step(usize),
    /// "Periksa jawaban Anda".
    Review,
}

/// One form being filled in.
pub struct Filling {
    /// The service; its form is the one that the model was compiled from.
    pub published: Arc<PublishedService>,
    /// The compiled form.
    pub model: Model,
    /// The draft: the answers, and what is written to the journal.
    pub draft: Draft,
    /// When the version that the journal holds was written; `None` where it holds none.
    pub on_disk: Option<Timestamp>,
    /// Where the writing stands.
    pub pace: Pace,
    /// What is done once everything that was entered is written.
    pub then: Option<Then>,
    /// What is said about the draft.
    pub kept: Signal<Kept>,
    /// Which page of the form is shown.
    pub stage: Signal<Stage>,
    /// Whether each field is shown, by its index.
    pub shown: Vec<bool>,
    /// The same as signals, for those on the page.
    pub visible: Vec<Signal<bool>>,
    /// What is wrong with answers on this page of the form.
    pub complaints: Signal<Vec<Complaint>>,
    /// What the office refused when it was last sent.
    pub refusals: Vec<FieldRefusal>,
    /// After a change that was begun on the review, "Lanjut" leads back there.
    pub from_review: bool,
}

impl Filling {
    /// Sets up a form with the draft that the journal held, or a new one.
    pub fn new(published: Arc<PublishedService>, model: Model, draft: Draft, on_disk: Option<Timestamp>) -> Self {
        let shown = visibility::visibility(&model, &draft.answers);
        let visible = shown.iter().map(|shown| Signal::new(*shown)).collect();
        let step = model.steps.iter().position(|step| step.id == draft.step).unwrap_or(0);
        Self {
            kept: Signal::new(on_disk.map_or(Kept::Untouched, Kept::At)),
            stage: Signal::new(Stage::Step(step)),
            complaints: Signal::new(Vec::new()),
            pace: Pace::Idle,
            then: None,
            from_review: false,
            published,
            model,
            draft,
            on_disk,
            shown,
            visible,
            refusals: Vec::new(),
        }
    }

    /// The answer of a field as it was typed.
    pub fn answer(&self, index: usize) -> Option<&Answer> {
        self.draft.answers.0.get(&self.model.fields.get(index)?.id)
    }

    /// The text of a field, empty where there is none.
    pub fn text(&self, index: usize) -> String {
        match self.answer(index) {
            Some(Answer::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }
}

/// Takes an answer: into the draft, to the journal, and to the fields that depend on it.
pub fn answer(form: Handle, index: usize, answer: Answer) {
    let changed = form.quietly(|form| -> Vec<(Signal<bool>, bool)> {
        let Some(field) = form.model.fields.get(index) else {
            return Vec::new();
        };
        form.draft.answers.0.insert(field.id.clone(), answer);
        // Whoever mends an answer is not told of its fault any longer.
        if form
            .complaints
            .look(|complaints| complaints.iter().any(|complaint| complaint.field == index))
        {
            form.complaints
                .update(|complaints| complaints.retain(|complaint| complaint.field != index));
        }
        visibility::refresh(&form.model, &form.draft.answers, &mut form.shown, index)
            .into_iter()
            .filter_map(|flipped| Some((*form.visible.get(flipped)?, *form.shown.get(flipped)?)))
            .collect()
    });
    for (signal, now) in changed.unwrap_or_default() {
        signal.set(now);
    }
    keeper::touch(form);
}

/// Today in the citizen's own time.
pub fn today() -> (i64, i64, i64) {
    clock::today()
}
