//! The parser over any text: never a panic, and every place it names can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec::source::{FileId, Span};
use mlspec::syntax::parse;
use mlspec::syntax::tree::{Block, Node};

fuzz_target!(|text: &str| {
    let result = parse(FileId(0), text);
    let whole = Span::new(FileId(0), 0, text.len());
    block(text, &result.document, whole);
    for finding in &result.diagnostics {
        let labels = finding.labels.iter().map(|label| label.span);
        for span in finding.span.into_iter().chain(labels) {
            shown(text, span, whole);
        }
        for fix in &finding.fixes {
            let mut at = 0;
            for edit in &fix.edits {
                shown(text, edit.span, whole);
                assert!(edit.span.start >= at, "edits overlap or are unordered");
                at = edit.span.end;
            }
        }
    }
});

fn block(text: &str, block: &Block, around: Span) {
    let mut at = around.start;
    for node in &block.nodes {
        assert!(node.span.start >= at, "nodes overlap");
        at = node.span.end;
        node_within(text, node, around);
    }
    for span in &block.disabled {
        shown(text, *span, around);
    }
}

fn node_within(text: &str, node: &Node, around: Span) {
    shown(text, node.span, around);
    shown(text, node.name.span, node.span);
    for entry in &node.entries {
        shown(text, entry.span, node.span);
        shown(text, entry.value.span, entry.span);
    }
    if let Some(children) = &node.children {
        shown(text, children.span, node.span);
        block(text, &children.block, children.span);
    }
}

/// A place lies within another and can be cut out of the text.
fn shown(text: &str, span: Span, around: Span) {
    assert!(
        span.start >= around.start && span.end <= around.end,
        "{span:?} is not in {around:?}"
    );
    assert!(
        text.get(span.range()).is_some(),
        "{span:?} cuts a character"
    );
}
