//! The list of services.
//!
//! `type` (realtime, batch, blackbox) is not kept: what a server answers to a submission says it, and
//! says it truly. Of a code that is listed twice (under two groups) the first holds.

use super::profile::{Metadata, Profile};
use crate::adapters::Listed;
use crate::adapters::answer::record::{Found, Marks, Notes, Record, leaves, records};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::service::{Service, ServiceCode};
use crate::model::text::Text;

const MARKS: Marks = Marks {
    strong: &["service_code", "service_name"],
    weak: &["metadata", "keywords", "group"],
};

/// Members that are deliberately not used.
pub(super) const IGNORED: [&str; 2] = ["type", "jurisdiction_id"];

/// Reads a page of the list into `listed`; how many rows there were, and how many were new.
pub(super) fn read(profile: &Profile, root: &Node, notes: &mut Notes, listed: &mut Vec<Listed>) -> (usize, usize) {
    let rows = records(root, MARKS, notes);
    let before = listed.len();
    for row in &rows {
        let Some(service) = service(profile, row, notes) else {
            continue;
        };
        if listed.iter().any(|other| other.service.code == service.service.code) {
            notes.add(&row.path, "a code that is listed once", service.service.code.as_str());
        } else {
            listed.push(service);
        }
    }
    (rows.len(), listed.len().saturating_sub(before))
}

fn service(profile: &Profile, row: &Found<'_>, notes: &mut Notes) -> Option<Listed> {
    let mut record = Record::new(row, notes);
    let code = record.identifier("service_code");
    let name = record.text("service_name");
    let Ok(code) = code.parse::<ServiceCode>() else {
        let found = if code.is_empty() { &name } else { code };
        record.wrong("service_code", "a service code; the row is left out", found);
        return None;
    };
    let mut service = Service::of(code.clone());
    service.name = Text::plain(if name.is_empty() {
        record.wrong("service_name", "a name; the code is shown", "");
        clean(code.as_str())
    } else {
        name
    });
    let description = record.text("description");
    if !description.is_empty() {
        service.description = Text::plain(description);
    }
    let mut groups: Vec<String> = Vec::new();
    for name in ["group", "groups"] {
        for member in record.all(name) {
            let mut texts = Vec::new();
            leaves(member, &mut texts);
            for text in texts.into_iter().map(clean) {
                if !groups.contains(&text) {
                    groups.push(text);
                }
            }
        }
    }
    if !groups.is_empty() {
        service.group = Text::plain(groups.join(", "));
    }
    for member in record.all("keywords") {
        let mut texts = Vec::new();
        leaves(member, &mut texts);
        for word in texts.into_iter().flat_map(|text| text.split([',', ';'])).map(clean) {
            if !word.is_empty() && !service.keywords.contains(&word) {
                service.keywords.push(word);
            }
        }
    }
    // Where a server does not say, asking for a definition costs one request and no answer is one too.
    let metadata = record.flag("metadata").unwrap_or(true);
    let kind = record.raw("type");
    if !kind.is_empty()
        && !["realtime", "batch", "blackbox"]
            .iter()
            .any(|known| kind.eq_ignore_ascii_case(known))
    {
        record.wrong("type", "realtime, batch or blackbox", kind);
    }
    record.finish("service", &IGNORED);
    Some(Listed {
        service,
        has_form: match profile.metadata {
            Metadata::Listed => metadata,
            Metadata::Always => true,
            Metadata::Never => false,
        },
    })
}
