//! Files: each is stored in the journal at once, apart from validation, and listed under the input.

use wasm_bindgen::JsCast;

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::{journal, shared};
use crate::browser::files::described;
use crate::model::answers::{Answer, FileAnswer};
use crate::model::application::AttachmentId;

/// The input and the list.
pub fn files(form: Handle, index: usize, parts: &Parts, accept: &[String], most: u32) -> Markup {
    let start = form.look(|form| match form.answer(index) {
        Some(Answer::Files(files)) => files.clone(),
        _ => Vec::new(),
    });
    let held = Signal::new(start);
    let failed = Signal::new(false);
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
        else {
            return;
        };
        let picked: Vec<web_sys::File> = input
            .files()
            .map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect())
            .unwrap_or_default();
        // The same file may be chosen again after it was removed.
        input.set_value("");
        for file in picked {
            leptos::task::spawn_local(async move {
                let kept = keep(form, &file).await;
                failed.set(kept.is_none());
                if let Some(kept) = kept {
                    held.update(|held| {
                        if most == 1 {
                            held.clear();
                        }
                        held.push(kept);
                    });
                    answer(form, index, Answer::Files(held.now()));
                }
            });
        }
    };
    let list = live(move || {
        let files = held.get();
        all(files
            .into_iter()
            .map(|file| kept(form, index, held, &file))
            .collect::<Vec<_>>())
    });
    let alarm = live(move || match failed.get() {
        true => el("p").class("complaint").text(m::file_failed()).view(),
        false => nothing(),
    });
    let input = parts
        .input("input", form, index)
        .attr("type", "file")
        .attr("accept", &accept.join(","))
        .attr_if("multiple", most > 1)
        .on("change", chosen);
    let label = el("label").class("unseen").attr("for", &parts.id).text(m::add_file());
    let alarm = el("div").attr("role", "alert").child(alarm);
    all([label, input, alarm, el("ul").class("files").child(list)])
}

/// A file that is kept, and the way to take it out again.
fn kept(form: Handle, index: usize, held: Signal<Vec<FileAnswer>>, file: &FileAnswer) -> El {
    let id = file.id.clone();
    let remove = move |_| {
        held.update(|held| held.retain(|known| known.id != id));
        answer(form, index, Answer::Files(held.now()));
        drop_bytes(id.clone());
    };
    let detail = [locale::bytes(file.size).as_str(), m::file_kept()].join(" · ");
    let line = el("span")
        .class("line")
        .child(el("span").text(&file.name))
        .child(el("span").class("quiet").text(&detail));
    let button = button("plain", m::remove(), remove).attr("aria-label", &m::remove_what(&file.name));
    el("li").child(line).child(button)
}

async fn keep(form: Handle, file: &web_sys::File) -> Option<FileAnswer> {
    let kept = described(file)?;
    let draft = form.try_look(|form| form.draft.id.clone())?;
    let journal = journal().await.ok()?;
    journal.put_file(&kept.id, draft.as_str(), file).await.ok()?;
    Some(kept)
}

fn drop_bytes(id: AttachmentId) {
    leptos::task::spawn_local(async move {
        if let Ok(journal) = journal().await {
            // A file that stays behind goes with its draft.
            let _ = journal.drop_file(&id).await;
        }
        shared().announcement.set(m::remove().to_owned());
    });
}
