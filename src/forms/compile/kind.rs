//! Types, and the keys that belong to one type or to a few.

use super::{At, Ids, MAX_OPTIONS, Report, is_blank};
use crate::forms::concept;
use crate::forms::model::{Choices, DateBound, FieldKind, FieldModel};
use crate::forms::typed::address::area_level;
use crate::forms::typed::moment::{day, written_day};
use crate::model::decimal::Decimal;
use crate::model::form::{Bound, ChoiceOption, Field};
use crate::model::text::Text;

/// Most files of a field that takes several and does not say how many.
pub(super) const DEFAULT_FILES: u32 = 10;

/// Most entries of a group that does not say how many.
pub(super) const DEFAULT_ITEMS: u32 = 20;
/// Most entries of any group.
const MAX_ITEMS: u32 = 200;

/// The type with what belongs to it; `None` and a diagnostic where the field cannot be asked.
pub(super) fn compile(
    at: At,
    field: &Field,
    fields: &[FieldModel],
    ids: &Ids,
    report: &mut Report,
) -> Option<FieldKind> {
    Some(match field.kind.as_str() {
        "text" => FieldKind::Text {
            length: length(at, field, report),
        },
        "textarea" | "address" => FieldKind::TextArea {
            length: length(at, field, report),
        },
        "email" => FieldKind::Email {
            max_length: positive(at, "/max_length", field.max_length, report),
        },
        "number" | "integer" | "decimal" | "money" => {
            let (min, max) = ordered(
                at,
                number(at, "/min", field.min.as_ref(), report),
                number(at, "/max", field.max.as_ref(), report),
                report,
            );
            FieldKind::Number {
                min,
                max,
                integer: field.integer || field.kind == "integer",
                money: field.kind == "money",
            }
        }
        "date" => {
            let (min, max) = dates(at, field, report);
            FieldKind::Date { min, max }
        }
        "time" => FieldKind::Time,
        "datetime" => FieldKind::DateTime,
        "choice" => {
            let choices = choices(at, field, fields, ids, report)?;
            if field.many {
                FieldKind::Many(choices)
            } else {
                FieldKind::One(choices)
            }
        }
        "boolean" => FieldKind::Boolean,
        "file" | "image" => {
            let max_files = positive(at, "/max_files", field.max_files, report);
            let mut accept = accept(at, &field.accept, report);
            if accept.is_empty() && field.kind == "image" {
                accept.push("image/*".to_owned());
            }
            FieldKind::File {
                accept,
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
        "org_id" => FieldKind::OrgId,
        "url" => FieldKind::Url,
        "signature" => FieldKind::Signature,
        "admin_area" => area(at, field, report),
        "static" => FieldKind::Static,
        "server_assigned" => FieldKind::Assigned,
        unknown => {
            let expected = "text, textarea, integer, decimal, money, number, boolean, date, time, datetime, choice, \
                            file, image, signature, email, phone, url, person_id, org_id, address, admin_area, \
                            location, repeat, static or server_assigned";
            report.say(at, "/type", expected, unknown);
            return None;
        }
    })
}

/// Reports keys that a field has and its type does not know.
pub(super) fn report_stray_keys(at: At, field: &Field, report: &mut Report) {
    const NUMBERS: &[&str] = &["number", "integer", "decimal", "money", "date"];
    const FILES: &[&str] = &["file", "image"];
    let types: [(bool, &str, &[&str]); 18] = [
        (
            field.min_length.is_some(),
            "/min_length",
            &["text", "textarea", "address"],
        ),
        (
            field.max_length.is_some(),
            "/max_length",
            &["text", "textarea", "address", "email"],
        ),
        (field.min.is_some(), "/min", NUMBERS),
        (field.max.is_some(), "/max", NUMBERS),
        (field.integer, "/integer", &["number"]),
        (!field.options.is_empty(), "/options", &["choice"]),
        (!field.source.is_empty(), "/source", &["choice"]),
        (!field.within.is_empty(), "/within", &["choice"]),
        (!field.level.is_empty(), "/level", &["admin_area"]),
        (!field.below.is_empty(), "/below", &["admin_area"]),
        (!field.fields.is_empty(), "/fields", &["repeat"]),
        (field.min_items.is_some(), "/min_items", &["repeat"]),
        (field.max_items.is_some(), "/max_items", &["repeat"]),
        (field.many, "/many", &["choice", "file", "image"]),
        (!field.accept.is_empty(), "/accept", FILES),
        (field.max_bytes.is_some(), "/max_bytes", FILES),
        (field.max_files.is_some(), "/max_files", FILES),
        (field.public, "/public", &super::super::prefill::TYPES),
    ];
    for (given, key, types) in types {
        if given && !types.contains(&field.kind.as_str()) {
            report.say(at, key, "no such key for this type", &field.kind);
        }
    }
    if field.required && (matches!(field.kind.as_str(), "static" | "server_assigned") || field.computed.is_some()) {
        report.say(at, "/required", "no such key where nothing is asked", &field.kind);
    }
    if FILES.contains(&field.kind.as_str()) && field.max_files.is_some() && !field.many {
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
    const NO_LINE: [&str; 9] = [
        "file",
        "image",
        "signature",
        "location",
        "boolean",
        "admin_area",
        "repeat",
        "static",
        "server_assigned",
    ];
    if NO_LINE.contains(&field.kind.as_str()) {
        report.say(at, "/autocomplete", "no such key for this type", &field.kind);
        return String::new();
    }
    if AUTOCOMPLETE.split(' ').any(|known| known == token) {
        return token.to_owned();
    }
    report.say(at, "/autocomplete", "an autocomplete token of HTML", token);
    String::new()
}

/// The field's concept and its token, both empty where it has none.
pub(super) fn concept(at: At, field: &Field, report: &mut Report) -> (&'static str, &'static str) {
    if field.concept.is_empty() {
        return Default::default();
    }
    concept::find(&field.concept).unwrap_or_else(|| {
        report.say(at, "/concept", "a concept that this program knows", &field.concept);
        Default::default()
    })
}

/// Whether a rule can give such an answer.
pub(super) const fn can_be_computed(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Text { .. }
            | FieldKind::TextArea { .. }
            | FieldKind::Number { .. }
            | FieldKind::Boolean
            | FieldKind::Date { .. }
            | FieldKind::Time
            | FieldKind::DateTime
            | FieldKind::One(_)
    )
}

/// Fewest and most entries.
pub(super) fn items(at: At, field: &Field, report: &mut Report) -> (u32, u32) {
    let min = field.min_items.unwrap_or(u32::from(field.required));
    let max = positive(at, "/max_items", field.max_items, report).unwrap_or(DEFAULT_ITEMS);
    if max > MAX_ITEMS {
        report.say(at, "/max_items", "at most 200", &max.to_string());
    }
    let max = max.min(MAX_ITEMS);
    if min > max {
        report.say(at, "/min_items", "no more than max_items", &min.to_string());
        return (0, max);
    }
    (min, max)
}

fn choices(at: At, field: &Field, fields: &[FieldModel], ids: &Ids, report: &mut Report) -> Option<Choices> {
    let mut choices = Choices {
        options: options(at, field, report),
        source: field.source.clone(),
        within: None,
    };
    if field.source.is_empty() {
        if choices.options.is_empty() {
            report.say(at, "/options", "at least one option that can be used", "none");
            return None;
        }
    } else {
        let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !field.source.chars().all(name) || field.source.len() > 40 {
            let expected = "the name of a published list: small letters, digits and hyphens";
            report.say(at, "/source", expected, &field.source);
            return None;
        }
        if !choices.options.is_empty() {
            report.say(at, "/options", "options or a source", "both");
            choices.options.clear();
        }
    }
    if !field.within.is_empty() {
        let whole = ids.get(field.within.as_str()).copied();
        choices.within =
            whole.filter(|whole| matches!(fields.get(*whole).map(|field| &field.kind), Some(FieldKind::One(_))));
        if choices.within.is_none() {
            report.say(at, "/within", "the id of an earlier choice of one", &field.within);
        }
    }
    Some(choices)
}

fn area(at: At, field: &Field, report: &mut Report) -> FieldKind {
    let levels = ["province", "regency", "district", "village"];
    let level = match levels.iter().position(|level| *level == field.level) {
        Some(place) => u8::try_from(place).unwrap_or(3).saturating_add(1),
        None => {
            if !field.level.is_empty() {
                report.say(at, "/level", "province, regency, district or village", &field.level);
            }
            4
        }
    };
    let above = area_level(&field.below);
    let usable = above.is_some_and(|above| above < level);
    if !usable && !field.below.is_empty() {
        report.say(
            at,
            "/below",
            "the Kemendagri code of a region above the level",
            &field.below,
        );
    }
    FieldKind::Area {
        level,
        below: if usable { field.below.clone() } else { String::new() },
    }
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

fn options(at: At, field: &Field, report: &mut Report) -> Vec<ChoiceOption> {
    let options = &field.options;
    if options.len() > MAX_OPTIONS {
        report.say(at, "/options", "at most 5000 options", &options.len().to_string());
    }
    let mut seen = Ids::new();
    let mut usable = Vec::new();
    for (index, option) in options.iter().enumerate().take(MAX_OPTIONS) {
        let value = option.value.trim();
        let parted = !option.parent.is_empty();
        if parted && field.within.is_empty() {
            let key = ["/options/", &index.to_string(), "/parent"].concat();
            report.say(at, &key, "within beside it", &option.parent);
        }
        if value.is_empty() || seen.contains_key(value) {
            let key = ["/options/", &index.to_string(), "/value"].concat();
            report.say(at, &key, "a value that no option before it has", &option.value);
            continue;
        }
        seen.insert(value.to_owned(), index);
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
