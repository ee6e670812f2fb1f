//! The letters that can be asked for (`surat/jenis-permohonan`), and the documents that there are.
//!
//! A letter's code is its `slug`, since the address of an application has it; where a release has
//! none, its own code or number.

use super::form::{self, COMPLAINT, Requirements};
use super::profile::Profile;
use crate::adapters::Listed;
use crate::adapters::answer::record::{Found, Notes, Record};
use crate::adapters::answer::resource::{Resource, resources, text};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::service::{Service, ServiceCode};
use crate::model::text::Text;

/// A letter of the list.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) code: ServiceCode,
    pub(super) name: String,
    pub(super) path: String,
    /// Its members.
    pub(super) node: Node,
}

/// Reads a page of the list; `None` where it is none.
pub(super) fn read(root: &Node, notes: &mut Notes, letters: &mut Vec<Letter>) -> Option<()> {
    for Resource { id, attributes } in resources(root, notes)? {
        letters.extend(letter(id, attributes, notes).filter(|new| !letters.iter().any(|old| old.code == new.code)));
    }
    Some(())
}

fn letter(id: &str, found: Found<'_>, notes: &mut Notes) -> Option<Letter> {
    let mut record = Record::new(&found, notes);
    let slug = [record.identifier("slug"), record.identifier("url_surat")];
    let kind = [record.identifier("kode"), record.identifier("kode_surat")];
    let name = record.text("nama");
    let code = slug.into_iter().chain(kind).chain([id]).find(|code| !code.is_empty());
    let Some(code) = code.and_then(|code| code.parse::<ServiceCode>().ok()) else {
        record.wrong("slug", "a slug, a code or a number; the letter is left out", &name);
        return None;
    };
    record.finish(
        "letter",
        &["kode_isian", "form_surat", "syarat_surat", "form_isian", "id"],
    );
    Some(Letter {
        id: id.to_owned(),
        name: if name.is_empty() { clean(code.as_str()) } else { name },
        code,
        path: found.path,
        node: found.node.clone(),
    })
}

/// Letters as services, and complaints among them.
pub(super) fn listed(profile: &Profile, letters: &[Letter]) -> Vec<Listed> {
    let mut listed: Vec<Listed> = letters
        .iter()
        .map(|letter| {
            let mut service = Service::of(letter.code.clone());
            service.name = Text::plain(letter.name.as_str());
            let names = form::requirements(&letter.node).into_iter().map(|(_, name)| name);
            service.requirements = names.filter(|name| !name.is_empty()).map(Text::plain).collect();
            Listed {
                service,
                has_form: true,
            }
        })
        .collect();
    let complaint = COMPLAINT.parse::<ServiceCode>().ok().filter(|_| profile.complaints);
    listed.extend(complaint.map(|code| {
        let mut service = Service::of(code);
        service.name = Text::both("Pengaduan", "Complaint");
        Listed {
            service,
            has_form: true,
        }
    }));
    listed
}

/// Puts in the names of documents, from the list of them all (`surat/syarat`).
pub(super) fn name_documents(root: &Node, documents: &mut Requirements, notes: &mut Notes) {
    let Some(known) = resources(root, notes) else { return };
    for (id, name) in documents {
        if let Some(found) = known.iter().find(|known| known.id == id && name.is_empty()) {
            let said = ["nama", "ref_syarat_nama"].map(|key| text(found.attributes.node, key));
            *name = clean(said.into_iter().find(|said| !said.is_empty()).unwrap_or_default());
        }
    }
}
