//! Files: each is stored in the journal at once, apart from validation, and listed under the input.
//!
//! A photo is then made into what the office takes (see [`document`]), and what was done is shown with
//! it. Where the browser cannot draw it, a JPEG is kept without what the camera wrote beside it, and
//! anything else is refused: where a photo was taken is nobody's business.

use std::pin::Pin;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::super::filling::{Handle, answer};
use super::Parts;
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::{journal, shared};
use crate::browser::picture::{self, Redrawn};
use crate::browser::random;
use crate::forms::document::{self, Plan};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::application::AttachmentId;

/// What the office takes.
pub struct Limits<'a> {
    /// Media types and endings; empty: any.
    pub accept: &'a [String],
    /// Most bytes of one.
    pub max_bytes: Option<u64>,
    /// Most files.
    pub most: u32,
}

/// The input and the list.
pub fn files(form: Handle, index: usize, parts: &Parts, limits: &Limits<'_>) -> Markup {
    let (most, max_bytes) = (limits.most, limits.max_bytes);
    let accept: Rc<[String]> = limits.accept.into();
    let start = form.look(|form| match form.answer(index) {
        Some(Answer::Files(files)) => files.clone(),
        _ => Vec::new(),
    });
    let held = Signal::new(start);
    let failed: Signal<Option<&str>> = Signal::new(None);
    let choosable = choosable(&accept);
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
            let accept = Rc::clone(&accept);
            leptos::task::spawn_local(async move {
                shared().announcement.set(m::one_moment().to_owned());
                let kept = match keeping(form, file, accept, max_bytes).await {
                    Ok(keeping) => keeping.await,
                    Err(_) => Err(m::part_missing()),
                };
                failed.set(kept.as_ref().err().copied());
                if let Ok(kept) = kept {
                    shared().announcement.set(detail(&kept));
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
        Some(words) => el("p").class("complaint").text(words).view(),
        None => nothing(),
    });
    let input = parts
        .input("input", form, index)
        .attr("type", "file")
        .attr("accept", &choosable)
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
    let detail = detail(file);
    let line = el("span")
        .class("line")
        .child(el("span").text(&file.name))
        .child(el("span").class("quiet").text(&detail));
    let button = button("plain", m::remove(), remove).attr("aria-label", &m::remove_what(&file.name));
    el("li").child(line).child(button)
}

/// Its size, that it is kept, and what was done to it.
fn detail(file: &FileAnswer) -> String {
    let size = locale::bytes(file.size);
    let mut parts = vec![size.as_str(), m::file_kept()];
    let made = file.was.map(|was| m::photo_redrawn(&locale::bytes(was)));
    parts.extend(made.as_deref());
    if file.was.is_some() && file.media_type == "application/pdf" {
        parts.push(m::photo_wrapped());
    }
    parts.join(" · ")
}

/// What the browser lets one choose: photos too where they will be wrapped.
fn choosable(accept: &[String]) -> String {
    let mut list = accept.join(",");
    if document::wraps(accept) {
        list.push_str(",image/*");
    }
    list
}

type Keeping = Pin<Box<dyn Future<Output = Result<FileAnswer, &'static str>>>>;

/// [`keep`], which comes with the other pages: a form answers to typing without it.
#[wasm_split(pages, fallible)]
fn keeping(
    form: Handle,
    file: web_sys::File,
    accept: Rc<[String]>,
    max_bytes: Option<u64>,
) -> Result<Keeping, SplitLoaderError> {
    Ok(Box::pin(async move { keep(form, &file, &accept, max_bytes).await }))
}

/// Keeps a file as it is, then as the office takes it.
///
/// # Errors
/// What to tell the citizen.
async fn keep(
    form: Handle,
    file: &web_sys::File,
    accept: &[String],
    max_bytes: Option<u64>,
) -> Result<FileAnswer, &'static str> {
    let failed = || m::file_failed();
    let id: AttachmentId = random::uuid().try_into().map_err(|_| failed())?;
    let draft = form.try_look(|form| form.draft.id.clone()).ok_or_else(failed)?;
    let journal = journal().await.map_err(|_| failed())?;
    journal
        .put_file(&id, draft.as_str(), file)
        .await
        .map_err(|_| failed())?;
    let (name, media_type) = (file.name(), file.type_());
    let as_it_is = FileAnswer {
        id,
        size: whole(file.size()),
        was: None,
        name,
        media_type,
    };
    let plan = document::plan(&as_it_is.media_type.to_ascii_lowercase(), accept);
    if plan == Plan::Keep {
        return Ok(as_it_is);
    }
    let made = match picture::redraw(file, max_bytes, plan == Plan::Wrap).await {
        Ok(made) => made,
        Err(_) => match undrawn(file, plan).await {
            Some(made) => made,
            None => {
                drop_bytes(as_it_is.id);
                return Err(m::photo_unreadable());
            }
        },
    };
    journal
        .put_file(&as_it_is.id, draft.as_str(), &made.bytes)
        .await
        .map_err(|_| failed())?;
    let ending = if plan == Plan::Wrap { "pdf" } else { "jpg" };
    Ok(FileAnswer {
        name: document::renamed(&as_it_is.name, ending),
        media_type: made.media_type.to_owned(),
        was: Some(as_it_is.size),
        size: whole(made.bytes.size()),
        id: as_it_is.id,
    })
}

/// A JPEG that the browser cannot draw, without what the camera wrote; nothing else can be helped.
async fn undrawn(file: &web_sys::File, plan: Plan) -> Option<Redrawn> {
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = document::stripped(&Uint8Array::new(&bytes).to_vec()).filter(|_| plan == Plan::Redraw)?;
    Some(Redrawn {
        bytes: picture::blob(&bytes, "image/jpeg").ok()?,
        media_type: "image/jpeg",
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a size is a whole number far below 2^53, and not negative"
)]
const fn whole(size: f64) -> u64 {
    size as u64
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
