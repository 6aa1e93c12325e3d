//! Map keys: scalars on one line, always read back as strings.

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::error::Unrepresentable;
use super::serializer::Writer;
use super::track::Track;
use super::{plain, quoted};

/// Longest key in bytes that may stand before its `:`. YAML readers give up on a key after 1,024
/// characters (YAML 1.2.2 section 7.4.2); a longer one gets the explicit form `? key`.
const LONGEST_SIMPLE_KEY: usize = 1000;

impl<K: Track> Writer<'_, K> {
    /// Writes `key:` where the line stands at `column`, and enters it.
    pub(super) fn key(&mut self, key: &str, column: usize) {
        self.track.enter_key(key);
        let start = self.out.len();
        if plain::is_plain(key) {
            self.out.extend_from_slice(key.as_bytes());
        } else {
            quoted::write(self.out, key);
        }
        if self.out.len() - start > LONGEST_SIMPLE_KEY {
            self.out.splice(start..start, *b"? ");
            self.end_line();
            self.indent(column);
        }
        self.out.push(b':');
    }
}

/// Writes a key that serde hands over as a value. As in JSON, integers and bools become strings.
pub(super) struct KeyNode<'w, 'o, K> {
    pub(super) writer: &'w mut Writer<'o, K>,
    pub(super) column: usize,
}

macro_rules! integers {
    ($($method:ident: $number:ty),*) => {
        $(fn $method(self, number: $number) -> Result<(), Unrepresentable> {
            self.serialize_str(itoa::Buffer::new().format(number))
        })*
    };
}

macro_rules! refused {
    ($($method:ident($($argument:ty),*) -> $ok:ty: $what:literal),* $(,)?) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$ok, Unrepresentable> {
            Err(Unrepresentable::Key($what))
        })*
    };
}

type Never = Impossible<(), Unrepresentable>;

impl<K: Track> Serializer for KeyNode<'_, '_, K> {
    type Ok = ();
    type Error = Unrepresentable;
    type SerializeSeq = Never;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Never;
    type SerializeStructVariant = Never;

    integers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128
    }

    refused! {
        serialize_f32(f32) -> (): "a float",
        serialize_f64(f64) -> (): "a float",
        serialize_bytes(&[u8]) -> (): "bytes",
        serialize_none() -> (): "null",
        serialize_unit() -> (): "null",
        serialize_unit_struct(&'static str) -> (): "null",
        serialize_seq(Option<usize>) -> Never: "a list",
        serialize_tuple(usize) -> Never: "a list",
        serialize_tuple_struct(&'static str, usize) -> Never: "a list",
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Never: "a map",
        serialize_map(Option<usize>) -> Never: "a map",
        serialize_struct(&'static str, usize) -> Never: "a map",
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Never: "a map",
    }

    fn serialize_str(self, text: &str) -> Result<(), Unrepresentable> {
        self.writer.key(text, self.column);
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Result<(), Unrepresentable> {
        self.serialize_str(if value { "true" } else { "false" })
    }

    fn serialize_char(self, value: char) -> Result<(), Unrepresentable> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unrepresentable> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unrepresentable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unrepresentable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unrepresentable> {
        Err(Unrepresentable::Key("a map"))
    }
}
