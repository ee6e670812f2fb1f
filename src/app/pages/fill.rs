//! `/layanan/{code}/{backend}/{service}/isi`: the form, one step a page, then the review.
//!
//! The step is in the history's state, so Back and Forward walk through the steps. The form is drawn
//! once both the published form and the journal are there, so that nothing typed is overwritten by a
//! draft that comes late; the engine is started after that.

use std::cell::Cell;
use std::sync::Arc;

use leptos::prelude::untrack;

use crate::app::components::action::{button, link, thumb};
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::heading;
use crate::app::components::loading::{load, waiting, when_loaded};
use crate::app::form::field::field;
use crate::app::form::filling::{Filling, Handle, Stage};
use crate::app::form::full_tab::full_tab;
use crate::app::form::keeper::{self, Kept};
use crate::app::form::opening::{Held, changed_since, first_changed, held_draft, new_draft};
use crate::app::form::rare;
use crate::app::form::way::{back, stage_of, state_of};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::own;
use crate::app::pages::region::{contact, demonstration};
use crate::app::pages::{late, unknown};
use crate::app::signal::{Signal, follow};
use crate::app::soon::{self, coming};
use crate::app::state::shared;
use crate::app::theme;
use crate::browser::frame::{Told, told};
use crate::browser::{address, clock, network};
use crate::catalogue::PublishedService;
use crate::forms::journey;
use crate::model::delivery::{Delivery, WaitingFor};
use crate::model::route::published_service;
use crate::model::service::ServiceId;

/// Milliseconds that the engine has the line to itself before the other pages are fetched.
const LATER: i32 = 3000;

/// The page.
pub fn page(id: ServiceId) -> Markup {
    let file = load::<PublishedService>(published_service(&id));
    let held = held_draft(id);
    when_loaded(
        file,
        move |published| match held.get() {
            // Only the two files draw the form anew: what else is looked at there may change meanwhile.
            Some(held) => untrack(move || begin(published, held)),
            None => waiting(),
        },
        unknown::service,
    )
}

fn begin(published: Arc<PublishedService>, held: Held) -> Markup {
    theme::apply(published.theme.as_ref());
    let mut newer = None;
    let known = match &held {
        Held::Draft(draft) => shared().told(&draft.id),
        _ => None,
    };
    if let Some(known) = &known {
        // What the engine knows of an earlier try: a newer form.
        if let Delivery::Waiting(WaitingFor::FormChanged { form, fingerprint }) = &known.delivery {
            newer = Some((Some(form), fingerprint));
        }
    }
    let (form, fingerprint) = newer.unwrap_or((published.service.form.as_ref(), &published.fingerprint));
    let Some(form) = form else {
        return broken(&published);
    };
    // What is wrong with it was told to whoever published it.
    let (mut model, _) = crate::forms::compile_without_rules(form);
    if model.steps.is_empty() {
        return broken(&published);
    }
    if !rare::bring(&mut model) {
        let published = Arc::clone(&published);
        return rare::then(move || begin(Arc::clone(&published), held.clone()));
    }
    let refused = matches!(held, Held::Refused);
    let (mut draft, on_disk) = match held {
        Held::Draft(draft) => {
            let updated = draft.updated;
            (*draft, Some(updated))
        }
        Held::Nothing | Held::Refused => match new_draft(&published) {
            Some(draft) => (draft, None),
            None => return broken(&published),
        },
    };
    let meanings = crate::forms::meanings(form);
    let changed = changed_since(&model, &mut draft, &meanings, fingerprint);
    draft.form.clone_from(fingerprint);
    let resumed = on_disk.is_some();
    let mut filling = Filling::new(Arc::clone(&published), Arc::new(model), draft, on_disk);
    filling.meanings = meanings;
    let again = !changed.is_empty();
    filling.changed = changed;
    let form: Handle = Signal::new(filling);
    if refused {
        form.look(|form| form.kept.set(Kept::Refused));
    }
    if again {
        // What changed is asked first; the rest stands.
        form.look(|form| {
            if let Some(step) = first_changed(form) {
                form.stage.set(Stage::Step(step));
            }
        });
    }
    let heeded = Cell::new(false);
    follow(Box::new(move || {
        if let Some(soon) = shared().soon.get() {
            (soon.heed_refusals)(form, &heeded);
        }
    }));
    follow_history(form, again);
    network::on_hide(move || keeper::flush(form));
    draw(form, resumed, again)
}

/// A form that cannot be asked, and whom to ask instead.
fn broken(published: &PublishedService) -> Markup {
    let lang = m::language();
    let office = el("p").class("strong").text(published.office.get(lang)).view();
    all([
        Some(heading(published.service.name.get(lang))),
        Some(el("p").class("lead").text(m::form_broken()).view()),
        Some(office),
        published.contact.as_ref().map(contact),
        Some(link("button", "/", m::to_home()).view()),
    ])
}

