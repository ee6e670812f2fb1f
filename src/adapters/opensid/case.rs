//! What the village says of an application and of a complaint.
//!
//! Where an application stands is told **by the label** of its status: the numbers were given anew
//! between releases, so that 0 meant that it is looked through and now means that something is
//! missing. A bare number is therefore nobody's status unless the profile says what it means. Those of
//! complaints never changed.
//!
//! Neither the citizen's name nor words, telephone number or picture are taken over.

use super::profile::Profile;
use crate::adapters::answer::case::{bare, timeline, unknown};
use crate::adapters::answer::record::{Found, Notes, Record};
use crate::adapters::answer::resource::{Resource, resources, text};
use crate::adapters::answer::status::{Known, StatusTable};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::case::{Case, Document, Reference, Step};
use crate::model::status::{Outcome, Phase, Status};
use crate::model::time::Timestamp;

/// A case's number stands behind this where the case is a complaint: the village counts both from 1.
pub(super) const COMPLAINT_PREFIX: &str = "pengaduan/";

const LETTERS: &Known = &[
    ("sedang_diperiksa", Phase::InReview, Outcome::None),
    ("belum_lengkap", Phase::NeedsCitizen, Outcome::None),
    ("menunggu_tandatangan", Phase::InProgress, Outcome::None),
    ("menunggu_tanda_tangan", Phase::InProgress, Outcome::None),
    ("siap_diambil", Phase::Ready, Outcome::None),
    ("siap_diambil/diantar", Phase::Ready, Outcome::None),
    ("sudah_diambil", Phase::Closed, Outcome::Granted),
    ("dibatalkan", Phase::Closed, Outcome::Withdrawn),
];
const COMPLAINTS: &Known = &[
    ("1", Phase::Submitted, Outcome::None),
    ("2", Phase::InProgress, Outcome::None),
    ("3", Phase::Closed, Outcome::Resolved),
    ("menunggu_diproses", Phase::Submitted, Outcome::None),
    ("sedang_diproses", Phase::InProgress, Outcome::None),
    ("selesai_diproses", Phase::Closed, Outcome::Resolved),
];

fn status(table: &StatusTable, record: &mut Record<'_, '_>, known: &Known) -> Status {
    let code = record.text("status");
    if code.is_empty() {
        record.wrong("status", "a status", "");
    }
    let mut status = table.status(&code, known).unwrap_or_else(unknown);
    let label = record.text("status_label");
    if status.phase == Phase::Unknown && !label.is_empty() {
        // A number, and its label beside it.
        if let Some(told) = table.status(&label, known) {
            status = Status { code, label, ..told };
        }
    }
    status
}

/// An application of the list; `None` where its number is none.
pub(super) fn application(profile: &Profile, row: &Resource<'_>, offset: i32, notes: &mut Notes) -> Option<Case> {
    let mut record = Record::new(&row.attributes, notes);
    let Ok(reference) = row.id.parse::<Reference>() else {
        record.wrong("id", "a number; the row is left out", row.id);
        return None;
    };
    let mut case = bare(Some(reference));
    case.status = status(&profile.status, &mut record, LETTERS);
    case.service_name = record.text("jenis_surat");
    case.received = record.moment("tanggal_kirim", offset);
    case.updated = record.moment("updated_at", offset);
    let remarks = profile.remark.iter().map(|name| record.text(name));
    let remark = remarks
        .filter(|remark| !remark.is_empty())
        .collect::<Vec<_>>()
        .join("\n");
    record.finish(
        "application",
        &[
            "id",
            "nama_penduduk",
            "created_at",
            "no_antrian",
            "keterangan",
            "no_hp_aktif",
        ],
    );
    timeline(&mut case, remark);
    Some(case)
}

