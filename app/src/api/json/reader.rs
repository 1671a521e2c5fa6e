//! Reads what `serde_json` writes of the types of the wire.

use serde::Deserializer;
use serde::de::value::StringDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, Visitor};

/// It is not JSON, or not of the type that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unreadable JSON")]
pub struct Unreadable;

impl de::Error for Unreadable {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Reads a value.
///
/// # Errors
/// [`Unreadable`]; what follows the value counts, too.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    let mut reader = Reader { rest: bytes, at_key: false };
    let value = T::deserialize(&mut reader)?;
    if reader.next().is_some() { Err(Unreadable) } else { Ok(value) }
}

struct Reader<'a> {
    rest: &'a [u8],
    /// A key comes next: its number is written between quotes.
    at_key: bool,
}

impl<'a> Reader<'a> {
    /// What comes next that is no space, without taking it.
    fn next(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.first().copied()
    }

    fn take(&mut self, wanted: &[u8]) -> Result<(), Unreadable> {
        self.next();
        self.rest = self.rest.strip_prefix(wanted).ok_or(Unreadable)?;
        Ok(())
    }

    /// All up to a byte that `ends`, and that byte, which is taken.
    fn until(&mut self, ends: impl Fn(u8) -> bool) -> Result<(&'a [u8], u8), Unreadable> {
        let at = self.rest.iter().position(|byte| ends(*byte)).ok_or(Unreadable)?;
        let (before, rest) = self.rest.split_at(at);
        let (end, rest) = rest.split_first().ok_or(Unreadable)?;
        self.rest = rest;
        Ok((before, *end))
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        self.take(b"\"")?;
        let mut text = String::new();
        loop {
            let (plain, end) = self.until(|byte| matches!(byte, b'"' | b'\\'))?;
            text.push_str(std::str::from_utf8(plain).map_err(|_| Unreadable)?);
            if end == b'"' {
                return Ok(text);
            }
            text.push(self.escaped()?);
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<char, Unreadable> {
        let (_, letter) = self.until(|_| true)?;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let second = if (0xD800..0xDC00).contains(&first) {
                    self.rest = self.rest.strip_prefix(b"\\u").ok_or(Unreadable)?;
                    Some(self.unit()?)
                } else {
                    None
                };
                let mut letters = char::decode_utf16(std::iter::once(first).chain(second));
                letters.next().and_then(Result::ok).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    /// Four digits of sixteen.
    fn unit(&mut self) -> Result<u16, Unreadable> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(Unreadable)?;
        self.rest = rest;
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
        digits.iter().try_fold(0, |unit, byte| Some(unit * 16 + digit(byte)?)).ok_or(Unreadable)
    }

    fn number<N: std::str::FromStr>(&mut self) -> Result<N, Unreadable> {
        self.next();
        if std::mem::take(&mut self.at_key) {
            return self.text()?.parse().map_err(|_| Unreadable);
        }
        let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at(length);
        self.rest = rest;
        std::str::from_utf8(number).ok().and_then(|number| number.parse().ok()).ok_or(Unreadable)
    }

    /// Passes over a value, however deep.
    fn skip(&mut self) -> Result<(), Unreadable> {
        let mut depth = 0_usize;
        loop {
            match self.next().ok_or(Unreadable)? {
                b'"' => drop(self.text()?),
                open @ (b'[' | b'{') => {
                    self.take(&[open])?;
                    depth += 1;
                }
                close @ (b']' | b'}') => {
                    self.take(&[close])?;
                    depth = depth.checked_sub(1).ok_or(Unreadable)?;
                }
                mark @ (b',' | b':') if depth > 0 => self.take(&[mark])?,
                // A number or a word.
                _ => {
                    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                    let length = self.rest.iter().position(|byte| !is_part(byte)).unwrap_or(self.rest.len());
                    self.rest = self.rest.get(length..).filter(|_| length > 0).ok_or(Unreadable)?;
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// What stands between two brackets.
    fn between<T>(
        &mut self,
        open: u8,
        close: u8,
        read: impl FnOnce(Items<'_, 'a>) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        self.take(&[open])?;
        let value = read(Items { reader: self, close, is_first: true })?;
        self.take(&[close])?;
        Ok(value)
    }
}

/// What is separated by commas.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    close: u8,
    is_first: bool,
}

impl Items<'_, '_> {
    /// Whether there is another, at which the reader then stands.
    fn are_left(&mut self) -> Result<bool, Unreadable> {
        if self.reader.next() == Some(self.close) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.is_first) {
            self.reader.take(b",")?;
        }
        Ok(true)
    }
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        if self.are_left()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> de::MapAccess<'de> for Items<'_, '_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        if !self.are_left()? {
            return Ok(None);
        }
        self.reader.at_key = true;
        let key = seed.deserialize(&mut *self.reader)?;
        self.reader.at_key = false;
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unreadable> {
        self.reader.take(b":")?;
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant with what it holds: `{"Name": …}`.
struct Holding<'r, 'a>(&'r mut Reader<'a>);

impl<'de> de::EnumAccess<'de> for Holding<'_, '_> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Unreadable> {
        let name: StringDeserializer<Unreadable> = self.0.text()?.into_deserializer();
        let variant = seed.deserialize(name)?;
        self.0.take(b":")?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Holding<'_, '_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        self.0.take(b"null")
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        self.0.deserialize_map(visitor)
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(self.number()?)
        }
    )* };
}

impl<'de> Deserializer<'de> for &mut Reader<'_> {
    type Error = Unreadable;

    numbers! {
        deserialize_i8 visit_i64 deserialize_i16 visit_i64 deserialize_i32 visit_i64 deserialize_i64 visit_i64
        deserialize_u8 visit_u64 deserialize_u16 visit_u64 deserialize_u32 visit_u64 deserialize_u64 visit_u64
        deserialize_f32 visit_f64 deserialize_f64 visit_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let is_true = self.next() == Some(b't');
        self.take(if is_true { b"true" } else { b"false" })?;
        visitor.visit_bool(is_true)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.next() == Some(b'n') {
            self.take(b"null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.take(b"null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.between(b'[', b']', |items| visitor.visit_seq(items))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.between(b'{', b'}', |items| visitor.visit_map(items))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if self.next() == Some(b'"') {
            return visitor.visit_enum(self.text()?.into_deserializer());
        }
        self.between(b'{', b'}', |items| visitor.visit_enum(Holding(items.reader)))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.skip()?;
        visitor.visit_unit()
    }

    /// No type of the wire leaves it to the text what it is.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    serde::forward_to_deserialize_any! { bytes byte_buf }
}

#[cfg(test)]
mod tests;
