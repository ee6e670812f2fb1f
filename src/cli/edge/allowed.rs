//! Which paths pass through: a path is decoded segment by segment, found harmless, and compared
//! with the patterns of the backend's adapter.
//!
//! What was compared is what is sent: the path goes up encoded anew from its decoded segments, so
//! the edge and the backend cannot read it in two ways. An encoded slash inside a segment stays
//! encoded and counts as a character of that segment. Nothing that any server might resolve to a
//! parent folder passes, encoded once, twice or three times.

use crate::adapters::RoutePattern;
use crate::model::route::{decode, encode};

/// A path below a backend, decoded, without anything that a server could resolve away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafePath(Vec<String>);

impl SafePath {
    /// Reads a percent-encoded path without a leading slash. Only its last segment may be empty.
    ///
    /// `None` for a path that does not pass, whatever the backend.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let segments: Vec<String> = raw.split('/').map(decode).collect::<Option<_>>()?;
        let (last, before) = segments.split_last()?;
        let harmless = before.iter().all(|segment| is_harmless(segment));
        let ends_well = is_harmless(last) || (last.is_empty() && !before.is_empty());
        (harmless && ends_well).then_some(Self(segments))
    }

    /// The path, encoded anew.
    #[must_use]
    pub fn encoded(&self) -> String {
        let segments: Vec<String> = self.0.iter().map(|segment| encode(segment)).collect();
        segments.join("/")
    }

    /// The first of `routes` that lets this path pass with this method.
    #[must_use]
    pub fn allowed<'a>(&self, method: &str, routes: &'a [RoutePattern]) -> Option<&'a RoutePattern> {
        routes.iter().find(|route| {
            route.method == method
                && route.path.split('/').count() == self.0.len()
                && route
                    .path
                    .split('/')
                    .zip(&self.0)
                    .all(|(pattern, text)| matches(pattern, text))
        })
    }
}

/// Whether no server could take a decoded segment for anything but a name.
fn is_harmless(segment: &str) -> bool {
    let mut text = segment.to_owned();
    // A server may decode what the edge has decoded already.
    for _ in 0..3 {
        let is_name = |part: &str| !matches!(part, "" | "." | "..");
        if text.chars().any(|c| c.is_control() || c == '\\') || !text.split('/').all(is_name) {
            return false;
        }
        match decode(&text) {
            Some(deeper) if deeper != text => text = deeper,
            _ => return true,
        }
    }
    false
}

/// Whether `text` fits a segment's pattern, in which `*` stands for one or more characters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, wild)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(head) else {
        return false;
    };
    let mut pieces = wild.split('*').peekable();
    while let Some(piece) = pieces.next() {
        let mut characters = rest.chars();
        if characters.next().is_none() {
            return false;
        }
        rest = characters.as_str();
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        // The earliest place is as good as any later one: it leaves the most for what follows.
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::http::Method;

    fn passes(raw: &str) -> Option<String> {
        let routes = [
            RoutePattern::new(Method::Get, "services.json"),
            RoutePattern::new(Method::Get, "services/*.json"),
            RoutePattern::new(Method::Post, "requests.json"),
            RoutePattern::new(Method::Get, "zaken/"),
        ];
        let path = SafePath::parse(raw)?;
        path.allowed("GET", &routes)?;
        Some(path.encoded())
    }

    #[test]
    fn what_the_adapter_names_passes() {
        for path in [
            "services.json",
            "services/001.json",
            "zaken/",
            "services/a%2Fb%20c.json",
        ] {
            assert_eq!(passes(path).as_deref(), Some(path));
        }
        assert_eq!(passes("services/%30%30.json").as_deref(), Some("services/00.json"));
    }

    #[test]
    fn what_it_does_not_name_does_not() {
        for path in [
            "",
            "/",
            "requests.json",
            "services",
            "services/",
            "services/.json",
            "services.json/",
            "zaken",
        ] {
            assert_eq!(passes(path), None, "{path}");
        }
    }

    #[test]
    fn no_path_leads_upwards_however_it_is_written() {
        for name in [
            "..",
            "%2e%2e",
            ".%2E",
            "%252e%252e",
            "%25252e%25252e",
            "a%2F..",
            "..%2Fa",
            "a%2F..%2Fb",
            "a%5C..%5Cb",
            "a%2F%2Fb",
            "%2Fa",
            "a%252F..%252Fb",
            ".",
            "%2e",
            "a%00",
            "a%0d%0ab",
            "%",
            "%zz",
            "%ff",
            "a%2F%2e%2e%2Fb",
        ] {
            assert_eq!(SafePath::parse(&format!("services/{name}")), None, "{name}");
            assert_eq!(SafePath::parse(&format!("{name}/services.json")), None, "{name}");
        }
    }

    #[test]
    fn a_literal_per_cent_sign_is_a_character_like_any_other() {
        assert_eq!(
            passes("services/50%25%20x.json").as_deref(),
            Some("services/50%25%20x.json")
        );
    }

    #[test]
    fn a_star_stands_for_one_or_more_characters() {
        for (pattern, text, fits) in [
            ("*", "a", true),
            ("*", "", false),
            ("a*", "a", false),
            ("a*", "ab", true),
            ("*.json", ".json", false),
            ("*.json", "x.json.json", true),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "abxbc", false),
            ("a*b*c", "axbbc", true),
            ("**", "é", false),
            ("**", "éé", true),
            ("a*a", "aa", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} {text}");
        }
    }
}
