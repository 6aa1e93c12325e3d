//! Holds parsed nodes against the node table.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::diag::suggest::closest;
use crate::diag::{Diagnostic, Severity};
use crate::source::{Source, Span};
use crate::syntax::tree::{Block, Document, Entry, Node, Scalar};

use super::nodes::ROOT;
use super::raw::{self, Field};
use super::table::{Key, NodeKind};
use super::value::{self, Val};
use super::written::{Given, Written};

/// Reads a document. Diagnostics are in source order.
#[must_use]
pub fn read(document: &Document, source: &Source) -> (Vec<Written>, Vec<Diagnostic>) {
    let mut reader = Reader {
        text: &source.text,
        diagnostics: Vec::new(),
        errors: 0,
    };
    let nodes = reader.block(document, &ROOT);
    (nodes, reader.diagnostics)
}

struct Reader<'a> {
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
    /// Errors among the diagnostics.
    errors: usize,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.severity == Severity::Error);
        self.diagnostics.push(diagnostic);
    }

    fn block(&mut self, block: &Block, parent: &'static NodeKind) -> Vec<Written> {
        let nodes: Vec<_> = block
            .nodes
            .iter()
            .filter_map(|n| self.node(n, parent))
            .collect();
        self.duplicates(&nodes);
        nodes
    }

    fn duplicates(&mut self, nodes: &[Written]) {
        let mut seen: BTreeMap<(&str, NodeKey), Span> = BTreeMap::new();
        for node in nodes {
            let entry = (node.kind.name, key(node));
            if let Some(first) = seen.get(&entry) {
                self.report(
                    Diagnostic::error(
                        "LNG-09",
                        node.name,
                        format!("{} is here twice", title(node)),
                    )
                    .also(*first, "first here")
                    .help("keep one of them, or merge the two"),
                );
            } else {
                seen.insert(entry, node.name);
            }
        }
    }

    fn node(&mut self, node: &Node, parent: &'static NodeKind) -> Option<Written> {
        let before = self.errors;
        let name = node.name.text.as_str();
        let Some(kind) = parent.child(name) else {
            self.report(unknown_node(node, parent));
            return None;
        };
        let first = node.entries.iter().find(|e| e.name.is_none());
        let kind = kind.chosen(first.and_then(text_of));
        if !kind.by_arg.is_empty() && first.is_none() {
            let words: Vec<_> = kind
                .by_arg
                .iter()
                .map(|(w, _)| format!("\"{w}\""))
                .collect();
            self.report(
                Diagnostic::error(
                    "LNG-05",
                    node.name.span,
                    format!("`{name}` does not say which"),
                )
                .help(format!("write one of {} after it", words.join(", "))),
            );
            return None;
        }
        let remove = self.annotation(node);
        let mut written = Written {
            kind,
            faulty: false,
            remove,
            args: Vec::new(),
            props: Vec::new(),
            children: Vec::new(),
            raw: None,
            name: node.name.span,
            span: node.span,
        };
        self.entries(node, parent, &mut written);
        if kind.raw {
            written.raw = self.raw(node, &written);
        } else if let Some(children) = &node.children {
            if kind.children.is_empty() && !children.block.nodes.is_empty() {
                self.report(Diagnostic::error(
                    "LNG-01",
                    children.block.nodes[0].name.span,
                    format!("`{name}` takes no nodes inside"),
                ));
            } else {
                written.children = self.block(&children.block, kind);
            }
        }
        self.group(&written);
        let needs_key = matches!(kind.key, Key::Arg | Key::ArgAnd(_))
            && kind.args.first().is_some_and(|a| a.required);
        if needs_key && written.args.is_empty() {
            self.report(Diagnostic::error(
                "LNG-05",
                node.name.span,
                format!("`{name}` needs its {}", kind.args[0].name),
            ));
            return None;
        }
        written.faulty = self.errors > before;
        Some(written)
    }

    /// The fields of a node whose children are free; it must have some unless it is removed.
    fn raw(&mut self, node: &Node, written: &Written) -> Option<Arc<[Field]>> {
        let block = node.children.as_ref().map(|c| &c.block);
        let mut found = Vec::new();
        let fields = block
            .map(|b| raw::fields(b, &mut found))
            .unwrap_or_default();
        raw::guard::check(written.first(), &fields, &mut found);
        if fields.is_empty() && found.is_empty() && !written.remove {
            found.push(
                Diagnostic::error(
                    "LNG-16",
                    node.name.span,
                    format!("`{}` without fields changes nothing", node.name.text),
                )
                .help("write the fields between braces, or delete the node"),
            );
        }
        found.into_iter().for_each(|d| self.report(d));
        Some(fields.into())
    }

    fn annotation(&mut self, node: &Node) -> bool {
        match &node.ty {
            None => false,
            Some(ty) if ty.text == "remove" => true,
            Some(ty) => {
                self.report(
                    Diagnostic::error(
                        "LNG-06",
                        ty.span,
                        format!("unknown annotation `({})`", ty.text),
                    )
                    .help("the only annotation of a node is `(remove)`"),
                );
                false
            }
        }
    }

    fn entries(&mut self, node: &Node, parent: &'static NodeKind, written: &mut Written) {
        for entry in &node.entries {
            let done = match &entry.name {
                None => self.argument(node, entry, parent, written),
                Some(_) => {
                    self.property(entry, written);
                    true
                }
            };
            if !done {
                break;
            }
        }
    }

    /// Returns false where the rest of the line belongs to another node.
    fn argument(
        &mut self,
        node: &Node,
        entry: &Entry,
        parent: &'static NodeKind,
        written: &mut Written,
    ) -> bool {
        let kind = written.kind;
        let position = written.args.len();
        let declared = kind
            .args
            .get(position)
            .or(kind.args.last().filter(|a| a.many));
        if let Scalar::String {
            text,
            quoted: false,
        } = &entry.value.scalar
            && position >= kind.args.iter().filter(|a| a.required).count().min(1)
            && (parent.child(text).is_some() || kind.child(text).is_some())
            && !declared.is_some_and(|a| matches!(a.ty, super::table::Ty::Word(_)))
        {
            let (message, fix) = if parent.child(text).is_some() {
                ("before it", "; ".to_owned())
            } else {
                ("or a brace before it", "{ ".to_owned())
            };
            let diagnostic = Diagnostic::error(
                "LNG-03",
                entry.span,
                format!("`{text}` is a node of its own: a `;` is missing {message}"),
            );
            let at = Span {
                start: entry.span.start,
                end: entry.span.start,
                ..entry.span
            };
            self.report(if fix == "; " {
                diagnostic.fix("put a `;` between the two nodes", at, fix)
            } else {
                diagnostic.help(format!("write `{} {{ {text} … }}`", node.name.text))
            });
            return false;
        }
        let Some(declared) = declared else {
            let takes = match kind.args.len() {
                0 => "no argument".to_owned(),
                1 => "one argument".to_owned(),
                n => format!("{n} arguments"),
            };
            self.report(Diagnostic::error(
                "LNG-04",
                entry.span,
                format!("`{}` takes {takes}", kind.name),
            ));
            return true;
        };
        let what = format!("the {} of `{}`", declared.name, kind.name);
        let raw = &self.text[entry.value.span.range()];
        match value::check(declared.ty, &entry.value, &what, raw) {
            Ok(Val::Null) => self.report(Diagnostic::error(
                "LNG-06",
                entry.span,
                format!("{what} cannot be #null; only a property can be unset"),
            )),
            Ok(val) => {
                self.interpolation(&val, entry.value.span);
                written.args.push(Given {
                    val,
                    span: entry.value.span,
                });
            }
            Err(diagnostic) => self.report(diagnostic),
        }
        true
    }

    fn property(&mut self, entry: &Entry, written: &mut Written) {
        let Some(name) = &entry.name else { return };
        let kind = written.kind;
        let Some((index, declared)) = kind.prop(&name.text) else {
            self.diagnostics
                .push(unknown_property(name.text.as_str(), name.span, kind));
            return;
        };
        let raw = &self.text[entry.value.span.range()];
        match value::check(declared.ty, &entry.value, &format!("`{}`", name.text), raw) {
            Ok(val) => {
                self.interpolation(&val, entry.value.span);
                written.props.retain(|(i, _)| *i != index);
                written.props.push((
                    index,
                    Given {
                        val,
                        span: entry.value.span,
                    },
                ));
            }
            Err(diagnostic) => self.report(diagnostic),
        }
    }

    fn interpolation(&mut self, val: &Val, span: Span) {
        if let Val::Text(text) = val
            && let Some(start) = text.find("${")
        {
            let end = text[start..]
                .find('}')
                .map_or(text.len(), |e| start + e + 1);
            self.report(
                Diagnostic::warning(
                    "LNG-17",
                    span,
                    format!(
                        "`{}` is literal text: nothing is filled in",
                        &text[start..end]
                    ),
                )
                .help("use a preset, or an `in` block for what differs between environments"),
            );
        }
    }

    /// Reports two members of the exclusive group in one node.
    fn group(&mut self, node: &Written) {
        let Some(group) = node.kind.group else { return };
        let given = grouped_names(node, group);
        if given.is_empty()
            || group
                .iter()
                .any(|m| given.iter().all(|(n, _)| m.contains(n)))
        {
            return;
        }
        // The first name that does not go with the ones before it is the one to point at.
        let split = (1..=given.len())
            .find(|n| {
                !group
                    .iter()
                    .any(|m| given[..*n].iter().all(|(g, _)| m.contains(g)))
            })
            .unwrap_or(given.len());
        let (name, span) = given[split - 1];
        let clash = given[..split - 1]
            .iter()
            .find(|(other, _)| !group.iter().any(|m| m.contains(other) && m.contains(&name)))
            .unwrap_or(&given[0]);
        self.report(
            Diagnostic::error(
                "LNG-08",
                span,
                format!(
                    "{} and {} of `{}` exclude each other",
                    member(clash.0),
                    member(name),
                    node.kind.name
                ),
            )
            .also(clash.1, "the other one")
            .help("keep one of them"),
        );
    }
}

