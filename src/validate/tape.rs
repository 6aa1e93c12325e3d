//! An object written down flat: one entry for each value, in document order.
//!
//! Serde types go in through [`super::record`], whatever they are: typed structs of the emitters
//! and `serde_json::Value`s of patched objects look the same from here on.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::name::Digest;

/// What an entry holds. Strings are ranges of the tape's text.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum Held {
    Null,
    Bool(bool),
    Int(i64),
    /// Above `i64::MAX`.
    Uint(u64),
    Float(f64),
    Str {
        start: u32,
        len: u32,
    },
    List {
        count: u32,
    },
    Map {
        count: u32,
        /// The bits of all its names: most questions for a name that is not there end here.
        names: u64,
    },
}

/// The name of a value.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) name: KeyName,
    pub(crate) digest: Digest,
}

/// How a name is kept.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) enum KeyName {
    /// A field of a type: most names are.
    Field(&'static str),
    /// A name in a map: a range of the tape's text.
    Text { start: u32, len: u32 },
}

/// A value and the key it has in the map around it (empty in lists and at the root).
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) held: Held,
    pub(crate) key: Key,
    /// Index of the entry after this value and all it holds.
    pub(crate) next: u32,
}

/// A recorded value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tape {
    pub(crate) entries: Vec<Entry>,
    pub(crate) text: String,
}

/// A value on a tape.
#[derive(Copy, Clone, Debug)]
pub struct View<'t> {
    tape: &'t Tape,
    at: u32,
}

impl Tape {
    /// The value as a whole. Always there: a tape is only made by recording one value.
    #[must_use]
    pub fn root(&self) -> View<'_> {
        View { tape: self, at: 0 }
    }

    pub(crate) fn slice(&self, start: u32, len: u32) -> &str {
        &self.text[start as usize..(start + len) as usize]
    }
}

impl<'t> View<'t> {
    #[inline]
    fn entry(self) -> &'t Entry {
        &self.tape.entries[self.at as usize]
    }

    fn slice(self, start: u32, len: u32) -> &'t str {
        self.tape.slice(start, len)
    }

    /// What kind of value it is, with the value of scalars.
    #[inline]
    #[must_use]
    pub fn value(self) -> Shape<'t> {
        match self.entry().held {
            Held::Null => Shape::Null,
            Held::Bool(b) => Shape::Bool(b),
            Held::Int(n) => Shape::Int(n),
            Held::Uint(n) => Shape::Uint(n),
            Held::Float(f) => Shape::Float(f),
            Held::Str { start, len } => Shape::Str(self.slice(start, len)),
            Held::List { count } => Shape::List(count as usize),
            Held::Map { count, .. } => Shape::Map(count as usize),
        }
    }

    /// The name it has in the map around it; empty elsewhere.
    #[must_use]
    pub fn key(self) -> &'t str {
        match self.entry().key.name {
            KeyName::Field(name) => name,
            KeyName::Text { start, len } => self.slice(start, len),
        }
    }

    /// The digest of its name.
    #[inline]
    pub(crate) fn key_digest(self) -> Digest {
        self.entry().key.digest
    }

    /// Whether it has this name.
    #[inline]
    fn is_named(self, name: &str, digest: Digest) -> bool {
        self.entry().key.digest == digest && self.key() == name
    }

    /// What it holds, as it lies on the tape.
    #[inline]
    pub(crate) fn held(self) -> Held {
        self.entry().held
    }

    /// `null`, which mostly counts as absent.
    #[inline]
    pub(crate) fn is_null(self) -> bool {
        self.entry().held == Held::Null
    }

    /// Neither a list nor a map.
    #[must_use]
    pub fn is_scalar(self) -> bool {
        !matches!(self.entry().held, Held::List { .. } | Held::Map { .. })
    }

    /// The values directly inside, in order; none for scalars.
    pub fn children(self) -> impl Iterator<Item = View<'t>> + Clone {
        let end = self.entry().next;
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let view = View {
                tape: self.tape,
                at,
            };
            (at < end).then(|| {
                at = view.entry().next;
                view
            })
        })
    }

    /// The value of a name, if this is a map that has it. `null` counts as absent.
    #[inline]
    #[must_use]
    pub fn get(self, name: &str) -> Option<View<'t>> {
        self.find(name, Digest::of(name))
    }

    /// The same for a name whose digest is known.
    #[inline]
    pub(crate) fn find(self, name: &str, digest: Digest) -> Option<View<'t>> {
        match self.entry().held {
            Held::Map { names, .. } if names & digest.bit() != 0 => self.search(name, digest),
            _ => None,
        }
    }

    fn search(self, name: &str, digest: Digest) -> Option<View<'t>> {
        self.children()
            .find(|child| child.is_named(name, digest) && child.entry().held != Held::Null)
    }

    /// The value at a chain of names.
    #[must_use]
    pub fn at(self, names: &[&str]) -> Option<View<'t>> {
        names.iter().try_fold(self, |view, name| view.get(name))
    }

    /// The items of the list of that name; none if there is no such list.
    pub fn items(self, name: &str) -> impl Iterator<Item = View<'t>> + Clone {
        let list = self
            .get(name)
            .filter(|v| matches!(v.entry().held, Held::List { .. }));
        list.into_iter().flat_map(View::children)
    }

    /// The string, if it is one.
    #[inline]
    #[must_use]
    pub fn str(self) -> Option<&'t str> {
        match self.entry().held {
            Held::Str { start, len } => Some(self.slice(start, len)),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    #[inline]
    #[must_use]
    pub fn int(self) -> Option<i64> {
        match self.entry().held {
            Held::Int(n) => Some(n),
            _ => None,
        }
    }

    /// The string of that name.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'t str> {
        self.get(name)?.str()
    }

    /// The whole number of that name.
    #[must_use]
    pub fn number(self, name: &str) -> Option<i64> {
        self.get(name)?.int()
    }
}

