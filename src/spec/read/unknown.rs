//! Names that the table does not have where they stand, and what may have been meant.

use crate::diag::Diagnostic;
use crate::diag::suggest::{closest, part_of};
use crate::source::Span;
use crate::spec::nodes::ROOT;
use crate::spec::table::NodeKind;
use crate::syntax::tree::Node;

use super::habits;

pub(super) fn unknown_node(node: &Node, parent: &'static NodeKind) -> Diagnostic {
    let name = node.name.text.as_str();
    let place = match parent.name {
        "" => "at the top of a file".to_owned(),
        parent => format!("in `{parent}`"),
    };
    let diagnostic = Diagnostic::error(
        "LNG-01",
        node.name.span,
        format!("unknown node `{name}` {place}"),
    );
    let diagnostic = match name.chars().find(|c| is_invisible(*c)) {
        Some(c) => diagnostic.note(format!(
            "the name holds an invisible character, U+{:04X}",
            u32::from(c)
        )),
        None => diagnostic,
    };
    let meant = habits::property(name).filter(|meant| parent.prop(meant).is_some());
    if let Some(property) = meant.or(Some(name)).filter(|p| parent.prop(p).is_some()) {
        return diagnostic.help(format!(
            "`{property}` is a property: write `{} {property}=…`",
            parent.name
        ));
    }
    if let Some(instead) = habits::instead(name, parent) {
        return diagnostic.help(instead);
    }
    // What is the exact name of something near was hardly misspelled.
    let owners = owners(name, parent);
    if !owners.is_empty() && owners.len() <= MOST_OWNERS {
        return diagnostic.help(format!(
            "`{name}` is a property: write {}",
            owners.join(" or ")
        ));
    }
    if is_beside(name, parent) {
        return diagnostic.help(format!(
            "write it beside `{}`, behind its braces, not inside",
            parent.name
        ));
    }
    let homes = homes(name);
    if !homes.is_empty() {
        let help = format!("`{name}` belongs {}", joined(&homes));
        let inside = |kind: &&'static NodeKind| kind.child(name).is_some();
        let likely = parent
            .children
            .iter()
            .copied()
            .find(|kind| kind.name == "model");
        let likely = likely.filter(inside);
        return diagnostic.help(
            match likely.or(parent.children.iter().copied().find(inside)) {
                Some(home) => {
                    let remove = if node.ty.is_some() { "(remove)" } else { "" };
                    format!("{help}: write `{} {{ {remove}{name} … }}`", home.name)
                }
                None => help,
            },
        );
    }
    let names = || parent.children.iter().map(|k| k.name);
    if let Some(other) = closest(name, names()).or_else(|| part_of(name, names())) {
        return diagnostic.help(format!("did you mean `{other}`?")).suggest(
            format!("write `{other}`"),
            node.name.span,
            other,
        );
    }
    let names: Vec<_> = parent
        .children
        .iter()
        .map(|k| format!("`{}`", k.name))
        .collect();
    if names.is_empty() {
        diagnostic
    } else {
        diagnostic.note(format!("known here: {}", names.join(", ")))
    }
}

/// Whether a character takes no place: zero-width spaces and joiners, soft hyphen, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// More nodes than this with one property make it no hint.
const MOST_OWNERS: usize = 3;

/// The nodes inside `parent` that have a property of this name.
fn owners(name: &str, parent: &'static NodeKind) -> Vec<String> {
    let mut found = Vec::new();
    for child in parent.children {
        if child.prop(name).is_some() {
            found.push(format!("`{} {name}=…`", child.name));
        }
        for (word, chosen) in child.by_arg {
            if chosen.prop(name).is_some() {
                found.push(format!("`{} \"{word}\" {name}=…`", child.name));
            }
        }
    }
    found
}

/// Places in words; a model's own comes first.
fn joined(homes: &[String]) -> String {
    let model = "in `model`";
    if homes.len() < 3 || !homes.iter().any(|home| home == model) {
        return homes.join(" or ");
    }
    let others: Vec<_> = homes
        .iter()
        .map(String::as_str)
        .filter(|h| *h != model)
        .collect();
    format!("{model} (or {})", others.join(", "))
}

/// Whether a node of this name may stand wherever `parent` may, outside of it.
fn is_beside(name: &str, parent: &'static NodeKind) -> bool {
    let mut holding = ROOT
        .children
        .iter()
        .filter(|place| place.child(parent.name).is_some())
        .peekable();
    holding.peek().is_some() && holding.all(|place| place.child(name).is_some())
}

/// Where a node of this name may stand.
fn homes(name: &str) -> Vec<String> {
    fn walk(
        kind: &'static NodeKind,
        name: &str,
        seen: &mut Vec<*const NodeKind>,
        found: &mut Vec<String>,
    ) {
        if seen.contains(&std::ptr::from_ref(kind)) {
            return;
        }
        seen.push(kind);
        let inner = kind.by_arg.iter().map(|(_, k)| *k);
        for child in kind.children.iter().copied() {
            if child.name == name {
                let place = match kind.name {
                    "" => "at the top of a file".to_owned(),
                    place => format!("in `{place}`"),
                };
                if !found.contains(&place) {
                    found.push(place);
                }
            }
            walk(child, name, seen, found);
        }
        for child in inner {
            walk(child, name, seen, found);
        }
    }
    let mut found = Vec::new();
    walk(&ROOT, name, &mut Vec::new(), &mut found);
    found
}

/// The property that is meant by the name of none.
pub(super) fn meant_property(name: &str, kind: &'static NodeKind) -> Option<&'static str> {
    let names = || kind.props.iter().map(|p| p.name);
    habits::property(name)
        .filter(|meant| kind.prop(meant).is_some())
        .or_else(|| closest(name, names()))
        .or_else(|| part_of(name, names()))
}

pub(super) fn unknown_property(
    name: &str,
    span: Span,
    kind: &'static NodeKind,
    meant: Option<&'static str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "LNG-02",
        span,
        format!("unknown property `{name}` of `{}`", kind.name),
    );
    if kind.child(name).is_some() {
        return diagnostic.help(format!(
            "`{name}` is a node: write it between the braces of `{}`",
            kind.name
        ));
    }
    if let Some(other) = meant {
        return diagnostic.help(format!("did you mean `{other}`?")).suggest(
            format!("write `{other}`"),
            span,
            other,
        );
    }
    let names: Vec<_> = kind.props.iter().map(|p| format!("`{}`", p.name)).collect();
    if names.is_empty() {
        diagnostic.note(format!("`{}` takes no properties", kind.name))
    } else {
        diagnostic.note(format!("known: {}", names.join(", ")))
    }
}
