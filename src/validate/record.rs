//! Any `Serialize` value to a [`Tape`], in one pass and without a tree.

use std::fmt::{self, Display, Write as _};

use serde::ser::{self, Impossible, Serialize};

use super::name::Digest;
use super::tape::{Entry, Held, Key, KeyName, Tape};

/// Why a value could not be recorded: it is not JSON (a map with lists as keys, say), or larger
/// than 4 GiB.
#[derive(Debug)]
pub struct NotJson(Box<str>);

impl Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotJson {}

impl ser::Error for NotJson {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string().into())
    }
}

/// Records a value.
///
/// # Errors
/// [`NotJson`] if the value has no JSON form.
pub fn record<T: Serialize + ?Sized>(value: &T) -> Result<Tape, NotJson> {
    // An average object has about 60 values and 1.5 kB of keys and strings.
    let mut tape = Tape {
        entries: Vec::with_capacity(128),
        text: String::with_capacity(2048),
    };
    value.serialize(Recorder {
        tape: &mut tape,
        key: NO_KEY,
    })?;
    // Asked once: places beyond it were cut short, and nobody has looked there yet.
    if u32::try_from(tape.entries.len().max(tape.text.len())).is_err() {
        return Err(NotJson("object too large".into()));
    }
    Ok(tape)
}

/// Of values in lists and at the root.
const NO_KEY: Key = Key {
    name: KeyName::Field(""),
    digest: Digest::of(""),
};

/// Writes one value; `key` is the name it has in the map around it.
struct Recorder<'a> {
    tape: &'a mut Tape,
    key: Key,
}

impl<'a> Recorder<'a> {
    fn push(self, held: Held) -> Result<(), NotJson> {
        let next = place(self.tape.entries.len() + 1);
        self.tape.entries.push(Entry {
            held,
            key: self.key,
            next,
        });
        Ok(())
    }

    fn open(self, list: bool) -> Result<Inside<'a>, NotJson> {
        let at = self.tape.entries.len();
        // What it holds is known at its end.
        self.tape.entries.push(Entry {
            held: Held::Null,
            key: self.key,
            next: 0,
        });
        Ok(Inside {
            tape: self.tape,
            at,
            count: 0,
            list,
            names: 0,
            key: NO_KEY,
        })
    }
}

/// A place on the tape; [`record`] sees to it that all are right.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "what is too large is refused at the end"
)]
fn place(n: usize) -> u32 {
    n as u32
}

#[inline]
fn intern(tape: &mut Tape, text: &str) -> (u32, u32) {
    let start = place(tape.text.len());
    tape.text.push_str(text);
    (start, place(text.len()))
}

/// A list or map that is being written.
struct Inside<'a> {
    tape: &'a mut Tape,
    at: usize,
    count: u32,
    list: bool,
    /// The bits of the names so far.
    names: u64,
    key: Key,
}

impl Inside<'_> {
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.count += 1;
        self.names |= self.key.digest.bit();
        value.serialize(Recorder {
            tape: self.tape,
            key: self.key,
        })
    }

    fn named<T: Serialize + ?Sized>(
        &mut self,
        field: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        self.key = Key {
            name: KeyName::Field(field),
            digest: Digest::of(field),
        };
        self.value(value)
    }

    fn close(self) -> Result<(), NotJson> {
        let next = place(self.tape.entries.len());
        let (count, names) = (self.count, self.names);
        let entry = &mut self.tape.entries[self.at];
        entry.next = next;
        entry.held = match self.list {
            true => Held::List { count },
            false => Held::Map { count, names },
        };
        Ok(())
    }
}

/// Enum variants with fields of their own have no place in Kubernetes objects.
fn no_variant<T>(variant: &str) -> Result<T, NotJson> {
    Err(NotJson(
        format!("the enum variant `{variant}` has fields").into(),
    ))
}

