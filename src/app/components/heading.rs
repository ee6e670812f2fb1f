//! A page's heading: it names the document and takes the focus after a change of page, so that a
//! screen reader starts where the new page does.

use std::cell::Cell;

use super::element::{Markup, el};
use crate::browser::address;

thread_local! {
    static TAKE_FOCUS: Cell<bool> = const { Cell::new(false) };
}

/// The next heading that is drawn takes the focus.
pub fn focus_next() {
    TAKE_FOCUS.set(true);
}

/// The heading. `title` is also the document's and must hold nothing personal.
pub fn heading(title: &str) -> Markup {
    address::set_title(title);
    if TAKE_FOCUS.replace(false) {
        address::focus_soon("judul");
    }
    el("h1").id("judul").attr("tabindex", "-1").text(title).view()
}