/// How the member of a group is called in messages.
fn member(name: &str) -> String {
    match name {
        "@0" | "@1" => "the plain value".to_owned(),
        name => format!("`{name}`"),
    }
}

/// The names of a group that a node gives, with their places, in the order written.
#[must_use]
pub(crate) fn grouped_names(
    node: &Written,
    group: super::table::Group,
) -> Vec<(&'static str, Span)> {
    let mut given = Vec::new();
    let in_group = |name: &str| {
        group
            .iter()
            .flat_map(|m| m.iter())
            .find(|n| **n == name)
            .copied()
    };
    for (position, arg) in node.args.iter().enumerate() {
        if let Some(name) = in_group(["@0", "@1", "@2"][position.min(2)]) {
            given.push((name, arg.span));
        }
    }
    for (index, prop) in &node.props {
        if let Some(name) = in_group(node.kind.props[*index].name)
            && !prop.val.is_null()
        {
            given.push((name, prop.span));
        }
    }
    for child in &node.children {
        if let Some(name) = in_group(child.kind.name)
            && !child.remove
        {
            given.push((name, child.name));
        }
    }
    given.sort_by_key(|(_, span)| span.start);
    given
}

/// What tells a node from others of its name in one scope.
pub(crate) type NodeKey = (SmolStr, SmolStr);

