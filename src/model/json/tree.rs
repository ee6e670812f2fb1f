//! A text of JSON as a tree, which borrows from it.

use std::borrow::Cow;

use super::{MAX_DEPTH, Malformed};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// Not there: what an object says of a key that it has not.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number as it is written.
    Number(&'a str),
    /// A text, its escapes undone.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// An object's members in their order; keys may be doubled.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

static ABSENT: Node<'static> = Node::Absent;

impl<'a> Node<'a> {
    /// The letters of a text; anything else is wrong.
    #[inline(never)]
    #[must_use]
    pub fn text(&self, wrong: &mut bool) -> &str {
        match self {
            Self::Text(text) => text,
            _ => {
                *wrong = true;
                ""
            }
        }
    }

    /// Whether it is `true`; what is neither that nor `false` is wrong.
    #[inline(never)]
    #[must_use]
    pub fn flag(&self, wrong: &mut bool) -> bool {
        match self {
            Self::Flag(flag) => *flag,
            _ => {
                *wrong = true;
                false
            }
        }
    }

    /// A number's digits; anything else is none.
    #[must_use]
    pub const fn digits(&self) -> &str {
        match self {
            Self::Number(digits) => digits,
            _ => "",
        }
    }

    /// A whole number that is not negative; anything else is wrong.
    #[inline(never)]
    #[must_use]
    pub fn unsigned(&self, wrong: &mut bool) -> u64 {
        self.digits().parse().unwrap_or_else(|_| {
            *wrong = true;
            0
        })
    }

    /// A whole number; anything else is wrong.
    #[inline(never)]
    #[must_use]
    pub fn signed(&self, wrong: &mut bool) -> i64 {
        self.digits().parse().unwrap_or_else(|_| {
            *wrong = true;
            0
        })
    }

    /// The items of a list; anything else is wrong.
    #[inline(never)]
    #[must_use]
    pub fn items(&self, wrong: &mut bool) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => {
                *wrong = true;
                &[]
            }
        }
    }

    /// The members of an object; anything else is wrong.
    #[inline(never)]
    #[must_use]
    pub fn members(&self, wrong: &mut bool) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => {
                *wrong = true;
                &[]
            }
        }
    }

    /// The member of a key, [`Node::Absent`] where there is none. Anything but an object is wrong.
    #[inline(never)]
    #[must_use]
    pub fn member(&self, key: &str, wrong: &mut bool) -> &Self {
        let last = self.members(wrong).iter().rev().find(|(name, _)| name == key);
        last.map_or(&ABSENT, |(_, value)| value)
    }

    /// The name of a variant and what it holds: a bare text, or the one key of an object. Anything else
    /// has no name.
    #[inline(never)]
    #[must_use]
    pub fn variant(&self) -> (&str, &Self) {
        match self {
            Self::Text(name) => (name, &ABSENT),
            Self::Object(members) => match members.as_slice() {
                [(name, held)] => (name, held),
                _ => ("", &ABSENT),
            },
            _ => ("", &ABSENT),
        }
    }
}

/// Reads a whole text.
///
/// # Errors
/// [`Malformed`] where it is no JSON, or goes on after its end.
pub fn parse(text: &[u8]) -> Result<Node<'_>, Malformed> {
    let mut reader = Reader {
        source: std::str::from_utf8(text).map_err(|_| Malformed)?,
        at: 0,
    };
    let node = reader.value(MAX_DEPTH)?;
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(Malformed),
    }
}

