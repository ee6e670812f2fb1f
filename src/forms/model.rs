//! What a published form compiles to: a flat list of fields, and steps that name ranges of it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::rules::Evaluate;
use crate::model::decimal::Decimal;
use crate::model::form::ChoiceOption;
use crate::model::json::Value;
use crate::model::text::Text;

/// A compiled form. Every index in it is valid, what a field hangs on comes before it, and a step's
/// sections lie one after the other: only [`super::compile`] makes one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The steps; never empty unless the form was.
    pub steps: Vec<StepModel>,
    /// The fields of all steps in their order.
    pub fields: Vec<FieldModel>,
    /// What has to hold between answers.
    pub checks: Vec<Check>,
    /// What reckons the rules.
    pub evaluator: Evaluator,
}

/// What reckons a model's rules, where that part of the program is there. Without it conditions hold,
/// nothing is computed and nothing is complained of.
#[derive(Clone, Copy, Default)]
pub struct Evaluator(pub Option<Evaluate>);

impl fmt::Debug for Evaluator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Evaluator" } else { "no Evaluator" })
    }
}

/// Models are alike in what they ask, whoever reckons.
impl PartialEq for Evaluator {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Model {
    /// Whether it has rules, so that it needs an [`Evaluator`].
    #[must_use]
    pub fn has_rules(&self) -> bool {
        !self.checks.is_empty() || self.fields.iter().any(FieldModel::has_rules)
    }

    /// Gives it what reckons its rules.
    pub fn bring(&mut self, evaluate: Evaluate) {
        self.evaluator = Evaluator(Some(evaluate));
        for field in &mut self.fields {
            if let FieldKind::Repeat { entry, .. } = &mut field.kind {
                // Nobody else has it yet.
                if let Some(entry) = Arc::get_mut(entry) {
                    entry.bring(evaluate);
                }
            }
        }
    }

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
    /// Why it is asked; may be empty.
    pub why: Text,
    /// Whether an answer is needed while it is visible.
    pub required: bool,
    /// Shown only while this holds.
    pub visible_when: Option<When>,
    /// An answer is needed while this holds.
    pub required_when: Option<When>,
    /// What gives its answer, which is not asked then.
    pub computed: Option<Rule>,
    /// HTML autocomplete token; may be empty.
    pub autocomplete: String,
    /// What of the citizen's own it asks for (`super::concept`); may be empty.
    pub concept: &'static str,
    /// Indices of the later fields whose condition or computed answer hangs on this one.
    pub dependents: Vec<usize>,
    /// Indices of the later choices that are parts of this one.
    pub parts: Vec<usize>,
}

impl FieldModel {
    fn has_rules(&self) -> bool {
        let by_rule = |when: &Option<When>| matches!(when, Some(When::Rule(_)));
        let within = matches!(&self.kind, FieldKind::Repeat { entry, .. } if entry.has_rules());
        self.computed.is_some() || by_rule(&self.visible_when) || by_rule(&self.required_when) || within
    }

    /// Whether the citizen is asked for something: no text to read, nothing that is computed or that
    /// the office gives.
    #[must_use]
    pub const fn asks(&self) -> bool {
        !matches!(self.kind, FieldKind::Static | FieldKind::Assigned) && self.computed.is_none()
    }
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
        /// Rupiah.
        money: bool,
    },
    /// Yes or no: `true` or `false`.
    Boolean,
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
    One(Choices),
    /// Any number of the options.
    Many(Choices),
    /// Files.
    File {
        /// Media types; empty: any.
        accept: Vec<String>,
        /// Most bytes of one.
        max_bytes: Option<u64>,
        /// Most files; 1 where only one may be given.
        max_files: u32,
    },
    /// A signature: drawn, as a file, or a typed name.
    Signature,
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
    /// A number of an organisation: NPWP or NIB.
    OrgId,
    /// An address on the web.
    Url,
    /// A region of Indonesia.
    Area {
        /// How deep: 1 for a province to 4 for a village.
        level: u8,
        /// Code of the region in which it lies; may be empty.
        below: String,
    },
    /// A group of questions that is answered any number of times.
    Repeat {
        /// The questions of one entry; it has one step.
        entry: Arc<Model>,
        /// Fewest entries.
        min: u32,
        /// Most entries.
        max: u32,
    },
    /// A text to read, no question.
    Static,
    /// What the office gives after it received the application.
    Assigned,
}

/// What can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// The options; none where they come from a source.
    pub options: Vec<ChoiceOption>,
    /// The published list that holds the options; empty where the form itself does.
    pub source: String,
    /// Index of the earlier choice of which this one is a part.
    pub within: Option<usize>,
}

/// A limit of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateBound {
    /// Year, month, day.
    Day(i64, i64, i64),
    /// The day of filling in.
    Today,
}

/// When something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// One test of one field.
    Simple(Condition),
    /// A rule over any number of fields.
    Rule(Rule),
}

/// JsonLogic, and the fields whose answers it reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The rule.
    pub rule: Value,
    /// Indices of the fields, in the form's order.
    pub reads: Vec<usize>,
}

/// What has to hold between answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Holds where it gives something true.
    pub rule: Rule,
    /// What is said where it does not.
    pub message: Text,
    /// Index of the last field that it is about, where the message stands.
    pub at: usize,
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
