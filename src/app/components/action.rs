//! Buttons and links.

use web_sys::Event;

use super::element::{El, Markup, el};

/// A button that does not submit.
pub fn button(class: &str, text: &str, then: impl FnMut(Event) + 'static) -> El {
    el("button")
        .attr("type", "button")
        .class(class)
        .on("click", then)
        .text(text)
}

/// A link, often dressed as a button.
pub fn link(class: &str, href: &str, text: &str) -> El {
    el("a").class(class).attr("href", href).text(text)
}

/// The main action, within the thumb's reach.
pub fn thumb(text: &str) -> Markup {
    let button = el("button").class("button").text(text);
    el("div").class("thumb").child(button).view()
}
