//! Values that expressions compute with. Values of the object stay on its tape.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::validate::name::{Digest, Name};
use crate::validate::schema::{File, Node, NodeId};
use crate::validate::tape::{Shape, View};

/// Why an expression has no value. The API server refuses an object for it too.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Failure(Cow<'static, str>);

impl Failure {
    /// Costs nothing: most are made for `ok_or` and thrown away.
    pub(super) const fn new(message: &'static str) -> Self {
        Self(Cow::Borrowed(message))
    }

    pub(super) fn of(message: String) -> Self {
        Self(Cow::Owned(message))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value on the tape together with its schema, which knows the defaults of absent fields.
#[derive(Debug, Copy, Clone)]
pub(super) struct Place<'a> {
    pub(super) view: View<'a>,
    pub(super) file: &'a File,
    pub(super) node: Option<NodeId>,
}

impl<'a> Place<'a> {
    fn schema(self) -> Option<&'a Node> {
        self.node.map(|node| self.file.node(node))
    }

    fn child_node(self, name: &str, digest: Digest) -> Option<NodeId> {
        let schema = self.schema()?;
        let property = schema.property_of(name, digest);
        property.or(schema.values)
    }

    /// The field, or what the server would put there.
    pub(super) fn field(self, name: &Name) -> Option<Place<'a>> {
        self.field_of(name.text(), name.digest())
    }

    /// The same for a name that is no part of the rule.
    pub(super) fn field_of(self, name: &str, digest: Digest) -> Option<Place<'a>> {
        match self.view.find(name, digest) {
            // Of a scalar nobody asks for the schema.
            Some(view) if view.is_scalar() => Some(Place {
                view,
                node: None,
                ..self
            }),
            Some(view) => Some(Place {
                view,
                node: self.child_node(name, digest),
                ..self
            }),
            None if self.schema().is_some_and(|schema| schema.fills) => {
                let node = self.child_node(name, digest)?;
                let view = self.file.node(node).default.as_ref()?.root();
                Some(Place {
                    view,
                    node: Some(node),
                    ..self
                })
            }
            None => None,
        }
    }

    pub(super) fn items(self) -> impl Iterator<Item = Val<'a>> {
        let node = self.schema().and_then(|schema| schema.items);
        self.view
            .children()
            .map(move |view| Place { view, node, ..self }.read())
    }

    /// Scalars by value, lists and maps as they lie.
    pub(super) fn read(self) -> Val<'a> {
        match self.view.value() {
            Shape::Null => Val::Null,
            Shape::Bool(b) => Val::Bool(b),
            Shape::Int(n) => Val::Int(n),
            #[expect(
                clippy::cast_precision_loss,
                reason = "no rule is written for such numbers"
            )]
            Shape::Uint(n) => Val::Double(n as f64),
            Shape::Float(f) => Val::Double(f),
            Shape::Str(text) => Val::Str(text),
            Shape::List(_) => Val::ListAt(self),
            Shape::Map(_) => Val::MapAt(self),
        }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Val<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    /// Nanoseconds.
    Duration(i64),
    Str(&'a str),
    Owned(Rc<str>),
    List(Rc<[Val<'a>]>),
    ListAt(Place<'a>),
    MapAt(Place<'a>),
}

impl<'a> Val<'a> {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Val::Str(text) => Some(text),
            Val::Owned(text) => Some(text),
            _ => None,
        }
    }

    /// Number of items or names.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Val::List(items) => Some(items.len()),
            Val::ListAt(place) | Val::MapAt(place) => match place.view.value() {
                Shape::List(count) | Shape::Map(count) => Some(count),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of a list or the names of a map.
    pub(super) fn each(
        &self,
        mut visit: impl FnMut(Val<'a>) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let mut go = |items: &mut dyn Iterator<Item = Val<'a>>| {
            for item in items {
                if !visit(item)? {
                    break;
                }
            }
            Ok(())
        };
        match self {
            Val::List(items) => go(&mut items.iter().cloned()),
            Val::ListAt(place) => go(&mut place.items()),
            Val::MapAt(place) => go(&mut place.view.children().map(|child| Val::Str(child.key()))),
            _ => Err(Failure::new("expected a list or map")),
        }
    }

    pub(super) fn equals(&self, other: &Val<'a>) -> bool {
        match (self, other) {
            (Val::Null, Val::Null) => true,
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::ListAt(a) | Val::MapAt(a), Val::ListAt(b) | Val::MapAt(b)) => a.view == b.view,
            (Val::List(_) | Val::ListAt(_), Val::List(_) | Val::ListAt(_)) => {
                self.same_items(other)
            }
            _ => self.compare(other) == Some(Ordering::Equal),
        }
    }

    fn same_items(&self, other: &Val<'a>) -> bool {
        let collect = |list: &Val<'a>| {
            let mut items = Vec::new();
            // Visiting a list cannot fail.
            let _ = list.each(|item| {
                items.push(item);
                Ok(true)
            });
            items
        };
        let (a, b) = (collect(self), collect(other));
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.equals(b))
    }

    /// Order of numbers, durations and strings; `None` across kinds.
    pub(super) fn compare(&self, other: &Val<'a>) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "rules compare small numbers")]
        match (self, other) {
            (Val::Int(a), Val::Int(b)) | (Val::Duration(a), Val::Duration(b)) => Some(a.cmp(b)),
            (Val::Double(a), Val::Double(b)) => a.partial_cmp(b),
            (Val::Int(a), Val::Double(b)) => (*a as f64).partial_cmp(b),
            (Val::Double(a), Val::Int(b)) => a.partial_cmp(&(*b as f64)),
            _ => Some(self.text()?.cmp(other.text()?)),
        }
    }
}
