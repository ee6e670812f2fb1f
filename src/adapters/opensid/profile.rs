//! What differs from one village's server to the next, as data.
//!
//! Every key is described in the room's essay ([`super`]) and in
//! `public/schema/opensid-profile.schema.json`. What is documented and not seen in any open release
//! is a key here, with the documented value as its default.

use crate::adapters::answer::status::StatusTable;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;
use crate::model::login::Identifier;

/// Keys of a profile.
pub const KEYS: [&str; 19] = [
    "prefix",
    "identifier",
    "login_help",
    "throttle",
    "documents",
    "document_max_bytes",
    "phone",
    "note",
    "dates",
    "tables",
    "complete",
    "status",
    "remark",
    "complaints",
    "complaint_file",
    "complaint_status",
    "paths",
    "per_page",
    "reconcile",
];
/// Keys of `complaint_file`.
pub const FILE_KEYS: [&str; 3] = ["ask", "accept", "max_bytes"];
/// Keys of `paths`.
pub const PATH_KEYS: [&str; 4] = ["document", "complaints", "complaint", "complain"];

/// Whether something is asked of the citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    None,
    Optional,
    Required,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) document: String,
    pub(super) complaints: String,
    pub(super) complaint: String,
    pub(super) complain: String,
}

/// A profile, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    pub(super) prefix: String,
    pub(super) identifier: Identifier,
    pub(super) login_help: String,
    /// Seconds for which a login is shut after too many tries.
    pub(super) throttle: u32,
    pub(super) documents: Asked,
    pub(super) document_max_bytes: u64,
    pub(super) phone: Asked,
    pub(super) note: Asked,
    /// Dates are sent as `31-12-2026`, not as `2026-12-31`.
    pub(super) day_first: bool,
    pub(super) tables: Vec<(String, Vec<String>)>,
    pub(super) complete: bool,
    pub(super) status: StatusTable,
    pub(super) remark: Vec<String>,
    pub(super) complaints: bool,
    pub(super) complaint_file: Asked,
    pub(super) complaint_accept: Vec<String>,
    pub(super) complaint_max_bytes: u64,
    pub(super) complaint_status: StatusTable,
    pub(super) paths: Paths,
    pub(super) per_page: u32,
    pub(super) reconcile: bool,
}

impl Default for Profile {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            prefix: String::new(),
            identifier: Identifier::NikOrEmail,
            login_help: String::new(),
            throttle: 3600,
            documents: Asked::Required,
            document_max_bytes: 2_000_000,
            phone: Asked::Optional,
            note: Asked::Optional,
            day_first: true,
            tables: Vec::new(),
            complete: false,
            status: StatusTable::default(),
            remark: vec![text("alasan")],
            complaints: true,
            complaint_file: Asked::Required,
            complaint_accept: vec![text("image/jpeg"), text("image/png")],
            complaint_max_bytes: 10_000_000,
            complaint_status: StatusTable::default(),
            paths: Paths {
                document: text("layanan-mandiri/surat/{id}/unduh"),
                complaints: text("layanan-mandiri/pengaduan"),
                complaint: text("layanan-mandiri/pengaduan/detail"),
                complain: text("layanan-mandiri/pengaduan/store"),
            },
            per_page: 100,
            reconcile: true,
        }
    }
}

fn asked(keys: &mut Keys<'_>, key: &str, into: &mut Asked) {
    let words = [
        ("none", Asked::None),
        ("optional", Asked::Optional),
        ("required", Asked::Required),
    ];
    if let Some(asked) = keys.word(key, &words) {
        *into = asked;
    }
}

impl Profile {
    /// Reads a profile; `None` where it is no object.
    pub(super) fn read(value: &Value) -> (Option<Self>, Vec<Diagnostic>) {
        let mut wrong = Vec::new();
        let mut profile = Self::default();
        let Some(mut keys) = Keys::of(value, &mut wrong) else {
            return (value.is_null().then_some(profile), wrong);
        };
        profile.login(&mut keys);
        profile.letters(&mut keys);
        profile.complaints(&mut keys);
        if let Some(mut paths) = keys.object("paths") {
            paths.path("document", &mut profile.paths.document, "{id}");
            paths.path("complaints", &mut profile.paths.complaints, "");
            paths.path("complaint", &mut profile.paths.complaint, "");
            paths.path("complain", &mut profile.paths.complain, "");
            paths.unknown(&PATH_KEYS);
        }
        keys.count("per_page", &mut profile.per_page);
        profile.per_page = profile.per_page.clamp(1, 100);
        keys.flag("reconcile", &mut profile.reconcile);
        keys.unknown(&KEYS);
        (Some(profile), wrong)
    }

