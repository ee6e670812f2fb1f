//! What differs from one GeoReport server to the next, as data.
//!
//! An empty profile, `{}`, fits a server that follows the specification. Every key is described in
//! the room's essay ([`super`]) and in `public/schema/open311-profile.schema.json`. A profile is read
//! one key at a time: an unknown key or a wrong value is a [`Diagnostic`] with its path, and the key's
//! default holds. Only a profile that is no object at all cannot be used.

use crate::adapters::answer::status::StatusTable;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// Keys of a profile.
pub const KEYS: [&str; 24] = [
    "format",
    "extension",
    "prefix",
    "paths",
    "jurisdiction_id",
    "api_key",
    "api_key_in",
    "account_id",
    "extra_query",
    "extra_form",
    "dates",
    "metadata",
    "description",
    "location",
    "media",
    "contact",
    "track",
    "history",
    "status",
    "status_field",
    "paging",
    "reconcile",
    "reconcile_except",
    "swap_lat_long",
];
/// Keys of `paths`.
pub const PATH_KEYS: [&str; 6] = ["services", "service", "submit", "request", "list", "token"];
/// Keys of `description`.
pub const DESCRIPTION_KEYS: [&str; 2] = ["ask", "max_length"];
/// Keys of `media`.
pub const MEDIA_KEYS: [&str; 4] = ["send", "max_files", "max_bytes", "accept"];
/// Keys of `contact`.
pub const CONTACT_KEYS: [&str; 5] = ["name", "first_name", "last_name", "email", "phone"];
/// Keys of `history`.
pub const HISTORY_KEYS: [&str; 5] = ["style", "path", "query", "item", "fields"];
/// Keys of `history.fields`.
pub const HISTORY_FIELDS: [&str; 6] = ["id", "reference", "at", "status", "remark", "link"];
/// Keys of `paging`.
pub const PAGING_KEYS: [&str; 6] = ["page", "size", "per_page", "first", "limit", "max_pages"];

/// The two formats of GeoReport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }

    pub(super) const fn accept(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "text/xml, application/xml",
        }
    }
}

/// Where the key goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyPlace {
    None,
    Body,
    Query,
    EveryQuery,
}

/// How moments are written in queries and attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateStyle {
    Utc,
    Offset,
    Local,
}

/// Whether services have definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metadata {
    Listed,
    Always,
    Never,
}

/// Whether something is asked of the citizen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    None,
    Optional,
    Required,
}

/// How files go along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MediaWay {
    None,
    Url,
    /// `photo1`, `photo2`, …
    Photos,
    /// All under one name.
    Field(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Media {
    pub(super) way: MediaWay,
    pub(super) max_files: u32,
    pub(super) max_bytes: Option<u64>,
    pub(super) accept: Vec<String>,
}

/// Where a case's history is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct History {
    /// Within the request itself, not from a resource of its own.
    pub(super) inline: bool,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) item: String,
    pub(super) id: String,
    pub(super) reference: String,
    pub(super) at: String,
    pub(super) status: String,
    pub(super) remark: String,
    pub(super) link: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paging {
    pub(super) page: Option<String>,
    pub(super) size: Option<String>,
    pub(super) per_page: u32,
    pub(super) first: u32,
    /// The server gives no more than this at once, whatever is asked.
    pub(super) limit: Option<u32>,
    pub(super) max_pages: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) services: String,
    pub(super) service: String,
    pub(super) submit: String,
    pub(super) request: String,
    pub(super) list: String,
    pub(super) token: String,
}

