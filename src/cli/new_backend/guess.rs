//! What members of an answer are, by their names.

use std::collections::BTreeSet;

use serde_json::Value;

/// A JSON Pointer one key further (RFC 6901, section 3).
fn pointer(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Words in the name of a case's number, best first.
pub const NUMBER: &[&str] = &[
    "nomor",
    "number",
    "ticket",
    "reference",
    "tracking",
    "kode",
    "code",
    "id",
    "uuid",
];
/// Of its status.
pub const STATUS: &[&str] = &[
    "status_code",
    "kd_status",
    "status",
    "state",
    "phase",
    "kondisi",
    "tahap",
];
/// Of when it came in.
pub const RECEIVED: &[&str] = &[
    "created",
    "submitted",
    "received",
    "requested",
    "masuk",
    "dibuat",
    "tanggal",
];
/// Of when it was changed.
pub const UPDATED: &[&str] = &["updated", "modified", "changed", "diubah"];
/// Of any moment.
pub const MOMENT: &[&str] = &["at", "date", "time", "tanggal", "waktu", "tgl", "created", "updated"];
/// Of what the office says.
pub const REMARK: &[&str] = &[
    "note",
    "catatan",
    "remark",
    "comment",
    "keterangan",
    "message",
    "pesan",
    "description",
];

/// Deepest member that is looked at.
const DEPTH: usize = 5;

/// The pointer of the first member that is named by one of these words, wholly or in part; a shallow one
/// before a deep one, and never one of a list.
#[must_use]
pub fn path(sample: &Value, words: &[&str]) -> Option<String> {
    let mut all = Vec::new();
    leaves(sample, String::new(), DEPTH, &mut all);
    let named = |wanted: &dyn Fn(&str, &str) -> bool| {
        let mut found = words
            .iter()
            .filter_map(|word| all.iter().find(|(name, ..)| wanted(&name.to_lowercase(), word)));
        found.next().map(|(_, path, _)| path.clone())
    };
    let part = |name: &str, word: &str| name.split(['_', '-', ' ']).any(|part| part == word);
    named(&|name, word| name == word)
        .or_else(|| named(&part))
        .or_else(|| named(&|name, word| word.len() > 3 && name.contains(word)))
}

fn leaves<'a>(value: &'a Value, at: String, depth: usize, into: &mut Vec<(&'a str, String, &'a Value)>) {
    let (Value::Object(members), Some(deeper)) = (value, depth.checked_sub(1)) else {
        return;
    };
    let plain = members
        .iter()
        .filter(|(_, member)| !member.is_object() && !member.is_array());
    into.extend(plain.map(|(name, member)| (name.as_str(), pointer(&at, name), member)));
    for (name, member) in members {
        leaves(member, pointer(&at, name), deeper, into);
    }
}

/// The rows of a history, and the first of them: a list of objects with something like a status or a moment.
#[must_use]
pub fn history(sample: &Value) -> Option<(String, Value)> {
    fn look(value: &Value, at: &str, depth: usize) -> Option<(String, Value)> {
        let members = value.as_object()?;
        let deeper = depth.checked_sub(1)?;
        for (name, member) in members {
            let at = pointer(at, name);
            if let Some(row) = member.as_array().and_then(|rows| rows.first())
                && path(row, MOMENT).is_some()
                && (path(row, STATUS).is_some() || path(row, REMARK).is_some())
            {
                return Some((format!("{at}/*"), row.clone()));
            }
            if let Some(found) = look(member, &at, deeper) {
                return Some(found);
            }
        }
        None
    }
    look(sample, "", DEPTH)
}

/// Statuses that were seen.
#[must_use]
pub fn codes(sample: &Value) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::String(text) if !text.is_empty() && text.len() < 60 => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut found = BTreeSet::new();
    let mut look = |value: &Value| {
        let place = path(value, STATUS);
        found.extend(place.and_then(|place| value.pointer(&place)).and_then(text));
    };
    look(sample);
    if let Some((rows, _)) = history(sample) {
        let rows = sample.pointer(rows.trim_end_matches("/*")).and_then(Value::as_array);
        rows.into_iter().flatten().for_each(look);
    }
    found.into_iter().collect()
}

/// Formats in which the dates of a sample are written, as far as they are known ones.
#[must_use]
pub fn dates(sample: &Value) -> Vec<&'static str> {
    let mut texts = Vec::new();
    gather(sample, &mut texts);
    let shape = |text: &str| -> String {
        let digits = |letter: char| if letter.is_ascii_digit() { '9' } else { letter };
        text.chars().map(digits).collect()
    };
    let mut formats: Vec<&'static str> = Vec::new();
    for text in texts {
        let format = match shape(text).as_str() {
            "99-99-9999" => "dd-MM-yyyy",
            "99/99/9999" => "dd/MM/yyyy",
            "99-99-9999 99:99" => "dd-MM-yyyy HH:mm",
            "99-99-9999 99:99:99" => "dd-MM-yyyy HH:mm:ss",
            "99/99/9999 99:99" => "dd/MM/yyyy HH:mm",
            "99/99/9999 99:99:99" => "dd/MM/yyyy HH:mm:ss",
            shape if shape.starts_with("9999-99-99") => "iso",
            _ => continue,
        };
        if !formats.contains(&format) {
            formats.push(format);
        }
    }
    if formats.is_empty() {
        vec!["iso", "epoch"]
    } else {
        formats
    }
}

fn gather<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| gather(item, into)),
        Value::Object(members) => members.values().for_each(|member| gather(member, into)),
        _ => {}
    }
}
