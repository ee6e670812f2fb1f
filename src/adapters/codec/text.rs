//! Bytes to letters, and letters fit to be shown.
//!
//! Bytes that are UTF-8 are read as UTF-8 even where ISO-8859-1 is declared: old servers declare it
//! out of habit, and a text that is valid UTF-8 by accident does not occur. Everything else is read
//! as windows-1252, of which ISO-8859-1 is a part as the web reads it. UTF-16 is read where a byte
//! order mark or the declaration says so.

/// Decodes a body: byte order mark first, then a declared UTF-16, then UTF-8, then windows-1252.
/// Never fails; what is no letter becomes U+FFFD.
#[must_use]
pub fn decode(body: &[u8], content_type: Option<&str>) -> String {
    if let Some(rest) = body.strip_prefix(b"\xef\xbb\xbf") {
        return utf8_or_latin(rest);
    }
    if let Some(rest) = body.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = body.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    match content_type.and_then(charset).as_deref() {
        Some("utf-16le") => utf16(body, u16::from_le_bytes),
        Some("utf-16be" | "utf-16") => utf16(body, u16::from_be_bytes),
        _ => utf8_or_latin(body),
    }
}

/// The `charset` of a `Content-Type`, in lower case and without quotes.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).to_ascii_lowercase())
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit));
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn utf8_or_latin(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // A UTF-8 text cut off within a letter, or with one damaged letter, is still UTF-8: windows-1252
        // has no letters that look like a lead byte followed by the right number of trailing ones.
        Err(_) if mostly_utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => bytes.iter().copied().map(latin).collect(),
    }
}

/// Whether more letters outside ASCII are valid UTF-8 than are not.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid = valid.saturating_add(chunk.valid().chars().filter(|letter| !letter.is_ascii()).count());
        broken = broken.saturating_add(usize::from(!chunk.invalid().is_empty()));
    }
    valid > broken
}

/// The letters of windows-1252 from 0x80 to 0x9f; the rest is ISO-8859-1.
const WINDOWS: [char; 32] = [
    '\u{20ac}', '\u{fffd}', '\u{201a}', '\u{0192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{02c6}',
    '\u{2030}', '\u{0160}', '\u{2039}', '\u{0152}', '\u{fffd}', '\u{017d}', '\u{fffd}', '\u{fffd}', '\u{2018}',
    '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{02dc}', '\u{2122}', '\u{0161}',
    '\u{203a}', '\u{0153}', '\u{fffd}', '\u{017e}', '\u{0178}',
];

fn latin(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS
            .get(usize::from(byte & 0x1f))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

/// A text fit to be shown: white space collapsed to single spaces, control characters dropped,
/// nothing else touched. Markup stays and is shown as the text that it is.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace) {
        let start = cleaned.len();
        if start > 0 {
            cleaned.push(' ');
        }
        let before = cleaned.len();
        cleaned.extend(word.chars().filter(|letter| !letter.is_control()));
        if cleaned.len() == before {
            cleaned.truncate(start);
        }
    }
    cleaned
}

/// The first `most` characters of a text.
#[must_use]
pub fn bounded(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_latin_is_read_as_windows_1252() {
        let kind = Some("text/xml; charset=ISO-8859-1");
        assert_eq!(decode(b"caf\xe9 \x93x\x94", kind), "café “x”");
        assert_eq!(decode(b"caf\xe9", None), "café");
    }

    #[test]
    fn utf_8_wins_over_a_false_declaration() {
        assert_eq!(
            decode("café".as_bytes(), Some("text/xml;charset=\"iso-8859-1\"")),
            "café"
        );
    }

    #[test]
    fn a_damaged_letter_does_not_make_utf_8_latin() {
        assert_eq!(decode(b"caf\xc3\xa9 caf\xc3\xa9 \xc3", None), "café café \u{fffd}");
    }

    #[test]
    fn byte_order_marks_are_obeyed_and_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbf{}", None), "{}");
        assert_eq!(decode(b"\xff\xfe{\0}\0", Some("application/json; charset=utf-8")), "{}");
        assert_eq!(decode(b"\xfe\xff\0{\0}", None), "{}");
        assert_eq!(decode(b"{\0}\0\xd8", Some("x; charset=utf-16le")), "{}");
    }

    #[test]
    fn cleaning_drops_controls_and_collapses_space_and_nothing_else() {
        assert_eq!(
            clean("\n\tJalan \u{0} \u{7}rusak\u{a0}parah <b>sekali</b>\r\n"),
            "Jalan rusak parah <b>sekali</b>"
        );
        assert_eq!(clean(" \u{0} "), "");
        assert_eq!(bounded("ééé".to_owned(), 2), "éé");
    }
}
