//! Days written with the day first, as Indonesian offices do.

use crate::model::time::{Timestamp, days_from_civil};

/// Reads `31-12-2026`, `31/12/2026` or `1/2/2026`, with or without ` HH:MM[:SS]` after it, and what is
/// written the other way round. `offset` is in minutes east of UTC and holds where no zone is written.
pub(in crate::adapters) fn day_first(text: &str, offset: i32) -> Option<Timestamp> {
    let text = text.trim();
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = date.split(['-', '/', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || day.len() > 2 || parts.next().is_some() {
        return Timestamp::parse_iso(text, offset);
    }
    let days = days_from_civil(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let mut seconds = 0_i64;
    let mut unit = 3600_i64;
    for part in time.trim().split(':').filter(|part| !part.is_empty()) {
        let count: i64 = part.parse().ok()?;
        if !(0..60).contains(&count) || unit == 0 {
            return None;
        }
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        unit = unit.checked_div(60)?;
    }
    days.checked_mul(86_400)?
        .checked_add(seconds)?
        .checked_sub(i64::from(offset).checked_mul(60)?)?
        .checked_mul(1000)
        .map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_offices_write_them() {
        let midnight = Timestamp::parse_iso("2026-02-01T00:00:00", 420);
        for text in [
            "01-02-2026",
            "1/2/2026",
            "01.02.2026",
            "1/02/2026 00:00:00",
            "2026-02-01",
        ] {
            assert_eq!(day_first(text, 420), midnight, "{text}");
        }
        assert_eq!(
            day_first("1/02/2026 13:45:10", 420),
            Timestamp::parse_iso("2026-02-01T13:45:10", 420)
        );
        assert_eq!(
            day_first("1/02/2026 13:45", 0),
            Timestamp::parse_iso("2026-02-01T13:45:00", 0)
        );
        for text in [
            "",
            "31-02-2026",
            "1-2-26",
            "x",
            "1/2/2026 25:61",
            "1/2/2026 1:2:3:4",
            "1/2/2026 -1:00",
            "é/2/2026",
        ] {
            assert_eq!(day_first(text, 0), None, "{text}");
        }
    }
}
