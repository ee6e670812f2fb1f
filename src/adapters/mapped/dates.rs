//! Moments as servers write them, and days as they want them written.
//!
//! A format is `iso`, `epoch` (seconds or milliseconds since 1970), or a pattern: `dd-MM-yyyy HH:mm`,
//! `d MMMM yyyy`. In a pattern `yyyy`, `yy`, `MM`, `M`, `MMM`, `MMMM`, `dd`, `d`, `HH`, `H`, `mm`, `ss` are
//! read; every other character must stand where it stands. Months have Indonesian and English names, and
//! a weekday in front (`Selasa, 24 November 2026`) is passed over. `WIB`, `WITA`, `WIT` and what comes
//! behind them are too, since a region's file says its zone.

use crate::adapters::answer::record::read_moment;
use crate::model::time::{Timestamp, days_from_civil};

/// A format, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// ISO 8601 in its dialects.
    Iso,
    /// Seconds or milliseconds since 1970.
    Epoch,
    /// As HTTP writes it: `Tue, 24 Nov 2026 15:21:15 GMT`.
    Http,
    /// A pattern.
    Pattern(Vec<Token>),
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A unit, and whether it has always as many digits as it can.
    Unit(Unit, bool),
    /// A month's name, or its first three letters.
    Name(bool),
    /// This character.
    Exactly(char),
}

/// What a number in a date counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

const MONTHS: [(&str, &str); 12] = [
    ("januari", "january"),
    ("februari", "february"),
    ("maret", "march"),
    ("april", "april"),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august"),
    ("september", "september"),
    ("oktober", "october"),
    ("november", "november"),
    ("desember", "december"),
];

const ZONES: [&str; 3] = ["WIB", "WITA", "WIT"];