impl<'a> ser::Serializer for Recorder<'a> {
    type Ok = ();
    type Error = NotJson;
    type SerializeSeq = Inside<'a>;
    type SerializeTuple = Inside<'a>;
    type SerializeTupleStruct = Inside<'a>;
    type SerializeTupleVariant = Impossible<(), NotJson>;
    type SerializeMap = Inside<'a>;
    type SerializeStruct = Inside<'a>;
    type SerializeStructVariant = Impossible<(), NotJson>;

    fn serialize_bool(self, v: bool) -> Result<(), NotJson> {
        self.push(Held::Bool(v))
    }
    fn serialize_i8(self, v: i8) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_i16(self, v: i16) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_i32(self, v: i32) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_i64(self, v: i64) -> Result<(), NotJson> {
        self.push(Held::Int(v))
    }
    fn serialize_u8(self, v: u8) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_u16(self, v: u16) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_u32(self, v: u32) -> Result<(), NotJson> {
        self.push(Held::Int(v.into()))
    }
    fn serialize_u64(self, v: u64) -> Result<(), NotJson> {
        self.push(i64::try_from(v).map_or(Held::Uint(v), Held::Int))
    }
    fn serialize_f32(self, v: f32) -> Result<(), NotJson> {
        self.push(Held::Float(v.into()))
    }
    fn serialize_f64(self, v: f64) -> Result<(), NotJson> {
        self.push(Held::Float(v))
    }
    fn serialize_char(self, v: char) -> Result<(), NotJson> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, v: &str) -> Result<(), NotJson> {
        let (start, len) = intern(self.tape, v);
        self.push(Held::Str { start, len })
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<(), NotJson> {
        v.serialize(self)
    }
    fn serialize_none(self) -> Result<(), NotJson> {
        self.push(Held::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotJson> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<(), NotJson> {
        self.push(Held::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotJson> {
        self.push(Held::Null)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotJson> {
        self.serialize_str(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        let mut outer = self.open(false)?;
        outer.named(variant, value)?;
        outer.close()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'a>, NotJson> {
        self.open(true)
    }
    fn serialize_tuple(self, _: usize) -> Result<Inside<'a>, NotJson> {
        self.open(true)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside<'a>, NotJson> {
        self.open(true)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NotJson> {
        no_variant(variant)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'a>, NotJson> {
        self.open(false)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside<'a>, NotJson> {
        self.open(false)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NotJson> {
        no_variant(variant)
    }
    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), NotJson> {
        let start = self.tape.text.len();
        write!(self.tape.text, "{value}").map_err(ser::Error::custom)?;
        let (start, len) = (place(start), place(self.tape.text.len() - start));
        self.push(Held::Str { start, len })
    }
}

macro_rules! list_like {
    ($($trait:ident $method:ident),*) => {$(
        impl ser::$trait for Inside<'_> {
            type Ok = ();
            type Error = NotJson;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
                self.value(value)
            }
            fn end(self) -> Result<(), NotJson> {
                self.close()
            }
        }
    )*};
}

list_like!(SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field);

impl ser::SerializeStruct for Inside<'_> {
    type Ok = ();
    type Error = NotJson;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NotJson> {
        self.named(key, value)
    }
    fn end(self) -> Result<(), NotJson> {
        self.close()
    }
}

impl ser::SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = NotJson;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotJson> {
        let (entries, before) = (self.tape.entries.len(), self.tape.text.len());
        key.serialize(Recorder {
            tape: self.tape,
            key: NO_KEY,
        })?;
        let held = self.tape.entries.get(entries).map(|entry| entry.held);
        self.tape.entries.truncate(entries);
        let (start, len) = match held {
            Some(Held::Str { start, len }) => (start, len),
            Some(Held::Int(n)) => intern(self.tape, &n.to_string()),
            _ => return Err(NotJson("a map key is not a string".into())),
        };
        // Not by its place, which may yet turn out to be beyond what the tape can hold.
        let digest = Digest::of(&self.tape.text[before..]);
        self.key = Key {
            name: KeyName::Text { start, len },
            digest,
        };
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotJson> {
        self.value(value)
    }
    fn end(self) -> Result<(), NotJson> {
        self.close()
    }
}
