//! Days and times of day: `1/2/1990`, `1 Februari 1990`, `1990-02-01`; `9.30`, `09:30`.
//!
//! A day comes first, unless the first number has four digits. Months are numbers or names, in
//! Indonesian or English, cut to three letters or more. A year has four digits: nobody can say which
//! century `90` is in. Seconds are read and dropped; time zones are not read, since these times are
//! the citizen's own.

use crate::model::time::days_in_month;

/// Year, month, day.
pub type Day = (i64, i64, i64);

/// Hour and minute.
pub type Time = (i64, i64);

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDay {
    /// It cannot be read, or there is no such day.
    Unreadable,
    /// It would be one, but for a year of two digits.
    ShortYear,
}

/// Month names, and abbreviations that are not the beginning of one.
const MONTHS: [(&str, i64); 25] = [
    ("januari", 1),
    ("january", 1),
    ("februari", 2),
    ("february", 2),
    ("pebruari", 2),
    ("maret", 3),
    ("march", 3),
    ("april", 4),
    ("mei", 5),
    ("may", 5),
    ("juni", 6),
    ("june", 6),
    ("juli", 7),
    ("july", 7),
    ("agustus", 8),
    ("august", 8),
    ("agt", 8),
    ("ags", 8),
    ("september", 9),
    ("oktober", 10),
    ("october", 10),
    ("november", 11),
    ("nopember", 11),
    ("desember", 12),
    ("december", 12),
];

/// Reads a day.
///
/// # Errors
/// [`NoDay`].
pub fn day(typed: &str) -> Result<Day, NoDay> {
    let mut parts = typed
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '-' | '.' | ','))
        .filter(|part| !part.is_empty());
    let parts = (parts.next(), parts.next(), parts.next(), parts.next());
    let (Some(first), Some(second), Some(third), None) = parts else {
        return Err(NoDay::Unreadable);
    };
    let (year, day) = if first.len() == 4 {
        (first, third)
    } else {
        (third, first)
    };
    let month = month(second).ok_or(NoDay::Unreadable)?;
    let day = small(day).ok_or(NoDay::Unreadable)?;
    if year.len() == 2 && small(year).is_some() && (1..=31).contains(&day) {
        return Err(NoDay::ShortYear);
    }
    let year = year
        .parse::<i64>()
        .ok()
        .filter(|number| year.len() == 4 && (1000..=9999).contains(number))
        .ok_or(NoDay::Unreadable)?;
    match days_in_month(year, month) {
        Some(last) if (1..=last).contains(&day) => Ok((year, month, day)),
        _ => Err(NoDay::Unreadable),
    }
}

/// Reads a time of day; `None` for what is none.
#[must_use]
pub fn time(typed: &str) -> Option<Time> {
    let mut parts = typed.trim().split([':', '.']);
    let hour = small(parts.next()?).filter(|hour| *hour < 24)?;
    let mut sixtieth = |required: bool| match parts.next() {
        Some(part) if part.len() == 2 => small(part).filter(|number| *number < 60),
        None if !required => Some(0),
        _ => None,
    };
    let minute = sixtieth(true)?;
    let _second = sixtieth(false)?;
    parts.next().is_none().then_some((hour, minute))
}

