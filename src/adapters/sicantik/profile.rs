//! What differs from one licensing office's server to the next, as data.
//!
//! Which report tracks, what its parameter is called, and under which name its rows stand is every
//! office's own, and so are the rows' members. Every key is described in the room's essay ([`super`])
//! and in `public/schema/sicantik-profile.schema.json`.

use crate::adapters::answer::status::StatusTable;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// Keys of a profile.
pub const KEYS: [&str; 8] = [
    "prefix",
    "report",
    "parameter",
    "label",
    "fields",
    "status",
    "applicants",
    "reconcile",
];
/// Keys of `fields`.
pub const FIELD_KEYS: [&str; 8] = ["number", "permit", "sent", "state", "step", "status", "start", "end"];
/// Keys of `applicants`.
pub const APPLICANT_KEYS: [&str; 4] = ["app", "login_help", "upload_max_bytes", "per_page"];

/// Members of a row of a report, and of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) number: String,
    pub(super) permit: String,
    pub(super) sent: String,
    pub(super) state: String,
    pub(super) step: String,
    pub(super) status: String,
    pub(super) start: String,
    pub(super) end: String,
}

/// How those who apply are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Applicants {
    /// It is spoken to as the office's own app does (`Source: android`).
    pub(super) app: bool,
    pub(super) login_help: String,
    pub(super) upload_max_bytes: u64,
    pub(super) per_page: u32,
}

/// A profile, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    pub(super) prefix: String,
    pub(super) report: Option<String>,
    pub(super) parameter: String,
    /// `None`: whatever list the answer holds.
    pub(super) label: Option<String>,
    pub(super) fields: Fields,
    pub(super) status: StatusTable,
    pub(super) applicants: Option<Applicants>,
    pub(super) reconcile: bool,
}

impl Default for Profile {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            prefix: String::new(),
            report: None,
            parameter: text("no_permohonan"),
            label: None,
            fields: Fields {
                number: text("no_permohonan"),
                permit: text("jenis_izin"),
                sent: text("tgl_pengajuan"),
                state: text("status_permohonan"),
                step: text("nama_proses"),
                status: text("status"),
                start: text("start_date"),
                end: text("end_date"),
            },
            status: StatusTable::default(),
            applicants: None,
            reconcile: true,
        }
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
        keys.path("prefix", &mut profile.prefix, "");
        profile.report = keys.text("report");
        if let Some(report) = profile
            .report
            .take_if(|report| !report.bytes().all(|byte| byte.is_ascii_digit()))
        {
            keys.complain("report", "the number of a report", || report);
        }
        keys.name("parameter", &mut profile.parameter);
        profile.label = keys.text("label");
        if let Some(mut fields) = keys.object("fields") {
            let into = &mut profile.fields;
            for (key, name) in [
                ("number", &mut into.number),
                ("permit", &mut into.permit),
                ("sent", &mut into.sent),
                ("state", &mut into.state),
                ("step", &mut into.step),
                ("status", &mut into.status),
                ("start", &mut into.start),
                ("end", &mut into.end),
            ] {
                fields.name(key, name);
            }
            fields.unknown(&FIELD_KEYS);
        }
        keys.statuses("status", &mut profile.status);
        if let Some(Some(mut applicants)) = keys.object_or_none("applicants") {
            let mut read = Applicants {
                app: false,
                login_help: String::new(),
                upload_max_bytes: 1_000_000,
                per_page: 100,
            };
            applicants.flag("app", &mut read.app);
            applicants.name("login_help", &mut read.login_help);
            if let Some(bytes) = applicants.number("upload_max_bytes") {
                read.upload_max_bytes = bytes;
            }
            applicants.count("per_page", &mut read.per_page);
            read.per_page = read.per_page.clamp(1, 100);
            applicants.unknown(&APPLICANT_KEYS);
            profile.applicants = Some(read);
        }
        keys.flag("reconcile", &mut profile.reconcile);
        keys.unknown(&KEYS);
        (Some(profile), wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::answer::status::STATUS_KEYS;
    use crate::adapters::keys::described;
    use serde_json::json;

    #[test]
    fn an_empty_profile_and_none_are_the_defaults_and_what_is_wrong_is_named() {
        assert_eq!(Profile::read(&json!({}).into()), (Some(Profile::default()), Vec::new()));
        assert_eq!(Profile::read(&Value::Null), (Some(Profile::default()), Vec::new()));
        let (_, wrong) = Profile::read(
            &json!({"report": "1?x", "label": 7, "fields": {"nama": "x"}, "applicants": {"app": "yes"}, "x": 1}).into(),
        );
        let paths: Vec<&str> = wrong.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/profile/report",
                "/profile/fields/nama",
                "/profile/applicants/app",
                "/profile/x"
            ]
        );
    }

    #[test]
    fn the_schema_names_the_same_keys() {
        let schema = include_str!("../../../public/schema/sicantik-profile.schema.json");
        for (pointer, names) in [
            ("/properties", KEYS.as_slice()),
            ("/properties/fields/properties", &FIELD_KEYS),
            ("/properties/applicants/oneOf/1/properties", &APPLICANT_KEYS),
            (
                "/properties/status/additionalProperties/oneOf/1/properties",
                &STATUS_KEYS,
            ),
        ] {
            described::same(schema, pointer, names);
        }
    }
}
