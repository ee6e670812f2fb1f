//! `/embed/lanjut`: takes over a draft from a widget that opened this tab, and goes on with its form.
//!
//! The draft comes by a channel from a window of our own origin (`public/frame.js`), never by the
//! address. It is written to this tab's journal first, then the widget is told, which drops its own;
//! so it is never in neither, and in both only for that moment, under one application's id.

use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::app::components::action::link;
use crate::app::components::element::{Markup, all, el, live};
use crate::app::components::heading::heading;
use crate::app::components::loading::waiting;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::journal;
use crate::browser::address;
use crate::browser::frame::{Handed, Offered, offered};
use crate::model::application::{AttachmentId, Draft};
use crate::model::json;
use crate::model::route::Route;
use crate::store::journal::StoreError;

/// The page.
pub fn page() -> Markup {
    // What is to be said, once there is something.
    let said = Signal::new("");
    leptos::task::spawn_local(async move {
        match offered().await {
            None => said.set(m::hand_over_nothing()),
            Some(offered) => match take_over(&offered).await {
                Some(form) => address::load(&form.to_string()),
                None => said.set(m::hand_over_refused()),
            },
        }
    });
    let told = live(move || match said.get() {
        "" => waiting(),
        words => all([
            el("p").class("lead").attr("role", "alert").text(words),
            el("p").child(link("button", "/", m::to_home())),
        ]),
    });
    all([heading(m::hand_over_title()), told])
}

/// Keeps the draft, answers, and says where it goes on; `None` where it cannot be kept.
async fn take_over(offered: &Offered) -> Option<Route> {
    let draft = json::read::<Draft>(offered.draft.as_bytes()).ok();
    let kept = match &draft {
        Some(draft) => keep(draft.clone(), &offered.files).await.ok(),
        None => None,
    };
    offered.answer(kept.unwrap_or(Handed::Refused));
    kept.and(draft).map(|draft| Route::Fill(draft.service))
}

async fn keep(mut draft: Draft, files: &Array) -> Result<Handed, StoreError> {
    let journal = journal().await?;
    if journal.updated(&draft.id).await?.is_some() {
        return Ok(Handed::Shared);
    }
    for file in files.iter() {
        let pair: Array = file.unchecked_into();
        let id: Option<AttachmentId> = pair.get(0).as_string().and_then(|id| id.try_into().ok());
        if let (Some(id), Ok(bytes)) = (id, pair.get(1).dyn_into::<Blob>()) {
            journal.put_file(&id, draft.id.as_str(), &bytes).await?;
        }
    }
    // "Kirim" is pressed here, if at all.
    draft.submitted = None;
    journal.put(&draft, None).await?;
    Ok(Handed::Kept)
}
