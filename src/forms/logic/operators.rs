//! What each operator gives.

use std::cmp::Ordering;
use std::rc::Rc;

use super::data::{Data, joined};
use super::number::Number;
use super::{Failure, Run};
use crate::model::json::Value;

/// Every operator's name.
const NAMES: &str = " var missing missing_some if ?: == === != !== ! !! or and > >= < <= max min + - * / % map \
     filter reduce all none some merge in cat substr log ";

/// Whether there is an operator of this name.
#[must_use]
pub fn is_operator(name: &str) -> bool {
    !name.is_empty() && NAMES.split(' ').any(|known| known == name)
}

/// An operand that was left out.
const NONE: &Data = &Data::Absent;

impl Run {
    /// What an operator gives for its operands, which may be one without a list.
    pub(super) fn operate(&mut self, name: &str, operands: &Value, data: &Data) -> Result<Data, Failure> {
        let rules = match operands {
            Value::Array(rules) => rules.as_slice(),
            one => std::slice::from_ref(one),
        };
        match name {
            "if" | "?:" => return self.choose(rules, data),
            "and" | "or" => return self.first(rules, name == "or", data),
            "map" | "filter" | "reduce" | "all" | "none" | "some" => return self.over_items(name, rules, data),
            _ if !is_operator(name) => return Err(Failure::Unknown(name.to_owned())),
            _ => {}
        }
        let given = self.all(rules, data)?;
        let at = |place: usize| given.get(place).unwrap_or(NONE);
        let (one, two) = (at(0), at(1));
        Ok(match name {
            "var" => self.look_up(one, two, data)?,
            "missing" => {
                let keys = match one {
                    Data::List(nest) => nest.items.as_slice(),
                    _ => &given,
                };
                let missing = self.missing(keys, data)?;
                self.list(missing)?
            }
            "missing_some" => {
                let Data::List(keys) = two else {
                    return self.list(Vec::new());
                };
                let missing = self.missing(&keys.items, data)?;
                let there = Number::whole(keys.items.len().saturating_sub(missing.len()));
                let enough = matches!(there.order(one.number()), Some(Ordering::Greater | Ordering::Equal));
                self.list(if enough { Vec::new() } else { missing })?
            }
            "==" => Data::Bool(one.is_alike(two)),
            "!=" => Data::Bool(!one.is_alike(two)),
            "===" => Data::Bool(one.is_same(two)),
            "!==" => Data::Bool(!one.is_same(two)),
            "!" => Data::Bool(!one.is_truthy()),
            "!!" => Data::Bool(one.is_truthy()),
            "<" | "<=" | ">" | ">=" => Data::Bool(compared(name, &given)),
            "max" | "min" => Data::Number(extreme(&given, name == "max")),
            "+" => Data::Number(given.iter().map(Data::leading_number).fold(Number::ZERO, Number::plus)),
            "*" => match given.as_slice() {
                // One factor stands for itself, whatever it is.
                [] => Data::Absent,
                [one] => one.clone(),
                [one, more @ ..] => {
                    let more = more.iter().map(Data::leading_number);
                    Data::Number(more.fold(one.leading_number(), Number::times))
                }
            },
            "-" if matches!(two, Data::Absent) => Data::Number(one.number().negated()),
            "-" => Data::Number(one.number().minus(two.number())),
            "/" => Data::Number(one.number().over(two.number())),
            "%" => Data::Number(one.number().rest(two.number())),
            "merge" => {
                let mut merged = Vec::new();
                for item in &given {
                    match item {
                        Data::List(nest) => {
                            self.spend(nest.items.len())?;
                            merged.extend(nest.items.iter().cloned());
                        }
                        other => merged.push(other.clone()),
                    }
                }
                self.list(merged)?
            }
            "in" => Data::Bool(match two {
                Data::Text(text) => !text.is_empty() && text.contains(&*one.text()),
                Data::List(nest) => nest.items.iter().any(|item| item.is_same(one)),
                _ => false,
            }),
            "cat" => {
                let text = joined(&given, "");
                self.text(&text)?
            }
            "substr" => {
                let text = one.text();
                let part = part(&text, two, at(2));
                self.text(&part)?
            }
            // "log": an operator that is there gives something above or is this one.
            _ => one.clone(),
        })
    }

    fn choose(&mut self, rules: &[Value], data: &Data) -> Result<Data, Failure> {
        let mut rest = rules;
        while let [when, then, more @ ..] = rest {
            if self.apply(when, data)?.is_truthy() {
                return self.apply(then, data);
            }
            rest = more;
        }
        match rest {
            [otherwise] => self.apply(otherwise, data),
            _ => Ok(Data::Null),
        }
    }

    /// The first operand that is true (`or`) or is not (`and`), else the last.
    fn first(&mut self, rules: &[Value], wanted: bool, data: &Data) -> Result<Data, Failure> {
        let mut current = Data::Absent;
        for rule in rules {
            current = self.apply(rule, data)?;
            if current.is_truthy() == wanted {
                break;
            }
        }
        Ok(current)
    }

