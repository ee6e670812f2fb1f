//! A case's story: past steps solid, the present one large, each with its date and the backend's
//! own words in quotes.

use leptos::prelude::*;

use crate::app::locale;
use crate::app::messages as m;
use crate::app::words;
use crate::model::case::{Case, Step};
use crate::model::time::Timestamp;

/// The case: status, timeline, source and "as of".
pub fn case_view(case: &Case, source: &str, as_of: Timestamp) -> AnyView {
    let present = words::status(&case.status);
    let raw = words::raw(&case.status).to_owned();
    let agency =
        (!case.agency.is_empty()).then(|| view! { <p class="quiet">{m::held_by(&case.agency)}</p> }.into_any());
    let expected = case
        .expected
        .map(|at| view! { <p class="quiet">{m::case_expected(&locale::date(at))}</p> }.into_any());
    let (past, last) = match case.timeline.split_last() {
        Some((last, past)) => (past, Some(last)),
        None => (case.timeline.as_slice(), None),
    };
    let mut steps: Vec<AnyView> = past.iter().map(past_step).collect();
    let since = last.and_then(|step| step.at).or(case.updated).or(case.received);
    let remark = last
        .map(|step| step.remark.clone())
        .filter(|remark| !remark.is_empty() && *remark != raw);
    let links = last.map(|step| links(step));
    let no_timeline = case
        .timeline
        .is_empty()
        .then(|| view! { <p class="quiet">{m::case_no_timeline()}</p> }.into_any());
    steps.push(
        view! {
            <li class="now" aria-current="step">
                <b>{present}</b>
                {since.map(|at| view! { <span class="quiet">{m::since(&locale::moment(at))}</span> }.into_any())}
                <blockquote>{m::quoted(&raw)}</blockquote>
                {remark.map(|remark| view! { <blockquote>{m::quoted(&remark)}</blockquote> }.into_any())}
                {links}
            </li>
        }
        .into_any(),
    );
    view! {
        <section data-phase=case.status.phase.word() data-outcome=case.status.outcome.word() aria-labelledby="riwayat">
            <h2 id="riwayat">{m::history()}</h2>
            {agency}
            <ol class="timeline">{steps}</ol>
            {no_timeline}
            {expected}
            <p class="source">{m::case_source(source, &locale::moment(as_of))}</p>
        </section>
    }
    .into_any()
}

fn past_step(step: &Step) -> AnyView {
    let title = step.status.as_ref().map(words::status).unwrap_or_default();
    let raw = step
        .status
        .as_ref()
        .map(words::raw)
        .filter(|raw| *raw != title)
        .map(str::to_owned);
    let remark = (!step.remark.is_empty()).then(|| step.remark.clone());
    view! {
        <li>
            {(!title.is_empty()).then(|| view! { <b>{title.clone()}</b> }.into_any())}
            {step.at.map(|at| view! { <span class="quiet">{locale::moment(at)}</span> }.into_any())}
            {raw.map(|raw| view! { <blockquote>{m::quoted(&raw)}</blockquote> }.into_any())}
            {remark.map(|remark| view! { <blockquote>{m::quoted(&remark)}</blockquote> }.into_any())}
            {links(step)}
        </li>
    }
    .into_any()
}

/// The backend's links; only http(s) ones come this far, and they open without telling whence.
fn links(step: &Step) -> AnyView {
    step.links
        .iter()
        .map(|link| {
            view! { <a class="attachment" href=link.clone() target="_blank" rel="noopener noreferrer">{m::attachment_link()}</a> }
                .into_any()
        })
        .collect::<Vec<_>>()
        .into_any()
}
