//! The published form format, version 1: a form as data.
//!
//! Schema: `public/schema/form.schema.json`. What is written here is read leniently, one field at a
//! time: the form engine (`forms::compile`) turns it into a model plus diagnostics, so that one
//! impossible field does not take the whole form away.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::decimal::Decimal;
use super::json::{Node, Read, Value, object};
use super::text::Text;

/// The version of the format that this code writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// A form: steps, one a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Version of the format.
    pub format: u32,
    /// The steps, in the order in which they are asked.
    #[serde(default)]
    pub steps: Vec<Step>,
}

object!(Form { format, steps = default });

impl Form {
    /// All its fields, in their order.
    #[must_use]
    pub fn fields(&self) -> Vec<&Field> {
        let sections = self.steps.iter().flat_map(|step| &step.sections);
        sections.flat_map(|section| &section.fields).collect()
    }
}

/// One page of a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Identifier, unique in the form.
    pub id: String,
    /// The page's heading; a question where possible.
    #[serde(default)]
    pub title: Text,
    /// One sentence under the heading.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub lead: Text,
    /// Groups of fields on the page.
    #[serde(default)]
    pub sections: Vec<Section>,
}

object!(Step { id, title = default, lead = default, sections = default });

/// Fields that belong together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Heading; none where the step says all.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub title: Text,
    /// The fields.
    #[serde(default)]
    pub fields: Vec<Field>,
}

object!(Section { title = default, fields = default });

/// One question. Keys that do not apply to its type are reported by `forms::compile` and ignored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Path of its answer, unique in the form; any text without controls.
    pub id: String,
    /// `text`, `textarea`, `number`, `date`, `time`, `datetime`, `choice`, `file`, `location`,
    /// `email`, `phone`, `person_id` or `static`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The question.
    #[serde(default)]
    pub label: Text,
    /// Help, shown before the input. For `static`, the text itself is the label.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub hint: Text,
    /// Whether an answer is needed while the field is visible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Shown only while this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<Condition>,
    /// `text`, `textarea`: fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// `text`, `textarea`, `email`: most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// `number`: smallest; `date`: earliest, `YYYY-MM-DD` or `today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// `number`: largest; `date`: latest, `YYYY-MM-DD` or `today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// `number`: whole numbers only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub integer: bool,
    /// `choice`: what can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// `choice`: more than one may be chosen. `file`: more than one may be given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub many: bool,
    /// `file`: media types accepted, such as `image/jpeg` or `image/*`; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<String>,
    /// `file`: most bytes of one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bytes: Option<u64>,
    /// `file` with `many`: most files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_files: Option<u32>,
    /// HTML autocomplete token (`name`, `email`, `tel`, `street-address`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub autocomplete: String,
}

object!(Field { id, kind: "type", label = default, hint = default, required = default, visible_when, min_length, max_length, min, max, integer = default, options = default, many = default, accept = default, max_bytes, max_files, autocomplete = default });

/// A limit: a number, or a date as text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Bound {
    /// For numbers.
    Number(Decimal),
    /// For dates: `YYYY-MM-DD` or `today`.
    Date(String),
}

impl Read for Bound {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        match Decimal::parse(node.digits()) {
            Some(number) => Self::Number(number),
            None => Self::Date(String::read(node, wrong)),
        }
    }
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self::Date(text)),
            Value::Number(number) => Decimal::parse(&number).map(Self::Number).ok_or(()),
            _ => Err(()),
        }
        .map_err(|()| D::Error::custom("a limit is a number or a date"))
    }
}

/// Something that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What is sent.
    pub value: String,
    /// What is read; the value where it is empty.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub label: Text,
}

object!(ChoiceOption { value, label = default });

/// One condition over one other field: exactly one of `equals`, `any_of` and `answered` is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The other field's id; it must come earlier in the form.
    pub field: String,
    /// Holds when the answer is this value, or contains it where many are chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<String>,
    /// Holds when the answer is, or contains, one of these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_of: Option<Vec<String>>,
    /// Holds when there is an answer (`true`) or none (`false`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
}

object!(Condition {
    field,
    equals,
    any_of,
    answered
});
