//! The state of one form while it is filled in, and of one entry of a repeated group in it.
//!
//! An entry is a form of its own: its questions are drawn by the same code, and what is answered there
//! goes up into the one answer of the group ([`Above`]). Only the whole form has a draft that is
//! written.

use std::sync::Arc;

use super::keeper::{self, Kept, Pace, Then};
use crate::app::signal::Signal;
use crate::browser::clock;
use crate::catalogue::PublishedService;
use crate::forms::model::Model;
use crate::forms::validate::{Complaint, InRow};
use crate::forms::visibility;
use crate::model::answers::Answer;
use crate::model::application::Draft;
use crate::model::map::Map;
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
    pub model: Arc<Model>,
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
    /// What is said about a try to go on in a full tab; empty where there was none.
    pub said: Signal<&'static str>,
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
    /// Questions, by index, whose meaning the office changed since they were answered, and whose page
    /// was not looked at since.
    pub changed: Vec<usize>,
    /// Counts up when computed answers or the options of a choice may be others.
    pub settled: Signal<u32>,
    /// What each question means ([`crate::forms::meanings`]), by its id; none for an entry.
    pub meanings: Map<String>,
    /// Where this is an entry of a repeated group: the form above it.
    pub above: Option<Above>,
    /// The entries of repeated groups on the page, by the group's index.
    pub rows: Vec<(usize, Signal<Vec<Handle>>)>,
    /// After a change that was begun on the review, "Lanjut" leads back there.
    pub from_review: bool,
}

/// Where an entry of a repeated group belongs.
#[derive(Clone)]
pub struct Above {
    /// The form that has the group.
    pub form: Handle,
    /// The group's index in it.
    pub index: usize,
    /// All entries of the group.
    pub rows: Signal<Vec<Handle>>,
    /// What the ids of this entry's inputs begin with; no other entry has it.
    pub prefix: String,
}

impl Above {
    /// Which of the group's entries this is.
    pub fn place(&self) -> Option<usize> {
        let is_this = |row: &Handle| {
            row.try_look(|row| row.above.as_ref().is_some_and(|above| above.prefix == self.prefix)) == Some(true)
        };
        self.rows.try_look(|rows| rows.iter().position(is_this)).flatten()
    }
}

impl Filling {
    /// Sets up a form with the draft that the journal held, or a new one.
    pub fn new(
        published: Arc<PublishedService>,
        model: Arc<Model>,
        mut draft: Draft,
        on_disk: Option<Timestamp>,
    ) -> Self {
        let shown = visibility::open(&model, &mut draft.answers);
        let visible = shown.iter().map(|shown| Signal::new(*shown)).collect();
        let step = model.steps.iter().position(|step| step.id == draft.step).unwrap_or(0);
        Self {
            kept: Signal::new(on_disk.map_or(Kept::Untouched, Kept::At)),
            said: Signal::new(""),
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
            changed: Vec::new(),
            settled: Signal::new(0),
            meanings: Map::new(),
            above: None,
            rows: Vec::new(),
        }
    }

    /// The id of a question's first input on the page.
    pub fn input_id(&self, index: usize) -> String {
        let prefix = self.above.as_ref().map_or("", |above| above.prefix.as_str());
        [prefix, "f", &index.to_string()].concat()
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

/// Takes an answer: into the draft, to the journal, and to the fields that depend on it. Whoever mends an
/// answer is not told of its fault any longer.
pub fn answer(form: Handle, index: usize, answer: Answer) {
    take(form, index, answer, &|complaint| complaint.field != index);
}

fn take(form: Handle, index: usize, answer: Answer, still: &dyn Fn(&Complaint) -> bool) {
    let taken = form.quietly(|form| {
        let field = form.model.fields.get(index)?;
        form.draft.answers.0.insert(field.id.clone(), answer);
        if let Some(meaning) = form.meanings.get(&field.id) {
            form.draft.meanings.insert(field.id.clone(), meaning.clone());
        }
        let offers = !field.parts.is_empty();
        if !form.complaints.look(|complaints| complaints.iter().all(still)) {
            form.complaints.update(|complaints| complaints.retain(still));
        }
        let changes = visibility::refresh(&form.model, &mut form.draft.answers, &mut form.shown, index);
        let flipped: Vec<(Signal<bool>, bool)> = changes
            .flipped
            .into_iter()
            .filter_map(|flipped| Some((*form.visible.get(flipped)?, *form.shown.get(flipped)?)))
            .collect();
        let settled = (offers || !changes.computed.is_empty()).then_some(form.settled);
        Some((flipped, settled, form.above.clone()))
    });
    let Some(Some((flipped, settled, above))) = taken else {
        return;
    };
    for (signal, now) in flipped {
        signal.set(now);
    }
    if let Some(settled) = settled {
        settled.update(|count| *count = count.wrapping_add(1));
    }
    match above {
        Some(above) => {
            let here = above.place().map(|number| InRow { number, field: index });
            let whole = above.index;
            gather(&above, &|complaint| complaint.field != whole || complaint.row != here);
        }
        None => keeper::touch(form),
    }
}

/// Takes the entries of a repeated group into the group's own answer; `still` says which complaints stay.
pub fn gather(above: &Above, still: &dyn Fn(&Complaint) -> bool) {
    let entry = |row: &Handle| row.try_look(|row| row.draft.answers.clone());
    let rows = above.rows.try_look(|rows| rows.iter().filter_map(entry).collect());
    if let Some(rows) = rows {
        take(above.form, above.index, Answer::Rows(rows), still);
    }
}

/// The form that is written: this one, or the one above an entry.
pub fn whole(form: Handle) -> Handle {
    let above = form.try_look(|form| form.above.as_ref().map(|above| above.form));
    above.flatten().unwrap_or(form)
}

/// Today in the citizen's own time.
pub fn today() -> (i64, i64, i64) {
    clock::today()
}
