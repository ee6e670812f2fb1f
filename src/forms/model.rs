//! What a published form compiles to: a flat list of fields, and steps that name ranges of it.

use std::ops::Range;

use crate::model::decimal::Decimal;
use crate::model::form::ChoiceOption;
use crate::model::text::Text;

/// A compiled form. Every index in it is valid, every condition names an earlier field, and a
/// step's sections lie one after the other: only [`super::compile`] makes one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The steps; never empty unless the form was.
    pub steps: Vec<StepModel>,
    /// The fields of all steps in their order.
    pub fields: Vec<FieldModel>,
}

impl Model {
    /// The fields of a step, as a range of [`Model::fields`]; empty for a step that there is not.
    #[must_use]
    pub fn fields_of(&self, step: usize) -> Range<usize> {
        let sections = self.steps.get(step).map_or(&[][..], |step| &step.sections);
        match (sections.first(), sections.last()) {
            (Some(first), Some(last)) => first.fields.start..last.fields.end,
            _ => 0..0,
        }
    }

    /// The step that asks a field, for a link from a list of complaints.
    #[must_use]
    pub fn step_of(&self, field: usize) -> Option<usize> {
        (0..self.steps.len()).find(|step| self.fields_of(*step).contains(&field))
    }
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepModel {
    /// Identifier.
    pub id: String,
    /// Heading.
    pub title: Text,
    /// Sentence under it.
    pub lead: Text,
    /// Its sections.
    pub sections: Vec<SectionModel>,
}

/// Fields that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SectionModel {
    /// Heading; may be empty.
    pub title: Text,
    /// Range of [`Model::fields`].
    pub fields: Range<usize>,
}

/// One question.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldModel {
    /// Path of its answer.
    pub id: String,
    /// Its type, with what belongs to it.
    pub kind: FieldKind,
    /// The question.
    pub label: Text,
    /// Help before the input.
    pub hint: Text,
    /// Whether an answer is needed while it is visible.
    pub required: bool,
    /// Shown only while this holds.
    pub visible_when: Option<Condition>,
    /// HTML autocomplete token; may be empty.
    pub autocomplete: String,
    /// Indices of the later fields whose condition names this one.
    pub dependents: Vec<usize>,
}

/// A field's type, with what belongs to it alone.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// One line.
    Text {
        /// Fewest and most characters.
        length: (Option<u32>, Option<u32>),
    },
    /// Several lines.
    TextArea {
        /// Fewest and most characters.
        length: (Option<u32>, Option<u32>),
    },
    /// A number, typed with dots and commas as people do.
    Number {
        /// Smallest.
        min: Option<Decimal>,
        /// Largest.
        max: Option<Decimal>,
        /// Whole numbers only.
        integer: bool,
    },
    /// A day.
    Date {
        /// Earliest.
        min: Option<DateBound>,
        /// Latest.
        max: Option<DateBound>,
    },
    /// A time of day.
    Time,
    /// A day and a time of day, in the citizen's own time.
    DateTime,
    /// One of the options.
    One(Vec<ChoiceOption>),
    /// Any number of the options.
    Many(Vec<ChoiceOption>),
    /// Files.
    File {
        /// Media types; empty: any.
        accept: Vec<String>,
        /// Most bytes of one.
        max_bytes: Option<u64>,
        /// Most files; 1 where only one may be given.
        max_files: u32,
    },
    /// A place.
    Location,
    /// An email address.
    Email {
        /// Most characters.
        max_length: Option<u32>,
    },
    /// A telephone number.
    Phone,
    /// A NIK.
    PersonId,
    /// A text to read, no question.
    Static,
}

/// A limit of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBound {
    /// Year, month, day.
    Day(i64, i64, i64),
    /// The day of filling in.
    Today,
}

/// A condition over an earlier field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Index of that field.
    pub field: usize,
    /// What must hold of its answer.
    pub test: Test,
}

/// What must hold of an answer. A field that is itself hidden has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// It is, or contains, one of these.
    AnyOf(Vec<String>),
    /// There is one, or none.
    Answered(bool),
}