    fn over_items(&mut self, name: &str, rules: &[Value], data: &Data) -> Result<Data, Failure> {
        let rule = |place: usize, run: &mut Self, data: &Data| match rules.get(place) {
            Some(rule) => run.apply(rule, data),
            None => Ok(Data::Absent),
        };
        let list = rule(0, self, data)?;
        let items = match &list {
            Data::List(nest) => Some(nest.items.as_slice()),
            _ => None,
        };
        if name == "reduce" {
            let mut sum = match rules.get(2) {
                Some(initial) => self.apply(initial, data)?,
                None => Data::Null,
            };
            for item in items.unwrap_or_default() {
                let both = vec![(Rc::from("current"), item.clone()), (Rc::from("accumulator"), sum)];
                let both = Data::object(both).ok_or(Failure::TooDeep)?;
                sum = rule(1, self, &both)?;
            }
            return Ok(sum);
        }
        let mut found = Vec::new();
        for item in items.unwrap_or_default() {
            let given = rule(1, self, item)?;
            match name {
                "map" => found.push(given),
                "filter" if given.is_truthy() => found.push(item.clone()),
                "all" if !given.is_truthy() => return Ok(Data::Bool(false)),
                "none" if given.is_truthy() => return Ok(Data::Bool(false)),
                "some" if given.is_truthy() => return Ok(Data::Bool(true)),
                _ => {}
            }
        }
        Ok(match name {
            "map" | "filter" => self.list(found)?,
            // Of nothing, not all is so.
            "all" => Data::Bool(items.is_some_and(|items| !items.is_empty())),
            name => Data::Bool(name == "none"),
        })
    }

    fn look_up(&mut self, name: &Data, otherwise: &Data, data: &Data) -> Result<Data, Failure> {
        let text = match name {
            Data::Absent | Data::Null => return Ok(data.clone()),
            name => name.text(),
        };
        if text.is_empty() {
            return Ok(data.clone());
        }
        self.spend(text.len() / 16)?;
        Ok(found(&text, data).unwrap_or_else(|| match otherwise {
            Data::Absent => Data::Null,
            otherwise => otherwise.clone(),
        }))
    }

    fn missing(&mut self, keys: &[Data], data: &Data) -> Result<Vec<Data>, Failure> {
        let mut missing = Vec::new();
        for key in keys {
            self.spend(1)?;
            let value = self.look_up(key, NONE, data)?;
            if matches!(value, Data::Null) || matches!(&value, Data::Text(text) if text.is_empty()) {
                missing.push(key.clone());
            }
        }
        Ok(missing)
    }
}

/// What a path with dots leads to: a member of that whole name first.
fn found(path: &str, data: &Data) -> Option<Data> {
    if let (Data::Object(_), Some(whole)) = (data, data.member(path)) {
        return Some(whole);
    }
    let mut here = data.clone();
    for part in path.split('.') {
        here = here.member(part)?;
    }
    Some(here)
}

/// Two values in order, or three where the middle one is to lie between.
fn compared(name: &str, given: &[Data]) -> bool {
    let holds = |one: &Data, two: &Data| {
        one.order(two).is_some_and(|order| match name {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_ge(),
        })
    };
    match given {
        [one, two, three, ..] if name.starts_with('<') => holds(one, two) && holds(two, three),
        [one, two, ..] => holds(one, two),
        _ => false,
    }
}

fn extreme(given: &[Data], largest: bool) -> Number {
    let start = Number::Infinite { negative: largest };
    given.iter().map(Data::number).fold(start, |best, number| {
        let wanted = if largest { Ordering::Greater } else { Ordering::Less };
        match number.order(best) {
            None => Number::Nan,
            Some(order) if order == wanted => number,
            Some(_) => best,
        }
    })
}

/// A part of a text, as `json-logic-js` counts: a negative start from the end, a negative length leaves
/// that many out at the end. A negative length that is no number leaves nothing, as there: JavaScript
/// joins it to a number of letters instead of adding it.
fn part(text: &str, start: &Data, length: &Data) -> String {
    let count = text.chars().count();
    let start = start.number().towards_zero();
    let back = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let start = if start < 0 {
        count.saturating_sub(back)
    } else {
        back.min(count)
    };
    let left = count.saturating_sub(start);
    let length = match length {
        Data::Absent => left,
        operand => match operand.number() {
            length if length.towards_zero() > 0 => usize::try_from(length.towards_zero()).unwrap_or(usize::MAX),
            length if length.order(Number::ZERO) == Some(Ordering::Less) => match operand {
                Data::Text(_) | Data::List(_) => 0,
                _ => usize::try_from(Number::whole(left).plus(length).towards_zero()).unwrap_or(0),
            },
            _ => 0,
        },
    };
    text.chars().skip(start).take(length).collect()
}