/// Reads a day and a time of day, parted by `T`, a space, `pukul` or `jam`.
///
/// # Errors
/// [`NoDay`]; a time that cannot be read makes the whole unreadable.
pub fn moment(typed: &str) -> Result<(Day, Time), NoDay> {
    let typed = typed.trim();
    let (date, clock) = typed
        .split_once('T')
        .filter(|(date, _)| date.ends_with(|c: char| c.is_ascii_digit()))
        .or_else(|| typed.rsplit_once(char::is_whitespace))
        .ok_or(NoDay::Unreadable)?;
    let date = date.trim_end();
    let date = ["pukul", "jam"]
        .into_iter()
        .find_map(|word| date.strip_suffix(word))
        .unwrap_or(date);
    let day = day(date)?;
    Ok((day, time(clock).ok_or(NoDay::Unreadable)?))
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn written_day((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// `HH:MM`.
#[must_use]
pub fn written_time((hour, minute): Time) -> String {
    format!("{hour:02}:{minute:02}")
}

/// A number of one or two digits.
fn small(text: &str) -> Option<i64> {
    let digits = matches!(text.len(), 1 | 2) && super::number::digits_only(text);
    digits.then(|| text.parse().ok()).flatten()
}

fn month(text: &str) -> Option<i64> {
    small(text).or_else(|| {
        MONTHS.into_iter().find_map(|(name, number)| {
            let beginning = name.get(..text.len())?;
            (text.len() >= 3 && beginning.eq_ignore_ascii_case(text)).then_some(number)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for typed in [
            "1/2/1990",
            "01-02-1990",
            "1.2.1990",
            "1 2 1990",
            "1 Feb 1990",
            "1 Februari 1990",
            "1 pebruari 1990",
            "1-FEB-1990",
            "1 february, 1990",
            "1990-02-01",
            "1990/2/1",
            " 1990 Feb 1 ",
        ] {
            assert_eq!(day(typed), Ok((1990, 2, 1)), "{typed}");
        }
        for (name, number) in [
            ("Agt", 8),
            ("ags", 8),
            ("Agustus", 8),
            ("Mei", 5),
            ("Okt", 10),
            ("Nop", 11),
            ("Des", 12),
            ("Sept", 9),
        ] {
            assert_eq!(day(&format!("17 {name} 2024")), Ok((2024, number, 17)), "{name}");
        }
    }

    #[test]
    fn there_is_no_day_that_the_calendar_does_not_have() {
        for typed in [
            "",
            "besok",
            "1/2",
            "1/2/3/4",
            "30/2/2020",
            "29-02-2023",
            "0/1/2000",
            "1/13/2000",
            "32/1/2000",
            "1 Ma 2000",
            "1/2/0090",
            "1/2/19900",
            "1/2/199",
            "111/2/1990",
            "é/2/1990",
            "1 Februarius 1990",
            "+1/2/1990",
            "1/2/+199",
        ] {
            assert_eq!(day(typed), Err(NoDay::Unreadable), "{typed}");
        }
        assert_eq!(day("29/2/2024"), Ok((2024, 2, 29)));
    }

    #[test]
    fn a_year_of_two_digits_is_asked_for_again_rather_than_guessed() {
        assert_eq!(day("1/2/90"), Err(NoDay::ShortYear));
        assert_eq!(day("1 Feb 05"), Err(NoDay::ShortYear));
        assert_eq!(moment("1/2/90 9.30"), Err(NoDay::ShortYear));
    }

    #[test]
    fn a_time_is_read_with_dot_or_colon() {
        for (typed, expected) in [
            ("9.30", (9, 30)),
            ("09:30", (9, 30)),
            ("0:00", (0, 0)),
            ("23.59", (23, 59)),
            ("09:30:15", (9, 30)),
        ] {
            assert_eq!(time(typed), Some(expected), "{typed}");
        }
        for typed in [
            "",
            "9",
            "24:00",
            "9:60",
            "9:3",
            "9:30:60",
            "9:30:00:00",
            "9.30 WIB",
            "-9:30",
            "930",
        ] {
            assert_eq!(time(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_moment_is_a_day_and_a_time() {
        for typed in [
            "1990-02-01T09:30",
            "1990-02-01 09:30",
            "1/2/1990 9.30",
            "1/2/1990, 9.30",
            "1 Februari 1990 pukul 9.30",
            "1 Feb 1990 jam 09:30",
        ] {
            assert_eq!(moment(typed), Ok(((1990, 2, 1), (9, 30))), "{typed}");
        }
        assert_eq!(moment("1 Okt 1990 9.30"), Ok(((1990, 10, 1), (9, 30))));
        for typed in [
            "",
            "1990-02-01",
            "09:30",
            "1990-02-30T09:30",
            "1990-02-01T25:00",
            "T",
            "1T",
        ] {
            assert_eq!(moment(typed), Err(NoDay::Unreadable), "{typed}");
        }
        assert_eq!(written_day((1990, 2, 1)), "1990-02-01");
        assert_eq!(written_time((9, 5)), "09:05");
    }
}
