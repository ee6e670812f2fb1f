//! Whether two forms mean the same: a short hash of everything that changes what an answer means.
//!
//! In it: every question's id, type, `required`, limits, options' values and condition. Not in it:
//! what is only read (labels, hints, titles, texts, `autocomplete`), and the order and pages in which
//! questions and options stand. A backend that lists the same questions in another order has not
//! changed its form.
//!
//! FNV-1a over 64 bits, one hash a question and one an option, added up. Every piece goes in with its
//! length, every integer as eight bytes, so that it is the same natively and in the browser. It
//! tells honest changes apart and is no proof against a forger.

use crate::model::form::{Bound, FORMAT, Field, Form, NEWEST, When};
use crate::model::map::Map;

/// Sixteen hexadecimal digits.
#[must_use]
pub fn fingerprint(form: &Form) -> String {
    let mut all = Fnv::new();
    // What a form says does not hang on the version in which it is written.
    let format = if form.format == NEWEST { FORMAT } else { form.format };
    all.number(u64::from(format));
    let fields = form
        .steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields);
    // A text to read has no answer.
    let questions = fields.filter(|field| field.kind != "static");
    all.number(questions.fold(0, |sum, field| sum.wrapping_add(question(field))));
    if !form.rules.is_empty() {
        let rules = form.rules.iter().map(|rule| rule.check.json());
        all.texts(rules.collect::<Vec<_>>().iter());
    }
    written(all.0)
}

/// What each question means, by its id: eight hexadecimal digits, to be kept with its answer. Where two
/// forms disagree about one, what was answered to the first is no answer to the second.
#[must_use]
pub fn meanings(form: &Form) -> Map<String> {
    let fields = form
        .steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields);
    let questions = fields.filter(|field| field.kind != "static");
    questions
        .map(|field| {
            let mut hash = Fnv::new();
            meaning(field, &mut hash);
            let short = written(hash.0).get(8..).unwrap_or_default().to_owned();
            (field.id.clone(), short)
        })
        .collect()
}

/// Sixteen hexadecimal digits.
fn written(hash: u64) -> String {
    let digit = |shift: u32| char::from_digit(u32::try_from(hash.wrapping_shr(shift) & 15).unwrap_or(0), 16);
    (0..16_u32)
        .rev()
        .filter_map(|place| digit(place.wrapping_mul(4)))
        .collect()
}

fn question(field: &Field) -> u64 {
    let mut hash = Fnv::new();
    meaning(field, &mut hash);
    asking(field, &mut hash);
    hash.0
}

/// What its answer can be, and says: all but when it is asked.
fn meaning(field: &Field, hash: &mut Fnv) {
    hash.text(&field.id);
    hash.text(&field.kind);
    hash.number(u64::from(field.required) | u64::from(field.integer) << 1 | u64::from(field.many) << 2);
    for limit in [field.min_length, field.max_length, field.max_files] {
        hash.maybe(limit.map(u64::from));
    }
    hash.maybe(field.max_bytes);
    for bound in [&field.min, &field.max] {
        match bound {
            None => hash.number(0),
            Some(Bound::Number(number)) => {
                hash.number(1);
                hash.text(number.as_str());
            }
            Some(Bound::Date(date)) => {
                hash.number(2);
                hash.text(date);
            }
        }
    }
    hash.texts(field.options.iter().map(|option| &option.value));
    hash.texts(&field.accept);
    // What came later counts where it is used, so that older fingerprints stay what they are.
    for (mark, text) in [
        (3, &field.source),
        (4, &field.within),
        (5, &field.level),
        (6, &field.below),
    ] {
        if !text.is_empty() {
            hash.number(mark);
            hash.text(text);
        }
    }
    for (mark, count) in [(7, field.min_items), (8, field.max_items)] {
        if let Some(count) = count {
            hash.number(mark);
            hash.number(u64::from(count));
        }
    }
    let parted = field.options.iter().filter(|option| !option.parent.is_empty());
    let parted: Vec<String> = parted
        .map(|option| [&*option.parent, &*option.value].join("\u{0}"))
        .collect();
    if !parted.is_empty() {
        hash.number(9);
        hash.texts(parted.iter());
    }
    if let Some(rule) = &field.computed {
        hash.number(10);
        hash.text(&rule.json());
    }
    if !field.fields.is_empty() {
        hash.number(11);
        let inner = field.fields.iter().filter(|field| field.kind != "static");
        // Two deep: there is no repeated group in another.
        let sum = inner.fold(0, |sum: u64, field| match field.fields.is_empty() {
            true => sum.wrapping_add(question(field)),
            false => sum,
        });
        hash.number(sum);
    }
}

