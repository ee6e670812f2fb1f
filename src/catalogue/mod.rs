//! The published catalogue, pure: `pendopo publish` writes it, the app reads it.
//!
//! Everything that home, search and a first form need lies in static files, so that no weak
//! regional server is touched and no engine is needed to draw them. A backend that was down when
//! the catalogue was written keeps what was published last, with its date.
//!
//! | file | holds |
//! |---|---|
//! | `/katalog/indeks.json` | [`Index`]: every published service, for search |
//! | `/katalog/wilayah.json` | [`Regions`]: all regions, and which are online |
//! | `/katalog/wilayah/{code}.json` | [`Areas`]: districts and villages of a regency or city, where a form asks for them |
//! | `/katalog/{code}/daerah.json` | [`PublishedRegion`] |
//! | `/katalog/{code}/region.json` | the region's public file as it is, for the engine |
//! | `/katalog/{code}/{backend}/sumber.{name}.json` | [`Source`]: a list that forms choose from |
//! | `/katalog/{code}/{backend}/{service}.json` | [`PublishedService`], form included; `{service}` is `model::route::file_name` of its code |
//!
//! `/katalog/` is a folder of its own, outside the app's build: the address after it is the path in
//! it, letter by letter, so that any static server can serve it. Beside each file lies a `.br`.

#[cfg(not(target_arch = "wasm32"))]
pub mod areas;
#[cfg(not(target_arch = "wasm32"))]
pub mod regions;
pub mod search;

use serde::{Deserialize, Serialize};

use crate::model::capabilities::Capabilities;
use crate::model::form::ChoiceOption;
use crate::model::json::object;
use crate::model::region::{BackendId, BackendName, Contact, RegionCode, Theme};
use crate::model::service::{Service, ServiceCode, ServiceId};
use crate::model::text::Text;
use crate::model::time::Timestamp;

/// The version of these files.
pub const FORMAT: u32 = 1;

/// Every published service, for search.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// [`FORMAT`].
    pub format: u32,
    /// The services.
    pub services: Vec<IndexEntry>,
    /// Names of the regions that occur.
    pub regions: Vec<RegionLine>,
    /// The systems in which a case can be looked up by its number.
    pub systems: Vec<SystemLine>,
}

object!(Index {
    format,
    services,
    regions,
    systems
});

impl Index {
    /// What is one region's.
    #[must_use]
    pub fn of(&self, region: &RegionCode) -> Self {
        let own = |id: &BackendId| id.region == *region;
        Self {
            format: self.format,
            services: self
                .services
                .iter()
                .filter(|entry| own(&entry.id.backend))
                .cloned()
                .collect(),
            regions: self
                .regions
                .iter()
                .filter(|line| line.code == *region)
                .cloned()
                .collect(),
            systems: self.systems.iter().filter(|line| own(&line.id)).cloned().collect(),
        }
    }
}

/// A system in which a case can be looked up by its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemLine {
    /// The system.
    pub id: BackendId,
    /// Its name for citizens.
    pub name: Text,
}

object!(SystemLine { id, name });

/// A service in the index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// The service.
    pub id: ServiceId,
    /// Its name.
    pub name: Text,
    /// The backend's own grouping.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub group: Text,
    /// Further words to find it by: keywords, and the description's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

object!(IndexEntry { id, name, group = default, words = default });

/// All regions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// [`FORMAT`].
    pub format: u32,
    /// All of them, by code.
    pub regions: Vec<RegionLine>,
}

object!(Regions { format, regions });

impl Regions {
    /// One region alone.
    #[must_use]
    pub fn of(&self, region: &RegionCode) -> Self {
        Self {
            format: self.format,
            regions: self
                .regions
                .iter()
                .filter(|line| line.code == *region)
                .cloned()
                .collect(),
        }
    }
}

/// A region in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionLine {
    /// Kemendagri code.
    pub code: RegionCode,
    /// Official name.
    pub name: String,
    /// How many services of it are published; 0 for a region that is not online.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub services: u32,
}

object!(RegionLine { code, name, services = default });

/// A list that forms choose from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// [`FORMAT`].
    pub format: u32,
    /// What can be chosen.
    pub options: Vec<ChoiceOption>,
}

object!(Source { format, options });

/// What lies in a regency or city.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas {
    /// [`FORMAT`].
    pub format: u32,
    /// Its districts, by code.
    pub districts: Vec<District>,
}

object!(Areas { format, districts });

/// A district (kecamatan).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct District {
    /// The last two digits of its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its villages (desa, kelurahan), by code: the last four digits, and the name.
    pub villages: Vec<(String, String)>,
}

object!(District { code, name, villages });

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A region's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedRegion {
    /// [`FORMAT`].
    pub format: u32,
    /// Kemendagri code.
    pub code: RegionCode,
    /// Name.
    pub name: String,
    /// Whom a citizen can ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The region's colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// A demonstration region.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
    /// Its systems.
    pub backends: Vec<PublishedBackend>,
}

object!(PublishedRegion { format, code, name, contact, theme, demonstration = default, backends });

/// A system on a region's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedBackend {
    /// Its name in addresses.
    pub id: BackendName,
    /// Its name for citizens.
    pub name: Text,
    /// The office that answers for it.
    pub office: Text,
    /// What can be done with it.
    pub capabilities: Capabilities,
    /// When its catalogue was read; earlier than the publication where it was down since.
    pub as_of: Timestamp,
    /// The backend did not answer when the catalogue was last written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// Its services.
    pub services: Vec<ServiceLine>,
}