/// A complaint of the list; `None` where its number is none.
pub(super) fn complaint(profile: &Profile, row: &Resource<'_>, offset: i32, notes: &mut Notes) -> Option<Case> {
    let mut record = Record::new(&row.attributes, notes);
    let Ok(reference) = [COMPLAINT_PREFIX, row.id].concat().parse::<Reference>() else {
        record.wrong("id", "a number; the row is left out", row.id);
        return None;
    };
    if row.id.is_empty() {
        record.wrong("id", "a number; the row is left out", "");
        return None;
    }
    let mut case = bare(Some(reference));
    case.status = status(&profile.complaint_status, &mut record, COMPLAINTS);
    super::form::COMPLAINT.clone_into(&mut case.service_code);
    case.received = record.moment("created_at", offset);
    case.updated = record
        .moment("updated_at", offset)
        .filter(|at| Some(*at) != case.received);
    record.finish(
        "complaint",
        &[
            "id",
            "id_pengaduan",
            "nik",
            "nama",
            "email",
            "telepon",
            "judul",
            "isi",
            "foto",
            "ip_address",
        ],
    );
    timeline(&mut case, String::new());
    Some(case)
}

/// Adds the office's answers to a complaint.
pub(super) fn answers(case: &mut Case, root: &Node, offset: i32, notes: &mut Notes) {
    let asked = case.reference.as_ref().map(|reference| reference.as_str());
    let id = asked
        .and_then(|asked| asked.strip_prefix(COMPLAINT_PREFIX))
        .unwrap_or_default()
        .to_owned();
    let now = case
        .timeline
        .iter()
        .rposition(|step| step.at.is_none() && step.status.is_some());
    let mut now = now.map(|at| case.timeline.split_off(at)).unwrap_or_default();
    for row in resources(root, notes).unwrap_or_default() {
        if text(row.attributes.node, "id_pengaduan") != id {
            continue;
        }
        let mut record = Record::new(&row.attributes, notes);
        let (remark, at) = (record.text("isi"), record.moment("created_at", offset));
        if !remark.is_empty() {
            case.timeline.push(Step {
                status: None,
                at,
                remark,
                links: Vec::new(),
                ahead: false,
            });
            case.updated = case.updated.max(at);
        }
    }
    case.timeline.append(&mut now);
}

/// Whether the letter of an application is written.
pub(super) fn is_written(case: &Case) -> bool {
    let status = &case.status;
    status.phase == Phase::Ready || (status.phase == Phase::Closed && status.outcome == Outcome::Granted)
}

/// Adds what the archive has for an application: letters of its kind that were written since it came.
/// The archive does not say which application a letter is for; each is named by its own number.
pub(super) fn documents(cases: &mut [Case], root: &Node, offset: i32, notes: &mut Notes) {
    const DAY: i64 = 24 * 3_600_000;
    for Resource { id, attributes } in resources(root, notes).unwrap_or_default() {
        let (kind, number, at) = letter(&attributes, offset, notes);
        if id.is_empty() || id.bytes().any(|byte| !byte.is_ascii_alphanumeric()) {
            continue;
        }
        for case in cases.iter_mut().filter(|case| is_written(case)) {
            // The archive's moment may be a day alone.
            let before = case
                .received
                .zip(at)
                .is_some_and(|(received, at)| at.plus(DAY) <= received);
            if !before && case.service_name.eq_ignore_ascii_case(&kind) {
                let label = if number.is_empty() {
                    kind.clone()
                } else {
                    [&kind, ", ", &number].concat()
                };
                case.documents.push(Document {
                    label,
                    handle: id.to_owned(),
                });
            }
        }
    }
}

fn letter(row: &Found<'_>, offset: i32, notes: &mut Notes) -> (String, String, Option<Timestamp>) {
    let mut record = Record::new(row, notes);
    let told = (
        record.text("jenis_surat"),
        record.text("nomor_surat"),
        record.moment("tanggal", offset),
    );
    record.finish("archive", &["id", "nama_pamong", "nama_penduduk"]);
    told
}

/// A name as names are compared.
pub(super) fn name(row: &Resource<'_>, member: &str) -> String {
    clean(text(row.attributes.node, member))
}