/// A place in a text.
struct Reader<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// What was passed over since `start`.
    fn since(&self, start: usize) -> Result<&'a str, Malformed> {
        self.source.get(start..self.at).ok_or(Malformed)
    }

    /// The next letter that is no white space, which is passed over.
    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte();
            if !matches!(byte, Some(b' ' | b'\n' | b'\r' | b'\t')) {
                return byte;
            }
            self.step();
        }
    }

    #[inline(never)]
    fn take(&mut self, expected: u8) -> Result<(), Malformed> {
        if self.peek() == Some(expected) {
            self.step();
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// Passes over a word that must come next.
    #[inline(never)]
    fn word(&mut self, word: &str) -> Result<(), Malformed> {
        if self
            .source
            .as_bytes()
            .get(self.at..)
            .ok_or(Malformed)?
            .starts_with(word.as_bytes())
        {
            self.at = self.at.saturating_add(word.len());
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    /// `depth` is how many more lists and objects may be opened.
    fn value(&mut self, depth: u8) -> Result<Node<'a>, Malformed> {
        match self.peek() {
            Some(b'n') => self.word("null").map(|()| Node::Null),
            Some(b't') => self.word("true").map(|()| Node::Flag(true)),
            Some(b'f') => self.word("false").map(|()| Node::Flag(false)),
            Some(b'"') => self.text().map(Node::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Node::Number),
            Some(b'[') => {
                let depth = depth.checked_sub(1).ok_or(Malformed)?;
                let mut items = Vec::new();
                while self.more(items.is_empty(), b']')? {
                    items.push(self.value(depth)?);
                }
                Ok(Node::List(items))
            }
            Some(b'{') => {
                let depth = depth.checked_sub(1).ok_or(Malformed)?;
                let mut members = Vec::new();
                while self.more(members.is_empty(), b'}')? {
                    let key = self.text()?;
                    self.take(b':')?;
                    members.push((key, self.value(depth)?));
                }
                Ok(Node::Object(members))
            }
            _ => Err(Malformed),
        }
    }

    /// Whether another item comes before `bracket`, which is passed over where none does. The first
    /// one has the opening bracket before it, the others a comma.
    #[inline(never)]
    fn more(&mut self, first: bool, bracket: u8) -> Result<bool, Malformed> {
        if first {
            self.step();
        }
        if self.peek() == Some(bracket) {
            self.step();
            return Ok(false);
        }
        if !first {
            // A bracket behind the comma is for the item's own reader to refuse.
            self.take(b',')?;
        }
        Ok(true)
    }

    #[inline(never)]
    fn number(&mut self) -> Result<&'a str, Malformed> {
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.step();
        }
        let zero = self.byte() == Some(b'0');
        let whole = self.digits()?;
        if zero && whole > 1 {
            return Err(Malformed);
        }
        if self.byte() == Some(b'.') {
            self.step();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.step();
            if let Some(b'+' | b'-') = self.byte() {
                self.step();
            }
            self.digits()?;
        }
        self.since(start)
    }

    /// At least one digit; how many.
    #[inline(never)]
    fn digits(&mut self) -> Result<usize, Malformed> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.step();
        }
        match self.at.saturating_sub(start) {
            0 => Err(Malformed),
            count => Ok(count),
        }
    }

    /// A text, its escapes undone.
    #[inline(never)]
    fn text(&mut self) -> Result<Cow<'a, str>, Malformed> {
        self.take(b'"')?;
        // Stays empty where there is nothing to undo.
        let mut undone = String::new();
        loop {
            let start = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.step();
            }
            let plain = self.since(start)?;
            let end = self.byte();
            self.step();
            if end == Some(b'"') && undone.is_empty() {
                return Ok(Cow::Borrowed(plain));
            }
            undone.push_str(plain);
            match end {
                Some(b'"') => return Ok(Cow::Owned(undone)),
                Some(b'\\') => undone.push(self.escape()?),
                _ => return Err(Malformed),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Malformed> {
        let letter = self.byte();
        self.step();
        Ok(match letter {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'u') => {
                let mut code = self.hex()?;
                if code & 0xfc00 == 0xd800 {
                    self.word("\\u")?;
                    let low = self.hex()?;
                    if low & 0xfc00 != 0xdc00 {
                        return Err(Malformed);
                    }
                    code = 0x1_0000 + ((code & 0x3ff) << 10 | low & 0x3ff);
                }
                char::from_u32(code).ok_or(Malformed)?
            }
            _ => return Err(Malformed),
        })
    }

    #[inline(never)]
    fn hex(&mut self) -> Result<u32, Malformed> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            self.step();
            code = code << 4 | digit.ok_or(Malformed)?;
        }
        Ok(code)
    }
}