object!(PublishedBackend { id, name, office, capabilities, as_of, stale = default, services });

/// A service in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceLine {
    /// Its code.
    pub code: ServiceCode,
    /// Its name.
    pub name: Text,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// The backend's own grouping.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub group: Text,
}

object!(ServiceLine { code, name, description = default, group = default });

/// A service's page and form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedService {
    /// [`FORMAT`].
    pub format: u32,
    /// The service.
    pub id: ServiceId,
    /// What it is; `service.form` is its form.
    pub service: Service,
    /// The region's name.
    pub region: String,
    /// The backend's name for citizens.
    pub backend: Text,
    /// The office that receives applications.
    pub office: Text,
    /// What can be done with the backend.
    pub capabilities: Capabilities,
    /// Whom a citizen can ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The region's colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    /// A demonstration region.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub demonstration: bool,
    /// Fingerprint (`forms::fingerprint`) of `service.form`.
    pub fingerprint: String,
    /// Fingerprint of the form as the backend itself gives it, to be compared before anything is
    /// sent; `None` where the form is the region's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<String>,
    /// When the backend said so.
    pub as_of: Timestamp,
    /// The backend did not answer when the catalogue was last written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
}

object!(PublishedService { format, id, service, region, backend, office, capabilities, contact, theme, demonstration = default, fingerprint, upstream, as_of, stale = default });

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;
    use serde_json::json;

    use super::*;
    use crate::model::json;

    /// What `pendopo publish` writes with `serde_json`, a phone reads with [`crate::model::json`].
    fn is_read_on_a_phone<T: json::Read + Serialize + DeserializeOwned + PartialEq + Debug>(
        published: &serde_json::Value,
    ) {
        let text = published.to_string();
        let expected: T = serde_json::from_str(&text).unwrap();
        assert_eq!(json::read(text.as_bytes()).as_ref(), Ok(&expected), "{text}");
        assert_eq!(
            json::write(&expected).unwrap(),
            serde_json::to_string(&expected).unwrap()
        );
        assert!(json::read::<T>(b"[]").is_err());
    }

    #[test]
    fn a_region_sees_what_is_its_own() {
        let index: Index = serde_json::from_value(json!({
            "format": 1,
            "services": [{"id": "32.73/lapor/1", "name": "A"}, {"id": "32.04/lapor/1", "name": "B"}],
            "regions": [{"code": "32.73", "name": "Kota Bandung"}, {"code": "32.04", "name": "Bandung"}],
            "systems": [{"id": "32.04/lapor", "name": "Lapor"}],
        }))
        .unwrap();
        let own = index.of(&"32.73".parse().unwrap());
        assert_eq!((own.services.len(), own.regions.len(), own.systems.len()), (1, 1, 0));
        assert_eq!(own.services[0].id.to_string(), "32.73/lapor/1");
        let regions = Regions {
            format: 1,
            regions: index.regions,
        };
        assert_eq!(regions.of(&"32.04".parse().unwrap()).regions[0].name, "Bandung");
        assert!(regions.of(&"11".parse().unwrap()).regions.is_empty());
    }

    #[test]
    fn published_files_are_read_on_a_phone_as_they_were_written() {
        let capabilities = json!({"catalogue": "account", "form": true, "submit": true, "upload": true});
        let line = json!({"code": "32.73", "name": "Kota Bandung", "services": 3});
        is_read_on_a_phone::<Regions>(&json!({"format": 1, "regions": [line, {"code": "11", "name": "Aceh"}]}));
        is_read_on_a_phone::<Index>(&json!({"format": 1, "regions": [line], "services": [
            {"id": "32.73/lapor/001/a", "name": {"id": "Jalan", "en": "Road"}, "words": "lubang"},
            {"id": "32.73/lapor/2", "name": "Lampu", "group": "G"},
        ], "systems": [{"id": "32.73/lapor", "name": "Lapor"}]}));
        is_read_on_a_phone::<Source>(&json!({"format": 1, "options": [{"value": "a", "label": "A", "parent": "x"}]}));
        is_read_on_a_phone::<Areas>(&json!({"format": 1, "districts": [
            {"code": "01", "name": "Andir", "villages": [["1001", "Campaka"], ["1002", "Ciroyom"]]},
        ]}));
        is_read_on_a_phone::<PublishedRegion>(&json!({
            "format": 1, "code": "32.73", "name": "Kota Bandung", "contact": {"office": "O", "email": "a@b"},
            "theme": {}, "demonstration": true, "backends": [{
                "id": "lapor", "name": "Lapor", "office": "O", "capabilities": capabilities, "as_of": 1, "stale": true,
                "services": [{"code": "001", "name": "J", "description": "D"}, {"code": "2", "name": "K"}],
            }],
        }));
        is_read_on_a_phone::<PublishedService>(&json!({
            "format": 1, "id": "32.73/lapor/001", "region": "R", "backend": "B", "office": "O",
            "capabilities": capabilities, "fingerprint": "f", "upstream": "u", "as_of": -1, "later_key": [{"x": 1.5}],
            "service": {"code": "001", "name": "J", "form": {"format": 1, "steps": [{"id": "s"}]}},
        }));
    }
}
