//! The spec stage's output: nodes as written, every name known and every value of its type.

use std::sync::Arc;

use crate::source::Span;

use super::raw::Field;
use super::table::NodeKind;
use super::value::Val;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it says; [`Val::Null`] unsets a property of a lower layer.
    pub val: Val,
    /// The value's place.
    pub span: Span,
}

/// A node as written.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its kind; where the first argument chooses the kind, the chosen one.
    pub kind: &'static NodeKind,
    /// Whether an error was found in it or below it: what seems to be missing may only be
    /// misspelled, so nothing is concluded from that.
    pub faulty: bool,
    /// Whether `(remove)` stands in front.
    pub remove: bool,
    /// Arguments in order.
    pub args: Vec<Given>,
    /// Properties, by their place in [`NodeKind::props`].
    pub props: Vec<(usize, Given)>,
    /// Children in source order.
    pub children: Vec<Written>,
    /// Fields of a node whose children are free, shared by all models that inherit it.
    pub raw: Option<Arc<[Field]>>,
    /// The name's place.
    pub name: Span,
    /// The whole node.
    pub span: Span,
}

impl Written {
    /// The property of a name, unless it is `#null`.
    #[must_use]
    pub fn prop(&self, name: &str) -> Option<&Given> {
        let (index, _) = self.kind.prop(name)?;
        let given = &self.props.iter().find(|(i, _)| *i == index)?.1;
        (!given.val.is_null()).then_some(given)
    }

    /// Children of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Written> {
        self.children.iter().filter(move |c| c.kind.name == name)
    }

    /// The first child of a name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Written> {
        self.children.iter().find(|c| c.kind.name == name)
    }

    /// Whether a node of a name stands in it, at any depth.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        self.children
            .iter()
            .any(|c| c.kind.name == name || c.mentions(name))
    }

    /// The text of the first argument; empty where there is none.
    #[must_use]
    pub fn first(&self) -> &str {
        self.args
            .first()
            .and_then(|g| g.val.text())
            .unwrap_or_default()
    }
}
