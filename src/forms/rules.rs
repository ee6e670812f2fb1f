//! What a rule says of answers: the one door from the form engine to JsonLogic.
//!
//! A rule is given the answers by their fields' ids, as what they mean: numbers as numbers, `boolean`
//! as true and false, several choices as a list of their values, days as `YYYY-MM-DD` (so that they
//! compare), a place as `{lat, long, address}`, a region as `{code, name}`, files as `{name, size}`,
//! a repeated group as a list of its entries. A question that is hidden, not answered or answered with
//! what cannot be read is null.
//!
//! [`evaluate`] is named by a pointer in the model alone ([`super::model::Evaluator`]). A build that
//! keeps JsonLogic apart compiles a form by [`super::compile_without_rules`] and brings the pointer
//! once that part is loaded.

use std::rc::Rc;

use super::canonical::canonical_of;
use super::given::{Given, given};
use super::logic::{self, Data, number::Number};
use super::model::{FieldKind, FieldModel, Model, Rule};
use super::typed;
use super::visibility::settle;
use crate::model::answers::{Answer, Answers};
use crate::model::decimal::Decimal;

/// What reckons a rule of a model over answers, of which `shown` says which count.
pub type Evaluate = fn(&Model, &Rule, &Answers, &[bool]) -> Option<Outcome>;

/// What a rule gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it counts as true.
    pub holds: bool,
    /// As an answer in words or digits; `None` for nothing, and for what is no such answer.
    pub text: Option<String>,
}

/// What a rule gives; `None` where it is too deep or too long, so that nobody can say.
#[must_use]
pub fn evaluate(model: &Model, rule: &Rule, answers: &Answers, shown: &[bool]) -> Option<Outcome> {
    let read = rule.reads.iter().filter(|index| shown.get(**index) == Some(&true));
    let fields = read.filter_map(|index| model.fields.get(*index));
    let data = object(fields, answers)?;
    let found = logic::apply(&rule.rule, &data).ok()?;
    let text = match &found {
        // Its digits without an exponent.
        Data::Number(number) => Decimal::parse(&number.written()).map(|number| typed::number::written(number.as_str())),
        Data::Bool(flag) => Some(flag.to_string()),
        Data::Text(text) => Some((**text).to_owned()),
        _ => None,
    };
    Some(Outcome {
        holds: found.is_truthy(),
        text,
    })
}

fn object<'a>(fields: impl Iterator<Item = &'a FieldModel>, answers: &Answers) -> Option<Data> {
    let members = fields.map(|field| {
        let data = match given(field, answers) {
            Some(given) => data(field, given)?,
            None => Data::Null,
        };
        Some((Rc::from(field.id.as_str()), data))
    });
    Data::object(members.collect::<Option<_>>()?)
}

fn data(field: &FieldModel, given: Given<'_>) -> Option<Data> {
    let texts = |pairs: &[(&str, &str)]| {
        let members = pairs.iter().map(|(key, text)| (Rc::from(*key), Data::of(text)));
        Data::object(members.collect())
    };
    Some(match given {
        Given::Rows(rows) => match &field.kind {
            FieldKind::Repeat { entry, .. } => {
                let row = |row: &Answers| {
                    let settled = settle(entry, row);
                    let shown = entry.fields.iter().zip(&settled.shown).filter(|(_, shown)| **shown);
                    object(shown.map(|(field, _)| field), &settled.answers)
                };
                Data::list(rows.iter().map(row).collect::<Option<_>>()?)?
            }
            _ => Data::Null,
        },
        given => match (canonical_of(&field.kind, given), &field.kind) {
            (Answer::Text(text), FieldKind::Number { .. }) => match Number::parse(&text) {
                Number::Nan => Data::Null,
                number => Data::Number(number),
            },
            (Answer::Text(text), FieldKind::Boolean) => match text.as_str() {
                "true" => Data::Bool(true),
                "false" => Data::Bool(false),
                _ => Data::Null,
            },
            (Answer::Text(text), _) => Data::of(&text),
            (Answer::Many(values), _) => Data::list(values.iter().map(|value| Data::of(value)).collect())?,
            (Answer::Place(place), _) => {
                texts(&[("lat", &place.lat), ("long", &place.long), ("address", &place.address)])?
            }
            (Answer::Area(area), _) => texts(&[("code", &area.code), ("name", &area.name)])?,
            (Answer::Files(files), _) => {
                let file = |file: &crate::model::answers::FileAnswer| {
                    let size = Number::whole(usize::try_from(file.size).unwrap_or(usize::MAX));
                    let name = (Rc::from("name"), Data::of(&file.name));
                    Data::object(vec![name, (Rc::from("size"), Data::Number(size))])
                };
                Data::list(files.iter().map(file).collect::<Option<_>>()?)?
            }
            (Answer::Rows(_), _) => Data::Null,
        },
    })
}
