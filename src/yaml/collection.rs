//! Maps and lists. Nothing is written before the first entry, so that an empty one can still
//! become `{}` or `[]`, and an entry is taken back when its value turns out to be null.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::error::Unrepresentable;
use super::key::KeyNode;
use super::serializer::{Node, Place, Writer, Written};
use super::track::Track;

/// Columns a level goes to the right.
const STEP: usize = 2;

/// What was written before an entry began.
struct Before<M> {
    bytes: usize,
    lines: M,
}

/// A map being written.
pub(super) struct Entries<'w, 'o, K: Track> {
    writer: &'w mut Writer<'o, K>,
    place: Place,
    column: usize,
    empty: bool,
    /// Set between a key and its value.
    open: Option<Before<K::Mark>>,
    /// Whether this is the content of an enum variant, whose key is left together with it.
    variant: bool,
}

impl<'w, 'o, K: Track> Entries<'w, 'o, K> {
    pub(super) fn new(writer: &'w mut Writer<'o, K>, place: Place, column: usize) -> Self {
        Self {
            writer,
            place,
            column,
            empty: true,
            open: None,
            variant: false,
        }
    }

    pub(super) fn entry<T: Serialize + ?Sized>(
        &mut self,
        key: &str,
        value: &T,
    ) -> Result<(), Unrepresentable> {
        let before = self.begin();
        self.writer.key(key, self.column);
        self.value(before, value)
    }

    /// The map that is the value of this map's only entry.
    pub(super) fn variant_entries(mut self, variant: &str) -> Self {
        self.begin();
        self.writer.key(variant, self.column);
        let inner = Self::new(self.writer, Place::Key, self.column + STEP);
        Self {
            variant: true,
            ..inner
        }
    }

    /// The list that is the value of this map's only entry.
    pub(super) fn variant_items(mut self, variant: &str) -> Items<'w, 'o, K> {
        self.begin();
        self.writer.key(variant, self.column);
        let inner = Items::new(self.writer, Place::Key, self.column + STEP);
        Items {
            variant: true,
            ..inner
        }
    }

    pub(super) fn finish(self) -> Result<Written, Unrepresentable> {
        if self.empty {
            self.writer.empty(self.place, b"{}");
        }
        if self.variant {
            self.writer.track.leave();
        }
        Ok(Written::Something)
    }

    fn begin(&mut self) -> Before<K::Mark> {
        let before = Before {
            bytes: self.writer.out.len(),
            lines: self.writer.track.mark(),
        };
        self.writer.begin_line(self.place, self.empty, self.column);
        before
    }

    fn value<T: Serialize + ?Sized>(
        &mut self,
        before: Before<K::Mark>,
        value: &T,
    ) -> Result<(), Unrepresentable> {
        let node = Node {
            writer: &mut *self.writer,
            place: Place::Key,
            column: self.column + STEP,
        };
        match value.serialize(node)? {
            Written::Something => self.empty = false,
            Written::Null => {
                self.writer.out.truncate(before.bytes);
                self.writer.track.rewind(before.lines);
            }
        }
        self.writer.track.leave();
        Ok(())
    }
}

/// A list being written.
pub(super) struct Items<'w, 'o, K: Track> {
    writer: &'w mut Writer<'o, K>,
    place: Place,
    column: usize,
    next: usize,
    /// Whether this is the content of an enum variant, whose key is left together with it.
    variant: bool,
}

impl<'w, 'o, K: Track> Items<'w, 'o, K> {
    pub(super) fn new(writer: &'w mut Writer<'o, K>, place: Place, column: usize) -> Self {
        let column = if place == Place::Key {
            column - STEP
        } else {
            column
        };
        Self {
            writer,
            place,
            column,
            next: 0,
            variant: false,
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unrepresentable> {
        self.writer
            .begin_line(self.place, self.next == 0, self.column);
        self.writer.out.extend_from_slice(b"- ");
        self.writer.track.enter_index(self.next);
        let node = Node {
            writer: &mut *self.writer,
            place: Place::Dash,
            column: self.column + STEP,
        };
        if value.serialize(node)? == Written::Null {
            self.writer.out.extend_from_slice(b"null");
            self.writer.end_line();
        }
        self.writer.track.leave();
        self.next += 1;
        Ok(())
    }

    fn finish(self) -> Result<Written, Unrepresentable> {
        if self.next == 0 {
            self.writer.empty(self.place, b"[]");
        }
        if self.variant {
            self.writer.track.leave();
        }
        Ok(Written::Something)
    }
}

impl<K: Track> Writer<'_, K> {
    /// Brings the line to `column` for an entry; the first may share the line of its parent's dash.
    fn begin_line(&mut self, place: Place, first: bool, column: usize) {
        match (first, place) {
            (true, Place::Root | Place::Dash) => return,
            (true, Place::Key) => self.end_line(),
            (false, _) => {}
        }
        self.indent(column);
    }

    fn empty(&mut self, place: Place, brackets: &[u8]) {
        if place == Place::Key {
            self.out.push(b' ');
        }
        self.out.extend_from_slice(brackets);
        self.end_line();
    }
}

impl<K: Track> SerializeMap for Entries<'_, '_, K> {
    type Ok = Written;
    type Error = Unrepresentable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unrepresentable> {
        self.open = Some(self.begin());
        key.serialize(KeyNode {
            writer: &mut *self.writer,
            column: self.column,
        })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unrepresentable> {
        match self.open.take() {
            Some(before) => self.value(before, value),
            None => Err(serde::ser::Error::custom(
                "a map value was given before its key",
            )),
        }
    }

    fn end(self) -> Result<Written, Unrepresentable> {
        self.finish()
    }
}

macro_rules! structs {
    ($($name:ident),*) => {
        $(impl<K: Track> $name for Entries<'_, '_, K> {
            type Ok = Written;
            type Error = Unrepresentable;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Unrepresentable> {
                self.entry(key, value)
            }

            fn end(self) -> Result<Written, Unrepresentable> {
                self.finish()
            }
        })*
    };
}

macro_rules! lists {
    ($($name:ident::$method:ident),*) => {
        $(impl<K: Track> $name for Items<'_, '_, K> {
            type Ok = Written;
            type Error = Unrepresentable;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unrepresentable> {
                self.item(value)
            }

            fn end(self) -> Result<Written, Unrepresentable> {
                self.finish()
            }
        })*
    };
}

structs!(SerializeStruct, SerializeStructVariant);
lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
