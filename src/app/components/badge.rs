//! A word with its mark and tone.

use super::element::{Markup, el};
use crate::app::words::{self, Tone};
use crate::model::delivery::Delivery;
use crate::model::status::Status;

/// A badge in `tone`.
pub fn badge(tone: Tone, text: String) -> Markup {
    let mark = el("span").attr("aria-hidden", "true").text(tone.mark());
    el("span").class(tone.class()).child(mark).text(" ").text(&text).view()
}

/// A case's status.
pub fn status_badge(status: &Status) -> Markup {
    badge(words::status_tone(status), words::status(status))
}

/// An application's delivery.
pub fn delivery_badge(delivery: &Delivery) -> Markup {
    badge(words::delivery_tone(delivery), words::delivery(delivery))
}
