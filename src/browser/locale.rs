//! Dates and numbers as people read them, by the browser's own `Intl`: nothing to download.
//!
//! `language` is a BCP 47 tag. Where the browser's `Intl` fails, the plain notation is given.

use js_sys::{Array, Date, Intl, Number, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::model::decimal::Decimal;
use crate::model::time::Timestamp;

/// What is written of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// "Senin, 24 November 2026 pukul 09.12".
    DateAndTime,
    /// "Senin, 24 November 2026".
    Date,
    /// "09.12".
    Time,
}

/// A moment in the device's own time zone.
#[must_use]
pub fn moment(at: Timestamp, parts: Parts, language: &str) -> String {
    // Exact up to 2^53 milliseconds, the year 287,396.
    #[expect(clippy::cast_precision_loss, reason = "exact for every date that a Date can hold")]
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    format(&date, parts, language).unwrap_or_else(|| at.to_string())
}

/// A day, as a date in words. `(year, month, day)`.
#[must_use]
pub fn day((year, month, day): (i64, i64, i64), language: &str) -> String {
    let plain = || [day.to_string(), month.to_string(), year.to_string()].join("/");
    let (Ok(year), Ok(month), Ok(of_month)) = (u32::try_from(year), i32::try_from(month), i32::try_from(day)) else {
        return plain();
    };
    // A year below 100 would be taken for one of the twentieth century.
    let date = Date::new_with_year_month_day(year, month.saturating_sub(1), of_month);
    date.set_full_year(year);
    format(&date, Parts::Date, language).unwrap_or_else(plain)
}

fn format(date: &Date, parts: Parts, language: &str) -> Option<String> {
    let options = Object::new();
    let set = |key: &str, value: &str| Reflect::set(&options, &key.into(), &value.into()).ok();
    if parts != Parts::Time {
        set("dateStyle", "full")?;
    }
    if parts != Parts::Date {
        set("timeStyle", "short")?;
    }
    let format = Intl::DateTimeFormat::new(&Array::of1(&language.into()), &options);
    format.format().call1(&JsValue::UNDEFINED, date).ok()?.as_string()
}

/// A number with the language's own signs.
#[must_use]
pub fn number(value: f64, language: &str) -> String {
    Number::from(value)
        .to_locale_string(language)
        .unchecked_into::<js_sys::JsString>()
        .into()
}

/// A decimal number with the language's own signs.
#[must_use]
pub fn decimal(value: &Decimal, language: &str) -> String {
    number(Number::parse_float(value.as_str()), language)
}

/// A number with a dot and so many decimals.
#[must_use]
pub fn fixed(value: f64, decimals: u8) -> String {
    Number::from(value)
        .to_fixed(decimals)
        .map_or_else(|_| String::new(), Into::into)
}
