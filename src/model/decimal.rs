//! Decimal numbers, exact, held as their digits.
//!
//! Limits of a form, an attribute's order and degrees are compared and shown, never calculated with.
//! A float would round them, and reading and writing floats takes 30 KB of a program.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use super::json;

/// Most digits that an exponent may add.
const MAX_SHIFT: u16 = 400;

/// A number in its one canonical form: `-`, digits without needless zeros in front, and after a dot
/// decimals without needless zeros at the end. Zero has no sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// Reads digits with at most a sign, one dot and an exponent, as JSON and XML write numbers; `None`
    /// for what is none, and for exponents that nobody means.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match rest.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i16>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut digits = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || exponent.unsigned_abs() > MAX_SHIFT
        {
            return None;
        }
        let shift = usize::from(exponent.unsigned_abs());
        let point = if exponent < 0 {
            digits.insert_str(0, &"0".repeat(shift));
            whole.len()
        } else {
            digits.push_str(&"0".repeat(shift));
            whole.len().saturating_add(shift)
        };
        let (whole, fraction) = digits.split_at_checked(point)?;
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let mut canonical = String::with_capacity(digits.len().saturating_add(3));
        if negative && !(whole.is_empty() && fraction.is_empty()) {
            canonical.push('-');
        }
        canonical.push_str(if whole.is_empty() { "0" } else { whole });
        if !fraction.is_empty() {
            canonical.push('.');
            canonical.push_str(fraction);
        }
        Some(Self(canonical))
    }

    /// The canonical form, which is a number of JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A million times the number, without what is left behind the dot; `None` where that is too large.
    #[must_use]
    pub fn millionths(&self) -> Option<i64> {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((&self.0, ""));
        let six = fraction.bytes().map(char::from).chain(std::iter::repeat('0')).take(6);
        whole.chars().chain(six).collect::<String>().parse().ok()
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Self("0".to_owned())
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(number.to_string())
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0.strip_prefix('-'), other.0.strip_prefix('-')) {
            (Some(one), Some(other)) => magnitude(other, one),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => magnitude(&self.0, &other.0),
        }
    }
}

/// Canonical digits: the longer whole part is greater, and where both are of one length letters decide.
fn magnitude(one: &str, other: &str) -> Ordering {
    let whole = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    whole(one).cmp(&whole(other)).then_with(|| one.cmp(other))
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::number(&self.0, serializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> Option<String> {
        Decimal::parse(text).map(|number| number.0)
    }

    #[test]
    fn a_number_has_one_form() {
        for (text, expected) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("+7", "7"),
            ("007.50", "7.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("-1.25E+1", "-12.5"),
            ("12e-3", "0.012"),
            ("0e-9", "0"),
            ("12345678901234567890.1", "12345678901234567890.1"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "", "-", ".", "e1", "1e", "1e999", "1e99999", "0x1", "1,5", "1.5.2", "NaN", "inf", " 1", "--1", "٣",
        ] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }

    #[test]
    fn millionths_are_cut_not_rounded() {
        let millionths = |text| Decimal::parse(text).and_then(|number| number.millionths());
        assert_eq!(millionths("-6.9147449"), Some(-6_914_744));
        assert_eq!(millionths("-0.5"), Some(-500_000));
        assert_eq!(millionths("107"), Some(107_000_000));
        assert_eq!(millionths("1e300"), None);
    }

    proptest! {
        #[test]
        fn whole_numbers_are_ordered_as_they_are(one in any::<i64>(), other in any::<i64>()) {
            let decimal = |number: i64| Decimal::parse(&number.to_string()).unwrap();
            prop_assert_eq!(decimal(one).cmp(&decimal(other)), one.cmp(&other));
        }

        #[test]
        fn floats_are_ordered_as_they_are(one in any::<f64>(), other in any::<f64>()) {
            prop_assume!(one.is_finite() && other.is_finite());
            let decimal = |number: f64| Decimal::parse(&format!("{number:?}")).unwrap();
            prop_assert_eq!(Some(decimal(one).cmp(&decimal(other))), one.partial_cmp(&other));
            prop_assert_eq!(decimal(one).as_str().parse::<f64>().unwrap(), one);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+0-9.eE]{0,12}") {
            if let Some(number) = Decimal::parse(&text) {
                prop_assert_eq!(Decimal::parse(number.as_str()), Some(number.clone()));
                let _ = number.millionths();
            }
        }
    }
}
