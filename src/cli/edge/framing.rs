//! Who may show what in a frame.
//!
//! A region's widgets (`/embed/…` addresses, [`Embedded`]) may be framed by the sites that
//! `edge.toml` lists for the region, and by no other; everything else by nobody. Browsers enforce it
//! by `frame-ancestors`; a site that is not listed gets their refusal, and `public/embed-1.js` says so
//! there in words.
//!
//! A widget that goes on in a full tab hands its draft to `/embed/lanjut`, which must keep its
//! opener for that moment: it alone has no `Cross-Origin-Opener-Policy`, and passes on to a page that
//! has.

use std::collections::{BTreeMap, HashMap};

use axum::http::HeaderValue;
use serde::Deserialize;

use crate::model::region::RegionCode;
use crate::model::route::{Embedded, Route};

/// The script that sites load, by its address: the version is part of it, and what a version
/// promises to the sites that name it stays.
pub const EMBED_SCRIPT: &str = "/embed-1.js";

/// A site that may show widgets: `https://`, a host in which the first label may be `*`, and
/// perhaps a port. `http://` is for `localhost` and the loopback address alone: within a page that
/// came without TLS, browsers give a frame neither encryption nor storage that lasts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostOrigin(String);

impl TryFrom<String> for HostOrigin {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const EXPECTED: &str = "expected a site's origin, such as https://www.bandung.go.id or \
            https://*.bandung.go.id; http:// only for localhost";
        let (scheme, rest) = text.split_once("://").ok_or(EXPECTED)?;
        let (host, port) = rest
            .split_once(':')
            .map_or((rest, None), |(host, port)| (host, Some(port)));
        let named = host.strip_prefix("*.").unwrap_or(host);
        let label = |label: &str| {
            let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
            !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(inner)
        };
        let here = named == "localhost" || named.ends_with(".localhost") || named == "127.0.0.1";
        let well = match scheme {
            // `named` is what comes after a wildcard: one over a top-level domain would be everybody.
            "https" => here || named.contains('.'),
            "http" => here,
            _ => false,
        };
        let port = port.is_none_or(|port| port.parse().is_ok_and(|port: u16| port > 0));
        if well && port && named.split('.').all(label) {
            Ok(Self(text))
        } else {
            Err(EXPECTED)
        }
    }
}

/// The sites that may show each region's widgets, as `frame-ancestors` has them. Our own pages always
/// may: `/sematkan` shows what a site would.
pub struct Framing(HashMap<RegionCode, String>);

impl Framing {
    /// From the settings.
    #[must_use]
    pub fn new(origins: &BTreeMap<RegionCode, Vec<HostOrigin>>) -> Self {
        let joined =
            |origins: &[HostOrigin]| -> Vec<String> { origins.iter().map(|origin| origin.0.clone()).collect() };
        let listed = origins.iter().filter(|(_, origins)| !origins.is_empty());
        Self(
            listed
                .map(|(region, origins)| (region.clone(), joined(origins).join(" ")))
                .collect(),
        )
    }

    /// The content policy of what is answered at `path`: `policy` with who may frame it.
    #[must_use]
    pub fn policy(&self, policy: &'static str, path: &str) -> HeaderValue {
        let ancestors = match Embedded::parse(path) {
            None => "'none'".to_owned(),
            Some(framed) => match self.0.get(&framed.region) {
                None => "'self'".to_owned(),
                Some(sites) => format!("'self' {sites}"),
            },
        };
        // Origins are plain letters, as `HostOrigin` has seen to.
        HeaderValue::try_from(format!("{policy}; frame-ancestors {ancestors}"))
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"))
    }
}

/// `Cross-Origin-Opener-Policy` of what is answered at `path`.
#[must_use]
pub fn opener_policy(path: &str) -> &'static str {
    match Route::parse(path) {
        Route::HandOver => "unsafe-none",
        _ => "same-origin",
    }
}

/// `Cross-Origin-Resource-Policy` of what is answered at `path`: other sites load one script of ours.
#[must_use]
pub fn resource_policy(path: &str) -> &'static str {
    if path == EMBED_SCRIPT {
        "cross-origin"
    } else {
        "same-origin"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_an_origin_and_nothing_that_could_end_the_policy() {
        for good in [
            "https://www.bandung.go.id",
            "https://*.bandung.go.id",
            "https://bandung.go.id:8443",
            "http://localhost:3000",
            "http://host.localhost:3000",
            "http://127.0.0.1:3000",
        ] {
            assert!(HostOrigin::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "",
            "*",
            "https:",
            "https://",
            "https://*",
            "https://*.id",
            "https://id",
            "https://a.*.id",
            "https://a.id/",
            "https://a.id; script-src *",
            "https://a.id https://b.id",
            "https://a.id,b.id",
            "https://a..id",
            "https://-a.id",
            "https://a.id:0",
            "https://a.id:99999",
            "https://A.id",
            "https://u@a.id",
            "http://bandung.go.id",
            "http://127.0.0.1.bandung.go.id",
            "ftp://a.id",
            "'self'",
        ] {
            assert!(HostOrigin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
