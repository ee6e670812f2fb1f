//! `/layanan/{code}/{backend}/{service}/isi`: the form, one step a page, then the review.
//!
//! The step is in the history's state, so Back and Forward walk through the steps. The form is drawn
//! once both the published form and the journal are there, so that nothing typed is overwritten by a
//! draft that comes late; the engine is started after that.

use std::cell::Cell;
use std::sync::Arc;

use leptos::prelude::untrack;

use crate::app::components::action::{button, link};
use crate::app::components::element::{El, Markup, all, el, live, nothing};
use crate::app::components::heading::{focus_next, heading};
use crate::app::components::loading::{load, waiting, when_loaded};
use crate::app::form::complaint::{self, SUMMARY, summary};
use crate::app::form::field::field;
use crate::app::form::filling::{Filling, Handle, Stage, today};
use crate::app::form::full_tab::{self, full_tab};
use crate::app::form::keeper::{self, Kept};
use crate::app::form::opening::{Held, changed_since, held_draft, new_draft, onward};
use crate::app::form::rare;
use crate::app::form::review::review;
use crate::app::locale;
use crate::app::messages as m;
use crate::app::own;
use crate::app::pages::region::{contact, demonstration};
use crate::app::pages::{late, unknown};
use crate::app::signal::{Signal, follow};
use crate::app::state::{journal, shared};
use crate::app::theme;
use crate::app::words;
use crate::browser::frame::{Told, told};
use crate::browser::{address, clock, network};
use crate::catalogue::PublishedService;
use crate::forms::model::FieldModel;
use crate::forms::{journey, validate};
use crate::model::delivery::{Delivery, WaitingFor};
use crate::model::message::Command;
use crate::model::route::{Route, published_service};
use crate::model::service::ServiceId;

/// The state of the history while the review is shown; no step has this id, since ids hold no slash.
const REVIEW: &str = "/periksa";

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
        Held::Draft(draft) => shared().entry(&draft.id),
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
    let mut filling = Filling::new(Arc::clone(&published), model, draft, on_disk);
    filling.meanings = meanings;
    let again = !changed.is_empty();
    filling.changed = changed;
    let form: Handle = Signal::new(filling);
    if refused {
        form.look(|form| form.kept.set(Kept::Refused));
    }
    if again {
        // What changed is asked first; the rest stands.
        form.look(|form| form.stage.set(onward(form)));
    }
    heed_refusals(form);
    follow_history(form, again);
    network::on_hide(move || keeper::flush(form));
    draw(form, resumed, again)
}

