//! What rules work on, and how JavaScript turns one kind of it into another.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use super::MAX_DEPTH;
use super::number::Number;
use crate::model::json::Value;

/// A value. Copies share what they hold.
#[derive(Clone, Debug)]
pub enum Data {
    /// JavaScript's `undefined`: an operand that was left out.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Rc<str>),
    /// A list.
    List(Rc<Nest<Data>>),
    /// An object; of doubled keys the last counts.
    Object(Rc<Nest<(Rc<str>, Data)>>),
}

/// What a list or an object holds, and how deep it is: nothing deeper than [`MAX_DEPTH`] is made, so
/// that nothing that walks it can exhaust the stack.
#[derive(Debug)]
pub struct Nest<T> {
    depth: u8,
    /// The items or members.
    pub items: Vec<T>,
}

impl Data {
    /// A text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::Text(Rc::from(text))
    }

    fn depth(&self) -> u8 {
        match self {
            Self::List(nest) => nest.depth,
            Self::Object(nest) => nest.depth,
            _ => 0,
        }
    }

    /// A list; `None` where it is too deep.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Option<Self> {
        let depth = items.iter().map(Self::depth).max().unwrap_or(0);
        let depth = depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        Some(Self::List(Rc::new(Nest { depth, items })))
    }

    /// An object; `None` where it is too deep.
    #[must_use]
    pub fn object(items: Vec<(Rc<str>, Self)>) -> Option<Self> {
        let depth = items.iter().map(|(_, value)| value.depth()).max().unwrap_or(0);
        let depth = depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        Some(Self::Object(Rc::new(Nest { depth, items })))
    }

    /// JSON as data; `None` where it is too deep.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(*flag),
            Value::Number(digits) => Self::Number(Number::parse(digits)),
            Value::String(text) => Self::of(text),
            Value::Array(items) => Self::list(items.iter().map(Self::read).collect::<Option<_>>()?)?,
            Value::Object(members) => {
                let read = |(key, value): (&str, &Value)| Some((Rc::from(key), Self::read(value)?));
                Self::object(members.iter().map(read).collect::<Option<_>>()?)?
            }
        })
    }

    /// The data as JSON: what is absent, not a number or infinite is `null`, as in JavaScript.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Absent | Self::Null | Self::Number(Number::Nan | Number::Infinite { .. }) => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::Number(number.written()),
            Self::Text(text) => Value::String((**text).to_owned()),
            Self::List(nest) => Value::Array(nest.items.iter().map(Self::json).collect()),
            Self::Object(nest) => {
                let members = nest.items.iter();
                Value::Object(members.map(|(key, value)| ((**key).to_owned(), value.json())).collect())
            }
        }
    }

    /// Whether it counts as true: not an empty list, and not what JavaScript takes for false.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Absent | Self::Null => false,
            Self::Bool(flag) => *flag,
            Self::Number(number) => !number.is_nothing(),
            Self::Text(text) => !text.is_empty(),
            Self::List(nest) => !nest.items.is_empty(),
            Self::Object(_) => true,
        }
    }

    /// As a text: JavaScript's `String`.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Absent => Cow::Borrowed("undefined"),
            Self::Null => Cow::Borrowed("null"),
            Self::Bool(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Self::Number(number) => Cow::Owned(number.written()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(nest) => Cow::Owned(joined(&nest.items, ",")),
            Self::Object(_) => Cow::Borrowed("[object Object]"),
        }
    }

    /// As a number: JavaScript's `Number`.
    #[must_use]
    pub fn number(&self) -> Number {
        match self {
            Self::Absent | Self::Object(_) => Number::Nan,
            Self::Null => Number::ZERO,
            Self::Bool(flag) => Number::whole(usize::from(*flag)),
            Self::Number(number) => *number,
            Self::Text(text) => Number::parse(text),
            Self::List(_) => Number::parse(&self.text()),
        }
    }

    /// The number that it begins with: JavaScript's `parseFloat`.
    #[must_use]
    pub fn leading_number(&self) -> Number {
        match self {
            Self::Number(number) => *number,
            other => Number::prefix(&other.text()).0,
        }
    }

    /// `===`: of one kind and the same; lists and objects are the same only as themselves.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) | (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one.order(*other) == Some(Ordering::Equal),
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::List(one), Self::List(other)) => Rc::ptr_eq(one, other),
            (Self::Object(one), Self::Object(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// `==`, with JavaScript's conversions.
    #[must_use]
    pub fn is_alike(&self, other: &Self) -> bool {
        let plain = |data: &Self| matches!(data, Self::Bool(_) | Self::Number(_) | Self::Text(_));
        match (self, other) {
            (Self::Absent | Self::Null, Self::Absent | Self::Null) => true,
            (Self::List(_) | Self::Object(_), Self::Text(text))
            | (Self::Text(text), Self::List(_) | Self::Object(_)) => {
                let nest = if matches!(self, Self::Text(_)) { other } else { self };
                nest.text() == **text
            }
            (Self::List(_) | Self::Object(_), nest) if plain(nest) => {
                Number::parse(&self.text()).order(nest.number()) == Some(Ordering::Equal)
            }
            (nest, Self::List(_) | Self::Object(_)) if plain(nest) => other.is_alike(self),
            (Self::Text(_), Self::Text(_)) => self.is_same(other),
            (one, other) if plain(one) && plain(other) => one.number().order(other.number()) == Some(Ordering::Equal),
            _ => self.is_same(other),
        }
    }

    /// The order of two values: of texts by their letters, else of their numbers; none where one is no
    /// number.
    #[must_use]
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        let letters = |data: &Self| matches!(data, Self::Text(_) | Self::List(_) | Self::Object(_));
        if letters(self) && letters(other) {
            return Some(self.text().cmp(&other.text()));
        }
        let number = |data: &Self| match data {
            Self::Object(_) => Number::Nan,
            data => data.number(),
        };
        number(self).order(number(other))
    }

    /// A member of an object, an item of a list by its place, or a letter of a text.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<Self> {
        let place = || {
            let plain = key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
            key.parse::<usize>().ok().filter(|_| plain)
        };
        match self {
            Self::Object(nest) => {
                let mut last = nest.items.iter().rev();
                last.find(|(name, _)| **name == *key).map(|(_, value)| value.clone())
            }
            Self::List(nest) if key == "length" => Some(Self::Number(Number::whole(nest.items.len()))),
            Self::List(nest) => nest.items.get(place()?).cloned(),
            Self::Text(text) if key == "length" => Some(Self::Number(Number::whole(text.chars().count()))),
            Self::Text(text) => {
                let letter = text.chars().nth(place()?)?;
                Some(Self::of(letter.encode_utf8(&mut [0; 4])))
            }
            _ => None,
        }
    }
}

/// Texts one after the other; nothing and null are empty there.
pub(super) fn joined(items: &[Data], between: &str) -> String {
    let mut text = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            text.push_str(between);
        }
        if !matches!(item, Data::Absent | Data::Null) {
            text.push_str(&item.text());
        }
    }
    text
}
