//! A list of things to go to.

use super::element::{El, Markup, el};
use crate::model::route::Route;

/// One line: what it is, a quiet line under it, and something at its end.
pub struct Line {
    /// Where it leads.
    pub route: Route,
    /// What it is.
    pub title: String,
    /// A quiet line; may be empty.
    pub detail: String,
    /// A badge; an arrow where there is none.
    pub end: Option<Markup>,
}

/// The list.
pub fn list(lines: Vec<Line>) -> Markup {
    let items: Vec<El> = lines.into_iter().map(item).collect();
    el("ul").class("list").child(items).view()
}

fn item(line: Line) -> El {
    let title = el("span").class("line-title").text(&line.title);
    let detail = (!line.detail.is_empty()).then(|| el("span").class("quiet").text(&line.detail));
    // A badge needs the whole width of a phone: it stands under the text.
    let end_class = if line.end.is_some() {
        "line-end under"
    } else {
        "line-end"
    };
    let end = line
        .end
        .unwrap_or_else(|| el("span").attr("aria-hidden", "true").text("›").view());
    let link = el("a")
        .attr("href", &line.route.to_string())
        .child(el("span").class("line").child(title).child(detail))
        .child(el("span").class(end_class).child(end));
    el("li").child(link)
}