/// Leads to what the office refused, and says so at the fields: at once where the engine has told of it
/// already, else when it does.
fn heed_refusals(form: Handle) {
    let heeded = Cell::new(false);
    follow(Box::new(move || {
        let shared = shared();
        shared.outbox.track();
        let known = form.try_look(|form| shared.entry(&form.draft.id)).flatten();
        let Some(Delivery::Rejected { fields, .. }) = known.as_ref().map(|known| &known.delivery) else {
            return;
        };
        if fields.is_empty() || heeded.replace(true) {
            return;
        }
        let step = form.quietly(|form| {
            form.refusals.clone_from(fields);
            let refused = |field: &FieldModel| fields.iter().any(|refusal| refusal.field == field.id);
            form.model.step_of(form.model.fields.iter().position(refused)?)
        });
        if let Some(Some(step)) = step {
            address::replace(&address::path(), &state_of(form, Stage::Step(step)));
            form.look(|form| form.stage.set(Stage::Step(step)));
        }
    }));
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

/// The stage that the history's state names; the first step where it names none.
fn stage_of(form: Handle, state: &str) -> Option<Stage> {
    if state == REVIEW {
        return Some(Stage::Review);
    }
    form.try_look(|form| {
        form.model
            .steps
            .iter()
            .position(|step| step.id == state)
            .map(Stage::Step)
    })
    .flatten()
}

fn state_of(form: Handle, stage: Stage) -> String {
    match stage {
        Stage::Review => REVIEW.to_owned(),
        Stage::Step(at) => form
            .try_look(|form| form.model.steps.get(at).map(|step| step.id.clone()))
            .flatten()
            .unwrap_or_default(),
    }
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

/// Moves to a stage, as a step forward in the history.
fn go(form: Handle, to: Stage) {
    let state = state_of(form, to);
    let stage = form.quietly(|form| {
        if let Stage::Step(at) = to {
            form.draft.step.clone_from(&state);
            form.draft.progress = journey::progress(&form.model, &form.draft.answers, at);
        }
        form.complaints.set(Vec::new());
        form.stage
    });
    address::push(&address::path(), &state);
    focus_next();
    if let Some(stage) = stage {
        stage.set(to);
    }
    keeper::touch(form);
    keeper::flush(form);
}

fn draw(form: Handle, resumed: bool, changed: bool) -> Markup {
    let (stage, kept, demo) = form.look(|form| (form.stage, form.kept, form.published.demonstration));
    let note = if changed {
        Some(changes(form))
    } else if resumed {
        let over = button("plain", m::start_over(), move |_| start_over(form));
        Some(el("p").class("note").text(m::resumed()).text(" ").child(over))
    } else {
        None
    };
    let ready = Signal::new(false);
    // Drawn and answering: only now may the engine take its share of a slow phone.
    clock::after_paint(move || {
        ready.set(true);
        clock::after(0, move || {
            let shared = shared();
            shared.wake();
            shared.read_drafts();
        });
        clock::after(LATER, || {
            leptos::task::spawn_local(async {
                late::fetch().await;
                own::begin().await;
            });
        });
    });
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        match stage.now() {
            Stage::Step(at) => advance(form, at),
            Stage::Review => send(form),
        }
    };
    let page = live(move || match stage.get() {
        Stage::Step(at) => step(form, at),
        Stage::Review => review_page(form),
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

/// Which questions the office changed, each with the way to it.
fn changes(form: Handle) -> El {
    let questions: Vec<(usize, String)> = form.look(|form| {
        let changed = form.changed.iter().filter_map(|index| {
            let field = form.model.fields.get(*index)?;
            let step = form.model.step_of(*index)?;
            Some((step, field.label.get(m::language()).to_owned()))
        });
        changed.collect()
    });
    let line =
        |(step, label): (usize, String)| el("li").child(button("plain", &label, move |_| go(form, Stage::Step(step))));
    let lines: Vec<El> = questions.into_iter().map(line).collect();
    el("div")
        .class("note wait")
        .attr("role", "status")
        .child(el("p").text(m::changed_questions()))
        .child(el("ul").child(lines))
}

fn step(form: Handle, at: usize) -> Markup {
    let found = form.look(|form| {
        let step = form.model.steps.get(at)?.clone();
        let progress = journey::progress(&form.model, &form.draft.answers, at);
        let service = form.published.service.name.get(m::language()).to_owned();
        Some((step, progress, service, form.published.id.clone()))
    });
    let Some((step, (number, of), service, id)) = found else {
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
    page.push(summary(form));
    page.extend(fields);
    page.push(thumb(m::next()));
    all(page)
}

/// The main action, within the thumb's reach.
fn thumb(text: &str) -> Markup {
    let button = el("button").class("button").text(text);
    el("div").class("thumb").child(button).view()
}

/// "Kembali": the step before, or the service's page before the first.
fn back(form: Handle, at: usize, id: ServiceId) -> El {
    match form.look(|form| journey::previous(&form.model, &form.draft.answers, at)) {
        Some(before) => button("plain back", m::back(), move |_| go(form, Stage::Step(before))),
        None => link("plain back", &Route::Service(id).to_string(), m::back()),
    }
}

/// "Lanjut": on if the step has nothing to complain of.
fn advance(form: Handle, at: usize) {
    let next = form.quietly(|form| {
        let complaints = validate::step(&form.model, at, &form.draft.answers, today());
        if !complaints.is_empty() {
            form.complaints.set(complaints);
            return None;
        }
        // What the office refused has been looked at.
        let fields = form.model.fields_of(at);
        let seen: Vec<String> = fields
            .filter_map(|index| form.model.fields.get(index))
            .map(|field| field.id.clone())
            .collect();
        form.refusals.retain(|refusal| !seen.contains(&refusal.field));
        for id in &seen {
            if let Some(meaning) = form.meanings.get(id).filter(|_| form.draft.answers.get(id).is_some()) {
                form.draft.meanings.insert(id.clone(), meaning.clone());
            }
        }
        if !form.changed.is_empty() {
            let fields = form.model.fields_of(at);
            form.changed.retain(|index| !fields.contains(index));
            return Some(onward(form));
        }
        if std::mem::take(&mut form.from_review) {
            let open = journey::first_incomplete(&form.model, &form.draft.answers, today());
            return Some(open.map_or(Stage::Review, Stage::Step));
        }
        Some(journey::next(&form.model, &form.draft.answers, at).map_or(Stage::Review, Stage::Step))
    });
    match next.flatten() {
        Some(next) => go(form, next),
        None => address::focus_soon(SUMMARY),
    }
}

fn review_page(form: Handle) -> Markup {
    let (office, id, acting) = form.look(|form| {
        let office = form.published.office.get(m::language());
        let office = if office.is_empty() {
            form.published.backend.get(m::language())
        } else {
            office
        };
        let acting = form.draft.acting.iter();
        let acting: Vec<El> = acting
            .map(|acting| el("p").text(&m::acting(&acting.name, words::ground(acting.ground))))
            .collect();
        (office.to_owned(), form.published.id.clone(), acting)
    });
    all([
        back(form, usize::MAX, id).view(),
        heading(m::review_title()),
        el("p").class("lead").text(&m::review_lead(&office)).view(),
        all(acting),
        review(form, change),
        // What cannot be kept here is sent where it can.
        thumb(if leaves(form) { m::full_tab() } else { m::send() }),
    ])
}

/// Back to a step from the review; "Lanjut" leads there again.
fn change(form: Handle, at: usize) {
    let _ = form.quietly(|form| form.from_review = true);
    go(form, Stage::Step(at));
}

/// Whether the form can be sent in a full tab alone: the browser refuses storage in this frame.
fn leaves(form: Handle) -> bool {
    told(Told::Frame).is_some() && form.look(|form| form.kept.look(|kept| *kept == Kept::Refused))
}

/// "Kirim": marks the draft as given to be sent, in the journal first, and tells the engine.
fn send(form: Handle) {
    // What is missing, and what the office changed, is looked at before anything is sent.
    if let Some(Stage::Step(open)) = form.try_look(onward) {
        let complaints = form.look(|form| validate::step(&form.model, open, &form.draft.answers, today()));
        go(form, Stage::Step(open));
        if !complaints.is_empty() {
            form.look(|form| form.complaints.set(complaints));
            address::focus_soon(complaint::SUMMARY);
        }
        return;
    }
    if leaves(form) {
        full_tab::go_on(form);
        return;
    }
    // A second press finds it submitted.
    let begun = form.quietly(|form| {
        if form.draft.submitted.is_some() {
            return None;
        }
        form.draft.submitted = Some(clock::now());
        Some(form.draft.clone())
    });
    let Some(Some(draft)) = begun else { return };
    keeper::write_then(
        form,
        Box::new(move |written| {
            if written.is_err() {
                // The keeper says why; the citizen may press again.
                let _ = form.quietly(|form| form.draft.submitted = None);
                return;
            }
            let shared = shared();
            shared.drafts.update(|drafts| {
                let drafts = drafts.get_or_insert_default();
                drafts.retain(|known| known.id != draft.id);
                drafts.push(draft.clone());
            });
            shared.tell(&Command::Submit { id: draft.id.clone() });
            focus_next();
            // Back must not lead to a form that was sent.
            shared.go_instead(&Route::MyCase(draft.id));
        }),
    );
}

fn start_over(form: Handle) {
    if !address::confirm(m::start_over_sure()) {
        return;
    }
    let Some(id) = form.try_look(|form| form.draft.id.clone()) else {
        return;
    };
    leptos::task::spawn_local(async move {
        let gone = match journal().await {
            Ok(journal) => journal.discard(&id).await,
            Err(error) => Err(error),
        };
        if gone.is_err() {
            // What is still there must not look as if it were gone.
            form.look(|form| form.kept.set(Kept::NotDiscarded));
            return;
        }
        address::replace(&address::path(), "");
        shared().drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
    });
}
