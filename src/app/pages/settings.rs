//! `/pengaturan`: the language, the logins that are held, a PIN, and the app on the home screen.

use crate::app::components::element::{El, Markup, all, el};
use crate::app::components::frame::speak;
use crate::app::components::heading::heading;
use crate::app::components::install;
use crate::app::components::login::logins;
use crate::app::messages as m;
use crate::app::pages::unlock;
use crate::app::state::shared;
use crate::browser::{address, preference};
use crate::model::text::Lang;

/// The page.
pub fn page() -> Markup {
    let languages = el("fieldset")
        .class("field")
        .child(el("legend").text(m::language_title()))
        .child(choice(Lang::Id, "bahasa-id", "Bahasa Indonesia"))
        .child(choice(Lang::En, "bahasa-en", "English"));
    all([
        heading(m::settings()),
        languages.view(),
        logins(),
        unlock::setting(),
        install::setting(),
    ])
}

fn choice(lang: Lang, id: &'static str, name: &str) -> El {
    let choose = move |_| {
        speak(lang);
        preference::set_language(lang);
        shared().drawn.update(|drawn| *drawn = drawn.wrapping_add(1));
        // The page is drawn anew; the keyboard stays where it was.
        address::focus_soon(id);
    };
    let input = el("input")
        .id(id)
        .attr("type", "radio")
        .attr("name", "bahasa")
        .attr_if("checked", m::language() == lang)
        .on("change", choose);
    let label = el("label").attr("for", id).attr("lang", lang.tag()).text(name);
    el("div").class("option").child(input).child(label)
}
