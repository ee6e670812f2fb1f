//! Going on in a form: from step to step, to the review, and to the outbox.
//!
//! All this is in the part of the program that comes once one can type ([`crate::app::soon`]).

use std::cell::Cell;

use super::complaint::SUMMARY;
use super::filling::{Filling, Handle, Stage, today};
use super::full_tab;
use super::keeper::{self, Kept};
use super::opening::first_changed;
use super::review::review;
use super::way::{back, state_of};
use crate::app::components::action::{button, thumb};
use crate::app::components::element::{El, Markup, all, el};
use crate::app::components::heading::{focus_next, heading};
use crate::app::messages as m;
use crate::app::soon;
use crate::app::state::{journal, shared};
use crate::app::words;
use crate::browser::frame::{Told, told};
use crate::browser::{address, clock};
use crate::forms::model::FieldModel;
use crate::forms::{journey, validate};
use crate::model::delivery::Delivery;
use crate::model::message::Command;
use crate::model::route::Route;

/// "Lanjut" or "Kirim", whichever is shown.
pub fn submit(form: Handle) {
    match form.look(|form| form.stage.now()) {
        Stage::Step(at) => advance(form, at),
        Stage::Review => send(form),
    }
}

/// Moves to a stage, as a step forward in the history.
pub fn go(form: Handle, to: Stage) {
    let state = state_of(form, to);
    let stage = form.quietly(|form| {
        if let Stage::Step(at) = to {
            form.draft.step.clone_from(&state);
            form.draft.progress = journey::progress(&form.model, &form.draft.answers, at);
        }
        form.complaints.set(Vec::new());
        form.stage
    });
    address::push(&address::path(), &state);
    focus_next();
    if let Some(stage) = stage {
        stage.set(to);
    }
    keeper::touch(form);
    keeper::flush(form);
}

/// "Lanjut": on if the step has nothing to complain of.
fn advance(form: Handle, at: usize) {
    let next = form.quietly(|form| {
        let complaints = validate::step(&form.model, at, &form.draft.answers, today());
        if !complaints.is_empty() {
            form.complaints.set(complaints);
            return None;
        }
        // What the office refused has been looked at.
        let fields = form.model.fields_of(at);
        let seen: Vec<String> = fields
            .filter_map(|index| form.model.fields.get(index))
            .map(|field| field.id.clone())
            .collect();
        form.refusals.retain(|refusal| !seen.contains(&refusal.field));
        for id in &seen {
            if let Some(meaning) = form.meanings.get(id).filter(|_| form.draft.answers.get(id).is_some()) {
                form.draft.meanings.insert(id.clone(), meaning.clone());
            }
        }
        if !form.changed.is_empty() {
            let fields = form.model.fields_of(at);
            form.changed.retain(|index| !fields.contains(index));
            return Some(onward(form));
        }
        if std::mem::take(&mut form.from_review) {
            let open = journey::first_incomplete(&form.model, &form.draft.answers, today());
            return Some(open.map_or(Stage::Review, Stage::Step));
        }
        Some(journey::next(&form.model, &form.draft.answers, at).map_or(Stage::Review, Stage::Step))
    });
    match next.flatten() {
        Some(next) => go(form, next),
        None => address::focus_soon(SUMMARY),
    }
}

/// Where to go on: what changed first, then what is missing, else the review.
fn onward(form: &Filling) -> Stage {
    let open = || journey::first_incomplete(&form.model, &form.draft.answers, today());
    first_changed(form).or_else(open).map_or(Stage::Review, Stage::Step)
}

/// Leads to what the office refused, and says so at the fields, once.
pub fn heed_refusals(form: Handle, heeded: &Cell<bool>) {
    let known = form
        .try_look(|form| form.draft.id.clone())
        .and_then(|id| shared().told(&id));
    let Some(Delivery::Rejected { fields, .. }) = known.as_ref().map(|known| &known.delivery) else {
        return;
    };
    if fields.is_empty() || heeded.replace(true) {
        return;
    }
    let step = form.quietly(|form| {
        form.refusals.clone_from(fields);
        let refused = |field: &FieldModel| fields.iter().any(|refusal| refusal.field == field.id);
        form.model.step_of(form.model.fields.iter().position(refused)?)
    });
    if let Some(Some(step)) = step {
        address::replace(&address::path(), &state_of(form, Stage::Step(step)));
        form.look(|form| form.stage.set(Stage::Step(step)));
    }
}

