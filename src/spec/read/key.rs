//! What tells nodes of one name apart.

use smol_str::{SmolStr, format_smolstr};

use crate::spec::table::Key;
use crate::spec::value::Val;
use crate::spec::written::{Given, Written};

/// What tells a node from others of its name in one scope.
pub(crate) type NodeKey = (SmolStr, SmolStr);

/// The key of a node.
#[must_use]
pub(crate) fn key(node: &Written) -> NodeKey {
    let text = |name: &str| node.prop(name).map(given).unwrap_or_default();
    let first = || node.args.first().map(given).unwrap_or_default();
    match node.kind.key {
        Key::Single => NodeKey::default(),
        Key::Arg => (first(), SmolStr::default()),
        Key::ArgAnd(property) => (first(), text(property)),
        Key::Either(a, b) => (text(a), text(b)),
    }
}

/// What to do about two nodes of one key: some may have a name of their own.
#[must_use]
pub(super) fn told_apart(node: &Written) -> String {
    let merge = "keep one of them, or merge the two";
    let kind = node.kind;
    match kind.key {
        Key::ArgAnd("name") => format!("{merge}, or give the second one a `name=`"),
        Key::Arg if node.args.is_empty() => {
            format!(
                "{merge}, or name the second one: `{} \"other\" …`",
                kind.name
            )
        }
        _ => merge.to_owned(),
    }
}

/// A value as part of a key. One that is wrong is like no other: what it should have been is not
/// known.
fn given(given: &Given) -> SmolStr {
    match given.val {
        Val::Wrong => format_smolstr!("{WRONG}{}", given.span.start),
        ref val => val.key(),
    }
}

/// What no key begins with.
const WRONG: char = '\0';

/// How a node is called in messages: `` `on "kafka"` ``.
#[must_use]
pub(crate) fn title(node: &Written) -> String {
    let known = |text: SmolStr| {
        Some(text)
            .filter(|t| !t.starts_with(WRONG))
            .unwrap_or_default()
    };
    let (first, second) = key(node);
    let (first, second) = (known(first), known(second));
    match (first.is_empty(), second.is_empty(), node.kind.key) {
        (true, true, _) => format!("`{}`", node.kind.name),
        (false, false, Key::ArgAnd(property)) => {
            format!("`{} \"{first}\" {property}=\"{second}\"`", node.kind.name)
        }
        (true, false, _) => format!("`{} \"{second}\"`", node.kind.name),
        _ => format!("`{} \"{first}\"`", node.kind.name),
    }
}