/// When it is asked.
fn asking(field: &Field, hash: &mut Fnv) {
    match &field.visible_when {
        None => hash.number(0),
        Some(When::Rule(rule)) => {
            hash.number(2);
            hash.text(&rule.json());
        }
        Some(When::Simple(condition)) => {
            hash.number(1);
            hash.text(&condition.field);
            // `equals` is `any_of` with one value.
            match (&condition.equals, &condition.any_of) {
                (Some(value), None) => hash.texts([value]),
                (None, Some(values)) => hash.texts(values),
                (None, None) => hash.texts([]),
                (Some(value), Some(values)) => hash.texts([value].into_iter().chain(values)),
            }
            hash.maybe(condition.answered.map(u64::from));
        }
    }
    match &field.required_when {
        None => {}
        Some(When::Rule(rule)) => {
            hash.number(12);
            hash.text(&rule.json());
        }
        Some(When::Simple(condition)) => {
            hash.number(13);
            hash.text(&condition.field);
            hash.texts(condition.equals.iter().chain(condition.any_of.iter().flatten()));
            hash.maybe(condition.answered.map(u64::from));
        }
    }
}

struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn maybe(&mut self, number: Option<u64>) {
        self.number(u64::from(number.is_some()));
        self.number(number.unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    /// Texts whose order does not matter.
    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) {
        let (mut count, mut sum) = (0_u64, 0_u64);
        for text in texts {
            let mut hash = Self::new();
            hash.text(text);
            count = count.wrapping_add(1);
            sum = sum.wrapping_add(hash.0);
        }
        self.number(count);
        self.number(sum);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn field() -> Value {
        json!({ "id": "a", "type": "choice", "label": "A", "options": [{ "value": "x" }, { "value": "y" }],
                "visible_when": { "field": "b", "equals": "1" } })
    }

    fn of(fields: &[Value]) -> String {
        let form = json!({ "format": 1, "steps": [{ "id": "s", "sections": [{ "fields": fields }] }] });
        fingerprint(&serde_json::from_value(form).unwrap())
    }

    #[test]
    fn it_is_the_same_from_build_to_build() {
        // Drafts and published files carry it: a change here asks every citizen again.
        assert_eq!(of(&[field()]), "d838c29a7bca4ad2");
        assert_eq!(fingerprint(&Form::default()), "88201fb960ff6465");
    }

    #[test]
    fn what_is_only_read_does_not_change_it() {
        let plain = of(&[field()]);
        for (key, value) in [
            ("label", json!({ "id": "B", "en": "B" })),
            ("hint", json!("H")),
            ("autocomplete", json!("name")),
            ("options", json!([{ "value": "y", "label": "Y" }, { "value": "x" }])),
            ("visible_when", json!({ "field": "b", "any_of": ["1"] })),
        ] {
            let mut changed = field();
            changed[key] = value;
            assert_eq!(of(&[changed]), plain, "{key}");
        }
        let text = json!({ "id": "t", "type": "static", "label": "T" });
        let other = json!({ "id": "b", "type": "text" });
        assert_eq!(of(&[text, field()]), plain);
        assert_eq!(
            of(&[field(), other.clone()]),
            of(&[other, field()]),
            "the order of questions"
        );
    }

    #[test]
    fn what_changes_the_meaning_of_an_answer_changes_it() {
        let mut seen = vec![of(&[field()]), of(&[]), of(&[field(), field()])];
        for (key, value) in [
            ("id", json!("aa")),
            ("type", json!("text")),
            ("required", json!(true)),
            ("many", json!(true)),
            ("integer", json!(true)),
            ("min_length", json!(1)),
            ("max_length", json!(1)),
            ("max_files", json!(1)),
            ("max_bytes", json!(1)),
            ("min", json!(1)),
            ("min", json!("1")),
            ("max", json!(1)),
            ("accept", json!(["x"])),
            ("options", json!([{ "value": "x" }])),
            ("options", json!([{ "value": "xy" }])),
            ("options", json!([{ "value": "x" }, { "value": "z" }])),
            ("visible_when", Value::Null),
            ("visible_when", json!({ "field": "b", "equals": "2" })),
            ("visible_when", json!({ "field": "c", "equals": "1" })),
            ("visible_when", json!({ "field": "b", "answered": true })),
            ("visible_when", json!({ "field": "b", "answered": false })),
        ] {
            let mut changed = field();
            changed[key] = value;
            let fingerprint = of(&[changed]);
            assert!(!seen.contains(&fingerprint), "{key}");
            seen.push(fingerprint);
        }
    }
}
