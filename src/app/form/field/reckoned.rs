//! What is computed: shown, and said anew when it changes.

use super::super::filling::Handle;
use super::super::review::shown;
use super::{Parts, why, wrong};
use crate::app::components::element::{Markup, all, el, live, nothing};

/// The answer, and what a rule between answers complains of.
pub fn reckoned(form: Handle, index: usize, parts: &Parts) -> Markup {
    let Some(settled) = form.try_look(|form| form.settled) else {
        return nothing();
    };
    let value = move || {
        settled.track();
        let value = form.try_look(|form| Some(shown(form.model.fields.get(index)?, form.answer(index)?)));
        value.flatten().unwrap_or_else(|| "–".to_owned())
    };
    let output = el("output").class("reckoned").id(&parts.id).live_text(value);
    let hint = el("p").class("hint").text(&parts.hint);
    let wrong = live(move || match wrong(form, index) {
        Some(words) => el("p").class("complaint").text(&words).view(),
        None => nothing(),
    });
    let question = el("label").attr("for", &parts.id).text(&parts.label);
    all((question, ([hint, output], (wrong, why(parts)))))
}