    fn login(&mut self, keys: &mut Keys<'_>) {
        keys.path("prefix", &mut self.prefix, "");
        let identifiers = [
            ("nik", Identifier::Nik),
            ("email", Identifier::Email),
            ("nik_or_email", Identifier::NikOrEmail),
        ];
        if let Some(identifier) = keys.word("identifier", &identifiers) {
            self.identifier = identifier;
        }
        keys.name("login_help", &mut self.login_help);
        keys.count("throttle", &mut self.throttle);
    }

    fn letters(&mut self, keys: &mut Keys<'_>) {
        asked(keys, "documents", &mut self.documents);
        if let Some(bytes) = keys.number("document_max_bytes") {
            self.document_max_bytes = bytes;
        }
        asked(keys, "phone", &mut self.phone);
        asked(keys, "note", &mut self.note);
        if let Some(day_first) = keys.word("dates", &[("day_first", true), ("iso", false)]) {
            self.day_first = day_first;
        }
        if let Some(mut tables) = keys.object("tables") {
            let map = tables.map;
            for name in map.keys() {
                if let Some(choices) = tables.texts(name) {
                    self.tables.push((name.to_owned(), choices));
                }
            }
        }
        if let Some(complete) = keys.word("complete", &[("none", false), ("put", true)]) {
            self.complete = complete;
        }
        keys.statuses("status", &mut self.status);
        if let Some(names) = keys.texts("remark") {
            self.remark = names;
        }
    }

    fn complaints(&mut self, keys: &mut Keys<'_>) {
        keys.flag("complaints", &mut self.complaints);
        if keys.holds_object("complaint_file") {
            if let Some(mut file) = keys.object("complaint_file") {
                asked(&mut file, "ask", &mut self.complaint_file);
                if let Some(accept) = file.texts("accept") {
                    self.complaint_accept = accept;
                }
                if let Some(bytes) = file.number("max_bytes") {
                    self.complaint_max_bytes = bytes;
                }
                file.unknown(&FILE_KEYS);
            }
        } else {
            asked(keys, "complaint_file", &mut self.complaint_file);
        }
        keys.statuses("complaint_status", &mut self.complaint_status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::answer::status::STATUS_KEYS;
    use crate::adapters::keys::described;
    use serde_json::json;

    fn wrong(profile: serde_json::Value) -> Vec<String> {
        let (_, wrong) = Profile::read(&profile.into());
        wrong.into_iter().map(|diagnostic| diagnostic.path).collect()
    }

    #[test]
    fn an_empty_profile_and_none_are_the_defaults() {
        assert_eq!(Profile::read(&json!({}).into()), (Some(Profile::default()), Vec::new()));
        assert_eq!(Profile::read(&Value::Null), (Some(Profile::default()), Vec::new()));
        assert_eq!(Profile::read(&json!(7).into()).0, None);
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_named_by_path_and_the_default_holds() {
        assert_eq!(
            wrong(
                json!({"identifier": "name", "throttle": "an hour", "documents": "maybe", "tables": {"a": "b"},
                "complete": true, "status": {"x": "y"}, "complaint_file": {"ask": 1, "size": 2},
                "paths": {"document": "unduh", "complain": "../x"}, "pin": 1})
            ),
            [
                "/profile/identifier",
                "/profile/throttle",
                "/profile/documents",
                "/profile/tables/a",
                "/profile/complete",
                "/profile/status/x",
                "/profile/complaint_file/ask",
                "/profile/complaint_file/size",
                "/profile/paths/document",
                "/profile/paths/complain",
                "/profile/pin",
            ]
        );
    }

    #[test]
    fn the_schema_names_the_same_keys() {
        let schema = include_str!("../../../public/schema/opensid-profile.schema.json");
        for (pointer, names) in [
            ("/properties", KEYS.as_slice()),
            ("/properties/complaint_file/oneOf/1/properties", &FILE_KEYS),
            ("/properties/paths/properties", &PATH_KEYS),
            (
                "/properties/status/additionalProperties/oneOf/1/properties",
                &STATUS_KEYS,
            ),
            (
                "/properties/complaint_status/additionalProperties/oneOf/1/properties",
                &STATUS_KEYS,
            ),
        ] {
            described::same(schema, pointer, names);
        }
    }
}
