//! What a request's exchange means, without a browser: its address, its response's headers, and what
//! can be said of a request that got no response.

use crate::adapters::http::{Request, Target};
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::route::encode;

/// The address of a request on this origin, from the root: `/r/{region}/{backend}/{path}?{query}`
/// for an open backend, `/i/{region}/{backend}` for a guarded one, the path for the site. `None` for a path that would lead elsewhere.
#[must_use]
pub fn address(request: &Request) -> Option<String> {
    let path = request.path.as_str();
    let astray = path.contains(['?', '#', '\\']) || path.split('/').any(|segment| matches!(segment, "." | ".."));
    let mut address = match &request.target {
        Target::Backend(id) if !path.starts_with('/') => format!("/r/{id}/{path}"),
        Target::Guarded(id) if path.is_empty() => format!("/i/{id}"),
        Target::Site if path.starts_with('/') && !path.starts_with("//") => path.to_owned(),
        _ => return None,
    };
    if astray {
        return None;
    }
    let mut separator = '?';
    for (name, value) in &request.query {
        address.push(separator);
        address.push_str(&encode(name));
        address.push('=');
        address.push_str(&encode(value));
        separator = '&';
    }
    Some(address)
}

/// Reads what `getAllResponseHeaders` gives; names in lower case.
#[must_use]
pub fn headers(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

/// How a request ended without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The browser's plain network error, which says nothing more.
    Error,
    /// No answer in time.
    Timeout,
    /// Cut off by ourselves, since the answer was too long.
    TooLong,
}

/// What can be said of a request that got no response.
///
/// A browser does not tell whether the bytes arrived. That they did not is certain only where the
/// phone was offline both when the request was made and when it failed, and not a byte of the body
/// was reported as sent: everything else is unknown. A request that changes nothing has no key, and
/// for it nothing is ever in doubt.
#[must_use]
pub const fn judge(
    silence: Silence,
    has_key: bool,
    offline_before: bool,
    offline_now: bool,
    uploaded: bool,
) -> Problem {
    let fault = match silence {
        Silence::TooLong => Fault::TooLarge,
        Silence::Timeout => Fault::Timeout,
        Silence::Error if offline_now => Fault::Offline,
        Silence::Error => Fault::Unreachable,
    };
    let sent = match silence {
        _ if !has_key => Sent::No,
        Silence::TooLong => Sent::Yes,
        Silence::Error if offline_before && offline_now && !uploaded => Sent::No,
        _ => Sent::Unknown,
    };
    Problem { fault, sent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::http::{Body, Method};

    fn request(target: Target, path: &str, query: &[(&str, &str)]) -> Request {
        let own = |text: &&str| (*text).to_owned();
        Request {
            target,
            method: Method::Get,
            path: path.to_owned(),
            query: query.iter().map(|(name, value)| (own(name), own(value))).collect(),
            headers: Vec::new(),
            secrets: Vec::new(),
            body: Body::default(),
            key: None,
            timeout: 1000,
        }
    }

    fn backend() -> Target {
        Target::Backend(crate::model::region::BackendId {
            region: "32.73".parse().unwrap(),
            backend: "lapor".parse().unwrap(),
        })
    }

    #[test]
    fn a_backend_is_reached_by_the_edge() {
        let request = request(backend(), "requests.json", &[("q", "a b&c"), ("é", "/")]);
        assert_eq!(
            address(&request).as_deref(),
            Some("/r/32.73/lapor/requests.json?q=a%20b%26c&%C3%A9=%2F")
        );
    }

    #[test]
    fn the_site_is_reached_by_its_path() {
        assert_eq!(address(&request(Target::Site, "/l", &[])).as_deref(), Some("/l"));
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        for path in [
            "/x",
            "//lain.example/x",
            "../x",
            "a/../../x",
            "a?b",
            "a#b",
            "a\\b",
            "./x",
        ] {
            assert_eq!(address(&request(backend(), path, &[])), None, "{path}");
        }
        for path in ["x", "//lain.example/x", "/a/../b", "/\\lain.example"] {
            assert_eq!(address(&request(Target::Site, path, &[])), None, "{path}");
        }
    }

    #[test]
    fn header_names_are_lower_case_and_values_keep_their_colons() {
        assert_eq!(
            headers("Content-Type: text/xml\r\nX-When: 09:12\r\nbroken\r\n"),
            [
                ("content-type".to_owned(), "text/xml".to_owned()),
                ("x-when".to_owned(), "09:12".to_owned())
            ]
        );
    }

    #[test]
    fn a_network_error_says_nothing_of_a_request_that_changes_something() {
        for (before, now, uploaded) in [
            (false, false, false),
            (false, true, false),
            (true, false, false),
            (true, true, true),
        ] {
            assert_eq!(judge(Silence::Error, true, before, now, uploaded).sent, Sent::Unknown);
        }
        assert_eq!(judge(Silence::Timeout, true, true, true, false).sent, Sent::Unknown);
    }

    #[test]
    fn a_phone_that_was_offline_all_along_sent_nothing() {
        let problem = judge(Silence::Error, true, true, true, false);
        assert_eq!(problem, Problem::unsent(Fault::Offline));
    }

    #[test]
    fn nothing_is_in_doubt_for_a_request_that_changes_nothing() {
        assert_eq!(
            judge(Silence::Error, false, false, false, false),
            Problem::unsent(Fault::Unreachable)
        );
        assert_eq!(
            judge(Silence::TooLong, false, false, false, false),
            Problem::unsent(Fault::TooLarge)
        );
    }

    #[test]
    fn an_answer_too_long_was_an_answer() {
        assert_eq!(judge(Silence::TooLong, true, false, false, true).sent, Sent::Yes);
    }
}