/// A value as it shows from outside.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Shape<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number above `i64::MAX`.
    Uint(u64),
    /// Any other number.
    Float(f64),
    /// A string.
    Str(&'t str),
    /// A list of so many items.
    List(usize),
    /// A map of so many names.
    Map(usize),
}

impl Shape<'_> {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shape::Null => "null",
            Shape::Bool(_) => "a boolean",
            Shape::Int(_) | Shape::Uint(_) => "an integer",
            Shape::Float(_) => "a number",
            Shape::Str(_) => "a string",
            Shape::List(_) => "a list",
            Shape::Map(_) => "an object",
        }
    }
}

/// Equal as JSON values: names of maps in any order.
impl PartialEq for View<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.value(), other.value()) {
            (Shape::List(a), Shape::List(b)) => a == b && self.children().eq(other.children()),
            (Shape::Map(a), Shape::Map(b)) => {
                a == b
                    && self.children().all(|mine| {
                        other
                            .children()
                            .any(|its| its.key() == mine.key() && its == mine)
                    })
            }
            (a, b) => a == b,
        }
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value() {
            Shape::Null => serializer.serialize_unit(),
            Shape::Bool(b) => serializer.serialize_bool(b),
            Shape::Int(n) => serializer.serialize_i64(n),
            Shape::Uint(n) => serializer.serialize_u64(n),
            Shape::Float(f) => serializer.serialize_f64(f),
            Shape::Str(text) => serializer.serialize_str(text),
            Shape::List(count) => {
                let mut list = serializer.serialize_seq(Some(count))?;
                for child in self.children() {
                    list.serialize_element(&child)?;
                }
                list.end()
            }
            Shape::Map(count) => {
                let mut map = serializer.serialize_map(Some(count))?;
                for child in self.children() {
                    map.serialize_entry(child.key(), &child)?;
                }
                map.end()
            }
        }
    }
}

impl Serialize for Tape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.root().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        super::record::record(&value).map_err(D::Error::custom)
    }
}
