//! What is around every page: the mark, the way home, the language, and the quiet links below.

use leptos::prelude::*;

use crate::app::messages as m;
use crate::app::state::{Shared, Trouble, shared};
use crate::browser::{address, preference};
use crate::model::route::Route;
use crate::model::text::Lang;

/// The top: mark, what waits in the outbox, language.
pub fn top(shared: Shared) -> AnyView {
    let waiting = move || {
        let count = shared.unsent().len();
        (count > 0).then(|| {
            let text = m::waiting_badge(&count.to_string());
            view! { <a class="top-link" href=Route::Outbox.to_string()>{text}</a> }.into_any()
        })
    };
    let switch = move |_| {
        let lang = if m::language() == Lang::Id { Lang::En } else { Lang::Id };
        speak(lang);
        preference::set_language(lang);
        shared.drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
    };
    view! {
        <a class="skip" href="#judul">{m::skip()}</a>
        <header class="top">
            <a class="mark" href="/" aria-label=m::to_home()>
                <svg viewBox="0 0 64 40" aria-hidden="true">
                    <path d="M2 38 18 24l6-16 8-6 8 6 6 16 16 14M14 38v-7m18 7V24m18 14v-7" />
                </svg>
                <b>"Pendopo"</b>
            </a>
            {waiting}
            <button type="button" class="plain" on:click=switch lang=other().tag()>{m::other_language()}</button>
        </header>
    }
    .into_any()
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
pub fn trouble(shared: Shared) -> AnyView {
    (move || {
        shared.trouble.get().map(|trouble| {
            let text = match trouble {
                Trouble::NewBuild => m::new_build().to_owned(),
                Trouble::EngineGone => m::engine_gone().to_owned(),
                Trouble::Store(what) => m::store_failed(&what),
            };
            view! {
                <div class="card wait" role="status">
                    <p>{text}</p>
                    <button type="button" class="button second" on:click=|_| address::reload()>{m::reload()}</button>
                </div>
            }
            .into_any()
        })
    })
    .into_any()
}

/// The bottom of every page but a form's.
pub fn bottom() -> AnyView {
    let here = shared().route.get_untracked();
    let link = |route: Route, text: &'static str| {
        let current = (route == here).then_some("page");
        view! { <li><a href=route.to_string() aria-current=current>{text}</a></li> }.into_any()
    };
    view! {
        <footer class="bottom">
            <nav aria-label="Pendopo">
                <ul>
                    {link(Route::Home, m::home())}
                    {link(Route::Cases, m::my_cases())}
                    {link(Route::Regions, m::regions())}
                    {link(Route::MyData, m::my_data())}
                    {link(Route::Settings, m::settings())}
                    {link(Route::Privacy, m::privacy())}
                </ul>
            </nav>
        </footer>
    }
    .into_any()
}
