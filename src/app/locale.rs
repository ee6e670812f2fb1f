//! Dates, numbers and sizes in the language of the page.

use super::messages::language;
use crate::browser::clock;
use crate::browser::locale::{self, Parts};
use crate::model::decimal::Decimal;
use crate::model::time::Timestamp;

/// "Senin, 24 November 2026 pukul 09.12".
pub fn moment(at: Timestamp) -> String {
    locale::moment(at, Parts::DateAndTime, language().tag())
}

/// "Senin, 24 November 2026".
pub fn date(at: Timestamp) -> String {
    locale::moment(at, Parts::Date, language().tag())
}

/// "09.12" today, the date on any other day.
pub fn lately(at: Timestamp) -> String {
    let day = date(at);
    if day == date(clock::now()) { time(at) } else { day }
}

/// "09.12".
pub fn time(at: Timestamp) -> String {
    locale::moment(at, Parts::Time, language().tag())
}

/// A day that was typed, in words.
pub fn day(day: (i64, i64, i64)) -> String {
    locale::day(day, language().tag())
}

/// A decimal number.
pub fn decimal(value: &Decimal) -> String {
    locale::decimal(value, language().tag())
}

/// A number.
pub fn number(value: f64) -> String {
    locale::number(value, language().tag())
}

/// A size in KB or MB, rounded up as phones do.
pub fn bytes(count: u64) -> String {
    let tenths = |unit: u64| count.saturating_mul(10).div_ceil(unit);
    let (value, unit) = if count < 1_000_000 {
        (tenths(1000), " KB")
    } else {
        (tenths(1_000_000), " MB")
    };
    #[expect(clippy::cast_precision_loss, reason = "tenths of a megabyte")]
    let value = value as f64 / 10.0;
    [number(value).as_str(), unit].concat()
}

/// Degrees with six decimals, about a tenth of a metre, and a dot.
pub fn degrees(value: f64) -> String {
    locale::fixed(value, 6)
}