/// A profile, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    /// `None`: JSON, and XML where the server has no JSON.
    pub(super) format: Option<Format>,
    pub(super) extension: bool,
    pub(super) prefix: String,
    pub(super) paths: Paths,
    pub(super) jurisdiction_id: Option<String>,
    pub(super) api_key: Option<String>,
    pub(super) api_key_in: KeyPlace,
    pub(super) account_id: Option<String>,
    pub(super) extra_query: Vec<(String, String)>,
    pub(super) extra_form: Vec<(String, String)>,
    pub(super) dates: DateStyle,
    pub(super) metadata: Metadata,
    pub(super) description: Asked,
    pub(super) description_length: u32,
    pub(super) location: Asked,
    pub(super) media: Media,
    pub(super) contact: Vec<(&'static str, Asked)>,
    pub(super) track_by_query: bool,
    pub(super) history: Option<History>,
    pub(super) status: StatusTable,
    pub(super) status_field: String,
    pub(super) paging: Paging,
    pub(super) reconcile: bool,
    /// Services whose cases the list does not show, or not at once.
    pub(super) reconcile_except: Vec<String>,
    pub(super) swap_lat_long: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            format: None,
            extension: true,
            prefix: String::new(),
            paths: Paths {
                services: "services".to_owned(),
                service: "services/{code}".to_owned(),
                submit: "requests".to_owned(),
                request: "requests/{id}".to_owned(),
                list: "requests".to_owned(),
                token: "tokens/{token}".to_owned(),
            },
            jurisdiction_id: None,
            api_key: None,
            api_key_in: KeyPlace::Body,
            account_id: None,
            extra_query: Vec::new(),
            extra_form: Vec::new(),
            dates: DateStyle::Utc,
            metadata: Metadata::Listed,
            description: Asked::Required,
            description_length: 4000,
            location: Asked::Required,
            media: Media {
                way: MediaWay::None,
                max_files: 1,
                max_bytes: None,
                accept: vec!["image/*".to_owned()],
            },
            contact: vec![
                ("first_name", Asked::Optional),
                ("last_name", Asked::Optional),
                ("email", Asked::Optional),
                ("phone", Asked::Optional),
            ],
            track_by_query: false,
            history: None,
            status: StatusTable::default(),
            status_field: "status".to_owned(),
            paging: Paging {
                page: None,
                size: None,
                per_page: 100,
                first: 1,
                limit: None,
                max_pages: 20,
            },
            reconcile: false,
            reconcile_except: Vec::new(),
            swap_lat_long: false,
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
        profile.wire(&mut keys);
        profile.asked(&mut keys);
        profile.answers(&mut keys);
        keys.unknown(&KEYS);
        (Some(profile), wrong)
    }

    /// How the server is spoken to.
    fn wire(&mut self, keys: &mut Keys<'_>) {
        if let Some(format) = keys.word("format", &[("json", Format::Json), ("xml", Format::Xml)]) {
            self.format = Some(format);
        }
        keys.flag("extension", &mut self.extension);
        keys.path("prefix", &mut self.prefix, "");
        if let Some(mut paths) = keys.object("paths") {
            paths.path("services", &mut self.paths.services, "");
            paths.path("service", &mut self.paths.service, "{code}");
            paths.path("submit", &mut self.paths.submit, "");
            paths.path("request", &mut self.paths.request, "{id}");
            paths.path("list", &mut self.paths.list, "");
            paths.path("token", &mut self.paths.token, "{token}");
            paths.unknown(&PATH_KEYS);
        }
        self.jurisdiction_id = keys.text("jurisdiction_id");
        self.api_key = keys.text("api_key");
        let places = [
            ("none", KeyPlace::None),
            ("body", KeyPlace::Body),
            ("query", KeyPlace::Query),
            ("every_query", KeyPlace::EveryQuery),
        ];
        if let Some(place) = keys.word("api_key_in", &places) {
            self.api_key_in = place;
        }
        self.account_id = keys.text("account_id");
        self.extra_query = keys.pairs("extra_query").unwrap_or_default();
        self.extra_form = keys.pairs("extra_form").unwrap_or_default();
        let dates = [
            ("utc", DateStyle::Utc),
            ("offset", DateStyle::Offset),
            ("local", DateStyle::Local),
        ];
        if let Some(style) = keys.word("dates", &dates) {
            self.dates = style;
        }
    }

    /// What is asked of a citizen.
    fn asked(&mut self, keys: &mut Keys<'_>) {
        let metadata = [
            ("listed", Metadata::Listed),
            ("always", Metadata::Always),
            ("never", Metadata::Never),
        ];
        if let Some(metadata) = keys.word("metadata", &metadata) {
            self.metadata = metadata;
        }
        if keys.holds_object("description") {
            if let Some(mut description) = keys.object("description") {
                asked(&mut description, "ask", &mut self.description);
                description.count("max_length", &mut self.description_length);
                description.unknown(&DESCRIPTION_KEYS);
            }
        } else {
            asked(keys, "description", &mut self.description);
        }
        asked(keys, "location", &mut self.location);
        if keys.holds_object("media") {
            if let Some(mut media) = keys.object("media") {
                self.media.way = read_media(&mut media, "send").unwrap_or(MediaWay::None);
                media.count("max_files", &mut self.media.max_files);
                self.media.max_files = self.media.max_files.clamp(1, 20);
                if let Some(bytes) = media.number("max_bytes") {
                    self.media.max_bytes = Some(bytes);
                }
                if let Some(accept) = media.texts("accept") {
                    self.media.accept = accept;
                }
                media.unknown(&MEDIA_KEYS);
            }
        } else if let Some(way) = read_media(keys, "media") {
            self.media.way = way;
        }
        if let Some(contact) = keys.object_or_none("contact") {
            self.contact.clear();
            if let Some(mut contact) = contact {
                for field in CONTACT_KEYS {
                    let mut wanted = Asked::None;
                    asked(&mut contact, field, &mut wanted);
                    if wanted != Asked::None {
                        self.contact.push((field, wanted));
                    }
                }
                contact.unknown(&CONTACT_KEYS);
            }
        }
    }

    /// How answers are read.
    fn answers(&mut self, keys: &mut Keys<'_>) {
        if let Some(by_query) = keys.word("track", &[("path", false), ("query", true)]) {
            self.track_by_query = by_query;
        }
        if let Some(Some(mut history)) = keys.object_or_none("history") {
            self.history = Some(read_history(&mut history));
        }
        keys.statuses("status", &mut self.status);
        if let Some(field) = keys.text("status_field") {
            self.status_field = field;
        }
        if let Some(mut paging) = keys.object("paging") {
            self.paging.page = paging.text("page");
            self.paging.size = paging.text("size");
            paging.count("per_page", &mut self.paging.per_page);
            paging.count("first", &mut self.paging.first);
            paging.count("max_pages", &mut self.paging.max_pages);
            self.paging.max_pages = self.paging.max_pages.clamp(1, 100);
            let mut limit = 0;
            paging.count("limit", &mut limit);
            self.paging.limit = (limit > 0).then_some(limit);
            paging.unknown(&PAGING_KEYS);
        }
        if let Some(search) = keys.word("reconcile", &[("none", false), ("search", true)]) {
            self.reconcile = search;
        }
        self.reconcile_except = keys.texts("reconcile_except").unwrap_or_default();
        keys.flag("swap_lat_long", &mut self.swap_lat_long);
    }
}

