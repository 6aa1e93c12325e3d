//! The serializer of one value: scalars here, maps and lists in [`super::collection`].

use serde::Serialize;
use serde::ser::Serializer;

use super::collection::{Entries, Items};
use super::error::Unrepresentable;
use super::track::Track;
use super::{block, plain, quoted};

/// Where the bytes go and who hears of it.
pub(super) struct Writer<'o, K> {
    pub(super) out: &'o mut Vec<u8>,
    pub(super) track: K,
}

impl<K: Track> Writer<'_, K> {
    pub(super) fn end_line(&mut self) {
        self.out.push(b'\n');
        self.track.line();
    }

    pub(super) fn indent(&mut self, column: usize) {
        self.out.resize(self.out.len() + column, b' ');
    }
}

/// What stands to the left of a value on its line.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing: the document itself.
    Root,
    /// `key:`, without the space.
    Key,
    /// `- `, with the space.
    Dash,
}

/// Whether a value was null; then nothing was written for it.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Written {
    Something,
    Null,
}

/// The place one value is written to.
pub(super) struct Node<'w, 'o, K> {
    pub(super) writer: &'w mut Writer<'o, K>,
    pub(super) place: Place,
    /// Column of the value's own entries and text; a list under a key stands two to the left.
    pub(super) column: usize,
}

impl<'w, 'o, K: Track> Node<'w, 'o, K> {
    fn scalar(mut self, text: &[u8]) -> Result<Written, Unrepresentable> {
        self.space();
        self.writer.out.extend_from_slice(text);
        self.writer.end_line();
        Ok(Written::Something)
    }

    fn space(&mut self) {
        if self.place == Place::Key {
            self.writer.out.push(b' ');
        }
    }

    fn integer(self, number: impl itoa::Integer) -> Result<Written, Unrepresentable> {
        self.scalar(itoa::Buffer::new().format(number).as_bytes())
    }

    /// Digits without an exponent and with a point, or a word: what YAML 1.1 too reads as a float.
    fn float(
        self,
        finite: bool,
        negative: bool,
        nan: bool,
        digits: String,
    ) -> Result<Written, Unrepresentable> {
        match (finite, nan, negative) {
            (true, ..) if digits.contains('.') => self.scalar(digits.as_bytes()),
            (true, ..) => self.scalar((digits + ".0").as_bytes()),
            (false, true, _) => self.scalar(b".nan"),
            (false, false, true) => self.scalar(b"-.inf"),
            (false, false, false) => self.scalar(b".inf"),
        }
    }

    fn block(mut self, text: &str) -> Result<Written, Unrepresentable> {
        self.space();
        let writer = self.writer;
        writer.out.extend_from_slice(block::header(text));
        writer.end_line();
        let body = text.strip_suffix('\n').unwrap_or(text).as_bytes();
        for line in body.split(|b| *b == b'\n') {
            if !line.is_empty() {
                writer.indent(self.column.max(2));
                writer.out.extend_from_slice(line);
            }
            writer.end_line();
        }
        Ok(Written::Something)
    }

    fn entries(self) -> Entries<'w, 'o, K> {
        Entries::new(self.writer, self.place, self.column)
    }

    fn items(self) -> Items<'w, 'o, K> {
        Items::new(self.writer, self.place, self.column)
    }
}

macro_rules! integers {
    ($($method:ident: $number:ty),*) => {
        $(fn $method(self, number: $number) -> Result<Written, Unrepresentable> {
            self.integer(number)
        })*
    };
}

impl<'w, 'o, K: Track> Serializer for Node<'w, 'o, K> {
    type Ok = Written;
    type Error = Unrepresentable;
    type SerializeSeq = Items<'w, 'o, K>;
    type SerializeTuple = Items<'w, 'o, K>;
    type SerializeTupleStruct = Items<'w, 'o, K>;
    type SerializeTupleVariant = Items<'w, 'o, K>;
    type SerializeMap = Entries<'w, 'o, K>;
    type SerializeStruct = Entries<'w, 'o, K>;
    type SerializeStructVariant = Entries<'w, 'o, K>;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    fn serialize_bool(self, value: bool) -> Result<Written, Unrepresentable> {
        self.scalar(if value { b"true" } else { b"false" })
    }

    fn serialize_f32(self, value: f32) -> Result<Written, Unrepresentable> {
        self.float(
            value.is_finite(),
            value.is_sign_negative(),
            value.is_nan(),
            value.to_string(),
        )
    }

    fn serialize_f64(self, value: f64) -> Result<Written, Unrepresentable> {
        self.float(
            value.is_finite(),
            value.is_sign_negative(),
            value.is_nan(),
            value.to_string(),
        )
    }

    fn serialize_char(self, value: char) -> Result<Written, Unrepresentable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(mut self, text: &str) -> Result<Written, Unrepresentable> {
        if plain::is_plain(text) {
            return self.scalar(text.as_bytes());
        }
        if block::fits(text) {
            return self.block(text);
        }
        self.space();
        quoted::write(self.writer.out, text);
        self.writer.end_line();
        Ok(Written::Something)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Written, Unrepresentable> {
        self.collect_seq(bytes)
    }

    fn serialize_none(self) -> Result<Written, Unrepresentable> {
        Ok(Written::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Unrepresentable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, Unrepresentable> {
        Ok(Written::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Written, Unrepresentable> {
        Ok(Written::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Written, Unrepresentable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Written, Unrepresentable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, Unrepresentable> {
        let mut entries = self.entries();
        entries.entry(variant, value)?;
        entries.finish()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'w, 'o, K>, Unrepresentable> {
        Ok(self.items())
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'w, 'o, K>, Unrepresentable> {
        Ok(self.items())
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Items<'w, 'o, K>, Unrepresentable> {
        Ok(self.items())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'w, 'o, K>, Unrepresentable> {
        Ok(self.entries().variant_items(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'w, 'o, K>, Unrepresentable> {
        Ok(self.entries())
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Entries<'w, 'o, K>, Unrepresentable> {
        Ok(self.entries())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries<'w, 'o, K>, Unrepresentable> {
        Ok(self.entries().variant_entries(variant))
    }
}
