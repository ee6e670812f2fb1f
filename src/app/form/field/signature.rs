//! A signature: drawn by finger or mouse, or a typed name for whoever cannot draw.
//!
//! What is drawn is kept as an image in the journal each time the finger is lifted, like any file.

use leptos::prelude::event_target_value;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, CanvasRenderingContext2d, Event, HtmlCanvasElement, PointerEvent};

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::action::button;
use crate::app::components::element::{Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::journal;
use crate::browser::random;
use crate::model::answers::{Answer, FileAnswer};
use crate::model::application::AttachmentId;

/// Its size in the image's own points; on the page it is as wide as there is room.
const SIZE: (u32, u32) = (600, 200);

/// The inputs.
pub fn signature(form: Handle, index: usize, parts: &Parts) -> Markup {
    let (drawn, typed) = form.look(|form| match form.answer(index) {
        Some(Answer::Files(files)) => (!files.is_empty(), String::new()),
        Some(Answer::Text(text)) => (false, text.clone()),
        _ => (false, String::new()),
    });
    let drawn = Signal::new(drawn);
    let failed = Signal::new(false);
    let cleared = Signal::new(0_u32);
    let canvas = live(move || {
        // A fresh one is an empty one.
        cleared.track();
        let (width, height) = SIZE;
        el("canvas")
            .class("signature")
            .attr("width", &width.to_string())
            .attr("height", &height.to_string())
            .attr("role", "img")
            .attr("aria-label", m::signature_area())
            .on("pointerdown", |event| pen(&event, true))
            .on("pointermove", |event| pen(&event, false))
            .on("pointerup", move |event| keep(form, index, &event, drawn, failed))
            .view()
    });
    let said = live(move || match (failed.get(), drawn.get()) {
        (true, _) => el("p").class("complaint").text(m::file_failed()).view(),
        (_, true) => el("p").class("beneath").text(m::signature_kept()).view(),
        _ => nothing(),
    });
    let clear = move |_| {
        cleared.update(|count| *count = count.wrapping_add(1));
        drawn.set(false);
        answer(form, index, Answer::Files(Vec::new()));
    };
    let by_name = move |event: Event| {
        cleared.update(|count| *count = count.wrapping_add(1));
        drawn.set(false);
        answer(form, index, Answer::Text(event_target_value(&event)));
    };
    let name = parts
        .input("input", form, index)
        .attr("type", "text")
        .attr("autocomplete", "name")
        .attr("value", &typed)
        .on("input", by_name);
    let label = el("label").attr("for", &parts.id).text(m::signature_typed());
    let clear = button("plain", m::signature_clear(), clear);
    all((
        canvas,
        (el("div").attr("role", "status").child(said), [clear, label, name]),
    ))
}

fn canvas_of(event: &Event) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = event.target()?.dyn_into().ok()?;
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

/// Puts the pen down, or draws on to where it is.
fn pen(event: &Event, down: bool) {
    let Some((canvas, context)) = canvas_of(event) else {
        return;
    };
    let pointer: &PointerEvent = event.unchecked_ref();
    if down {
        // The line goes on where the finger leaves the field.
        let _ = canvas.set_pointer_capture(pointer.pointer_id());
        context.set_line_width(3.0);
        context.set_line_cap("round");
        context.begin_path();
    } else if pointer.buttons() == 0 {
        return;
    }
    let scale = f64::from(SIZE.0) / f64::from(canvas.client_width().max(1));
    let (x, y) = (
        f64::from(pointer.offset_x()) * scale,
        f64::from(pointer.offset_y()) * scale,
    );
    if down {
        context.move_to(x, y);
    }
    context.line_to(x, y);
    context.stroke();
}

/// Keeps what was drawn.
fn keep(form: Handle, index: usize, event: &Event, drawn: Signal<bool>, failed: Signal<bool>) {
    let Some((canvas, _)) = canvas_of(event) else { return };
    let done = Closure::once_into_js(move |blob: JsValue| {
        let Ok(blob) = blob.dyn_into::<Blob>() else {
            failed.set(true);
            return;
        };
        leptos::task::spawn_local(async move {
            let kept = store(form, &blob).await;
            failed.set(kept.is_none());
            if let Some(file) = kept {
                drawn.set(true);
                answer(form, index, Answer::Files(vec![file]));
            }
        });
    });
    if canvas.to_blob(done.unchecked_ref()).is_err() {
        failed.set(true);
    }
}

async fn store(form: Handle, blob: &Blob) -> Option<FileAnswer> {
    let id: AttachmentId = random::uuid().try_into().ok()?;
    let draft = form.try_look(|form| form.draft.id.clone())?;
    journal().await.ok()?.put_file(&id, draft.as_str(), blob).await.ok()?;
    // Sizes are whole numbers far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a size is a whole number, not negative"
    )]
    let size = blob.size() as u64;
    Some(FileAnswer {
        id,
        name: "tanda-tangan.png".to_owned(),
        media_type: "image/png".to_owned(),
        size,
        was: None,
    })
}
