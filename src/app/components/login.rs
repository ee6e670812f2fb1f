//! Logging in at a region's system: who asks and why, said plainly, and what becomes of what is typed.
//!
//! It appears where something waits for it and nowhere else. What is typed goes to the engine and from
//! here to nobody; the fields are not drawn again while one types.

use std::rc::Rc;

use leptos::prelude::event_target_value;
use web_sys::Event;

use super::element::{El, Markup, all, el, live, nothing};
use super::loading::{Loaded, load, waiting};
use super::system::system_name;
use crate::app::messages as m;
use crate::app::signal::{Signal, follow};
use crate::app::soon;
use crate::app::state::shared;
use crate::app::words;
use crate::browser::address;
use crate::catalogue::PublishedRegion;
use crate::model::login::{Credentials, Identifier, LoginForm, Proof};
use crate::model::message::Command;
use crate::model::problem::Fault;
use crate::model::region::BackendId;
use crate::model::route::published_region;
use crate::model::secret::Secret;

/// The login at a system; `then` is called once it has worked.
pub fn login(backend: &BackendId, then: impl Fn() + 'static) -> Markup {
    let shared = shared();
    shared.logged_in.set(None);
    let region = load::<PublishedRegion>(published_region(&backend.region));
    let ended = backend.clone();
    let then = Rc::new(then);
    follow(Box::new(move || {
        if matches!(shared.logged_in.get(), Some((backend, None)) if backend == ended) {
            then();
        }
    }));
    let backend = backend.clone();
    live(move || {
        let region = region.get();
        let asked = match &region {
            Loaded::Waiting => return waiting(),
            Loaded::Here(region) => region
                .backends
                .iter()
                .find(|known| known.id == backend.backend)
                .and_then(|known| known.capabilities.login.clone()),
            // Without the region's page its login is asked for in the plainest way.
            Loaded::Failed(_) => None,
        };
        form(&backend, &asked.unwrap_or_default(), &system_name(&region, &backend))
    })
}

fn form(backend: &BackendId, asked: &LoginForm, system: &str) -> Markup {
    let (identifier, proof) = (Signal::new(String::new()), Signal::new(String::new()));
    let (keep, busy) = (Signal::new(false), Signal::new(false));
    let at = backend.clone();
    let submit = move |event: Event| {
        event.prevent_default();
        let (name, secret) = (identifier.now().trim().to_owned(), proof.now());
        if name.is_empty() || secret.is_empty() {
            address::focus_soon(if name.is_empty() { "masuk-nama" } else { "masuk-sandi" });
            return;
        }
        busy.set(true);
        shared().logged_in.set(None);
        soon::tell(Command::LogIn {
            backend: at.clone(),
            credentials: Credentials {
                identifier: Secret::new(name),
                proof: Secret::new(secret),
            },
            keep: keep.now(),
        });
    };
    let wrong = wrong(backend.clone(), asked.proof, busy);
    let help = asked.help.get(m::language());
    let help = (!help.is_empty()).then(|| el("p").class("quiet").text(help));
    el("form")
        .class("card")
        .attr("data-login", &backend.to_string())
        .on("submit", submit)
        .child(el("h2").text(&m::login_title(system)))
        .child(el("p").text(m::login_why()))
        .child(wrong)
        .child(name_field(asked.identifier, identifier))
        .child(proof_field(asked.proof, proof))
        .child(help)
        .child(keep_field(keep))
        .child(
            el("button")
                .class("button")
                .live_attr("aria-disabled", move || busy.get().then(|| "true".to_owned()))
                .text(m::login_button()),
        )
        .child(el("p").class("quiet").text(&m::login_promise(system)))
        .view()
}

/// How the last try ended; it is read out.
fn wrong(backend: BackendId, proof: Proof, busy: Signal<bool>) -> El {
    let said = live(move || {
        let Some((_, Some(fault))) = shared().logged_in.get().filter(|(ended, _)| *ended == backend) else {
            return nothing();
        };
        busy.set(false);
        let words = match fault {
            Fault::LoginNeeded | Fault::Rejected { .. } if proof == Proof::Pin => m::login_wrong_pin().to_owned(),
            Fault::LoginNeeded | Fault::Rejected { .. } => m::login_wrong().to_owned(),
            Fault::RateLimited { after: Some(seconds) } => m::login_throttled(&seconds.div_ceil(60).max(1).to_string()),
            fault => words::fault(&fault),
        };
        el("p").class("complaint").text(&words).view()
    });
    el("div").attr("role", "alert").child(said)
}

fn name_field(kind: Identifier, value: Signal<String>) -> El {
    let (label, mode) = match kind {
        Identifier::Nik => (m::login_nik(), Some("numeric")),
        Identifier::Email => (m::login_email(), Some("email")),
        Identifier::NikOrEmail => (m::login_nik_or_email(), None),
        Identifier::Name => (m::login_name(), None),
    };
    field("masuk-nama", label, "text", mode, "username", value)
}

fn proof_field(kind: Proof, value: Signal<String>) -> El {
    let (label, mode) = match kind {
        Proof::Pin => (m::login_pin(), Some("numeric")),
        Proof::Password => (m::login_password(), None),
    };
    field("masuk-sandi", label, "password", mode, "current-password", value)
}

fn field(
    id: &str,
    label: &str,
    kind: &'static str,
    mode: Option<&str>,
    token: &'static str,
    value: Signal<String>,
) -> El {
    let input = el("input")
        .id(id)
        .attr("type", kind)
        .attr_some("inputmode", mode)
        .attr("autocomplete", token)
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("required", "")
        .on("input", move |event| value.set(event_target_value(&event)));
    el("div")
        .class("field")
        .child(el("label").attr("for", id).text(label))
        .child(input)
}

fn keep_field(keep: Signal<bool>) -> El {
    let input = el("input")
        .id("masuk-simpan")
        .attr("type", "checkbox")
        .attr("aria-describedby", "masuk-simpan-arti")
        .on("change", move |_| keep.update(|keep| *keep = !*keep));
    let label = el("label").attr("for", "masuk-simpan").text(m::login_keep());
    el("div")
        .class("field")
        .child(el("div").class("option").child(input).child(label))
        .child(el("p").class("hint").id("masuk-simpan-arti").text(m::login_keep_hint()))
}

/// The logins that are held, each with its way out; nothing where there are none.
pub fn logins() -> Markup {
    live(move || {
        let accesses = shared().accesses.get();
        if accesses.is_empty() {
            return nothing();
        }
        let lines = accesses.into_iter().map(|access| {
            let region = load::<PublishedRegion>(published_region(&access.backend.region));
            let at = access.backend.clone();
            let system = move || system_name(&region.get(), &at);
            let how = if access.kept {
                m::login_kept()
            } else {
                m::login_in_memory()
            };
            let who = [
                access.name.as_str(),
                if access.name.is_empty() { "" } else { " · " },
                how,
            ]
            .concat();
            let out = move |_| {
                soon::tell(Command::LogOut {
                    backend: access.backend.clone(),
                });
            };
            el("li")
                .child(el("p").child(el("b").live_text(system)))
                .child(el("p").class("quiet").text(&who))
                .child(super::action::button("button second", m::log_out(), out))
        });
        let title = el("h2").text(m::logins_title()).view();
        let list = el("ul").class("plain").child(lines.collect::<Vec<_>>()).view();
        all([title, list])
    })
}
