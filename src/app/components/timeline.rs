//! A case's story: past steps solid, the present one large, those still to come hollow, each with its
//! date and the backend's own words in quotes.

use super::action::link;
use super::element::{El, Markup, el};
use crate::app::locale;
use crate::app::messages as m;
use crate::app::words;
use crate::model::case::{Case, Step};
use crate::model::time::Timestamp;

/// The case: status, timeline, source and "as of".
pub fn case_view(case: &Case, source: &str, as_of: Timestamp) -> Markup {
    let mut told: Vec<&Step> = case.timeline.iter().filter(|step| !step.ahead).collect();
    let last = told.pop();
    let mut steps: Vec<El> = told.into_iter().map(past_step).collect();
    steps.push(present_step(case, last));
    let ahead = case.timeline.iter().filter(|step| step.ahead);
    steps.extend(ahead.map(|step| past_step(step).class("ahead").child(quiet("span", m::step_ahead()))));
    let agency = (!case.agency.is_empty()).then(|| quiet("p", &m::held_by(&case.agency)));
    let no_timeline = case.timeline.is_empty().then(|| quiet("p", m::case_no_timeline()));
    let expected = case.expected.map(|at| quiet("p", &m::case_expected(&locale::date(at))));
    el("section")
        .attr("data-phase", case.status.phase.word())
        .attr("data-outcome", case.status.outcome.word())
        .attr("aria-labelledby", "riwayat")
        .child(el("h2").id("riwayat").text(m::history()))
        .child(agency)
        .child(el("ol").class("timeline").child(steps))
        .child(no_timeline)
        .child(expected)
        .child(
            el("p")
                .class("source")
                .text(&m::case_source(source, &locale::moment(as_of))),
        )
        .view()
}

/// The present step, large, with its sentence.
fn present_step(case: &Case, last: Option<&Step>) -> El {
    let raw = words::raw(&case.status);
    let since = last.and_then(|step| step.at).or(case.updated).or(case.received);
    let since = since.map(|at| quiet("span", &m::since(&locale::moment(at))));
    let remark = last.map(|step| step.remark.as_str()).filter(|remark| *remark != raw);
    el("li")
        .class("now")
        .attr("aria-current", "step")
        .child(el("b").text(&words::status(&case.status)))
        .child(since)
        .child(quote(raw))
        .child(remark.and_then(quote))
        .child(last.map(links))
}

fn past_step(step: &Step) -> El {
    let title = step.status.as_ref().map(words::status).unwrap_or_default();
    let raw = step.status.as_ref().map(words::raw).filter(|raw| *raw != title);
    el("li")
        .child((!title.is_empty()).then(|| el("b").text(&title)))
        .child(step.at.map(|at| quiet("span", &locale::moment(at))))
        .child(raw.and_then(quote))
        .child(quote(&step.remark))
        .child(links(step))
}

fn quiet(tag: &'static str, text: &str) -> El {
    el(tag).class("quiet").text(text)
}

/// The backend's own words, if it said any.
fn quote(words: &str) -> Option<El> {
    (!words.is_empty()).then(|| el("blockquote").text(&m::quoted(words)))
}

/// The backend's links; only http(s) ones come this far, and they open without telling whence.
fn links(step: &Step) -> Vec<El> {
    let one = |href: &String| {
        link("attachment", href, m::attachment_link())
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
    };
    step.links.iter().map(one).collect()
}
