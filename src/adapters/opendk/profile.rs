//! What differs from one district's server to the next, as data.

use crate::adapters::answer::status::StatusTable;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// Keys of a profile.
pub const KEYS: [&str; 5] = ["path", "categories", "picture_max_bytes", "status", "per_page"];

/// A profile, read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Profile {
    pub(super) path: String,
    /// Numbers of what a complaint may be about, and names.
    pub(super) categories: Vec<(String, String)>,
    pub(super) picture_max_bytes: u64,
    pub(super) status: StatusTable,
    pub(super) per_page: u32,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            path: "api/frontend/v1/komplain".to_owned(),
            categories: Vec::new(),
            picture_max_bytes: 1_000_000,
            status: StatusTable::default(),
            per_page: 100,
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
        keys.path("path", &mut profile.path, "");
        profile.categories = keys.pairs("categories").unwrap_or_default();
        if let Some(bytes) = keys.number("picture_max_bytes") {
            profile.picture_max_bytes = bytes;
        }
        keys.statuses("status", &mut profile.status);
        keys.count("per_page", &mut profile.per_page);
        profile.per_page = profile.per_page.clamp(1, 100);
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
        let (_, wrong) = Profile::read(&json!({"path": "../x", "categories": {"1": []}, "x": 1}).into());
        let paths: Vec<&str> = wrong.iter().map(|diagnostic| diagnostic.path.as_str()).collect();
        assert_eq!(paths, ["/profile/path", "/profile/categories/1", "/profile/x"]);
    }

    #[test]
    fn the_schema_names_the_same_keys() {
        let schema = include_str!("../../../public/schema/opendk-profile.schema.json");
        described::same(schema, "/properties", &KEYS);
        described::same(
            schema,
            "/properties/status/additionalProperties/oneOf/1/properties",
            &STATUS_KEYS,
        );
    }
}
