//! Holds parsed nodes against the node table.

mod group;
mod habits;
mod key;
mod misplaced;
mod null;
mod removal;
#[cfg(test)]
mod tests;
mod unknown;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::suggest::closest;
use crate::diag::{Diagnostic, Severity};
use crate::source::{Source, Span};
use crate::syntax::tree::{Block, Document, Entry, Node, Scalar};

pub(crate) use group::grouped_names;
pub(crate) use key::{NodeKey, key, title};
use unknown::{meant_property, unknown_node, unknown_property};

use super::nodes::ROOT;
use super::raw::{self, Field};
use super::table::{Key, NodeKind, Ty};
use super::value::{self, Val};
use super::written::{Given, Written};

/// Nodes of one name in one block: more make no sense, and what later stages do with each pair of
/// them would take minutes.
const MOST_OF_A_KIND: usize = 1000;

/// What a workspace may have any number of.
const ANY_NUMBER: [&str; 2] = ["model", "preset"];

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
        // Exact, here and below: what is written stays in memory for all models.
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut nodes = Vec::with_capacity(block.nodes.len().min(MOST_OF_A_KIND));
        for node in &block.nodes {
            let name = node.name.text.as_str();
            let count = counts.entry(name).or_default();
            *count += 1;
            if *count <= MOST_OF_A_KIND || ANY_NUMBER.contains(&name) {
                nodes.extend(self.node(node, parent));
            } else if *count == MOST_OF_A_KIND + 1 {
                self.report(
                    Diagnostic::error(
                        "LNG-10",
                        node.name.span,
                        format!("there are more than {MOST_OF_A_KIND} `{name}` nodes here"),
                    )
                    .note("this one and those behind it were not read"),
                );
            }
        }
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
                    .help(key::told_apart(node)),
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
        let remove = self.annotation(node);
        let first = node.entries.iter().find(|e| e.name.is_none());
        let kind = chosen(kind, first.and_then(text_of));
        let whole = remove && kind.key == Key::Single;
        if !kind.by_arg.is_empty() && first.is_none() && !whole {
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
        let props = node.entries.iter().filter(|e| e.name.is_some()).count();
        let mut written = Written {
            kind,
            faulty: false,
            remove,
            args: Vec::with_capacity(node.entries.len() - props),
            props: Vec::with_capacity(props),
            children: Vec::new(),
            raw: None,
            name: node.name.span,
            span: node.span,
        };
        self.entries(node, parent, &mut written);
        if kind.raw {
            written.raw = self.raw(node, &written);
        } else if let Some(children) = &node.children
            && !undecided(kind, node)
        {
            if kind.children.is_empty() && !children.block.nodes.is_empty() {
                self.report(misplaced::nodes(kind, &children.block, self.text));
            } else {
                written.children = self.block(&children.block, kind);
            }
        }
        self.group(&written);
        if remove {
            self.removal(&written);
        }
        let needs_key = matches!(kind.key, Key::Arg | Key::ArgAnd(_))
            && kind.args.first().is_some_and(|a| a.required);
        if needs_key && written.args.is_empty() {
            if !as_property(kind, node) {
                let key = &kind.args[0];
                self.report(
                    Diagnostic::error(
                        "LNG-05",
                        node.name.span,
                        format!("`{name}` needs its {}", key.name),
                    )
                    .help(format!("write it behind `{name}`: {}", key.ty.example())),
                );
            }
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
                Some(_) if undecided(written.kind, node) => true,
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
        // What goes needs no more than its key.
        let needed = match (written.remove, kind.key) {
            (true, Key::Single | Key::Either(..)) => 0,
            _ => kind.args.iter().filter(|a| a.required).count().min(1),
        };
        let declared = kind
            .args
            .get(position)
            .or(kind.args.last().filter(|a| a.many));
        if let Scalar::String {
            text,
            quoted: false,
        } = &entry.value.scalar
            && position >= needed
            && (parent.child(text).is_some() || kind.child(text).is_some())
            && !declared.is_some_and(|a| matches!(a.ty, Ty::Word(_)))
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
            let raw = &self.text[entry.value.span.range()];
            self.report(misplaced::argument(kind, entry, raw));
            return true;
        };
        let what = format!("the {} of `{}`", declared.name, kind.name);
        let raw = &self.text[entry.value.span.range()];
        let val = match value::check(declared.ty, &entry.value, &what, raw) {
            Ok(Val::Null) => {
                self.report(null::argument(written, declared, entry.value.span, raw));
                Val::Wrong
            }
            Ok(val) => val,
            Err(diagnostic) => {
                self.report(diagnostic);
                Val::Wrong
            }
        };
        self.interpolation(&val, entry.value.span);
        // The words of a command may repeat; a name in a list of names may not.
        let names = declared.many && declared.ty != Ty::AnyText && val != Val::Wrong;
        if let Some(first) = written.args.iter().find(|g| names && g.val == val) {
            let first = first.span;
            self.report(
                Diagnostic::error("LNG-09", entry.value.span, format!("{what} is given twice"))
                    .also(first, "first here")
                    .help("drop one of them"),
            );
        }
        written.args.push(Given {
            val,
            span: entry.value.span,
        });
        true
    }

    fn property(&mut self, entry: &Entry, written: &mut Written) {
        let Some(name) = &entry.name else { return };
        let kind = written.kind;
        let Some((index, declared)) = kind.prop(&name.text) else {
            let meant = meant_property(&name.text, kind);
            let found = unknown_property(&name.text, name.span, kind, meant);
            if meant.is_none()
                && let Some(arg) = kind.args.get(written.args.len())
                && name.text == arg.name
            {
                let raw = &self.text[entry.value.span.range()];
                let found = misplaced::named_argument(kind, arg, entry.span, raw);
                return self.report(found);
            }
            self.report(if is_pair(kind) && written.args.is_empty() {
                let (head, key, value) = (kind.name, kind.args[0].name, kind.args[1].name);
                let raw = self.text[entry.value.span.range()].trim_matches('"');
                let pair = match kind.args[1].ty {
                    Ty::Int { .. } => format!("\"{}\" {raw}", name.text),
                    _ => format!("\"{}\" \"{raw}\"", name.text),
                };
                Diagnostic::error("LNG-02", found.span.unwrap_or(entry.span), found.message)
                    .note(format!("{key} and {value} of `{head}` are two arguments"))
                    .suggest(format!("write `{head} {pair}`"), entry.span, pair)
            } else {
                found
            });
            // What is misspelled is not missing.
            if let Some((index, _)) = meant.and_then(|m| kind.prop(m))
                && !written.props.iter().any(|(i, _)| *i == index)
            {
                let val = Val::Wrong;
                let span = entry.value.span;
                written.props.push((index, Given { val, span }));
            }
            return;
        };
        let raw = &self.text[entry.value.span.range()];
        let val = match value::check(declared.ty, &entry.value, &format!("`{}`", name.text), raw) {
            Ok(val) => val,
            Err(diagnostic) => {
                self.report(diagnostic);
                Val::Wrong
            }
        };
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

    fn interpolation(&mut self, val: &Val, span: Span) {
        // A bare word with `${` was refused already.
        let is_quoted = self.text[span.range()].starts_with(['"', '#']);
        if let Val::Text(text) = val
            && is_quoted
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
}

fn text_of(entry: &Entry) -> Option<&str> {
    match &entry.value.scalar {
        Scalar::String { text, .. } => Some(text),
        _ => None,
    }
}

/// Whether the word that says which kind it is is not known, so that nothing else can be judged.
fn undecided(kind: &NodeKind, node: &Node) -> bool {
    !kind.by_arg.is_empty() && node.entries.iter().any(|e| e.name.is_none())
}

/// Whether a node is a key and its value, as `env-var` and `label` are.
fn is_pair(kind: &NodeKind) -> bool {
    kind.key == Key::Arg && kind.args.len() == 2
}

/// Whether the key is written as a property, `env-var A="b"` or `env name="prod"`, which is reported
/// there.
fn as_property(kind: &'static NodeKind, node: &Node) -> bool {
    let mut names = node.entries.iter().filter_map(|e| e.name.as_ref());
    let of_key = |name: &str| kind.args.first().is_some_and(|arg| arg.name == name);
    names.any(|n| kind.prop(&n.text).is_none() && (is_pair(kind) || of_key(&n.text)))
}

/// The kind that a node's first argument chooses, also where that word is misspelled.
fn chosen(kind: &'static NodeKind, first: Option<&str>) -> &'static NodeKind {
    let words = kind.by_arg.iter().map(|(word, _)| *word);
    let known = |word: &&str| kind.by_arg.iter().any(|(known, _)| known == word);
    let meant = first.and_then(|word| Some(word).filter(known).or_else(|| closest(word, words)));
    kind.chosen(meant)
}
