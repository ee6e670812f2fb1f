//! A person of the citizen's own data: shown, and changed.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};

use crate::app::components::action::button;
use crate::app::components::element::{El, Markup, all, el, live};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::signal::Signal;
use crate::app::state::{journal, shared};
use crate::app::words;
use crate::browser::{address, clock, files, random};
use crate::model::answers::{Answer, Answers, FileAnswer};
use crate::model::person::{CONCEPTS, DOCUMENTS, Ground, Person, PersonId};

/// Reads who there is.
pub fn read() {
    leptos::task::spawn_local(async {
        if let Ok(journal) = journal().await {
            shared().people.set(Some(journal.people().await.unwrap_or_default()));
        }
    });
}

/// The people, and the way to one more.
pub fn people() -> Markup {
    let shared = shared();
    let open: Signal<Option<PersonId>> = Signal::new(None);
    let list = live(move || {
        let people = shared.people.get().unwrap_or_default();
        let open_id = open.get();
        let mut pieces: Vec<Markup> = Vec::new();
        for person in &people {
            pieces.push(match open_id.as_ref() == Some(&person.id) {
                true => editor(person.clone(), open).view(),
                false => card(person, open).view(),
            });
        }
        if let Some(id) = open_id.filter(|id| people.iter().all(|person| person.id != *id)) {
            let ground = if people.is_empty() { Ground::Own } else { Ground::Family };
            let person = Person {
                id,
                ground,
                known: Answers::default(),
                updated: clock::now(),
            };
            pieces.push(editor(person, open).view());
        } else {
            let text = if people.is_empty() {
                m::person_own()
            } else {
                m::person_add()
            };
            let add = move |_| open.set(random::uuid().try_into().ok());
            pieces.push(el("p").child(button("button second", text, add)).view());
        }
        all(pieces)
    });
    el("section")
        .child(el("h2").text(m::people_title()))
        .child(el("p").text(m::people_lead()))
        .child(list)
        .view()
}

fn card(person: &Person, open: Signal<Option<PersonId>>) -> El {
    let rows = CONCEPTS.iter().filter_map(|concept| {
        let text = person.known.text(concept)?;
        let term = el("dt").text(words::concept(concept));
        Some(el("div").child(term).child(el("dd").text(text)))
    });
    let documents = DOCUMENTS.iter().filter_map(|concept| {
        let file = document(person, concept)?;
        let detail = [file.name.as_str(), &locale::bytes(file.size)].join(" · ");
        let term = el("dt").text(words::concept(concept));
        Some(el("div").child(term).child(el("dd").text(&detail)))
    });
    let rows: Vec<El> = rows.chain(documents).collect();
    let id = person.id.clone();
    let change = move |_| open.set(Some(id.clone()));
    let head = el("div")
        .class("review-head")
        .child(el("h3").text(words::ground(person.ground)))
        .child(button("plain", m::change(), change).attr("aria-label", &m::change_what(person.name())));
    el("div").class("review").child(head).child(el("dl").child(rows))
}

fn document<'a>(person: &'a Person, concept: &str) -> Option<&'a FileAnswer> {
    match person.known.get(concept) {
        Some(Answer::Files(files)) => files.first(),
        _ => None,
    }
}

/// The id of a concept's input.
fn input_id(concept: &str) -> String {
    ["diri-", concept].concat()
}

fn editor(person: Person, open: Signal<Option<PersonId>>) -> El {
    let options = Ground::ALL.map(|(word, ground)| {
        el("option")
            .attr("value", word)
            .attr_if("selected", ground == person.ground)
            .text(words::ground(ground))
    });
    let ground = el("div")
        .class("field")
        .child(el("label").attr("for", "diri-dasar").text(m::ground()))
        .child(el("p").class("hint").text(m::ground_hint()))
        .child(el("select").id("diri-dasar").child(options));
    let lines = CONCEPTS.map(|concept| {
        let id = input_id(concept);
        let input = el("input")
            .id(&id)
            .attr("type", "text")
            .attr("autocomplete", "off")
            .attr("value", person.known.text(concept).unwrap_or_default())
            .attr_some(
                "inputmode",
                matches!(concept, "nik" | "kk" | "npwp").then_some("numeric"),
            );
        el("div")
            .class("field")
            .child(el("label").attr("for", &id).text(words::concept(concept)))
            .child(input)
    });
    let documents = DOCUMENTS.map(|concept| {
        let id = input_id(concept);
        let there = document(&person, concept).map(|file| el("p").class("hint").text(&m::document_kept(&file.name)));
        let input = el("input")
            .id(&id)
            .attr("type", "file")
            .attr("accept", "image/*,application/pdf");
        el("div")
            .class("field")
            .child(el("label").attr("for", &id).text(words::concept(concept)))
            .child(there)
            .child(input)
    });
    let id = person.id.clone();
    let remove = move |_| {
        if address::confirm(m::person_remove_sure()) {
            let id = id.clone();
            leptos::task::spawn_local(async move {
                if let Ok(journal) = journal().await {
                    let _ = journal.drop_person(&id).await;
                }
                open.set(None);
                read();
            });
        }
    };
    let failed = Signal::new(String::new());
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let person = person.clone();
        leptos::task::spawn_local(async move {
            match save(person).await {
                Some(()) => {
                    open.set(None);
                    shared().announcement.set(m::person_saved().to_owned());
                    read();
                }
                None => failed.set(m::not_saved().to_owned()),
            }
        });
    };
    let alarm = el("p")
        .class("complaint")
        .attr("role", "alert")
        .live_text(move || failed.get());
    el("form")
        .attr("novalidate", "")
        .class("card")
        .on("submit", submit)
        .child(ground)
        .child(lines)
        .child(documents)
        .child(alarm)
        .child(el("button").class("button").text(m::save()))
        .child(button("button second", m::cancel(), move |_| open.set(None)))
        .child(button("plain", m::person_remove(), remove))
}

fn field<T: JsCast>(id: &str) -> Option<T> {
    web_sys::window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Takes what is entered and writes it; `None` where the phone refuses.
async fn save(mut person: Person) -> Option<()> {
    let journal = journal().await.ok()?;
    let word = field::<HtmlSelectElement>("diri-dasar").map(|select| select.value());
    let ground = Ground::ALL.iter().find(|(known, _)| Some(*known) == word.as_deref());
    person.ground = ground.map_or(person.ground, |(_, ground)| *ground);
    for concept in CONCEPTS {
        let text = field::<HtmlInputElement>(&input_id(concept)).map(|input| input.value());
        let text = text.unwrap_or_default().trim().to_owned();
        person.known.0.remove(concept);
        if !text.is_empty() {
            person.known.0.insert(concept.to_owned(), Answer::Text(text));
        }
    }
    let mut gone = Vec::new();
    for concept in DOCUMENTS {
        let chosen = field::<HtmlInputElement>(&input_id(concept)).and_then(|input| input.files()?.get(0));
        let Some(file) = chosen else { continue };
        let kept = files::described(&file)?;
        journal.put_file(&kept.id, person.id.as_str(), &file).await.ok()?;
        gone.extend(document(&person, concept).map(|file| file.id.clone()));
        person.known.0.insert(concept.to_owned(), Answer::Files(vec![kept]));
    }
    person.updated = clock::now();
    journal.put_person(&person).await.ok()?;
    for id in gone {
        // A file that stays behind goes with its person.
        let _ = journal.drop_file(&id).await;
    }
    Some(())
}
