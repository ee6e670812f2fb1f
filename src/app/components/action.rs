//! Buttons and links.

use web_sys::Event;

use super::element::{El, el};

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
