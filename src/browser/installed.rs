//! The app's end of `public/installed.js`: the service worker, updates, installation, and room.
//!
//! That file is fetched by [`begin`] and says what it finds to the window; so nothing of it is in
//! what a first form waits for.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Event;

use super::build;

/// What the script says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A newer build is on the phone; a reload goes over to it.
    Update,
    /// The browser would install the app.
    Installable,
    /// There is hardly any room left on the phone.
    Scarce,
}

const WORDS: [(&str, News); 3] = [
    ("pendopo-update", News::Update),
    ("pendopo-installable", News::Installable),
    ("pendopo-scarce", News::Scarce),
];

/// Loads the script; `heard` is told what it says, as long as the page lives.
pub fn begin(heard: impl Fn(News) + 'static) {
    let Some(window) = web_sys::window() else { return };
    let listen = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let word = event.type_();
        if let Some((_, news)) = WORDS.iter().find(|(known, _)| *known == word) {
            heard(*news);
        }
    })
    .into_js_value();
    for (word, _) in WORDS {
        let _ = window.add_event_listener_with_callback(word, listen.unchecked_ref());
    }
    let script = window.document().and_then(|document| {
        let script = document.create_element("script").ok()?;
        let _ = script.set_attribute("type", "module");
        let _ = script.set_attribute("src", &[&build::base(), "installed.js"].concat());
        document.document_element()?.append_child(&script).ok()
    });
    debug_assert!(script.is_some(), "a window has a document");
}

/// Asks the browser to install the app, after [`News::Installable`]; it asks the citizen.
pub fn install() {
    if let (Some(window), Ok(event)) = (web_sys::window(), Event::new("pendopo-install")) {
        let _ = window.dispatch_event(&event);
    }
}

/// Whether this is the installed app already.
#[must_use]
pub fn is_installed() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(display-mode: standalone)").ok()?);
    query.is_some_and(|query| query.matches())
}

/// Whether this is Safari on a phone: it never offers by itself, and gives an installed app a
/// storage of its own.
#[must_use]
pub fn is_ios() -> bool {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    agent.is_some_and(|agent| agent.contains("iPhone") || agent.contains("iPad"))
}
