//! Writes JSON into a text.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::Malformed;

/// A text that grows.
#[derive(Default)]
pub struct Writer {
    /// What is written.
    pub(super) text: String,
}

impl Writer {
    /// A text in quotes.
    #[inline(never)]
    pub(super) fn quote(&mut self, text: &str) {
        self.text.push('"');
        for letter in text.chars() {
            let escape = match letter {
                '"' => '"',
                '\\' => '\\',
                '\n' => 'n',
                '\r' => 'r',
                '\t' => 't',
                '\u{8}' => 'b',
                '\u{c}' => 'f',
                '\0'..='\u{1f}' => 'u',
                _ => {
                    self.text.push(letter);
                    continue;
                }
            };
            self.text.push('\\');
            self.text.push(escape);
            if escape == 'u' {
                // Control letters end at 1f.
                self.text.push_str(if letter < '\u{10}' { "000" } else { "001" });
                self.text
                    .push(char::from_digit(u32::from(letter) & 15, 16).unwrap_or_default());
            }
        }
        self.text.push('"');
    }

    /// A comma, unless a bracket was just opened.
    #[inline(never)]
    pub(super) fn part(&mut self) {
        if !self.text.ends_with(['[', '{']) {
            self.text.push(',');
        }
    }

    /// A member's key.
    #[inline(never)]
    pub(super) fn key(&mut self, key: &str) {
        self.part();
        self.quote(key);
        self.text.push(':');
    }

    /// Opens an object whose only key names a variant.
    #[inline(never)]
    fn variant(&mut self, name: &str, bracket: &str) {
        self.text.push('{');
        self.key(name);
        self.text.push_str(bracket);
    }

    #[inline(never)]
    fn digits(&mut self, negative: bool, mut number: u64) {
        let mut digits = [0_u8; 20];
        let mut count = 0_usize;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (number % 10) as u8;
            number /= 10;
            count += 1;
            if number == 0 {
                break;
            }
        }
        if negative {
            self.text.push('-');
        }
        let unused = digits.len() - count;
        self.text
            .extend(digits.iter().skip(unused).map(|digit| char::from(*digit)));
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Malformed;
    type SerializeSeq = Members<'w>;
    type SerializeTuple = Members<'w>;
    type SerializeTupleStruct = Members<'w>;
    type SerializeTupleVariant = Members<'w>;
    type SerializeMap = Members<'w>;
    type SerializeStruct = Members<'w>;
    type SerializeStructVariant = Members<'w>;

    fn serialize_bool(self, flag: bool) -> Result<(), Malformed> {
        self.text.push_str(if flag { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Result<(), Malformed> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), Malformed> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Malformed> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Malformed> {
        self.digits(number < 0, number.unsigned_abs());
        Ok(())
    }

    fn serialize_u8(self, number: u8) -> Result<(), Malformed> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Malformed> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Malformed> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Malformed> {
        self.digits(false, number);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Malformed> {
        Err(Malformed)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Malformed> {
        Err(Malformed)
    }

    fn serialize_char(self, letter: char) -> Result<(), Malformed> {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Malformed> {
        self.quote(text);
        Ok(())
    }

    /// The digits of a number, see [`super::number`].
    fn serialize_bytes(self, digits: &[u8]) -> Result<(), Malformed> {
        self.text.push_str(std::str::from_utf8(digits).map_err(|_| Malformed)?);
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_none(self) -> Result<(), Malformed> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Malformed> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Malformed> {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Malformed> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Malformed> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Malformed> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Malformed> {
        self.variant(name, "");
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'w>, Malformed> {
        self.text.push('[');
        Ok(Members { writer: self, end: "]" })
    }

    fn serialize_tuple(self, _: usize) -> Result<Members<'w>, Malformed> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Members<'w>, Malformed> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Members<'w>, Malformed> {
        self.variant(name, "[");
        Ok(Members {
            writer: self,
            end: "]}",
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'w>, Malformed> {
        self.text.push('{');
        Ok(Members { writer: self, end: "}" })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'w>, Malformed> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Members<'w>, Malformed> {
        self.variant(name, "{");
        Ok(Members {
            writer: self,
            end: "}}",
        })
    }
}

/// The members of an open list or object.
pub struct Members<'w> {
    writer: &'w mut Writer,
    /// What closes it.
    end: &'static str,
}

impl Members<'_> {
    fn close(self) {
        self.writer.text.push_str(self.end);
    }
}

macro_rules! items {
    ($($kind:ident: $method:ident;)*) => {$(
        impl $kind for Members<'_> {
            type Ok = ();
            type Error = Malformed;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Malformed> {
                self.writer.part();
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), Malformed> {
                self.close();
                Ok(())
            }
        }
    )*};
}

items! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}

macro_rules! fields {
    ($($kind:ident)*) => {$(
        impl $kind for Members<'_> {
            type Ok = ();
            type Error = Malformed;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Malformed> {
                self.writer.key(key);
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), Malformed> {
                self.close();
                Ok(())
            }
        }
    )*};
}

fields! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Malformed;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Malformed> {
        self.writer.part();
        let start = self.writer.text.len();
        key.serialize(&mut *self.writer)?;
        // A key is a text; nothing else is written with a quote first.
        if self.writer.text.as_bytes().get(start) == Some(&b'"') {
            Ok(())
        } else {
            Err(Malformed)
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Malformed> {
        self.writer.text.push(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Malformed> {
        self.close();
        Ok(())
    }
}