fn follow_history(form: Handle, again: bool) {
    let stage = form.look(|form| form.stage);
    // A reload stays where it was; a fresh visit starts where the draft was left, or where it is asked
    // again.
    match stage_of(form, &address::state()).filter(|_| !again) {
        Some(found) => stage.set(found),
        None => address::replace(&address::path(), &state_of(form, stage.now())),
    }
    let moved = shared().moved;
    let seen = Cell::new(moved.now());
    follow(Box::new(move || {
        let now = moved.get();
        if seen.replace(now) != now
            && let Some(found) = stage_of(form, &address::state())
        {
            form.look(|form| form.complaints.set(Vec::new()));
            stage.set(found);
        }
    }));
}

fn draw(form: Handle, resumed: bool, changed: bool) -> Markup {
    let (stage, kept, demo) = form.look(|form| (form.stage, form.kept, form.published.demonstration));
    let note = if changed {
        Some(coming(move |soon| (soon.changes)(form)))
    } else if resumed {
        let over = move |_| soon::with(move |soon| (soon.start_over)(form));
        let over = button("plain", m::start_over(), over);
        Some(el("p").class("note").text(m::resumed()).text(" ").child(over).view())
    } else {
        None
    };
    let ready = Signal::new(false);
    // Drawn and answering: only now may the engine take its share of a slow phone.
    clock::after_paint(move || {
        ready.set(true);
        clock::after(0, || soon::with(|soon| (soon.begin)()));
        clock::after(LATER, || {
            leptos::task::spawn_local(async {
                late::fetch().await;
                own::begin().await;
            });
        });
    });
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        soon::with(move |soon| (soon.submit)(form));
    };
    let page = live(move || match stage.get() {
        Stage::Step(at) => step(form, at),
        Stage::Review => coming(move |soon| (soon.review)(form)),
    });
    let saved = move || match kept.get() {
        Kept::NotDiscarded => m::discard_failed().to_owned(),
        Kept::Untouched => String::new(),
        Kept::At(at) => m::saved_at(&locale::time(at)),
        Kept::Refused => match told(Told::Frame) {
            Some(_) => m::framed_refused().to_owned(),
            None => m::not_saved().to_owned(),
        },
        Kept::NewerElsewhere => m::newer_elsewhere().to_owned(),
        Kept::Outdated => m::outdated().to_owned(),
    };
    let saved_class = move || {
        let well = matches!(kept.get(), Kept::At(_) | Kept::Untouched);
        Some(if well { "saved" } else { "saved complaint" }.to_owned())
    };
    let element = el("form")
        .attr("novalidate", "")
        .live_attr("data-ready", move || ready.get().then(String::new))
        .on("submit", submit)
        .child(page);
    let saved = el("p")
        .live_attr("class", saved_class)
        .attr("role", "status")
        .live_text(saved);
    all((demo.then(demonstration), (note, ([element, saved], full_tab(form)))))
}

fn step(form: Handle, at: usize) -> Markup {
    let found = form.look(|form| {
        let progress = journey::progress(&form.model, &form.draft.answers, at);
        let service = form.published.service.name.get(m::language()).to_owned();
        Some((Arc::clone(&form.model), progress, service, form.published.id.clone()))
    });
    let Some((model, (number, of), service, id)) = found else {
        return nothing();
    };
    let Some(step) = model.steps.get(at) else {
        return nothing();
    };
    let lang = m::language();
    let (title, lead) = (step.title.get(lang), step.lead.get(lang));
    let mut fields = Vec::new();
    for section in &step.sections {
        let title = section.title.get(lang);
        if !title.is_empty() {
            fields.push(el("h2").text(title).view());
        }
        fields.extend(section.fields.clone().map(|index| field(form, index)));
    }
    let mark = |mark: u32| {
        el("i").class(if mark < number {
            "past"
        } else if mark == number {
            "now"
        } else {
            ""
        })
    };
    let marks: Vec<El> = (1..=of).map(mark).collect();
    let where_in = [m::step_of(&number.to_string(), &of.to_string()), service.clone()].join(" · ");
    let mut page = vec![
        back(form, at, id).view(),
        el("div").class("steps").attr("aria-hidden", "true").child(marks).view(),
        el("p").class("quiet").text(&where_in).view(),
        heading(if title.is_empty() { &service } else { title }),
    ];
    if !lead.is_empty() {
        page.push(el("p").class("lead").text(lead).view());
    }
    page.push(coming(move |soon| (soon.summary)(form)));
    page.extend(fields);
    page.push(thumb(m::next()));
    all(page)
}
