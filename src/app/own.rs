//! The citizen's own data, offered to a form field by field.
//!
//! Under a field that asks for something that is known of somebody stands what is known, and whose it
//! is; one press puts it into the field, as if it were typed. Nothing is filled in by itself, so
//! nothing is sent that was not seen. Where it is another's, the draft keeps on what ground.
//!
//! This comes after the form answers to typing ([`begin`]), and stands in no form's way.

use std::pin::Pin;
use std::sync::Arc;

use wasm_bindgen::JsCast;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{
    DataTransfer, Event, EventInit, File, FilePropertyBag, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
};

use super::form::filling::Handle;
use super::form::keeper;
use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, el, nothing};
use crate::app::messages as m;
use crate::app::state::{journal, shared};
use crate::app::words;
use crate::forms::model::{FieldKind, FieldModel};
use crate::model::answers::{Answer, FileAnswer};
use crate::model::person::{Acting, DOCUMENTS, Ground, Person};

type Reading = Pin<Box<dyn Future<Output = ()>>>;

/// Reads who there is, and begins to offer what is known of them.
pub async fn begin() {
    if let Ok(reading) = reading().await {
        reading.await;
    }
}

/// [`read`], which comes with the other pages: a form answers to typing without it.
#[wasm_split(pages, fallible)]
fn reading() -> Result<Reading, SplitLoaderError> {
    Ok(Box::pin(read()))
}

async fn read() {
    let shared = shared();
    let Ok(journal) = journal().await else { return };
    let people = journal.people().await.unwrap_or_default();
    if !people.is_empty() {
        shared.people.set(Some(people));
        shared.offer.set(Some(offer));
    }
}

/// What a field asks for, whatever the form calls it.
fn concept(field: &FieldModel) -> Option<&'static str> {
    if !field.concept.is_empty() {
        return Some(field.concept);
    }
    match (&field.kind, field.autocomplete.as_str()) {
        (FieldKind::PersonId, _) => Some("nik"),
        (FieldKind::Phone, _) | (_, "tel") => Some("phone"),
        (FieldKind::Email { .. }, _) | (_, "email") => Some("email"),
        (_, "name") => Some("name"),
        (_, "bday") => Some("birth_date"),
        (_, "street-address") => Some("address"),
        _ => None,
    }
}

/// What is offered under a field.
fn offer(form: Handle, index: usize) -> Markup {
    let model = form.try_look(|form| Arc::clone(&form.model));
    let Some(field) = model.as_ref().and_then(|model| model.fields.get(index)) else {
        return nothing();
    };
    let people = shared().people.now().unwrap_or_default();
    let offers: Vec<El> = people
        .iter()
        .flat_map(|person| of_person(form, index, field, person))
        .collect();
    if offers.is_empty() {
        return nothing();
    }
    el("div").class("offers").child(offers).view()
}

fn of_person(form: Handle, index: usize, field: &FieldModel, person: &Person) -> Vec<El> {
    let acting = acting(person);
    if let FieldKind::File { .. } = field.kind {
        let documents = DOCUMENTS
            .into_iter()
            .filter_map(|concept| match person.known.get(concept) {
                Some(Answer::Files(files)) => Some((concept, files.first()?.clone())),
                _ => None,
            });
        return documents
            .map(|(concept, file)| {
                let (what, acting) = (words::concept(concept), acting.clone());
                let put = move |_| {
                    note(form, acting.clone());
                    put_file(form, index, file.clone());
                };
                button("plain", &m::offer(what, whose(person)), put)
            })
            .collect();
    }
    let known = concept(field).and_then(|concept| person.known.text(concept));
    known
        .map(|text| {
            let (value, acting) = (text.to_owned(), acting);
            let put = move |_| {
                note(form, acting.clone());
                put_text(form, index, &value);
            };
            button("plain", &m::offer(text, whose(person)), put)
        })
        .into_iter()
        .collect()
}

/// Whose it is, in few words.
fn whose(person: &Person) -> &str {
    match (person.ground, person.name()) {
        (Ground::Own, _) => m::own_self(),
        (ground, "") => words::ground(ground),
        (_, name) => name,
    }
}

fn acting(person: &Person) -> Option<Acting> {
    (person.ground != Ground::Own).then(|| Acting {
        name: person.name().to_owned(),
        ground: person.ground,
    })
}

/// Keeps in the draft whom it is filed for.
fn note(form: Handle, acting: Option<Acting>) {
    let Some(acting) = acting else { return };
    let _ = form.quietly(|form| {
        if !form.draft.acting.contains(&acting) {
            form.draft.acting.push(acting);
        }
    });
    keeper::touch(form);
}

fn input(form: Handle, index: usize) -> Option<HtmlElement> {
    let id = form.try_look(|form| form.input_id(index))?;
    let document = web_sys::window()?.document()?;
    document.get_element_by_id(&id)?.dyn_into().ok()
}

/// Tells the form of what stands in an input now, as a key does.
fn tell(input: &HtmlElement, event: &str) {
    let bubbles = EventInit::new();
    bubbles.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(event, &bubbles) {
        let _ = input.dispatch_event(&event);
    }
    let _ = input.focus();
}

fn put_text(form: Handle, index: usize, text: &str) {
    let Some(input) = input(form, index) else { return };
    match input.dyn_ref::<HtmlInputElement>() {
        Some(line) => line.set_value(text),
        None => {
            if let Some(lines) = input.dyn_ref::<HtmlTextAreaElement>() {
                lines.set_value(text);
            }
        }
    }
    tell(&input, "input");
}

/// Chooses a copy of a document, as from the phone's own files.
fn put_file(form: Handle, index: usize, file: FileAnswer) {
    leptos::task::spawn_local(async move {
        let Ok(journal) = journal().await else { return };
        let Ok(Some(bytes)) = journal.file(&file.id).await else {
            return;
        };
        let options = FilePropertyBag::new();
        options.set_type(&file.media_type);
        let copy = File::new_with_blob_sequence_and_options(&js_sys::Array::of1(&bytes), &file.name, &options);
        let (Ok(copy), Ok(list), Some(input)) = (copy, DataTransfer::new(), input(form, index)) else {
            return;
        };
        let Some(chooser) = input.dyn_ref::<HtmlInputElement>() else {
            return;
        };
        if list.items().add_with_file(&copy).is_ok() {
            chooser.set_files(list.files().as_ref());
            tell(&input, "change");
        }
    });
}
