//! `(remove)` in front of a node: what may be taken away, and what may be said beside it.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::table::Key;
use crate::spec::written::Written;

use super::{Reader, title};

impl Reader<'_> {
    /// Reports a removal of what no layer can hold, and what a removal says beyond the key: it
    /// would be dropped with the node.
    pub(super) fn removal(&mut self, node: &Written) {
        if !node.kind.removable {
            self.report(
                Diagnostic::error(
                    "LNG-11",
                    node.name,
                    format!("{} cannot be removed", title(node)),
                )
                .note("`(remove)` takes away what a lower layer of a model says")
                .help("delete the node, or put `/-` in front of it"),
            );
            return;
        }
        let keys = match node.kind.key {
            Key::Single | Key::Either(..) => 0,
            Key::Arg | Key::ArgAnd(_) => 1,
        };
        let in_key = |name: &str| match node.kind.key {
            Key::ArgAnd(key) => name == key,
            Key::Either(a, b) => name == a || name == b,
            Key::Single | Key::Arg => false,
        };
        let args = node.args.iter().skip(keys).map(|given| given.span);
        let props = node
            .props
            .iter()
            .filter(|(index, _)| !in_key(node.kind.props[*index].name))
            .map(|(_, given)| given.span);
        let children = node.children.iter().map(|child| child.name);
        let fields = node.raw.iter().filter(|f| !f.is_empty()).map(|_| node.name);
        let idle: Vec<Span> = args.chain(props).chain(children).chain(fields).collect();
        if let Some(first) = idle.first() {
            self.report(
                Diagnostic::error(
                    "LNG-16",
                    *first,
                    format!("{} is removed: this has no effect", title(node)),
                )
                .help(
                    "drop it; to change the node, drop `(remove)`; to unset a property, write \
                     `name=#null`",
                ),
            );
        }
    }
}
