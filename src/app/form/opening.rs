//! Opening a form: the draft that the journal holds for it, and which of its answers the office has
//! changed the meaning of since.

use super::filling::Filling;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::journal;
use crate::browser::frame::{Told, told};
use crate::browser::{clock, random};
use crate::catalogue::PublishedService;
use crate::forms::model::Model;
use crate::model::answers::Answers;
use crate::model::application::{ApplicationId, Draft};
use crate::model::json;
use crate::model::map::Map;
use crate::model::service::ServiceId;
use crate::store::journal::is_begun;

/// What the journal holds for the service.
#[derive(Clone)]
pub enum Held {
    /// Nothing.
    Nothing,
    /// A draft that is being filled in.
    Draft(Box<Draft>),
    /// The journal cannot be read: the form still works, and says that nothing is kept.
    Refused,
}

/// Reads it.
pub fn held_draft(service: ServiceId) -> Signal<Option<Held>> {
    let held = Signal::new(None);
    leptos::task::spawn_local(async move {
        // On a new phone nothing needs to be waited for: what is to be kept later waits for it itself.
        if !is_begun().await {
            held.set(Some(Held::Nothing));
            let _ = journal().await;
            return;
        }
        let drafts = match journal().await {
            Ok(journal) => journal.drafts().await,
            Err(error) => Err(error),
        };
        let found = match drafts {
            Ok(kept) => {
                let newest = kept
                    .drafts
                    .into_iter()
                    .filter(|draft| draft.service == service && draft.submitted.is_none())
                    .max_by_key(|draft| draft.updated);
                newest.map_or(Held::Nothing, |draft| Held::Draft(Box::new(draft)))
            }
            Err(_) => Held::Refused,
        };
        held.set(Some(found));
    });
    held
}

/// A draft with nothing in it.
pub fn new_draft(published: &PublishedService) -> Option<Draft> {
    let id: ApplicationId = random::uuid().try_into().ok()?;
    Some(Draft {
        completes: None,
        acting: Vec::new(),
        id,
        service: published.id.clone(),
        title: published.service.name.get(m::language()).to_owned(),
        form: published.fingerprint.clone(),
        meanings: Map::new(),
        answers: prefilled(published).unwrap_or_default(),
        step: String::new(),
        progress: (1, 1),
        submitted: None,
        updated: clock::now(),
    })
}

/// What the site around a widget has filled in.
fn prefilled(published: &PublishedService) -> Option<Answers> {
    let told = json::read(told(Told::Answers)?.as_bytes()).ok()?;
    Some(crate::forms::prefill(published.service.form.as_ref()?, &told))
}

/// The answered questions, by index, that do not mean what they meant when they were answered.
pub fn changed_since(model: &Model, draft: &mut Draft, meanings: &Map<String>, fingerprint: &str) -> Vec<usize> {
    // A draft that another page began names no form yet.
    let same_form = draft.form.is_empty() || draft.form == fingerprint;
    let mut changed = Vec::new();
    for (index, field) in model.fields.iter().enumerate() {
        if !field.asks() || draft.answers.get(&field.id).is_none() {
            continue;
        }
        let same = match draft.meanings.get(&field.id) {
            Some(before) => meanings.get(&field.id) == Some(before),
            None => same_form,
        };
        if !same {
            // An older build did not say; it stays a question until its page was looked at.
            if !draft.meanings.contains_key(&field.id) {
                draft.meanings.insert(field.id.clone(), String::new());
            }
            changed.push(index);
        }
    }
    changed
}

/// The step of the first shown question that the office changed.
pub fn first_changed(form: &Filling) -> Option<usize> {
    let first = form
        .changed
        .iter()
        .find(|index| form.shown.get(**index) == Some(&true))?;
    form.model.step_of(*first)
}
