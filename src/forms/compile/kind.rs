//! Types, and the keys that belong to one type or to a few.

use std::collections::BTreeMap;

use super::{At, MAX_OPTIONS, Report, is_blank};
use crate::forms::model::{DateBound, FieldKind};
use crate::forms::typed::moment::{day, written_day};
use crate::model::decimal::Decimal;
use crate::model::form::{Bound, ChoiceOption, Field};
use crate::model::text::Text;

/// Most files of a field that takes several and does not say how many.
pub(super) const DEFAULT_FILES: u32 = 10;

/// The type with what belongs to it; `None` and a diagnostic where the field cannot be asked.
pub(super) fn compile(at: At, field: &Field, report: &mut Report) -> Option<FieldKind> {
    Some(match field.kind.as_str() {
        "text" => FieldKind::Text {
            length: length(at, field, report),
        },
        "textarea" => FieldKind::TextArea {
            length: length(at, field, report),
        },
        "email" => FieldKind::Email {
            max_length: positive(at, "/max_length", field.max_length, report),
        },
        "number" => {
            let (min, max) = ordered(
                at,
                number(at, "/min", field.min.as_ref(), report),
                number(at, "/max", field.max.as_ref(), report),
                report,
            );
            FieldKind::Number {
                min,
                max,
                integer: field.integer,
            }
        }
        "date" => {
            let (min, max) = dates(at, field, report);
            FieldKind::Date { min, max }
        }
        "time" => FieldKind::Time,
        "datetime" => FieldKind::DateTime,
        "choice" => {
            let options = options(at, &field.options, report);
            if options.is_empty() {
                report.say(at, "/options", "at least one option that can be used", "none");
                return None;
            }
            if field.many {
                FieldKind::Many(options)
            } else {
                FieldKind::One(options)
            }
        }
        "file" => {
            let max_files = positive(at, "/max_files", field.max_files, report);
            FieldKind::File {
                accept: accept(at, &field.accept, report),
                max_bytes: positive(at, "/max_bytes", field.max_bytes, report),
                max_files: if field.many {
                    max_files.unwrap_or(DEFAULT_FILES)
                } else {
                    1
                },
            }
        }
        "location" => FieldKind::Location,
        "phone" => FieldKind::Phone,
        "person_id" => FieldKind::PersonId,
        "static" => FieldKind::Static,
        unknown => {
            let expected = "text, textarea, number, date, time, datetime, choice, file, location, email, phone, \
                            person_id or static";
            report.say(at, "/type", expected, unknown);
            return None;
        }
    })
}

/// Reports keys that a field has and its type does not know.
pub(super) fn report_stray_keys(at: At, field: &Field, report: &mut Report) {
    let types: [(bool, &str, &[&str]); 11] = [
        (field.min_length.is_some(), "/min_length", &["text", "textarea"]),
        (
            field.max_length.is_some(),
            "/max_length",
            &["text", "textarea", "email"],
        ),
        (field.min.is_some(), "/min", &["number", "date"]),
        (field.max.is_some(), "/max", &["number", "date"]),
        (field.integer, "/integer", &["number"]),
        (!field.options.is_empty(), "/options", &["choice"]),
        (field.many, "/many", &["choice", "file"]),
        (!field.accept.is_empty(), "/accept", &["file"]),
        (field.max_bytes.is_some(), "/max_bytes", &["file"]),
        (field.max_files.is_some(), "/max_files", &["file"]),
        (field.public, "/public", &super::super::prefill::TYPES),
    ];
    for (given, key, types) in types {
        if given && !types.contains(&field.kind.as_str()) {
            report.say(at, key, "no such key for this type", &field.kind);
        }
    }
    if field.kind == "static" && field.required {
        report.say(at, "/required", "no such key for this type", "static");
    }
    if field.kind == "file" && field.max_files.is_some() && !field.many {
        report.say(at, "/max_files", "many: true beside it", "one file only");
    }
}

/// Tokens of the HTML standard that ask for something of the citizen's own (section 4.10.18.7.1).
const AUTOCOMPLETE: &str = " on off name honorific-prefix given-name additional-name family-name honorific-suffix \
     nickname organization organization-title street-address address-line1 address-line2 address-line3 address-level1 \
     address-level2 address-level3 address-level4 country country-name postal-code language bday bday-day bday-month \
     bday-year sex url tel tel-country-code tel-national tel-local email ";