/// What is asked of a citizen.
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

/// How files are sent.
fn read_media(keys: &mut Keys<'_>, key: &str) -> Option<MediaWay> {
    let text = keys.text(key)?;
    match text.as_str() {
        "none" => Some(MediaWay::None),
        "media_url" => Some(MediaWay::Url),
        "photos" => Some(MediaWay::Photos),
        "multipart" => Some(MediaWay::Field("media".to_owned())),
        other => match other.strip_prefix("multipart:").map(str::trim) {
            Some(field) if !field.is_empty() => Some(MediaWay::Field(field.to_owned())),
            _ => {
                keys.complain(key, "none, media_url, photos, multipart or multipart:<field>", || text);
                None
            }
        },
    }
}

fn read_history(keys: &mut Keys<'_>) -> History {
    let styles = [("updates", false), ("fixmystreet", false), ("notes", true)];
    let inline = keys.word("style", &styles).unwrap_or(false);
    let text = str::to_owned;
    let mut history = if inline {
        History {
            inline,
            path: String::new(),
            query: Vec::new(),
            item: text("notes"),
            id: text("id"),
            reference: text("service_request_id"),
            at: text("datetime"),
            status: text("status"),
            remark: text("summary"),
            link: text("media_url"),
        }
    } else {
        History {
            inline,
            path: text("servicerequestupdates"),
            query: vec![(text("service_request_id"), text("{id}"))],
            item: text("request_update"),
            id: text("update_id"),
            reference: text("service_request_id"),
            at: text("updated_datetime"),
            status: text("status"),
            remark: text("description"),
            link: text("media_url"),
        }
    };
    if inline {
        if let Some(path) = keys.text("path") {
            keys.complain("path", "no path where the history is in the request itself", || path);
        }
    } else {
        keys.path("path", &mut history.path, "");
    }
    if let Some(query) = keys.pairs("query") {
        history.query = query;
    }
    keys.name("item", &mut history.item);
    if let Some(mut fields) = keys.object("fields") {
        fields.name("id", &mut history.id);
        fields.name("reference", &mut history.reference);
        fields.name("at", &mut history.at);
        fields.name("status", &mut history.status);
        fields.name("remark", &mut history.remark);
        fields.name("link", &mut history.link);
        fields.unknown(&HISTORY_FIELDS);
    }
    keys.unknown(&HISTORY_KEYS);
    history
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
    }

    #[test]
    fn a_profile_that_is_no_object_cannot_be_used() {
        let (profile, wrong) = Profile::read(&json!("json").into());
        assert_eq!(profile, None);
        assert_eq!(wrong.len(), 1);
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_named_by_path_and_the_default_holds() {
        assert_eq!(
            wrong(
                json!({"formatt": "json", "format": "yaml", "paths": {"service": "service", "x": 1},
                "media": "fax", "history": {"fields": {"when": "x"}}, "status": {"open": "opened"},
                "extension": "yes", "paging": {"per_page": -1}})
            ),
            [
                "/profile/format",
                "/profile/extension",
                "/profile/paths/service",
                "/profile/paths/x",
                "/profile/media",
                "/profile/history/fields/when",
                "/profile/status/open",
                "/profile/paging/per_page",
                "/profile/formatt",
            ]
        );
    }

    #[test]
    fn a_path_stays_within_its_backend() {
        for path in ["../admin", "a/../b", "a?b", "a/*", "http://x/y", "a//b", "."] {
            let (profile, wrong) = Profile::read(&json!({"prefix": path}).into());
            assert_eq!(wrong.len(), 1, "{path}");
            assert_eq!(profile, Some(Profile::default()));
        }
    }

    #[test]
    fn the_schema_names_the_same_keys() {
        let schema = include_str!("../../../public/schema/open311-profile.schema.json");
        for (pointer, names) in [
            ("/properties", KEYS.as_slice()),
            ("/properties/paths/properties", &PATH_KEYS),
            ("/properties/description/oneOf/1/properties", &DESCRIPTION_KEYS),
            ("/properties/media/oneOf/1/properties", &MEDIA_KEYS),
            ("/properties/contact/oneOf/1/properties", &CONTACT_KEYS),
            ("/properties/history/oneOf/1/properties", &HISTORY_KEYS),
            (
                "/properties/history/oneOf/1/properties/fields/properties",
                &HISTORY_FIELDS,
            ),
            (
                "/properties/status/additionalProperties/oneOf/1/properties",
                &STATUS_KEYS,
            ),
            ("/properties/paging/properties", &PAGING_KEYS),
        ] {
            described::same(schema, pointer, names);
        }
    }
}
