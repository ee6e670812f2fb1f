//! `/data-saya`: what is kept on this phone, and the one button that erases it.

use leptos::prelude::*;

use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::state::{journal, shared};
use crate::browser::address;
use crate::model::message::Command;

/// The page.
pub fn page() -> AnyView {
    let shared = shared();
    let unfinished = move || {
        shared.drafts.with(|drafts| {
            drafts
                .iter()
                .flatten()
                .filter(|draft| draft.submitted.is_none())
                .count()
        })
    };
    let cases = move || shared.cases.with(|cases| cases.as_ref().map_or(0, Vec::len));
    let erase = move |_| {
        if !address::confirm(m::erase_sure()) {
            return;
        }
        shared.tell(&Command::Erase);
        leptos::task::spawn_local(async move {
            if let Ok(journal) = journal().await {
                let _ = journal.erase().await;
            }
            shared.read_drafts();
        });
    };
    view! {
        {heading(m::my_data())}
        <p class="lead">{m::data_lead()}</p>
        <div role="status">
            {move || shared.erased.get().then(|| view! { <p class="card done">{m::erased()}</p> }.into_any())}
        </div>
        <ul class="bullets">
            <li>{move || m::data_drafts(&unfinished().to_string())}</li>
            <li>{move || m::data_outbox(&shared.unsent().len().to_string())}</li>
            <li>{move || m::data_cases(&cases().to_string())}</li>
        </ul>
        <p>{m::data_honest()}</p>
        <button type="button" class="button stop" on:click=erase>{m::erase()}</button>
    }
    .into_any()
}