/// The key of a node.
#[must_use]
pub(crate) fn key(node: &Written) -> NodeKey {
    let text = |name: &str| node.prop(name).map(|g| g.val.key()).unwrap_or_default();
    let first = || node.args.first().map(|g| g.val.key()).unwrap_or_default();
    match node.kind.key {
        Key::Single => NodeKey::default(),
        Key::Arg => (first(), SmolStr::default()),
        Key::ArgAnd(property) => (first(), text(property)),
        Key::Either(a, b) => (text(a), text(b)),
    }
}

/// How a node is called in messages: `` `on "kafka"` ``.
#[must_use]
pub(crate) fn title(node: &Written) -> String {
    let (first, second) = key(node);
    match (first.is_empty(), second.is_empty(), node.kind.key) {
        (true, true, _) => format!("`{}`", node.kind.name),
        (false, false, Key::ArgAnd(property)) => {
            format!("`{} \"{first}\" {property}=\"{second}\"`", node.kind.name)
        }
        (true, false, _) => format!("`{} \"{second}\"`", node.kind.name),
        _ => format!("`{} \"{first}\"`", node.kind.name),
    }
}

fn text_of(entry: &Entry) -> Option<&str> {
    match &entry.value.scalar {
        Scalar::String { text, .. } => Some(text),
        _ => None,
    }
}

fn unknown_node(node: &Node, parent: &'static NodeKind) -> Diagnostic {
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
    if let Some(other) = closest(name, parent.children.iter().map(|k| k.name)) {
        return diagnostic.help(format!("did you mean `{other}`?")).suggest(
            format!("write `{other}`"),
            node.name.span,
            other,
        );
    }
    if let Some((property, _)) = parent.prop(name) {
        return diagnostic.help(format!(
            "`{name}` is a property: write `{} {}=…`",
            parent.name,
            property_name(parent, property)
        ));
    }
    let homes = homes(name);
    if homes.is_empty() {
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
    } else {
        let help = format!("`{name}` belongs {}", homes.join(" or "));
        let home = parent
            .children
            .iter()
            .find(|k| k.children.iter().any(|c| c.name == name));
        match home {
            Some(home) => {
                let remove = if node.ty.is_some() { "(remove)" } else { "" };
                let home = home.name;
                diagnostic.help(format!("{help}: write `{home} {{ {remove}{name} … }}`"))
            }
            None => diagnostic.help(help),
        }
    }
}

fn property_name(kind: &'static NodeKind, index: usize) -> &'static str {
    kind.props[index].name
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

fn unknown_property(name: &str, span: Span, kind: &'static NodeKind) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "LNG-02",
        span,
        format!("unknown property `{name}` of `{}`", kind.name),
    );
    if let Some(other) = closest(name, kind.props.iter().map(|p| p.name)) {
        return diagnostic.help(format!("did you mean `{other}`?")).suggest(
            format!("write `{other}`"),
            span,
            other,
        );
    }
    if kind.child(name).is_some() {
        return diagnostic.help(format!(
            "`{name}` is a node: write it between the braces of `{}`",
            kind.name
        ));
    }
    let names: Vec<_> = kind.props.iter().map(|p| format!("`{}`", p.name)).collect();
    if names.is_empty() {
        diagnostic.note(format!("`{}` takes no properties", kind.name))
    } else {
        diagnostic.note(format!("known: {}", names.join(", ")))
    }
}
