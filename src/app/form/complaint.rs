//! What is wrong with answers, where it is said: at the field, and in the summary that takes the focus.

use std::sync::Arc;

use super::filling::{Filling, Handle};
use crate::app::components::action::link;
use crate::app::components::element::{El, Markup, el, live, nothing};
use crate::app::messages as m;
use crate::app::wrong::words;
use crate::forms::model::FieldKind;
use crate::forms::validate::{Complaint, InRow};

/// The element id of the summary.
pub const SUMMARY: &str = "ringkasan";

/// What is wrong with a field now: our complaint, else what the office refused.
pub fn of_field(form: Handle, index: usize) -> Option<String> {
    let (model, above) = form.try_look(|form| (Arc::clone(&form.model), form.above.clone()))?;
    let field = model.fields.get(index)?;
    let (form, index, row) = match above {
        Some(above) => {
            let number = above.place()?;
            (above.form, above.index, Some(InRow { number, field: index }))
        }
        None => (form, index, None),
    };
    form.try_look(|form| {
        let complaint = form.complaints.with(|all| {
            let found = all
                .iter()
                .find(|complaint| complaint.field == index && complaint.row == row)?;
            Some(words(field, &found.kind))
        });
        if complaint.is_some() || row.is_some() {
            return complaint;
        }
        let refusal = form.refusals.iter().find(|refusal| refusal.field == field.id)?;
        Some(m::wrong_office(&refusal.message))
    })
    .flatten()
}

/// The summary over a step's inputs: nothing while nothing is wrong.
pub fn summary(form: Handle) -> Markup {
    live(move || {
        let items = form.try_look(|form| {
            form.complaints
                .with(|all| all.iter().filter_map(|one| line(form, one)).collect::<Vec<El>>())
        });
        let items = items.unwrap_or_default();
        if items.is_empty() {
            return nothing();
        }
        el("div")
            .class("card stop")
            .id(SUMMARY)
            .attr("role", "alert")
            .attr("tabindex", "-1")
            .attr("aria-labelledby", "ringkasan-judul")
            .child(el("h2").id("ringkasan-judul").text(m::problems_title()))
            .child(el("ul").child(items))
            .view()
    })
}

fn line(form: &Filling, complaint: &Complaint) -> Option<El> {
    let field = form.model.fields.get(complaint.field)?;
    let lang = m::language();
    let label = field.label.get(lang);
    let own = || {
        (
            form.input_id(complaint.field),
            label.to_owned(),
            words(field, &complaint.kind),
        )
    };
    let (id, label, words) = match (complaint.row, &field.kind) {
        (Some(row), FieldKind::Repeat { entry, .. }) => {
            let inner = entry.fields.get(row.field)?;
            let rows = form.rows.iter().find(|(group, _)| *group == complaint.field);
            let at = |rows: &Vec<Handle>| rows.get(row.number)?.try_look(|entry| entry.input_id(row.field));
            let id = rows.and_then(|(_, rows)| rows.try_look(at).flatten());
            let number = row.number.saturating_add(1).to_string();
            let label = [label, " ", &number, ", ", inner.label.get(lang)].concat();
            (id.unwrap_or_else(|| own().0), label, words(inner, &complaint.kind))
        }
        _ => own(),
    };
    let text = [label.as_str(), ": ", &words].concat();
    Some(el("li").child(link("", &["#", &id].concat(), &text)))
}
