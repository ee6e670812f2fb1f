//! Texts brought to one form: lower case, without diacritics, one space before each word.

/// Appends the words of `text`, each with a space before it. What is neither letter nor digit parts
/// words, but an apostrophe: `Ma'arif` is `maarif`.
pub(super) fn fold_into(folded: &mut String, text: &str) {
    let mut between = true;
    for c in text.chars() {
        let letter = if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else if matches!(c, '\'' | '`' | '’' | '‘' | 'ʼ' | '\u{300}'..='\u{36f}') {
            continue;
        } else if c.is_alphanumeric() {
            bare(c)
        } else {
            between = true;
            continue;
        };
        if between {
            folded.push(' ');
            between = false;
        }
        folded.push(letter);
    }
}

/// A small letter without its diacritic, for those of Latin scripts that names here carry. Unicode's
/// whole table of small letters would be 4 KB more to download.
const fn bare(c: char) -> char {
    match c {
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' => 'a',
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'Ē'..='ě' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' | 'Ĩ'..='İ' => 'i',
        'ñ' | 'Ñ' | 'Ń'..='ň' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'Ō'..='ő' => 'o',
        'Ś'..='š' => 's',
        'ù'..='ü' | 'Ù'..='Ü' | 'Ũ'..='ų' => 'u',
        'ý' | 'Ý' | 'ÿ' | 'Ÿ' => 'y',
        'Ź'..='ž' => 'z',
        _ => c,
    }
}

/// Whether `other` begins with `word` but for one letter that is wrong, missing, too many, or swapped
/// with its neighbour.
pub(super) fn is_slip_of(other: &str, word: &str) -> bool {
    one_slip(word.as_bytes(), other.as_bytes())
}

fn one_slip(word: &[u8], other: &[u8]) -> bool {
    let same = word.iter().zip(other).take_while(|(one, two)| one == two).count();
    let (word, other) = (
        word.get(same..).unwrap_or_default(),
        other.get(same..).unwrap_or_default(),
    );
    let (Some((first, after_first)), begins) = (word.split_first(), |text: &[u8], with: &[u8]| text.starts_with(with))
    else {
        // All of it matched: not a slip, but found before by other means.
        return true;
    };
    let Some((found, after_found)) = other.split_first() else {
        // `other` ended: it may lack the last letter only.
        return after_first.is_empty();
    };
    let swapped = || match (after_first.split_first(), after_found.split_first()) {
        (Some((second, rest)), Some((next, others))) => second == found && first == next && begins(others, rest),
        _ => false,
    };
    begins(after_found, after_first) || begins(other, after_first) || begins(after_found, word) || swapped()
}

#[cfg(test)]
mod tests {
    use super::super::fold as folded;
    use super::*;

    #[test]
    fn case_diacritics_and_punctuation_do_not_matter() {
        assert_eq!(folded("Café  e-KTP/KK"), " cafe e ktp kk");
        assert_eq!(folded("Ma'arif, Jum’at"), " maarif jumat");
        assert_eq!(folded("Cafe\u{301}"), " cafe");
        assert_eq!(folded("ÉCOLE ŠĪVA Ñusa ÝŹ"), " ecole siva nusa yz");
        assert_eq!(folded(" … "), "");
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for slip in ["bandng", "banduung", "bandumg", "badnung", "bandunf", "vandung"] {
            assert!(is_slip_of("bandung", slip), "{slip}");
        }
        for far in ["bundumg", "bekasi", "dnabung", "kotax bandung"] {
            assert!(!is_slip_of("bandung", far), "{far}");
        }
    }
}
