//! What is there, but not in the form that its node takes: an argument that is a property, a
//! property that is an argument, nodes that are properties.

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::spec::table::{Arg, NodeKind};
use crate::spec::value;
use crate::syntax::tree::{Block, Entry, Node};

/// Properties named at most where none is meant for sure.
const MOST_NAMED: usize = 8;

/// Refuses an argument where the node takes none, or no further one. `raw` is how its value is
/// written.
pub(super) fn argument(kind: &'static NodeKind, entry: &Entry, raw: &str) -> Diagnostic {
    let takes = match kind.args.len() {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        n => format!("{n} arguments"),
    };
    let message = format!("`{}` takes {takes}", kind.name);
    let found = Diagnostic::error("LNG-04", entry.span, message);
    if !kind.args.is_empty() || kind.props.is_empty() {
        return found;
    }
    let takes_it = |ty| value::check(ty, &entry.value, "", raw).is_ok_and(|val| !val.is_null());
    match kind.props.iter().find(|prop| takes_it(prop.ty)) {
        Some(prop) => {
            let text = format!("{}={raw}", prop.name);
            found.suggest(format!("write `{} {text}`", kind.name), entry.span, text)
        }
        None => found.help(format!("say what it is: {}", properties(kind))),
    }
}

/// Refuses an argument that is written as a property, `readiness path="/ready"`.
pub(super) fn named_argument(
    kind: &'static NodeKind,
    arg: &Arg,
    span: Span,
    raw: &str,
) -> Diagnostic {
    let (name, property) = (kind.name, arg.name);
    let message = format!("`{property}` of `{name}` is no property");
    Diagnostic::error("LNG-02", span, message)
        .note(format!("`{name}` takes its {property} as an argument"))
        .suggest(format!("drop `{property}=`"), span, raw)
}

/// Refuses nodes inside of a node that takes none: perhaps its properties were meant.
pub(super) fn nodes(kind: &'static NodeKind, inside: &Block, text: &str) -> Diagnostic {
    let first = &inside.nodes[0];
    let message = format!("`{}` takes no nodes inside", kind.name);
    let found = Diagnostic::error("LNG-01", first.name.span, message);
    if kind.props.is_empty() {
        return found;
    }
    let meant: Vec<_> = inside
        .nodes
        .iter()
        .filter_map(|node| as_property(kind, node, text))
        .collect();
    found.help(if meant.is_empty() {
        format!("it takes properties: {}", properties(kind))
    } else {
        format!("write properties: `{} {}`", kind.name, meant.join(" "))
    })
}

/// A node of one value as the property of that name.
fn as_property(kind: &'static NodeKind, node: &Node, text: &str) -> Option<String> {
    let [entry] = node.entries.as_slice() else {
        return None;
    };
    let prop = kind
        .prop(&node.name.text)
        .filter(|_| entry.name.is_none())?;
    let raw = &text[entry.value.span.range()];
    Some(format!("{}={raw}", prop.1.name))
}

/// The properties of a node, in words.
fn properties(kind: &NodeKind) -> String {
    let names: Vec<_> = kind
        .props
        .iter()
        .map(|p| format!("`{}=`", p.name))
        .collect();
    match names.get(..MOST_NAMED) {
        Some(some) if names.len() > MOST_NAMED => {
            format!("{} and {} more", some.join(", "), names.len() - MOST_NAMED)
        }
        _ => names.join(", "),
    }
}
