//! A list of things to go to.

use leptos::prelude::*;

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
    pub end: Option<AnyView>,
}

/// The list.
pub fn list(lines: Vec<Line>) -> AnyView {
    let items: Vec<AnyView> = lines
        .into_iter()
        .map(|line| {
            let detail =
                (!line.detail.is_empty()).then(|| view! { <span class="quiet">{line.detail}</span> }.into_any());
            let end = line
                .end
                .unwrap_or_else(|| view! { <span aria-hidden="true">"›"</span> }.into_any());
            view! {
                <li>
                    <a href=line.route.to_string()>
                        <span class="line"><span class="line-title">{line.title}</span>{detail}</span>
                        <span class="line-end">{end}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ul class="list">{items}</ul> }.into_any()
}
