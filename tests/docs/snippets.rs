//! KDL in documents and in the node table, held against the language.

use mlspec::diag::{self, Diagnostic};
use mlspec::source::{Source, Sources};
use mlspec::spec::order::TableOrder;
use mlspec::spec::table::{Key, NodeKind};
use mlspec::spec::walk::{Entry, kinds};
use mlspec::spec::{self, Written};
use mlspec::syntax;

use super::{DOCUMENTS, blocks, read};

/// Nodes of a snippet and what is wrong with it, one line each.
pub(super) fn read_snippet(snippet: &str) -> (Vec<Written>, String) {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("snippet.kdl", snippet));
    let parsed = syntax::parse(file, snippet);
    let (nodes, found) = spec::read(&parsed.document, sources.get(file));
    let found: Vec<Diagnostic> = parsed.diagnostics.into_iter().chain(found).collect();
    let shown = diag::render(
        diag::Format::Concise,
        &found,
        &sources,
        &diag::Options::default(),
    );
    (nodes, shown)
}

/// The rule for snippets: one whose first node may stand at the top of a file is a file; any other
/// is what stands inside a node that takes its first node, and gets that node around it, up to the
/// top. Several may: the first in which it is without fault is meant.
pub(super) fn in_place(snippet: &str) -> String {
    let parsed = syntax::parse(mlspec::source::FileId(0), snippet);
    let Some(first) = parsed.document.nodes.first() else {
        return snippet.to_owned();
    };
    let name = first.name.text.as_str();
    if spec::nodes::ROOT.child(name).is_some() {
        return snippet.to_owned();
    }
    let entries = kinds();
    let around: Vec<String> = entries
        .iter()
        .filter(|entry| entry.kind.child(name).is_some())
        .map(|entry| wrapped(snippet, entry, &entries))
        .collect();
    let fine = around.iter().find(|text| read_snippet(text).1.is_empty());
    fine.or(around.first())
        .cloned()
        .unwrap_or_else(|| snippet.to_owned())
}

/// The snippet inside of the nodes of a path such as `cluster/pool/mig`.
fn wrapped(snippet: &str, holder: &Entry, entries: &[Entry]) -> String {
    let mut text = snippet.to_owned();
    let mut path = holder.path.as_str();
    loop {
        let kind = entries.iter().find(|e| e.path == path).map(|e| e.kind);
        let (above, segment) = path.rsplit_once('/').unwrap_or(("", path));
        text = format!("{segment}{} {{\n{text}\n}}\n", kind.map_or("", name_of));
        if above.is_empty() {
            return text;
        }
        path = above;
    }
}

/// A first argument for nodes that cannot be without. A path that ends in one has it already.
fn name_of(kind: &NodeKind) -> &'static str {
    let needs = matches!(kind.key, Key::Arg | Key::ArgAnd(_))
        && kind.args.first().is_some_and(|a| a.required);
    if needs { " \"x\"" } else { "" }
}

/// Asserts that a snippet reads without fault in its place, and survives the formatter.
#[track_caller]
fn assert_reads(what: &str, snippet: &str) -> Vec<Written> {
    let text = in_place(snippet);
    let (nodes, faults) = read_snippet(&text);
    assert_eq!(faults, "", "{what}:\n{text}");
    let once = syntax::format(&text, &TableOrder).unwrap_or_else(|e| panic!("{what}: {e:?}"));
    assert_eq!(syntax::format(&once, &TableOrder).unwrap(), once, "{what}");
    nodes
}

/// Every `kdl` block of every document.
#[test]
fn documents_read() {
    let mut count = 0;
    for document in DOCUMENTS {
        for (i, block) in blocks(&read(document), "kdl").iter().enumerate() {
            assert_reads(&format!("{document}, block {}", i + 1), block);
            count += 1;
        }
    }
    assert!(count > 90, "only {count} blocks");
}

/// The example of every node kind shows that node, in its place.
#[test]
fn examples_of_nodes_show_them() {
    let mut wrong = Vec::new();
    for entry in kinds() {
        let nodes = assert_reads(&entry.path, entry.kind.example);
        let shown = nodes.iter().any(|node| holds(node, entry.kind));
        // A node whose first argument chooses its kind is shown as one of those.
        let chosen = || {
            entry
                .kind
                .by_arg
                .iter()
                .any(|(_, kind)| nodes.iter().any(|node| holds(node, kind)))
        };
        if !shown && !chosen() {
            wrong.push(format!(
                "{}: its example does not hold it:\n{}",
                entry.path, entry.kind.example
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn holds(node: &Written, kind: &'static NodeKind) -> bool {
    std::ptr::eq(node.kind, kind) || node.children.iter().any(|child| holds(child, kind))
}

/// A wrong snippet is noticed, wherever it stands.
#[test]
fn wrong_snippets_are_noticed() {
    for wrong in [
        "model \"m\" { gpuu }",
        "slice \"1g.5gb\" cuont=7",
        "on \"kafka\" lagg=1",
        "nonsense",
        "scale min=2 {",
    ] {
        assert_ne!(read_snippet(&in_place(wrong)).1, "", "{wrong}");
    }
    for right in [
        "slice \"1g.5gb\" count=7",
        "on \"cpu\" utilization=\"70%\"",
        "liveness \"/health\"",
        "",
    ] {
        assert_eq!(
            read_snippet(&in_place(right)).1,
            "",
            "{right}: {}",
            in_place(right)
        );
    }
}
