//! A group of questions that is answered any number of times.
//!
//! Each entry is a form of its own (`filling`), drawn by the same code as the whole one.

use std::sync::Arc;

use leptos::prelude::Owner;

use super::super::filling::{Above, Filling, Handle, gather};
use super::{Parts, field};
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::browser::address;
use crate::forms::model::Model;
use crate::model::answers::{Answer, Answers};

/// The entries, and the button for another one.
pub fn repeat(form: Handle, index: usize, parts: &Parts, entry: &Arc<Model>, (min, max): (u32, u32)) -> Markup {
    let held = form.look(|form| match form.answer(index) {
        Some(Answer::Rows(rows)) => rows.clone(),
        _ => Vec::new(),
    });
    let rows: Signal<Vec<Handle>> = Signal::new(Vec::new());
    let _ = form.quietly(|form| {
        form.rows.retain(|(group, _)| *group != index);
        form.rows.push((index, rows));
    });
    let group = Group {
        form,
        index,
        rows,
        id: parts.id.clone(),
        entry: Arc::clone(entry),
        owner: Owner::current().unwrap_or_default(),
    };
    let fewest = usize::try_from(min.max(1)).unwrap_or(1);
    let blank = fewest.saturating_sub(held.len());
    let start = held.into_iter().chain(std::iter::repeat_n(Answers::default(), blank));
    let start: Vec<Handle> = start
        .enumerate()
        .map(|(number, row)| group.entry_of(number, row))
        .collect();
    let next = Signal::new(start.len());
    rows.set(start);
    let label = parts.label.clone();
    let list = {
        let (group, label) = (group.clone(), label.clone());
        live(move || {
            let entries = rows.get().into_iter().enumerate();
            all(entries
                .map(|(place, row)| group.drawn(place, row, &label))
                .collect::<Vec<_>>())
        })
    };
    let most = usize::try_from(max).unwrap_or(usize::MAX);
    let another = live(move || {
        if rows.with(Vec::len) >= most {
            return el("p").class("hint").text(&m::rows_full(&max.to_string())).view();
        }
        let group = group.clone();
        let add = move |_| {
            let number = next.now();
            next.set(number.wrapping_add(1));
            let row = group.another(number);
            rows.update(|rows| rows.push(row));
            group.taken();
            if let Some(id) = row.try_look(|row| row.input_id(0)) {
                address::focus_soon(&id);
            }
        };
        button("button second", &m::add_row(&label), add).view()
    });
    all((list, another))
}

#[derive(Clone)]
struct Group {
    form: Handle,
    index: usize,
    rows: Signal<Vec<Handle>>,
    id: String,
    entry: Arc<Model>,
    /// The whole group's part of the page: an entry lives as long as that, whichever button made it.
    owner: Owner,
}

impl Group {
    /// An entry as a form of its own.
    fn entry_of(&self, number: usize, answers: Answers) -> Handle {
        let (published, draft) = self.form.look(|form| (Arc::clone(&form.published), form.draft.clone()));
        let draft = crate::model::application::Draft { answers, ..draft };
        let mut filling = Filling::new(published, Arc::clone(&self.entry), draft, None);
        filling.above = Some(Above {
            form: self.form,
            index: self.index,
            rows: self.rows,
            prefix: [&self.id, "-", &number.to_string(), "-"].concat(),
        });
        Signal::new(filling)
    }

    /// The same for an entry that is added later.
    fn another(&self, number: usize) -> Handle {
        self.owner.with(|| self.entry_of(number, Answers::default()))
    }

    /// Takes entries that came or went into the answer. What was said of others would stand at the wrong
    /// ones now.
    fn taken(&self) {
        let above = Above {
            form: self.form,
            index: self.index,
            rows: self.rows,
            prefix: String::new(),
        };
        let index = self.index;
        gather(&above, &|complaint| complaint.field != index);
    }

    fn drawn(&self, place: usize, row: Handle, label: &str) -> Markup {
        let number = place.saturating_add(1).to_string();
        let title = [label, " ", &number].concat();
        let fields: Vec<Markup> = (0..self.entry.fields.len()).map(|index| field(row, index)).collect();
        let group = self.clone();
        let remove = move |_| {
            group.rows.update(|rows| {
                if place < rows.len() {
                    rows.remove(place);
                }
            });
            group.taken();
            address::focus_soon(&group.id);
        };
        let remove = button("plain", m::remove(), remove).attr("aria-label", &m::remove_what(&title));
        let legend: El = el("legend").text(&title);
        // The group's own id leads to its first entry.
        let id = if place == 0 { self.id.as_str() } else { "" };
        let set = el("fieldset").class("entry").attr("tabindex", "-1");
        let set = if id.is_empty() { set } else { set.id(id) };
        if fields.is_empty() {
            return nothing();
        }
        set.child(legend).child(fields).child(remove).view()
    }
}
