//! The published form format, versions 1 and 2: a form as data.
//!
//! Schema: `public/schema/form.schema.json`; `tests/fixtures/forms` shows it by example. What is
//! written here is read leniently, one field at a time: the form engine (`forms::compile`) turns it
//! into a model plus diagnostics, so that one impossible field does not take the whole form away.
//!
//! Version 2 added types, rules in JsonLogic, choices from a source and repeated groups. A form that
//! uses none of that may go on saying 1, and means the same.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::decimal::Decimal;
use super::json::{Node, Read, Value, object};
use super::text::Text;

/// The oldest version of the format; every form that needs nothing newer is written in it.
pub const FORMAT: u32 = 1;

/// The newest version that this code reads.
pub const NEWEST: u32 = 2;

/// A form: steps, one a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Version of the format.
    pub format: u32,
    /// The steps, in the order in which they are asked.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// What has to hold between answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

object!(Form { format, steps = default, rules = default });

/// What has to hold between the answers to several questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// JsonLogic over the answers by their fields' ids; it holds where that gives something true.
    pub check: Value,
    /// What is said where it does not hold: what to write instead, best with an example.
    #[serde(default)]
    pub message: Text,
    /// The questions that it is about. The message stands at the last of them, and while that one is
    /// hidden nobody looks at the rule.
    #[serde(default)]
    pub fields: Vec<String>,
}

object!(Rule { check, message = default, fields = default });

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
    /// Since 1: `text`, `textarea`, `number`, `date`, `time`, `datetime`, `choice`, `file`,
    /// `location`, `email`, `phone`, `person_id`, `static`. Since 2: `integer`, `decimal`, `money`,
    /// `boolean`, `image`, `signature`, `url`, `org_id`, `address`, `admin_area`, `repeat`,
    /// `server_assigned`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The question.
    #[serde(default)]
    pub label: Text,
    /// Help, shown before the input. For `static`, the text itself is the label.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub hint: Text,
    /// Why this is asked and who sees it.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub why: Text,
    /// Whether an answer is needed while the field is visible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Shown only while this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<When>,
    /// An answer is needed while this holds, as by `required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_when: Option<When>,
    /// JsonLogic over earlier answers that gives this one: it is shown and not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<Value>,
    /// `text`, `textarea`: fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// `text`, `textarea`, `email`: most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Numbers: smallest; `date`: earliest, `YYYY-MM-DD` or `today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// Numbers: largest; `date`: latest, `YYYY-MM-DD` or `today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// `number`: whole numbers only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub integer: bool,
    /// `choice`: what can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// `choice`: the published list whose entries can be chosen, in place of `options`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// `choice`: the earlier choice of which this one is a part; only options whose `parent` is its
    /// answer are offered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub within: String,
    /// `admin_area`: how deep: `province`, `regency`, `district` or `village`, which is usual.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// `admin_area`: the Kemendagri code of the region in which it lies, which is not asked then.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub below: String,
    /// `repeat`: the questions of one entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Self>,
    /// `repeat`: fewest entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u32>,
    /// `repeat`: most entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u32>,
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
    /// What of the citizen's own this is, whatever a form calls it: see `forms::concept`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub concept: String,
    /// What is asked here is of no person: a site around a widget may fill it in beforehand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
}

object!(Field { id, kind: "type", label = default, hint = default, why = default, required = default, visible_when, required_when, computed, min_length, max_length, min, max, integer = default, options = default, source = default, within = default, level = default, below = default, fields = default, min_items, max_items, many = default, accept = default, max_bytes, max_files, autocomplete = default, concept = default, public = default });

/// When something holds: one test of one other answer, or JsonLogic.
///
/// In JSON a test is an object with a `field`; everything else is JsonLogic, which has no operator of
/// that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum When {
    /// One test of one other answer.
    Simple(Condition),
    /// JsonLogic over the answers by their fields' ids.
    Rule(Value),
}

impl Read for When {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        match node {
            Node::Object(members) if members.iter().any(|(key, _)| key == "field") => {
                Self::Simple(Condition::read(node, wrong))
            }
            node => Self::Rule(Value::read(node, wrong)),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        super::json::read(value.json().as_bytes())
            .map_err(|_| D::Error::custom("a condition names one field, with equals, any_of or answered"))
    }
}

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
    /// The answer to the choice of which this one is a part, see [`Field::within`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parent: String,
}

object!(ChoiceOption { value, label = default, parent = default });

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
