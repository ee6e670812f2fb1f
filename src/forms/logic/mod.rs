//! JsonLogic (<https://jsonlogic.com/operations.html>): rules as data, the whole public set of
//! operators, with a bound to their depth and their work.
//!
//! A form's conditions, computed values and rules over several fields are written in it. What an
//! operator gives is what `json-logic-js` gives, JavaScript's conversions included, so that a rule
//! tried out elsewhere means the same here; the official suite and a differential run hold that.
//!
//! Three things are deliberately not as there:
//! - **Numbers are decimal** ([`number`]). `0.1 + 0.2` is `0.3`, and a sum of money is what a cashier
//!   reckons. It is the same on every phone, and spares a phone the tables that floats are written by.
//! - **Texts are counted in characters**, not in halves of UTF-16's pairs.
//! - **Nothing runs on.** A rule that is deeper than [`MAX_DEPTH`] or does more than [`MAX_WORK`]
//!   stops with [`Failure`]; so does an operator that nobody knows.
//!
//! Besides, a `var` may name a member whose name holds dots, as fields' ids do, and `log` logs
//! nothing: it gives what it is given.
//!
//! | module | holds |
//! |---|---|
//! | [`data`] | what rules work on, and JavaScript's conversions |
//! | [`number`] | decimal arithmetic |
//! | [`operators`] | what each operator gives |
//!
//! Nothing outside names these modules but `forms::rules`, by one function pointer, so that a build
//! can keep them in a part that is loaded for forms with rules alone.

pub mod data;
pub mod number;
mod operators;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use thiserror::Error;

use crate::model::json::Value;
pub use data::Data;
use number::Number;
pub use operators::is_operator;

/// Deepest nesting of a rule, and of what it makes.
pub const MAX_DEPTH: u8 = 64;
/// Most work of one evaluation: a unit for every node that is visited, every item of a list that is
/// made, and every 16 bytes of text.
pub const MAX_WORK: u32 = 100_000;

/// Why a rule gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// It is nested deeper than [`MAX_DEPTH`].
    #[error("nested too deeply")]
    TooDeep,
    /// It does more than [`MAX_WORK`].
    #[error("too much work")]
    TooMuch,
    /// There is no such operator.
    #[error("no operator {0:?}")]
    Unknown(String),
}

/// What a rule gives for data.
///
/// # Errors
/// [`Failure`].
pub fn apply(rule: &Value, data: &Data) -> Result<Data, Failure> {
    Run {
        left: MAX_WORK,
        depth: 0,
    }
    .apply(rule, data)
}

/// One evaluation, and what is left of its bounds.
struct Run {
    left: u32,
    depth: u8,
}

impl Run {
    fn spend(&mut self, units: usize) -> Result<(), Failure> {
        let left = u32::try_from(units).ok().and_then(|units| self.left.checked_sub(units));
        self.left = left.ok_or(Failure::TooMuch)?;
        Ok(())
    }

    fn apply(&mut self, rule: &Value, data: &Data) -> Result<Data, Failure> {
        self.spend(1)?;
        if self.depth >= MAX_DEPTH {
            return Err(Failure::TooDeep);
        }
        self.depth = self.depth.saturating_add(1);
        let outcome = self.apply_here(rule, data);
        self.depth = self.depth.saturating_sub(1);
        outcome
    }

    fn apply_here(&mut self, rule: &Value, data: &Data) -> Result<Data, Failure> {
        Ok(match rule {
            Value::Null => Data::Null,
            Value::Bool(flag) => Data::Bool(*flag),
            Value::Number(digits) => Data::Number(Number::parse(digits)),
            Value::String(text) => self.text(text)?,
            Value::Array(items) => {
                let items = self.all(items, data)?;
                self.list(items)?
            }
            Value::Object(members) => {
                let mut each = members.iter();
                match (each.next(), each.next()) {
                    (Some((operator, operands)), None) => return self.operate(operator, operands, data),
                    // An object of another number of members stands for itself.
                    _ => self.object(members)?,
                }
            }
        })
    }

    fn all(&mut self, rules: &[Value], data: &Data) -> Result<Vec<Data>, Failure> {
        rules.iter().map(|rule| self.apply(rule, data)).collect()
    }

    fn text(&mut self, text: &str) -> Result<Data, Failure> {
        self.spend(text.len() / 16)?;
        Ok(Data::Text(Rc::from(text)))
    }

    fn list(&mut self, items: Vec<Data>) -> Result<Data, Failure> {
        self.spend(items.len())?;
        Data::list(items).ok_or(Failure::TooDeep)
    }

    fn object(&mut self, members: &crate::model::json::value::Members) -> Result<Data, Failure> {
        let mut read = Vec::new();
        for (key, value) in members.iter() {
            self.spend(key.len() / 16)?;
            read.push((Rc::from(key), self.literal(value)?));
        }
        self.spend(read.len())?;
        Data::object(read).ok_or(Failure::TooDeep)
    }

    /// A value that stands for itself, whatever it looks like.
    fn literal(&mut self, value: &Value) -> Result<Data, Failure> {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.literal(item)).collect::<Result<_, _>>()?;
                self.list(items)
            }
            Value::Object(members) => self.object(members),
            plain => self.apply_here(plain, &Data::Null),
        }
    }
}
