//! Numbers as people type them: `1.000.000`, `1,5`, `1.5`, `1 000`, `Rp 5.000,-`.
//!
//! The rule, in its order:
//! 1. A sign may stand in front, then `Rp`; `,-` may stand at the end. Both are dropped.
//! 2. Spaces only group. Where they do, a dot or a comma is the decimal sign.
//! 3. Dots and commas both: the last one is the decimal sign and occurs once, the other groups.
//! 4. Only commas: one is the decimal sign, several group.
//! 5. Only dots: several group; one groups if one to three digits that do not begin with 0 stand
//!    before it and exactly three after it (`1.500` is fifteen hundred), else it is the decimal sign
//!    (`1.5`, `0.500`, `1500.250`).
//! 6. Grouped digits come in threes, but for the first group of one to three. Anything else is not
//!    a number. There are no exponents.
//!
//! `1,000` is 1 by this rule and a thousand to whoever learnt the English one. Where only whole
//! numbers are asked for, such a text is taken as not whole rather than a thousand times too small.
//!
//! Canonical: `-`, digits, and after a dot the decimals without needless zeros. Leading zeros stay,
//! since backends ask for telephone numbers and postcodes as numbers. Three decimals that rule 5
//! would read as a group get a fourth, 0: `1,234` is written `1.2340`. Digits are never rounded.

use crate::model::decimal::Decimal;

/// A number that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Its canonical form.
    pub text: String,
    /// It is certainly whole.
    pub whole: bool,
}

impl Number {
    /// The value.
    #[must_use]
    pub fn value(&self) -> Decimal {
        // The text is digits with at most one dot, which always parses.
        Decimal::parse(&self.text).unwrap_or_default()
    }
}

/// Reads a number; `None` for what is none.
#[must_use]
pub fn number(typed: &str) -> Option<Number> {
    let (negative, rest) = sign(typed.trim());
    let rest = without_currency(rest);
    let spaced = rest.chars().any(char::is_whitespace);
    let (dots, commas) = (rest.matches('.').count(), rest.matches(',').count());
    let decimal = match (dots, commas) {
        (0, 1) => Some(','),
        (1, 0) if spaced || !groups(rest, '.') => Some('.'),
        (0, _) | (_, 0) => None,
        _ => rest.chars().rev().find(|c| matches!(c, '.' | ',')),
    };
    let (integer, fraction) = match decimal.and_then(|sign| rest.rsplit_once(sign)) {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (rest, ""),
    };
    if !digits_only(fraction) || (integer.is_empty() && fraction.is_empty()) {
        return None;
    }
    let mut text = String::with_capacity(rest.len());
    ungroup(integer, &mut text)?;
    let whole = fraction.bytes().all(|byte| byte == b'0') && !(commas == 1 && !spaced && groups(rest, ','));
    if text.is_empty() {
        text.push('0');
    }
    let ambiguous = could_be_first_group(&text);
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
        if ambiguous && fraction.len() == 3 {
            text.push('0');
        }
    }
    if negative && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
        text.insert(0, '-');
    }
    Some(Number { text, whole })
}

/// The canonical form of a number in plain digits with at most one dot, as [`Number::text`] has it.
#[must_use]
pub fn written(digits: &str) -> String {
    let unsigned = digits.strip_prefix('-').unwrap_or(digits);
    let mut text = digits.to_owned();
    if groups(unsigned, '.') {
        text.push('0');
    }
    text
}

/// Takes a sign off the front; `true` for minus.
pub(super) fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').map_or(text, str::trim_start)),
    }
}