impl Format {
    /// Reads a format; the error is what would have been right.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            "iso" => return Ok(Self::Iso),
            "epoch" => return Ok(Self::Epoch),
            _ => {}
        }
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let end = rest.find(|other| other != letter).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let token = match run {
                "yyyy" => Token::Unit(Unit::Year, true),
                "yy" => Token::Unit(Unit::ShortYear, true),
                "MMMM" => Token::Name(false),
                "MMM" => Token::Name(true),
                "MM" => Token::Unit(Unit::Month, true),
                "M" => Token::Unit(Unit::Month, false),
                "dd" => Token::Unit(Unit::Day, true),
                "d" => Token::Unit(Unit::Day, false),
                "HH" => Token::Unit(Unit::Hour, true),
                "H" => Token::Unit(Unit::Hour, false),
                "mm" => Token::Unit(Unit::Minute, true),
                "ss" => Token::Unit(Unit::Second, true),
                other if letter.is_ascii_alphabetic() && !other.chars().all(|letter| letter == 'T') => {
                    return Err("iso, epoch, or a pattern such as dd-MM-yyyy HH:mm");
                }
                other => {
                    tokens.extend(other.chars().map(Token::Exactly));
                    rest = after;
                    continue;
                }
            };
            tokens.push(token);
            rest = after;
        }
        let has = |wanted: &[Unit]| {
            tokens.iter().any(|token| match token {
                Token::Unit(unit, _) => wanted.contains(unit),
                Token::Name(_) => wanted.contains(&Unit::Month),
                Token::Exactly(_) => false,
            })
        };
        if has(&[Unit::Year, Unit::ShortYear]) && has(&[Unit::Month]) && has(&[Unit::Day]) {
            Ok(Self::Pattern(tokens))
        } else {
            Err("a pattern with a day, a month and a year, such as dd-MM-yyyy")
        }
    }

    /// Reads a moment; `offset` is in minutes east of UTC and holds where no zone is written.
    pub(super) fn moment(&self, text: &str, offset: i32) -> Option<Timestamp> {
        match self {
            Self::Iso => Timestamp::parse_iso(text, offset),
            Self::Epoch => text
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| read_moment(text, offset))
                .flatten(),
            Self::Http => {
                let text = text.strip_suffix(" GMT")?;
                Self::read("dd MMM yyyy HH:mm:ss").ok()?.moment(text, 0)
            }
            Self::Pattern(tokens) => {
                let parts = parse(tokens, bare(text))?;
                let days = days_from_civil(parts.year, parts.month, parts.day)?;
                if parts.hour > 23 || parts.minute > 59 || parts.second > 60 {
                    return None;
                }
                let seconds = parts
                    .hour
                    .checked_mul(3600)?
                    .checked_add(parts.minute.checked_mul(60)?)?
                    .checked_add(parts.second)?;
                days.checked_mul(86_400)?
                    .checked_add(seconds)?
                    .checked_sub(i64::from(offset).checked_mul(60)?)?
                    .checked_mul(1000)
                    .map(Timestamp)
            }
        }
    }

    /// Writes an answer's day or moment (`YYYY-MM-DD[THH:MM]`); `None` for what is none.
    pub(super) fn written(&self, answer: &str, offset: i32) -> Option<String> {
        let moment = Timestamp::parse_iso(answer, offset)?;
        let tokens = match self {
            Self::Iso | Self::Http => return Some(answer.to_owned()),
            Self::Epoch => return Some(moment.0.div_euclid(1000).to_string()),
            Self::Pattern(tokens) => tokens,
        };
        let (date, time) = answer.split_once(['T', ' ']).unwrap_or((answer, ""));
        let mut date = date.splitn(3, '-');
        let (year, month, day) = (date.next()?, date.next()?, date.next()?);
        let mut time = time.split(':');
        let mut part = || time.next().filter(|part| !part.is_empty()).unwrap_or("00");
        let (hour, minute, second) = (part(), part(), part());
        let number: usize = month.parse().ok()?;
        let mut text = String::new();
        for token in tokens {
            match token {
                Token::Exactly(letter) => text.push(*letter),
                Token::Name(short) => {
                    let (name, _) = MONTHS.get(number.checked_sub(1)?)?;
                    let mut letters = name.chars();
                    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                    text.extend(letters.take(if *short { 2 } else { 20 }));
                }
                Token::Unit(unit, full) => {
                    let digits = match unit {
                        Unit::Year => year,
                        Unit::ShortYear => year.get(2..)?,
                        Unit::Month => month,
                        Unit::Day => day,
                        Unit::Hour => hour,
                        Unit::Minute => minute,
                        Unit::Second => second.get(..2)?,
                    };
                    text.push_str(if *full { digits } else { digits.trim_start_matches('0') });
                }
            }
        }
        Some(text)
    }
}

/// A moment as the clock there shows it: `2026-11-24T22:21:15`.
pub(super) fn local(moment: Timestamp, offset: i32) -> String {
    let shifted = moment.plus(i64::from(offset).saturating_mul(60_000)).to_string();
    shifted.trim_end_matches('Z').to_owned()
}

/// The first of these formats that reads a moment.
pub(super) fn moment(formats: &[Format], text: &str, offset: i32) -> Option<Timestamp> {
    formats.iter().find_map(|format| format.moment(text.trim(), offset))
}

/// Without a weekday in front and a zone's name behind.
fn bare(text: &str) -> &str {
    let text = text.trim();
    let text = match text.split_once(", ") {
        Some((day, rest)) if day.chars().all(|letter| letter.is_alphabetic() || letter == '\'') => rest,
        _ => text,
    };
    let zone = ZONES.iter().find_map(|zone| text.strip_suffix(zone));
    zone.unwrap_or(text).trim_end()
}

#[derive(Default)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

