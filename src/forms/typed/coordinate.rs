//! Degrees north or east, in decimal notation with a dot or a comma: `-6.914744`, `107,6098`.
//!
//! Nothing is ever grouped here: `106.816` is a longitude, not a hundred thousand. Degrees with
//! minutes and letters are not read.

use super::number::{digits_only, sign};

/// Reads degrees of at most `limit` either way, and gives them with a dot; `None` for what is none.
#[must_use]
pub fn coordinate(typed: &str, limit: u16) -> Option<String> {
    let (negative, rest) = sign(typed.trim());
    let (degrees, fraction) = rest.split_once(['.', ',']).unwrap_or((rest, "0"));
    let readable = matches!(degrees.len(), 1..=3) && matches!(fraction.len(), 1..=30);
    if !readable || !digits_only(degrees) || !digits_only(fraction) {
        return None;
    }
    let mut text = String::with_capacity(rest.len().saturating_add(1));
    if negative {
        text.push('-');
    }
    text.push_str(degrees);
    if degrees.len() < rest.len() {
        text.push('.');
        text.push_str(fraction);
    }
    let whole: u16 = degrees.parse().ok()?;
    let inside = whole < limit || (whole == limit && fraction.bytes().all(|byte| byte == b'0'));
    inside.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_read_with_dot_or_comma_and_never_grouped() {
        for (typed, expected) in [
            ("-6.914744", "-6.914744"),
            (" \u{2212}6,914744 ", "-6.914744"),
            ("107.609", "107.609"),
            ("180", "180"),
            ("180,000", "180.000"),
        ] {
            assert_eq!(coordinate(typed, 180).as_deref(), Some(expected), "{typed}");
        }
    }

    #[test]
    fn degrees_outside_the_globe_are_refused() {
        for typed in [
            "",
            "-",
            "90.5",
            "90.000001",
            "-91",
            "6.",
            ".5",
            "6.9.1",
            "6 9",
            "6°54'S",
            "NaN",
            "1e1",
        ] {
            assert_eq!(coordinate(typed, 90), None, "{typed}");
        }
    }
}
