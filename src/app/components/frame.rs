//! What is around every page: the mark, the way home, the language, and the quiet links below. In a
//! widget the site around is all that, and there is one quiet line: the way into a full tab.

use super::action::{button, link};
use super::element::{Markup, all, el, live, nothing};
use crate::app::messages as m;
use crate::app::soon::coming;
use crate::app::state::{Shared, Trouble, shared};
use crate::browser::frame::{Told, told};
use crate::browser::{address, preference};
use crate::model::route::Route;
use crate::model::text::Lang;

/// The element id of the button that changes the language.
const LANGUAGE: &str = "bahasa-lain";

/// The top: mark, what waits in the outbox, language.
pub fn top(shared: Shared) -> Markup {
    let switch = move |_| {
        let lang = other();
        speak(lang);
        preference::set_language(lang);
        shared.drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
        address::focus_soon(LANGUAGE);
    };
    let mark = el("a")
        .class("mark")
        .attr("href", "/")
        .attr("aria-label", m::to_home())
        .child(el("i").class("atap"))
        .child(el("b").text("Pendopo"));
    let language = button("plain", m::other_language(), switch)
        .id(LANGUAGE)
        .attr("lang", other().tag());
    all((
        link("skip", "#judul", m::skip()),
        el("header")
            .class("top")
            .child(mark)
            .child(coming(|soon| (soon.waiting)()))
            .child(language),
    ))
}

fn other() -> Lang {
    if m::language() == Lang::Id { Lang::En } else { Lang::Id }
}

/// Changes the language of messages and of the document.
pub fn speak(lang: Lang) {
    m::set_language(lang);
    address::set_document_language(lang.tag());
}

/// Something that concerns every page, if anything does.
pub fn trouble(shared: Shared) -> Markup {
    let in_form = matches!(shared.route.now(), Route::Fill(_));
    live(move || {
        let text = match shared.trouble.get() {
            None => return nothing(),
            // Nobody is asked to leave a form; the next page says it.
            Some(Trouble::NewBuild) if in_form => return nothing(),
            // A widget's form says itself what it is to do about it.
            Some(Trouble::Store(_)) if told(Told::Frame).is_some() => return nothing(),
            Some(Trouble::NewBuild) => m::new_build().to_owned(),
            Some(Trouble::Scarce) => m::scarce().to_owned(),
            Some(Trouble::EngineGone) => m::engine_gone().to_owned(),
            Some(Trouble::Store(what)) => m::store_failed(&what),
            Some(Trouble::HandedOver) => m::handed_over().to_owned(),
            Some(Trouble::PartMissing) => m::part_missing().to_owned(),
        };
        // More room is made elsewhere, and a part may come yet; a reload helps with everything else.
        let reload = (!matches!(
            shared.trouble.now(),
            Some(Trouble::Scarce | Trouble::HandedOver | Trouble::PartMissing)
        ))
        .then(|| button("button second", m::reload(), |_| address::reload()));
        el("div")
            .class("card wait")
            .attr("role", "status")
            .child(el("p").text(&text))
            .child(reload)
            .view()
    })
}

/// The bottom of a widget's pages but a form's, which hands over what was typed: the same page in a
/// tab of its own.
pub fn inset(shared: Shared) -> Markup {
    let here = shared.route.now().to_string();
    el("footer")
        .class("inset")
        .child(coming(|soon| (soon.waiting)()))
        .child(link("plain", &here, m::open_full()).attr("target", "_blank"))
        .child(link("plain", &Route::Privacy.to_string(), m::privacy()))
        .view()
}

/// The bottom of every page but a form's.
pub fn bottom() -> Markup {
    let here = shared().route.now();
    let places = [
        (Route::Home, m::home()),
        (Route::Cases, m::my_cases()),
        (Route::Regions, m::regions()),
        (Route::MyData, m::my_data()),
        (Route::Settings, m::settings()),
        (Route::Privacy, m::privacy()),
    ];
    let places = places.map(|(route, text)| {
        let current = (route == here).then_some("page");
        let place = el("a")
            .attr("href", &route.to_string())
            .attr_some("aria-current", current);
        el("li").child(place.text(text))
    });
    let nav = el("nav").attr("aria-label", "Pendopo").child(el("ul").child(places));
    el("footer").class("bottom").child(nav).view()
}
