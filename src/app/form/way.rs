//! Where one is in a form, as the history's state keeps it, and the way back.

use super::filling::{Handle, Stage};
use crate::app::components::action::{button, link};
use crate::app::components::element::El;
use crate::app::messages as m;
use crate::app::soon;
use crate::forms::journey;
use crate::model::route::Route;
use crate::model::service::ServiceId;

/// The state of the history while the review is shown; no step has this id, since ids hold no slash.
pub const REVIEW: &str = "/periksa";

/// The state of the history while a stage is shown.
pub fn state_of(form: Handle, stage: Stage) -> String {
    match stage {
        Stage::Review => REVIEW.to_owned(),
        Stage::Step(at) => form
            .try_look(|form| form.model.steps.get(at).map(|step| step.id.clone()))
            .flatten()
            .unwrap_or_default(),
    }
}

/// The stage that the history's state names; the first step where it names none.
pub fn stage_of(form: Handle, state: &str) -> Option<Stage> {
    if state == REVIEW {
        return Some(Stage::Review);
    }
    form.try_look(|form| {
        form.model
            .steps
            .iter()
            .position(|step| step.id == state)
            .map(Stage::Step)
    })
    .flatten()
}

/// "Kembali": the step before, or the service's page before the first.
pub fn back(form: Handle, at: usize, id: ServiceId) -> El {
    match form.look(|form| journey::previous(&form.model, &form.draft.answers, at)) {
        Some(before) => button("plain back", m::back(), move |_| {
            soon::with(move |soon| (soon.go)(form, Stage::Step(before)))
        }),
        None => link("plain back", &Route::Service(id).to_string(), m::back()),
    }
}
