//! Moments, and the dialects of ISO 8601 in which backends write them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::json::{Node, Read};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Read for Timestamp {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        Self(node.signed(wrong))
    }
}

impl Timestamp {
    /// This moment and `millis` later (saturating).
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment, never below zero.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        let gone = self.0.saturating_sub(earlier.0);
        if gone < 0 { 0 } else { gone }
    }

    /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space and `HH:MM[:SS[.fff]]`, and by
    /// `Z`, `±HH`, `±HH:MM` or `±HHMM`. Where no zone is written, `offset_minutes` east of UTC holds.
    ///
    /// `None` for anything else, impossible dates included.
    #[must_use]
    pub fn parse_iso(text: &str, offset_minutes: i32) -> Option<Self> {
        let mut rest = Digits(text.trim());
        let year = rest.number(4)?;
        rest.skip('-')?;
        let month = rest.number(2)?;
        rest.skip('-')?;
        let day = rest.number(2)?;
        let days = days_from_civil(year, month, day)?;
        let mut seconds = 0_i64;
        let mut millis = 0_i64;
        let mut offset = i64::from(offset_minutes);
        if !rest.0.is_empty() {
            rest.skip('T').or_else(|| rest.skip('t')).or_else(|| rest.skip(' '))?;
            let (hour, _) = (rest.number(2)?, rest.skip(':')?);
            let minute = rest.number(2)?;
            let second = if rest.skip(':').is_some() { rest.number(2)? } else { 0 };
            if hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            if rest.skip('.').or_else(|| rest.skip(',')).is_some() {
                millis = rest.fraction()?;
            }
            seconds = hour
                .checked_mul(3600)?
                .checked_add(minute.checked_mul(60)?)?
                .checked_add(second)?;
            rest.0 = rest.0.trim_start();
            if let Some(zone) = rest.zone()? {
                offset = zone;
            }
        }
        if !rest.0.is_empty() {
            return None;
        }
        days.checked_mul(86_400)?
            .checked_add(seconds)?
            .checked_sub(offset.checked_mul(60)?)?
            .checked_mul(1000)?
            .checked_add(millis)
            .map(Self)
    }
}

/// `YYYY-MM-DDTHH:MM:SSZ`, the form that every GeoReport server reads but those that reject `Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.div_euclid(1000);
        let (year, month, day) = civil_from_days(seconds.div_euclid(86_400));
        let of_day = seconds.rem_euclid(86_400);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        write!(
            formatter,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (head, tail) = self.0.split_at_checked(digits)?;
        if !head.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = tail;
        head.parse().ok()
    }

    fn skip(&mut self, wanted: char) -> Option<()> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(())
    }

    /// Digits after the decimal sign, as milliseconds; more precise ones are cut.
    fn fraction(&mut self) -> Option<i64> {
        let tail = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
        let length = self.0.len().checked_sub(tail.len())?;
        let digits = self.0.get(..length.min(3))?;
        self.0 = tail;
        let scale = match digits.len() {
            1 => 100,
            2 => 10,
            3 => 1,
            _ => return None,
        };
        digits.parse::<i64>().ok()?.checked_mul(scale)
    }

    /// Minutes east of UTC; `Ok(None)` in effect where no zone is written.
    fn zone(&mut self) -> Option<Option<i64>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if self.skip('Z').or_else(|| self.skip('z')).is_some() {
            return Some(Some(0));
        }
        let sign = if self.skip('+').is_some() {
            1
        } else {
            self.skip('-').or_else(|| self.skip('\u{2212}'))?;
            -1
        };
        let hours = self.number(2)?;
        let minutes = if self.0.is_empty() {
            0
        } else {
            let _colon = self.skip(':');
            self.number(2)?
        };
        hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(sign).map(Some)
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date (Hinnant's algorithm), `None` if there is no such day.
#[must_use]
pub fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month)? {
        return None;
    }
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (month.checked_add(9)?).rem_euclid(12);
    let of_year = shifted
        .checked_mul(153)?
        .checked_add(2)?
        .checked_div(5)?
        .checked_add(day)?
        .checked_sub(1)?;
    let days = of_era
        .checked_mul(365)?
        .checked_add(of_era / 4)?
        .checked_sub(of_era / 100)?
        .checked_add(of_year)?;
    era.checked_mul(146_097)?.checked_add(days)?.checked_sub(719_468)
}

/// How many days a month has; `None` for a month outside 1 to 12.
#[must_use]
pub fn days_in_month(year: i64, month: i64) -> Option<i64> {
    let leap = year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Year, month and day of a count of days since 1970-01-01 (the inverse of [`days_from_civil`]).
#[must_use]
pub const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era.saturating_mul(400);
    (if month <= 2 { year + 1 } else { year }, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_of_one_moment_agree() {
        let moment = Timestamp::parse_iso("2010-04-14T06:37:38-08:00", 0);
        assert_eq!(moment, Some(Timestamp(1_271_255_858_000)));
        for text in [
            "2010-04-14T14:37:38Z",
            "2010-04-14T14:37:38.000Z",
            "2010-04-14 14:37:38+0000",
            "2010-04-14T22:37:38+08",
            "2010-04-14T14:37:38",
        ] {
            assert_eq!(Timestamp::parse_iso(text, 0), moment, "{text}");
        }
        assert_eq!(Timestamp::parse_iso("2010-04-14T21:37:38", 420), moment);
        assert_eq!(moment.map(|m| m.to_string()).as_deref(), Some("2010-04-14T14:37:38Z"));
    }

    #[test]
    fn impossible_and_foreign_dates_are_refused() {
        for text in [
            "",
            "2023-02-29",
            "2024-13-01",
            "14/04/2010",
            "2010-04-14T25:00",
            "2010-04-14Tx",
            "2010-04-14T10:00:00 WIB",
            "éé",
        ] {
            assert_eq!(Timestamp::parse_iso(text, 0), None, "{text}");
        }
    }

    #[test]
    fn civil_dates_round_trip_over_four_centuries() {
        for days in (-140_000..150_000).step_by(37) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), Some(days));
        }
    }
}
