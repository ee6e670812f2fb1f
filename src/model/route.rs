//! The addresses: one typed value for each, parsed and printed here and nowhere else.
//!
//! Addresses are Indonesian and public; tests and other sites rely on them.

use std::fmt;

use super::application::ApplicationId;
use super::case::Reference;
use super::region::{BackendId, RegionCode};
use super::service::ServiceId;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// `/`
    Home,
    /// `/daerah`
    Regions,
    /// `/daerah/{code}`
    Region(RegionCode),
    /// `/layanan/{code}/{backend}/{service}`
    Service(ServiceId),
    /// `/layanan/{code}/{backend}/{service}/isi`
    Fill(ServiceId),
    /// `/kotak-keluar`
    Outbox,
    /// `/status`
    Cases,
    /// `/status/saya/{local id}`
    MyCase(ApplicationId),
    /// `/status/{code}/{backend}/{ref}`
    LookUp(BackendId, Reference),
    /// `/data-saya`
    MyData,
    /// `/pengaturan`
    Settings,
    /// `/privasi`
    Privacy,
    /// `/sematkan`
    Embed,
    /// `/embed/lanjut`: takes over a draft from a widget. A page of its own, never in a frame.
    HandOver,
    /// Anything else, as it was asked for.
    Unknown(String),
}

impl Route {
    /// Reads a path, percent-encoded as the browser gives it, without query and fragment. A trailing
    /// slash is ignored.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        Self::known(path).unwrap_or_else(|| Self::Unknown(path.to_owned()))
    }

    fn known(path: &str) -> Option<Self> {
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decode)
            .collect::<Option<_>>()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let backend = |region: &str, backend: &str| -> Option<BackendId> {
            Some(BackendId {
                region: region.parse().ok()?,
                backend: backend.parse().ok()?,
            })
        };
        let service = |region, name, service: &str| -> Option<ServiceId> {
            Some(ServiceId {
                backend: backend(region, name)?,
                service: service.parse().ok()?,
            })
        };
        match *parts.as_slice() {
            [] => Some(Self::Home),
            ["daerah"] => Some(Self::Regions),
            ["daerah", code] => code.parse().ok().map(Self::Region),
            ["layanan", region, name, code] => service(region, name, code).map(Self::Service),
            ["layanan", region, name, code, "isi"] => service(region, name, code).map(Self::Fill),
            ["kotak-keluar"] => Some(Self::Outbox),
            ["status"] => Some(Self::Cases),
            ["status", "saya", id] => id.parse().ok().map(Self::MyCase),
            ["status", region, name, reference] => Some(Self::LookUp(backend(region, name)?, reference.parse().ok()?)),
            ["data-saya"] => Some(Self::MyData),
            ["pengaturan"] => Some(Self::Settings),
            ["privasi"] => Some(Self::Privacy),
            ["sematkan"] => Some(Self::Embed),
            ["embed", "lanjut"] => Some(Self::HandOver),
            _ => None,
        }
    }
}

/// The path, percent-encoded.
impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Home => formatter.write_str("/"),
            Self::Regions => formatter.write_str("/daerah"),
            Self::Region(code) => write!(formatter, "/daerah/{code}"),
            Self::Service(id) => write!(formatter, "/layanan/{}/{}", id.backend, encode(id.service.as_str())),
            Self::Fill(id) => write!(formatter, "/layanan/{}/{}/isi", id.backend, encode(id.service.as_str())),
            Self::Outbox => formatter.write_str("/kotak-keluar"),
            Self::Cases => formatter.write_str("/status"),
            Self::MyCase(id) => write!(formatter, "/status/saya/{id}"),
            Self::LookUp(backend, reference) => write!(formatter, "/status/{backend}/{}", encode(reference.as_str())),
            Self::MyData => formatter.write_str("/data-saya"),
            Self::Settings => formatter.write_str("/pengaturan"),
            Self::Privacy => formatter.write_str("/privasi"),
            Self::Embed => formatter.write_str("/sematkan"),
            Self::HandOver => formatter.write_str("/embed/lanjut"),
            Self::Unknown(path) => formatter.write_str(path),
        }
    }
}

/// A page in a frame on a regional site. All that is drawn there belongs to one region, and the
/// region stands in the address, since who may frame it is the region's to say.
///
/// | address | page |
/// |---|---|
/// | `/embed/layanan/{code}` | [`Route::Region`]: its services |
/// | `/embed/layanan/{code}/{backend}/{service}` | [`Route::Service`] |
/// | `/embed/layanan/{code}/{backend}/{service}/isi` | [`Route::Fill`] |
/// | `/embed/cari/{code}` | [`Route::Home`]: the search over its services |
/// | `/embed/status/{code}` | [`Route::Cases`]: the look-up by number |
/// | `/embed/status/{code}/{backend}/{ref}` | [`Route::LookUp`] |
/// | `/embed/saya/{code}/{local id}` | [`Route::MyCase`] |
/// | `/embed/kotak-keluar/{code}` | [`Route::Outbox`] |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// The region whose widget this is.
    pub region: RegionCode,
    /// What it shows.
    pub route: Route,
}