/// The field's token if there is such a one, else none.
pub(super) fn autocomplete(at: At, field: &Field, report: &mut Report) -> String {
    let token = field.autocomplete.as_str();
    if token.is_empty() {
        return String::new();
    }
    if matches!(field.kind.as_str(), "file" | "location" | "static") {
        report.say(at, "/autocomplete", "no such key for this type", &field.kind);
        return String::new();
    }
    if AUTOCOMPLETE.split(' ').any(|known| known == token) {
        return token.to_owned();
    }
    report.say(at, "/autocomplete", "an autocomplete token of HTML", token);
    String::new()
}

fn length(at: At, field: &Field, report: &mut Report) -> (Option<u32>, Option<u32>) {
    let max = positive(at, "/max_length", field.max_length, report);
    match (field.min_length, max) {
        (Some(min), Some(max)) if min > max => {
            report.say(at, "/min_length", "no more than max_length", &min.to_string());
            (None, None)
        }
        lengths => lengths,
    }
}

/// A limit of which 0 would let nothing through.
fn positive<T: Copy + Default + PartialEq>(at: At, key: &str, limit: Option<T>, report: &mut Report) -> Option<T> {
    if limit == Some(T::default()) {
        report.say(at, key, "a number above 0", "0");
        return None;
    }
    limit
}

fn number(at: At, key: &str, bound: Option<&Bound>, report: &mut Report) -> Option<Decimal> {
    match bound? {
        Bound::Number(number) => Some(number.clone()),
        Bound::Date(text) => {
            report.say(at, key, "a number", text);
            None
        }
    }
}

fn ordered(
    at: At,
    min: Option<Decimal>,
    max: Option<Decimal>,
    report: &mut Report,
) -> (Option<Decimal>, Option<Decimal>) {
    match (min, max) {
        (Some(low), Some(high)) if low > high => {
            report.say(at, "/min", "no more than max", low.as_str());
            (None, None)
        }
        bounds => bounds,
    }
}

fn dates(at: At, field: &Field, report: &mut Report) -> (Option<DateBound>, Option<DateBound>) {
    let min = date(at, "/min", field.min.as_ref(), report);
    let max = date(at, "/max", field.max.as_ref(), report);
    match (min, max) {
        (Some(DateBound::Day(..)), Some(DateBound::Day(..))) if as_day(min) > as_day(max) => {
            report.say(
                at,
                "/min",
                "no later than max",
                &as_day(min).map(written_day).unwrap_or_default(),
            );
            (None, None)
        }
        bounds => bounds,
    }
}

const fn as_day(bound: Option<DateBound>) -> Option<(i64, i64, i64)> {
    match bound {
        Some(DateBound::Day(year, month, day)) => Some((year, month, day)),
        _ => None,
    }
}

fn date(at: At, key: &str, bound: Option<&Bound>, report: &mut Report) -> Option<DateBound> {
    let text = match bound? {
        Bound::Date(text) if text == "today" => return Some(DateBound::Today),
        Bound::Date(text) => text.as_str(),
        Bound::Number(number) => number.as_str(),
    };
    // Published data is written one way only.
    if let Ok((year, month, of_month)) = day(text)
        && written_day((year, month, of_month)) == text
    {
        return Some(DateBound::Day(year, month, of_month));
    }
    report.say(at, key, "a day of the calendar as YYYY-MM-DD, or today", text);
    None
}

fn options(at: At, options: &[ChoiceOption], report: &mut Report) -> Vec<ChoiceOption> {
    if options.len() > MAX_OPTIONS {
        report.say(at, "/options", "at most 5000 options", &options.len().to_string());
    }
    let mut seen = BTreeMap::new();
    let mut usable = Vec::new();
    for (index, option) in options.iter().enumerate().take(MAX_OPTIONS) {
        let value = option.value.trim();
        if value.is_empty() || seen.insert(value, index).is_some() {
            let key = ["/options/", &index.to_string(), "/value"].concat();
            report.say(at, &key, "a value that no option before it has", &option.value);
            continue;
        }
        let mut option = option.clone();
        if is_blank(&option.label) {
            option.label = Text::plain(option.value.as_str());
        }
        usable.push(option);
    }
    usable
}

fn accept(at: At, accept: &[String], report: &mut Report) -> Vec<String> {
    let part = |part: &str| {
        let mut letters = part.bytes();
        letters.clone().count() > 0 && letters.all(|c| c.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&c))
    };
    let mut usable = Vec::new();
    for (index, media_type) in accept.iter().enumerate() {
        let (head, tail) = media_type.split_once('/').unwrap_or_default();
        if part(head) && (tail == "*" || part(tail)) {
            usable.push(media_type.to_ascii_lowercase());
        } else {
            let key = ["/accept/", &index.to_string()].concat();
            report.say(at, &key, "a media type such as image/jpeg or image/*", media_type);
        }
    }
    usable
}
