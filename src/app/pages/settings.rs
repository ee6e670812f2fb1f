//! `/pengaturan`: the language.

use leptos::prelude::*;

use crate::app::components::frame::speak;
use crate::app::components::heading::heading;
use crate::app::messages as m;
use crate::app::state::shared;
use crate::browser::preference;
use crate::model::text::Lang;

/// The page.
pub fn page() -> AnyView {
    let choice = |lang: Lang, name: &'static str| {
        let id = ["bahasa-", lang.tag()].concat();
        let choose = move |_| {
            speak(lang);
            preference::set_language(lang);
            shared().drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
        };
        view! {
            <div class="option">
                <input id=id.clone() type="radio" name="bahasa" checked=m::language() == lang on:change=choose />
                <label for=id lang=lang.tag()>{name}</label>
            </div>
        }
        .into_any()
    };
    view! {
        {heading(m::settings())}
        <fieldset class="field">
            <legend>{m::language_title()}</legend>
            {choice(Lang::Id, "Bahasa Indonesia")}
            {choice(Lang::En, "English")}
        </fieldset>
    }
    .into_any()
}
