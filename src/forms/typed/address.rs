//! Addresses on the web, and codes of regions.

/// Reads an address on the web and gives it with its scheme; `None` for what is none.
///
/// `contoh.go.id/berkas` is `https://contoh.go.id/berkas`. Other schemes than http(s) are refused,
/// and so is anything with white space or a control character in it.
#[must_use]
pub fn url(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https://", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http://", rest),
        Some(_) => return None,
        None => ("https://", typed),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    // As in email addresses: which characters beyond ASCII are letters would be a table to download.
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || !c.is_ascii();
    let label = |label: &str| {
        matches!(label.len(), 1..=63) && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(letter)
    };
    let possible = name.contains('.')
        && name.split('.').all(label)
        && port.parse::<u16>().is_ok()
        && rest.len() <= 2000
        && !rest.chars().any(|c| c.is_whitespace() || c.is_control());
    possible.then(|| [scheme, rest].concat())
}

/// How deep in the tree of regions a Kemendagri code is: 1 for a province to 4 for a village; `None`
/// for what is no such code.
#[must_use]
pub fn area_level(code: &str) -> Option<u8> {
    let mut level = 0_u8;
    for part in code.split('.') {
        let length = if level == 3 { 4 } else { 2 };
        if level == 4 || part.len() != length || !super::number::digits_only(part) {
            return None;
        }
        level = level.saturating_add(1);
    }
    Some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_no_scheme_and_takes_no_other() {
        for (typed, expected) in [
            (" contoh.go.id ", "https://contoh.go.id"),
            ("HTTP://Contoh.id:8080/a?b=c#d", "http://Contoh.id:8080/a?b=c#d"),
            ("https://contoh.id/é", "https://contoh.id/é"),
        ] {
            assert_eq!(url(typed).as_deref(), Some(expected));
            assert_eq!(url(expected).as_deref(), Some(expected));
        }
        for typed in [
            "",
            "contoh",
            "javascript://a.b",
            "ftp://a.b",
            "a b.id",
            "https://",
            "https://-a.id",
            "a..id",
            "a.id:x",
            "https://a@b.id",
        ] {
            assert_eq!(url(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_code_tells_its_level() {
        for (code, level) in [("32", 1), ("32.73", 2), ("32.73.05", 3), ("32.73.05.1002", 4)] {
            assert_eq!(area_level(code), Some(level), "{code}");
        }
        for code in ["", "3", "32.", "32.7", "32.73.05.10", "32.73.05.1002.1", "3a", "32,73"] {
            assert_eq!(area_level(code), None, "{code}");
        }
    }
}