fn parse(tokens: &[Token], text: &str) -> Option<Parts> {
    let mut parts = Parts::default();
    let mut rest = text;
    for token in tokens {
        match token {
            Token::Exactly(letter) => rest = rest.strip_prefix(*letter)?,
            Token::Name(_) => {
                let end = rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len());
                let (name, after) = rest.split_at_checked(end)?;
                let name = name.to_lowercase();
                let place = MONTHS.iter().position(|(id, en)| {
                    let short = |whole: &str| name.len() == 3 && whole.starts_with(&name);
                    name == *id || name == *en || short(id) || short(en) || (name == "agt" && *id == "agustus")
                });
                parts.month = i64::try_from(place?).ok()?.checked_add(1)?;
                rest = after;
            }
            Token::Unit(unit, full) => {
                let most = if *unit == Unit::Year { 4 } else { 2 };
                let found = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                if found == 0 || (*full && found < most) {
                    return None;
                }
                let (digits, after) = rest.split_at_checked(found)?;
                let number: i64 = digits.parse().ok()?;
                match unit {
                    Unit::Year => parts.year = number,
                    Unit::ShortYear => parts.year = number.checked_add(2000)?,
                    Unit::Month => parts.month = number,
                    Unit::Day => parts.day = number,
                    Unit::Hour => parts.hour = number,
                    Unit::Minute => parts.minute = number,
                    Unit::Second => parts.second = number,
                }
                rest = after;
            }
        }
    }
    rest.is_empty().then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Option<Timestamp> {
        Format::read(format).expect("a format").moment(text, 420)
    }

    #[test]
    fn offices_dates_are_read_as_they_are_written() {
        let noon = Timestamp::parse_iso("2026-11-04T13:05:00", 420);
        for (format, text) in [
            ("dd-MM-yyyy HH:mm", "04-11-2026 13:05"),
            ("d/M/yyyy HH:mm:ss", "4/11/2026 13:05:00"),
            ("d MMMM yyyy HH.mm", "Rabu, 4 November 2026 13.05 WIB"),
            ("d MMM yy, HH:mm", "4 Nov 26, 13:05"),
            ("yyyyMMddHHmmss", "20261104130500"),
            ("epoch", "1793772300"),
            ("iso", "2026-11-04T06:05:00Z"),
        ] {
            assert_eq!(read(format, text), noon, "{format} {text}");
        }
        assert_eq!(Format::Http.moment("Wed, 04 Nov 2026 06:05:00 GMT", 420), noon);
        assert_eq!(
            noon.map(|noon| local(noon, 420)).as_deref(),
            Some("2026-11-04T13:05:00")
        );
        assert_eq!(
            read("d MMMM yyyy", "1 Agustus 2026"),
            Timestamp::parse_iso("2026-08-01", 420)
        );
        for text in [
            "",
            "31-02-2026 10:00",
            "04-11-2026",
            "04-11-2026 24:00",
            "04-11-2026 10:00 x",
            "é",
        ] {
            assert_eq!(read("dd-MM-yyyy HH:mm", text), None, "{text}");
        }
    }

    #[test]
    fn days_are_written_as_offices_want_them() {
        let written = |format: &str, answer: &str| Format::read(format).expect("a format").written(answer, 420);
        assert_eq!(written("dd/MM/yyyy", "2026-03-04").as_deref(), Some("04/03/2026"));
        assert_eq!(written("d MMMM yyyy", "2026-03-04").as_deref(), Some("4 Maret 2026"));
        assert_eq!(
            written("dd-MM-yy HH:mm", "2026-03-04T07:30").as_deref(),
            Some("04-03-26 07:30")
        );
        assert_eq!(written("epoch", "2026-03-04").as_deref(), Some("1772557200"));
        assert_eq!(written("dd/MM/yyyy", "kemarin"), None);
    }

    #[test]
    fn what_is_no_format_is_refused() {
        for text in ["", "ISO", "dd-MM", "yyyy", "DD-MM-YYYY", "hh:mm"] {
            assert!(Format::read(text).is_err(), "{text}");
        }
    }
}
