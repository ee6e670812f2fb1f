//! Reads JSON from a text, one value after the other.
//!
//! The methods that serde makes anew for each type only pass a value on; what reads a text is made
//! once. A key or text is undone into one buffer and lent from there.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{MAX_DEPTH, Malformed};

/// A place in a text.
pub struct Reader<'a> {
    source: &'a str,
    at: usize,
    /// How many more lists and objects may be opened.
    depth: u8,
    /// The last key or text.
    text: String,
}

/// What a value is, by its first letter.
enum Kind {
    Null,
    Flag,
    Number,
    Text,
    List,
    Object,
}

impl<'a> Reader<'a> {
    /// At the beginning of a text.
    ///
    /// # Errors
    /// Where it is not UTF-8.
    pub fn new(text: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self {
            source: std::str::from_utf8(text).map_err(|_| Malformed)?,
            at: 0,
            depth: MAX_DEPTH,
            text: String::new(),
        })
    }

    /// Whether nothing is left.
    ///
    /// # Errors
    /// Where something is.
    pub fn finish(&mut self) -> Result<(), Malformed> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Malformed),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// The next letter that is no white space, which is passed over.
    #[inline(never)]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = self.byte();
            if !matches!(byte, Some(b' ' | b'\n' | b'\r' | b'\t')) {
                return byte;
            }
            self.at = self.at.saturating_add(1);
        }
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
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

    /// Opens a list or object.
    #[inline(never)]
    fn open(&mut self, bracket: u8) -> Result<(), Malformed> {
        self.depth = self.depth.checked_sub(1).ok_or(Malformed)?;
        self.take(bracket)
    }

    #[inline(never)]
    fn close(&mut self, bracket: u8) -> Result<(), Malformed> {
        self.depth = self.depth.saturating_add(1);
        self.take(bracket)
    }

    /// Whether another item comes before `bracket`, which is passed over where none does.
    #[inline(never)]
    fn more(&mut self, first: &mut bool, bracket: u8) -> Result<bool, Malformed> {
        let first = std::mem::replace(first, false);
        match self.peek() {
            Some(found) if found == bracket => {
                self.close(bracket)?;
                Ok(false)
            }
            _ if first => Ok(true),
            _ => {
                self.take(b',')?;
                // An item follows a comma; that none begins with a bracket is for its reader to say.
                Ok(true)
            }
        }
    }

    #[inline(never)]
    fn kind(&mut self) -> Result<Kind, Malformed> {
        match self.peek() {
            Some(b'n') => Ok(Kind::Null),
            Some(b't' | b'f') => Ok(Kind::Flag),
            Some(b'"') => Ok(Kind::Text),
            Some(b'[') => Ok(Kind::List),
            Some(b'{') => Ok(Kind::Object),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            _ => Err(Malformed),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Malformed> {
        let rest = self.source.get(self.at..).ok_or(Malformed)?;
        if rest.starts_with(word) {
            self.at = self.at.saturating_add(word.len());
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    #[inline(never)]
    fn null(&mut self) -> Result<(), Malformed> {
        self.peek();
        self.word("null")
    }

    #[inline(never)]
    fn flag(&mut self) -> Result<bool, Malformed> {
        if self.peek() == Some(b't') {
            self.word("true").map(|()| true)
        } else {
            self.word("false").map(|()| false)
        }
    }

    /// A number as it is written.
    #[inline(never)]
    fn number(&mut self) -> Result<&'a str, Malformed> {
        self.peek();
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
        self.source.get(start..self.at).ok_or(Malformed)
    }

    /// At least one digit; how many.
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

    #[inline(never)]
    fn unsigned(&mut self) -> Result<u64, Malformed> {
        self.number()?.parse().map_err(|_| Malformed)
    }

    #[inline(never)]
    fn signed(&mut self) -> Result<i64, Malformed> {
        self.number()?.parse().map_err(|_| Malformed)
    }

    /// A text, its escapes undone.
    #[inline(never)]
    fn text(&mut self) -> Result<&str, Malformed> {
        self.take(b'"')?;
        self.text.clear();
        loop {
            let start = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.step();
            }
            self.text.push_str(self.source.get(start..self.at).ok_or(Malformed)?);
            let end = self.byte();
            self.step();
            match end {
                Some(b'"') => return Ok(&self.text),
                Some(b'\\') => {
                    let letter = self.escape()?;
                    self.text.push(letter);
                }
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

    /// Passes over a value of any shape.
    #[inline(never)]
    fn skip(&mut self) -> Result<(), Malformed> {
        match self.kind()? {
            Kind::Null => self.null(),
            Kind::Flag => self.flag().map(drop),
            Kind::Number => self.number().map(drop),
            Kind::Text => self.text().map(drop),
            Kind::List => {
                self.open(b'[')?;
                let mut first = true;
                while self.more(&mut first, b']')? {
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Object => {
                self.open(b'{')?;
                let mut first = true;
                while self.more(&mut first, b'}')? {
                    self.text()?;
                    self.take(b':')?;
                    self.skip()?;
                }
                Ok(())
            }
        }
    }
}

/// The methods of [`Deserializer`] that read a value with one of the reader's own and show it.
macro_rules! show {
    ($($method:ident: $read:ident => $visit:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
            visitor.$visit(self.$read()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for &mut Reader<'_> {
    type Error = Malformed;

    show! {
        deserialize_bool: flag => visit_bool;
        deserialize_u8: unsigned => visit_u64;
        deserialize_u16: unsigned => visit_u64;
        deserialize_u32: unsigned => visit_u64;
        deserialize_u64: unsigned => visit_u64;
        deserialize_i8: signed => visit_i64;
        deserialize_i16: signed => visit_i64;
        deserialize_i32: signed => visit_i64;
        deserialize_i64: signed => visit_i64;
        deserialize_char: text => visit_str;
        deserialize_str: text => visit_str;
        deserialize_string: text => visit_str;
        deserialize_identifier: text => visit_str;
    }

    /// Whole numbers are shown as such; one that is not is shown as the bytes of its text, which no
    /// other value of JSON is, so that nobody needs to read it as a float.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        match self.kind()? {
            Kind::Null => self.deserialize_unit(visitor),
            Kind::Flag => self.deserialize_bool(visitor),
            Kind::Number => {
                let number = self.number()?;
                if let Ok(whole) = number.parse() {
                    visitor.visit_u64(whole)
                } else if let Ok(whole) = number.parse() {
                    visitor.visit_i64(whole)
                } else {
                    visitor.visit_bytes(number.as_bytes())
                }
            }
            Kind::Text => self.deserialize_str(visitor),
            Kind::List => self.deserialize_seq(visitor),
            Kind::Object => self.deserialize_map(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        let number: f64 = self.number()?.parse().map_err(|_| Malformed)?;
        if number.is_finite() {
            visitor.visit_f64(number)
        } else {
            Err(Malformed)
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Malformed> {
        Err(Malformed)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Malformed> {
        Err(Malformed)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        if self.peek() == Some(b'n') {
            self.null()?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        self.null()?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Malformed> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Malformed> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        self.open(b'[')?;
        visitor.visit_seq(Members {
            reader: self,
            first: true,
        })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Malformed> {
        self.open(b'[')?;
        // A tuple stops at its last item and does not ask for the bracket.
        let value = visitor.visit_seq(Members {
            reader: &mut *self,
            first: true,
        })?;
        self.close(b']')?;
        Ok(value)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Malformed> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        self.open(b'{')?;
        visitor.visit_map(Members {
            reader: self,
            first: true,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Malformed> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Malformed> {
        let bare = self.peek() == Some(b'"');
        if !bare {
            self.open(b'{')?;
        }
        visitor.visit_enum(Choice { reader: self, bare })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Malformed> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// The members of an open list or object.
struct Members<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
}

impl<'de> SeqAccess<'de> for Members<'_, '_> {
    type Error = Malformed;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Malformed> {
        if self.reader.more(&mut self.first, b']')? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Malformed;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Malformed> {
        if self.reader.more(&mut self.first, b'}')? {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Malformed> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// One of several variants: its name alone, or an object of which its name is the only key.
struct Choice<'r, 'a> {
    reader: &'r mut Reader<'a>,
    bare: bool,
}

impl Choice<'_, '_> {
    fn begin(&mut self) -> Result<(), Malformed> {
        if self.bare { Err(Malformed) } else { Ok(()) }
    }
}

impl<'de> EnumAccess<'de> for Choice<'_, '_> {
    type Error = Malformed;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Malformed> {
        let name = seed.deserialize(&mut *self.reader)?;
        if !self.bare {
            self.reader.take(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_, '_> {
    type Error = Malformed;

    fn unit_variant(self) -> Result<(), Malformed> {
        if self.bare {
            return Ok(());
        }
        self.reader.null()?;
        self.reader.close(b'}')
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, Malformed> {
        self.begin()?;
        let value = seed.deserialize(&mut *self.reader)?;
        self.reader.close(b'}')?;
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, length: usize, visitor: V) -> Result<V::Value, Malformed> {
        self.begin()?;
        let value = self.reader.deserialize_tuple(length, visitor)?;
        self.reader.close(b'}')?;
        Ok(value)
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Malformed> {
        self.begin()?;
        let value = self.reader.deserialize_map(visitor)?;
        self.reader.close(b'}')?;
        Ok(value)
    }
}