/// Which questions the office changed, each with the way to it.
pub fn changes(form: Handle) -> Markup {
    let questions: Vec<(usize, String)> = form.look(|form| {
        let changed = form.changed.iter().filter_map(|index| {
            let field = form.model.fields.get(*index)?;
            let step = form.model.step_of(*index)?;
            Some((step, field.label.get(m::language()).to_owned()))
        });
        changed.collect()
    });
    let line =
        |(step, label): (usize, String)| el("li").child(button("plain", &label, move |_| go(form, Stage::Step(step))));
    let lines: Vec<El> = questions.into_iter().map(line).collect();
    el("div")
        .class("note wait")
        .attr("role", "status")
        .child(el("p").text(m::changed_questions()))
        .child(el("ul").child(lines))
        .view()
}

pub fn review_page(form: Handle) -> Markup {
    let (office, id, acting) = form.look(|form| {
        let office = form.published.office.get(m::language());
        let office = if office.is_empty() {
            form.published.backend.get(m::language())
        } else {
            office
        };
        let acting = form.draft.acting.iter();
        let acting: Vec<El> = acting
            .map(|acting| el("p").text(&m::acting(&acting.name, words::ground(acting.ground))))
            .collect();
        (office.to_owned(), form.published.id.clone(), acting)
    });
    all([
        back(form, usize::MAX, id).view(),
        heading(m::review_title()),
        el("p").class("lead").text(&m::review_lead(&office)).view(),
        all(acting),
        review(form, change),
        // What cannot be kept here is sent where it can.
        thumb(if leaves(form) { m::full_tab() } else { m::send() }),
    ])
}

/// Back to a step from the review; "Lanjut" leads there again.
fn change(form: Handle, at: usize) {
    let _ = form.quietly(|form| form.from_review = true);
    go(form, Stage::Step(at));
}

/// Whether the form can be sent in a full tab alone: the browser refuses storage in this frame.
fn leaves(form: Handle) -> bool {
    told(Told::Frame).is_some() && form.look(|form| form.kept.look(|kept| *kept == Kept::Refused))
}

/// "Kirim": marks the draft as given to be sent, in the journal first, and tells the engine.
fn send(form: Handle) {
    // What is missing, and what the office changed, is looked at before anything is sent.
    if let Some(Stage::Step(open)) = form.try_look(onward) {
        let complaints = form.look(|form| validate::step(&form.model, open, &form.draft.answers, today()));
        go(form, Stage::Step(open));
        if !complaints.is_empty() {
            form.look(|form| form.complaints.set(complaints));
            address::focus_soon(SUMMARY);
        }
        return;
    }
    if leaves(form) {
        full_tab::go_on(form);
        return;
    }
    // A second press finds it submitted.
    let begun = form.quietly(|form| {
        if form.draft.submitted.is_some() {
            return None;
        }
        form.draft.submitted = Some(clock::now());
        Some(form.draft.clone())
    });
    let Some(Some(draft)) = begun else { return };
    keeper::write_then(
        form,
        Box::new(move |written| {
            if written.is_err() {
                // The keeper says why; the citizen may press again.
                let _ = form.quietly(|form| form.draft.submitted = None);
                return;
            }
            let shared = shared();
            shared.drafts.update(|drafts| {
                let drafts = drafts.get_or_insert_default();
                drafts.retain(|known| known.id != draft.id);
                drafts.push(draft.clone());
            });
            soon::tell(Command::Submit { id: draft.id.clone() });
            focus_next();
            // Back must not lead to a form that was sent.
            shared.go_instead(&Route::MyCase(draft.id));
        }),
    );
}

/// "Mulai dari awal", if the citizen is sure.
pub fn start_over(form: Handle) {
    if !address::confirm(m::start_over_sure()) {
        return;
    }
    let Some(id) = form.try_look(|form| form.draft.id.clone()) else {
        return;
    };
    leptos::task::spawn_local(async move {
        let gone = match journal().await {
            Ok(journal) => journal.discard(&id).await,
            Err(error) => Err(error),
        };
        if gone.is_err() {
            // What is still there must not look as if it were gone.
            form.look(|form| form.kept.set(Kept::NotDiscarded));
            return;
        }
        address::replace(&address::path(), "");
        shared().drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
    });
}
