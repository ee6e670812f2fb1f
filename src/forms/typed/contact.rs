//! Telephone numbers and email addresses.
//!
//! Both checks refuse only what cannot work. Whether a number is in service or a mailbox is read,
//! nobody can see here.

/// Reads a telephone number and gives it without spaces, dots, hyphens and brackets; `None` for what
/// is none.
///
/// - Mobile: `08…`, `628…`, `+628…`, ten to thirteen digits with the 0.
/// - Landline: with its area code, `0274 123456`; eight to twelve digits with the 0. A number
///   without its area code says nothing to an office in another town.
/// - Foreign: `+` and seven to fifteen digits (ITU-T E.164).
///
/// `+62 0812…` and `+62 (0)812…` lose their 0.
#[must_use]
pub fn phone(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let plus = typed.starts_with('+');
    let mut digits = String::with_capacity(typed.len());
    for c in typed.strip_prefix('+').unwrap_or(typed).chars() {
        match c {
            '0'..='9' => digits.push(c),
            '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    if let Some(rest) = digits.strip_prefix("62") {
        let national = rest.strip_prefix('0').unwrap_or(rest);
        let country = if plus { "+62" } else { "62" };
        return is_national(national).then(|| [country, national].concat());
    }
    if plus {
        let possible = matches!(digits.len(), 7..=15) && !digits.starts_with('0');
        return possible.then(|| ["+", &digits].concat());
    }
    digits.strip_prefix('0').is_some_and(is_national).then_some(digits)
}

/// Whether these are the digits of an Indonesian number after its 0 or 62.
fn is_national(digits: &str) -> bool {
    match digits.bytes().next() {
        Some(b'8') => matches!(digits.len(), 9..=12),
        Some(b'2'..=b'9') => matches!(digits.len(), 7..=11),
        _ => false,
    }
}

/// Whether a text can be an email address: one `@`, before it 1 to 64 bytes of what mailboxes are
/// made of, after it a domain of two labels or more, at most 254 bytes in all (RFC 5321).
///
/// Beyond ASCII anything but spaces and controls is allowed on both sides (which are letters would be a
/// table of 2 KB to download); quoted mailboxes and address literals are not.
#[must_use]
pub fn is_email(typed: &str) -> bool {
    let Some((mailbox, domain)) = typed.trim().rsplit_once('@') else {
        return false;
    };
    let letter = |c: char| c.is_ascii_alphanumeric() || !(c.is_ascii() || c.is_whitespace() || c.is_control());
    let atoms = |atom: &str| !atom.is_empty() && atom.chars().all(|c| letter(c) || "!#$%&'*+/=?^_`{|}~-".contains(c));
    let label = |label: &str| {
        matches!(label.len(), 1..=63)
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| letter(c) || c == '-')
    };
    matches!(mailbox.len(), 1..=64)
        && mailbox.len().saturating_add(domain.len()) < 254
        && mailbox.split('.').all(atoms)
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_read_as_people_write_them() {
        for (typed, expected) in [
            ("0812-3456-7890", "081234567890"),
            ("0812 345 678", "0812345678"),
            ("+62 812 3456 7890", "+6281234567890"),
            ("62812.3456.7890", "6281234567890"),
            ("+62 (0)812 3456 7890", "+6281234567890"),
            ("(021) 555 1234", "0215551234"),
            ("0274-123456", "0274123456"),
            ("+62 21 5551234", "+62215551234"),
            ("+60 12-345 6789", "+60123456789"),
            ("+1 (202) 555\u{2011}0143", "+12025550143"),
        ] {
            assert_eq!(phone(typed).as_deref(), Some(expected), "{typed}");
            assert_eq!(phone(expected).as_deref(), Some(expected), "{typed} read again");
        }
    }

    #[test]
    fn a_number_nobody_could_call_is_refused() {
        for typed in [
            "",
            "+",
            "0",
            "555 1234",
            "0812",
            "081234567890123",
            "0012025550143",
            "+62812",
            "+0123456789",
            "+123456",
            "+1234567890123456",
            "0812 abc 789",
            "0812/0813",
            "08+1234567890",
            "110",
        ] {
            assert_eq!(phone(typed), None, "{typed}");
        }
    }

    #[test]
    fn email_addresses_are_told_from_other_text() {
        for typed in [
            "siti@contoh.id",
            " budi.s+kk@surel.co.id ",
            "o'neil@a-b.org",
            "名@例え.jp",
        ] {
            assert!(is_email(typed), "{typed}");
        }
        let long = format!("{}@contoh.id", "a".repeat(65));
        for typed in [
            "",
            "@",
            "siti",
            "siti@",
            "@contoh.id",
            "siti@contoh",
            "siti@@contoh.id",
            "siti@contoh..id",
            "siti@.id",
            ".siti@contoh.id",
            "si..ti@contoh.id",
            "si ti@contoh.id",
            "siti@-contoh.id",
            "siti@contoh.id,budi@contoh.id",
            "siti@contoh.id.",
            &long,
        ] {
            assert!(!is_email(typed), "{typed}");
        }
    }
}
