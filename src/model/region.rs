//! Regions and the systems they already run.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::capabilities::Capabilities;
use super::form::ChoiceOption;
use super::json::{Node, Read, Value, object};
use super::map::Map;
use super::service::Service;
use super::text::Text;

/// A code or identifier that does not have the shape it must have.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{found:?} is not {expected}")]
pub struct BadCode {
    /// What was found.
    pub found: String,
    /// What would have been right, in words.
    pub expected: &'static str,
}

macro_rules! code {
    ($(#[$meta:meta])* $name:ident, $expected:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $name {
            /// The code as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::model::region::BadCode;
            fn try_from(text: String) -> Result<Self, $crate::model::region::BadCode> {
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err($crate::model::region::BadCode { found: text, expected: $expected }) }
            }
        }

        impl $crate::model::json::Read for $name {
            fn read(node: &$crate::model::json::Node<'_>, wrong: &mut bool) -> Self {
                let valid: fn(&str) -> bool = $valid;
                let text = node.text(wrong);
                *wrong |= !valid(text);
                Self(text.to_owned())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::region::BadCode;
            fn from_str(text: &str) -> Result<Self, $crate::model::region::BadCode> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}
pub(super) use code;

code!(
    /// A Kemendagri code: a province `32`, or a regency or city `32.73`.
    RegionCode,
    "a region code such as 32 or 32.73",
    |text| {
        let pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        match text.split_once('.') {
            None => pair(text),
            Some((province, local)) => pair(province) && pair(local),
        }
    }
);

impl RegionCode {
    /// The province's part: `32` of `32.73`.
    #[must_use]
    pub fn province(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    /// Whether this is a province itself.
    #[must_use]
    pub fn is_province(&self) -> bool {
        !self.0.contains('.')
    }
}

code!(
    /// One system of a region, in lower-case letters, digits and hyphens: `lapor`, `sicantik`.
    BackendName,
    "a backend's name in a-z, 0-9 and hyphens, at most 40",
    |text| {
        !text.is_empty()
            && text.len() <= 40
            && !text.starts_with('-')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }
);

/// `region/backend`: one system that a region already runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BackendId {
    /// The region that runs it.
    pub region: RegionCode,
    /// Its name there.
    pub backend: BackendName,
}

impl fmt::Display for BackendId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.region, self.backend)
    }
}

impl FromStr for BackendId {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let (region, backend) = text.split_once('/').ok_or_else(|| BadCode {
            found: text.to_owned(),
            expected: "region/backend, such as 32.73/lapor",
        })?;
        Ok(Self {
            region: region.parse()?,
            backend: backend.parse()?,
        })
    }
}

impl Read for BackendId {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        node.text(wrong).parse().unwrap_or_else(|_| {
            *wrong = true;
            Self {
                region: RegionCode(String::new()),
                backend: BackendName(String::new()),
            }
        })
    }
}

impl TryFrom<String> for BackendId {
    type Error = BadCode;
    fn try_from(text: String) -> Result<Self, BadCode> {
        text.parse()
    }
}

impl From<BackendId> for String {
    fn from(id: BackendId) -> Self {
        id.to_string()
    }
}

/// What kind of area a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// Provinsi.
    Province,
    /// Kabupaten.
    Regency,
    /// Kota.
    City,
}

/// A region by its official code and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name with its kind: `Kota Bandung`, `Kabupaten Sleman`, `Jawa Barat`.
    pub name: String,
    /// Province, regency or city.
    pub kind: RegionKind,
}

/// A region's public file, `public/regions/{code}.json`: everything a phone may know about how the
/// region is reached. Upstream addresses and secrets are never here (they are beside `edge.toml`).
///
/// Schema: `public/schema/region.schema.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionFile {
    /// Where an editor finds the schema; ignored here.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Version of this format: 1.
    pub format: u32,
    /// Kemendagri code; must be the file's name.
    pub code: RegionCode,
    /// Name as the region writes it.
    pub name: String,
    /// BCP 47 tags of the languages its texts come in, the first one preferred.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Minutes east of UTC: 420 WIB, 480 WITA, 540 WIT. Holds for dates that carry no zone.
    #[serde(default = "wib")]
    pub utc_offset: i32,
    /// Whom a citizen can ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The region's own colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// A demonstration region, said so on every page of it and never shipped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
    /// The systems that it runs.
    pub backends: Vec<Backend>,
}

object!(RegionFile { schema: "$schema", format, code, name, languages = default, utc_offset = wib, contact, theme, demonstration = default, backends });

const fn wib() -> i32 {
    420
}

/// Whom a citizen can ask when all else fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The office's name.
    pub office: String,
    /// Telephone number as people dial it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// http(s) address of the region's site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

object!(Contact {
    office,
    phone,
    email,
    url
});

/// The two colours a region may replace, `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Action, link and focus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nila: Option<String>,
    /// The mark and the current step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sogan: Option<String>,
}

object!(Theme { nila, sogan });

/// One system that a region already runs, and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backend {
    /// Its name in addresses.
    pub id: BackendName,
    /// Its name for citizens: `Lapor Bandung`.
    pub name: Text,
    /// The office that answers for it.
    pub office: Text,
    /// The adapter that speaks its protocol family: `open311`.
    pub adapter: String,
    /// The adapter's profile: what differs from server to server. Its keys are the adapter's own.
    /// A guarded backend's lies beside `edge.toml` instead.
    #[serde(default)]
    pub profile: Value,
    /// Only the edge speaks to it, by intent: it needs a secret, lies in a private network, or its
    /// answers tell too much.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guarded: bool,
    /// What can be done with a guarded backend. Written by `pendopo publish` into the published file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Capabilities>,
    /// Services described by the region: a whole service where the backend has no catalogue, or
    /// what the backend's catalogue does not say (requirements, cost, duration, a better name).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Lists that forms of its services choose from, by the name that a field's `source` says.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub sources: Map<Vec<ChoiceOption>>,
}

object!(Backend { id, name, office, adapter, profile = default, guarded = default, capabilities, services = default, sources = default });