impl Embedded {
    /// Reads a path as [`Route::parse`] does; `None` where nothing is to be framed there.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let (view, of_region) = path.strip_prefix("/embed/")?.split_once('/')?;
        let (region, rest) = of_region.split_once('/').unwrap_or((of_region, ""));
        let region: RegionCode = region.parse().ok()?;
        let route = match (view, rest) {
            ("layanan", "") => Route::Region(region.clone()),
            ("cari", "") => Route::Home,
            ("status", "") => Route::Cases,
            ("kotak-keluar", "") => Route::Outbox,
            ("layanan" | "status", _) => Route::known(path.strip_prefix("/embed")?)?,
            ("saya", id) => Route::MyCase(id.parse().ok()?),
            _ => return None,
        };
        Some(Self { region, route })
    }

    /// The address of a page in the frames of `region`; `None` for what is shown in a tab of its own.
    #[must_use]
    pub fn address(region: &RegionCode, route: &Route) -> Option<String> {
        let view = match route {
            Route::Region(code) if code == region => "layanan",
            Route::Home => "cari",
            Route::Cases => "status",
            Route::Outbox => "kotak-keluar",
            Route::MyCase(id) => return Some(["/embed/saya/", region.as_str(), "/", id.as_str()].concat()),
            Route::Service(id) | Route::Fill(id) if id.backend.region == *region => {
                return Some(["/embed", &route.to_string()].concat());
            }
            Route::LookUp(backend, _) if backend.region == *region => {
                return Some(["/embed", &route.to_string()].concat());
            }
            _ => return None,
        };
        Some(["/embed/", view, "/", region.as_str()].concat())
    }
}

/// Where a service's published file lies: `/katalog/{code}/{backend}/{service}.json`, with
/// [`file_name`] of the service's code.
#[must_use]
pub fn published_service(id: &ServiceId) -> String {
    format!("/katalog/{}/{}.json", id.backend, file_name(id.service.as_str()))
}

/// Where a region's published page lies: `/katalog/{code}/daerah.json`.
#[must_use]
pub fn published_region(code: &RegionCode) -> String {
    format!("/katalog/{code}/daerah.json")
}

/// Where a region's public file lies: `/katalog/{code}/region.json`.
#[must_use]
pub fn published_region_file(code: &RegionCode) -> String {
    format!("/katalog/{code}/region.json")
}

/// Where a list to choose from lies: `/katalog/{code}/{backend}/sumber.{name}.json`. No service's file
/// has a dot in its name.
#[must_use]
pub fn published_source(id: &BackendId, name: &str) -> String {
    ["/katalog/", &id.to_string(), "/sumber.", name, ".json"].concat()
}

/// Where the districts and villages of a regency or city lie: `/katalog/wilayah/{code}.json`.
#[must_use]
pub fn published_areas(regency: &str) -> String {
    ["/katalog/wilayah/", regency, ".json"].concat()
}

/// Where the search index lies.
pub const PUBLISHED_INDEX: &str = "/katalog/indeks.json";
/// Where the list of all regions lies.
pub const PUBLISHED_REGIONS: &str = "/katalog/wilayah.json";

/// A name that is the same in an address and on any disk, for any text: `001` stays, `SKCK` becomes
/// `~s~k~c~k`, `a/b` becomes `a~047b`.
///
/// Lower-case letters, digits, `-` and `_` stay as they are, a capital letter becomes `~` and the
/// small one (disks may not tell them apart), any other byte `~` and three decimal digits. So no
/// text climbs out of its folder, needs percent-encoding, or falls together with another. A name of
/// more than 160 characters is cut at 120 and closed by `~~` and the text's 128-bit FNV-1a hash.
#[must_use]
pub fn file_name(code: &str) -> String {
    use fmt::Write as _;
    let mut name = String::with_capacity(code.len());
    for byte in code.bytes() {
        // Writing to a String cannot fail.
        let _ = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => write!(name, "{}", char::from(byte)),
            b'A'..=b'Z' => write!(name, "~{}", char::from(byte.to_ascii_lowercase())),
            _ => write!(name, "~{byte:03}"),
        };
    }
    if name.len() > 160 {
        let hash = code
            .bytes()
            .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
                (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
            });
        name.truncate(120);
        let _ = write!(name, "~~{hash:032x}");
    }
    name
}

/// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3. A segment of dots
/// alone is encoded too: browsers and servers would resolve it away.
#[must_use]
pub fn encode(segment: &str) -> String {
    use fmt::Write as _;
    let dots = segment.bytes().all(|byte| byte == b'.');
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !dots) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Decodes percent-encoding; `None` where it is broken or not UTF-8.
#[must_use]
pub fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from((high << 4) | low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_reads_back() {
        for path in [
            "/",
            "/daerah",
            "/daerah/32",
            "/daerah/32.73",
            "/layanan/32.73/lapor/001",
            "/layanan/32.73/lapor/001/isi",
            "/layanan/32.73/lapor/a%2Fb%20c/isi",
            "/kotak-keluar",
            "/status",
            "/status/saya/3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10",
            "/status/32.73/lapor/SLM-2026-0417",
            "/status/32.73/lapor/..%2F%C3%A9",
            "/data-saya",
            "/pengaturan",
            "/privasi",
            "/sematkan",
            "/embed/lanjut",
        ] {
            let route = Route::parse(path);
            assert!(!matches!(route, Route::Unknown(_)), "{path}");
            assert_eq!(route.to_string(), path);
        }
    }

    #[test]
    fn what_is_no_address_is_unknown_and_kept() {
        for path in [
            "/layanan",
            "/daerah/3273",
            "/layanan/32.73/LAPOR/1",
            "/status/saya/1",
            "/x%zz",
            "/layanan/32.73/lapor/%ff",
        ] {
            assert_eq!(Route::parse(path), Route::Unknown(path.to_owned()));
        }
    }

    #[test]
    fn a_file_name_is_safe_on_any_disk_and_falls_together_with_no_other() {
        for (code, name) in [
            ("001", "001"),
            ("surat_domisili-2", "surat_domisili-2"),
            ("SKCK", "~s~k~c~k"),
            ("skck", "skck"),
            ("~s", "~126s"),
            ("a/b", "a~047b"),
            ("..", "~046~046"),
            ("é %2f", "~195~169~032~0372f"),
        ] {
            assert_eq!(file_name(code), name);
        }
        let long = ["x".repeat(200), format!("{}y", "x".repeat(199)), "猫".repeat(200)];
        for code in &long {
            assert!(file_name(code).len() <= 160 && file_name(code).bytes().all(|byte| !byte.is_ascii_uppercase()));
        }
        assert_ne!(file_name(&long[0]), file_name(&long[1]));
        assert_eq!(
            file_name(&long[0]),
            format!("{}~~00274d7c64c5f6c091cc57b7599c13ad", "x".repeat(120))
        );
    }

    #[test]
    fn every_address_of_a_frame_reads_back_and_names_its_region() {
        for path in [
            "/embed/layanan/32.73",
            "/embed/layanan/32.73/lapor/a%2Fb",
            "/embed/layanan/32.73/lapor/001/isi",
            "/embed/cari/32.73",
            "/embed/status/32.73",
            "/embed/status/32.73/lapor/SLM-2026-0417",
            "/embed/saya/32.73/3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10",
            "/embed/kotak-keluar/32.73",
        ] {
            let framed = Embedded::parse(path).unwrap();
            assert_eq!(framed.region.as_str(), "32.73", "{path}");
            assert_eq!(Embedded::address(&framed.region, &framed.route).as_deref(), Some(path));
            assert_eq!(Embedded::parse(&format!("{path}/")), Some(framed));
            assert!(matches!(Route::parse(path), Route::Unknown(_)), "{path}");
        }
    }

    #[test]
    fn what_belongs_to_no_region_or_to_another_is_not_framed() {
        for path in [
            "/embed",
            "/embed/",
            "/embed/lanjut",
            "/embed/layanan",
            "/embed/layanan/",
            "/embed/layanan/3273",
            "/embed/layanan/32.73/lapor",
            "/embed/cari/32.73/x",
            "/embed/status/saya/3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10",
            "/embed/saya/32.73",
            "/embed/saya/32.73/1",
            "/embed/privasi/32.73",
            "/embed//32.73",
            "/layanan/32.73/lapor/001",
            "/embedded/cari/32.73",
        ] {
            assert_eq!(Embedded::parse(path), None, "{path}");
        }
        let region: RegionCode = "32.73".parse().unwrap();
        for path in [
            "/daerah",
            "/daerah/32.74",
            "/layanan/32.74/lapor/1/isi",
            "/status/32.74/lapor/1",
            "/data-saya",
            "/embed/lanjut",
        ] {
            assert_eq!(Embedded::address(&region, &Route::parse(path)), None, "{path}");
        }
    }

    #[test]
    fn a_trailing_slash_is_ignored() {
        assert_eq!(Route::parse("/daerah/"), Route::Regions);
    }
}