pub(super) fn digits_only(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_currency(text: &str) -> &str {
    let text = text.strip_suffix(",-").unwrap_or(text);
    match text.split_at_checked(2) {
        Some((unit, amount)) if unit.eq_ignore_ascii_case("rp") => {
            amount.strip_prefix('.').unwrap_or(amount).trim_start()
        }
        _ => text,
    }
}

/// Whether the one `sign` of a text can part thousands.
fn groups(text: &str, sign: char) -> bool {
    text.split_once(sign)
        .is_some_and(|(head, tail)| could_be_first_group(head) && tail.len() == 3 && digits_only(tail))
}

fn could_be_first_group(text: &str) -> bool {
    matches!(text.len(), 1..=3) && digits_only(text) && !text.starts_with('0')
}

/// Adds the digits of a perhaps grouped integer; `None` where it is grouped wrongly or in two ways.
fn ungroup(integer: &str, digits: &mut String) -> Option<()> {
    let mut separator = None;
    for c in integer.chars() {
        let group = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            '.' | ',' => c,
            c if c.is_whitespace() => ' ',
            _ => return None,
        };
        if *separator.get_or_insert(group) != group {
            return None;
        }
    }
    if separator.is_some() {
        let mut parts = integer.split(|c: char| !c.is_ascii_digit());
        if !parts.next().is_some_and(could_be_first_group) || parts.any(|part| part.len() != 3) {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(typed: &str) -> Option<String> {
        number(typed).map(|number| number.text)
    }

    #[test]
    fn numbers_are_read_the_indonesian_way_first() {
        for (typed, expected) in [
            ("1000000", "1000000"),
            ("1.000.000", "1000000"),
            ("1 000 000", "1000000"),
            ("1\u{a0}000", "1000"),
            ("1.000", "1000"),
            ("1.500", "1500"),
            ("1,5", "1.5"),
            ("1.5", "1.5"),
            ("1.50", "1.5"),
            ("0.500", "0.5"),
            ("1500.250", "1500.25"),
            ("1.000,5", "1000.5"),
            ("1,000.5", "1000.5"),
            ("1,000,000", "1000000"),
            ("1 000,5", "1000.5"),
            ("1 000.500", "1000.5"),
            ("1,000", "1"),
            ("1,234", "1.2340"),
            ("0,125", "0.125"),
            (",5", "0.5"),
            (" -12 ", "-12"),
            ("\u{2212}3", "-3"),
            ("+3", "3"),
            ("-0,0", "0"),
            ("Rp 5.000", "5000"),
            ("Rp5.000,-", "5000"),
            ("rp. 1.250.000,00", "1250000"),
            ("0812", "0812"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(canonical(typed).as_deref(), Some(expected), "{typed}");
            assert_eq!(canonical(expected).as_deref(), Some(expected), "{typed} read again");
        }
    }

    #[test]
    fn digits_are_written_so_that_they_are_read_as_they_are() {
        for (digits, expected) in [
            ("1.234", "1.2340"),
            ("-12.345", "-12.3450"),
            ("0.125", "0.125"),
            ("1234.567", "1234.567"),
            ("5", "5"),
        ] {
            assert_eq!(written(digits), expected);
            assert_eq!(canonical(expected).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_grouped_wrongly_is_not_a_number() {
        for typed in [
            "",
            " ",
            "-",
            "Rp",
            ",-",
            ".",
            ",",
            "5.",
            "5,",
            "1.00.000",
            "1.0000.000",
            "1,00,000",
            "12 34",
            "1.000 000",
            "1.000,000,5",
            "1,5,5.5.5",
            "0.000.000",
            "1e5",
            "lima",
            "5 kg",
            "--1",
            "٣",
            "1.000.000 000,5",
        ] {
            assert_eq!(canonical(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_comma_before_three_digits_is_not_taken_for_whole() {
        let whole = |typed| number(typed).map(|number| number.whole);
        assert_eq!(whole("1,000"), Some(false), "one, or a thousand");
        assert_eq!(whole("5.000,00"), Some(true));
        assert_eq!(whole("5.000,000"), Some(true), "the dot already groups");
        assert_eq!(whole("5,0"), Some(true));
        assert_eq!(whole("5,1"), Some(false));
        assert_eq!(whole("1.000"), Some(true));
    }
}
