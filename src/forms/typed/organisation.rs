//! Numbers of organisations: the tax number (NPWP) and the business number (NIB).

/// Reads a number of an organisation and gives its digits; `None` for what is none.
///
/// - NPWP: 15 digits, usually written `01.234.567.8-901.000`, or 16 since 2024.
/// - NIB: 13 digits.
#[must_use]
pub fn organisation(typed: &str) -> Option<String> {
    let mut digits = String::with_capacity(typed.len());
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            '.' | '-' | '/' | '\u{2010}'..='\u{2013}' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    let zeros = digits.bytes().all(|byte| byte == b'0');
    (matches!(digits.len(), 13 | 15 | 16) && !zeros).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_stand_on_the_card() {
        for (typed, expected) in [
            ("01.234.567.8-901.000", "012345678901000"),
            ("0123 4567 8901 2345", "0123456789012345"),
            ("9120001234567", "9120001234567"),
        ] {
            assert_eq!(organisation(typed).as_deref(), Some(expected));
            assert_eq!(organisation(expected).as_deref(), Some(expected));
        }
        for typed in [
            "",
            "0123",
            "01234567890123",
            "PT Maju",
            "00000000000000 0",
            "٣١٢٣٤٥٦٧٨٩٠١٢",
        ] {
            assert_eq!(organisation(typed), None, "{typed}");
        }
    }
}
