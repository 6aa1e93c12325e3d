//! Our parser against the `kdl` crate, on random documents and on damaged ones.

use std::cell::Cell;

use kdl::{KdlDocument, KdlEntry, KdlIdentifier, KdlNode, KdlValue};
use mlspec::source::Span;
use mlspec::syntax::tree::{Block, Children, Entry, Node, Scalar, Value, Word};
use proptest::prelude::*;

use super::{FILE, canonical, generate, kdl_errors, parsed, runner};

fn nowhere() -> Span {
    Span::new(FILE, 0, 0)
}

fn block(document: &KdlDocument) -> Block {
    Block {
        nodes: document.nodes().iter().map(node).collect(),
        disabled: Vec::new(),
    }
}

fn node(node: &KdlNode) -> Node {
    Node {
        ty: node.ty().map(word),
        name: word(node.name()),
        entries: node.entries().iter().map(entry).collect(),
        children: node.children().map(|c| Children {
            block: block(c),
            span: nowhere(),
        }),
        disabled: Vec::new(),
        span: nowhere(),
    }
}

fn word(word: &KdlIdentifier) -> Word {
    Word {
        text: word.value().into(),
        span: nowhere(),
    }
}

fn entry(entry: &KdlEntry) -> Entry {
    let scalar = match entry.value() {
        KdlValue::String(text) => Scalar::String {
            text: text.into(),
            quoted: true,
        },
        KdlValue::Integer(number) => Scalar::Integer(*number),
        KdlValue::Float(number) => Scalar::Float(*number),
        KdlValue::Bool(value) => Scalar::Bool(*value),
        KdlValue::Null => Scalar::Null,
    };
    let value = Value {
        ty: entry.ty().map(word),
        scalar,
        span: nowhere(),
    };
    Entry {
        name: entry.name().map(word),
        value,
        span: nowhere(),
    }
}

/// What the `kdl` crate reads, if it accepts the text.
fn theirs(text: &str) -> Option<String> {
    let document = KdlDocument::parse_v2(text).ok()?;
    Some(canonical::print(&block(&document)))
}

/// What we read, if the text is KDL.
fn ours(text: &str) -> Option<String> {
    let result = parsed(text);
    kdl_errors(&result.diagnostics)
        .is_empty()
        .then(|| canonical::print(&result.document))
}

/// The generator's documents without `/-` are read alike. (With `/-`, `kdl` 6.7 refuses many that
/// the grammar allows, such as `a {/-b;}`: see the next test.)
#[test]
fn random_documents() {
    let mut runner = runner(100);
    let plain = generate::document().prop_filter("slashdash", |text| !text.contains("/-"));
    let result = runner.run(&plain, |text| {
        prop_assert!(only_repeated(&text), "{:?}", text);
        prop_assert_eq!(ours(&text), theirs(&text), "{:?}", text);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Asserts that a property held, and that it was not held against next to nothing.
#[track_caller]
fn compared(result: Result<(), impl std::fmt::Display>, count: usize) {
    result.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(count > 50, "only {count} documents were compared");
}

/// Where `kdl` accepts a document with `/-`, we read the same.
#[test]
fn slashdash() {
    let agreed = Cell::new(0);
    let mut runner = runner(100);
    let result = runner.run(&generate::document(), |text| {
        prop_assert!(only_repeated(&text), "{:?}", text);
        if let Some(theirs) = theirs(&text) {
            prop_assert_eq!(ours(&text), Some(theirs), "{:?}", text);
            agreed.set(agreed.get() + 1);
        }
        Ok(())
    });
    compared(result, agreed.get());
}

/// A document with one character taken out or put in: what we accept, `kdl` reads alike.
#[test]
fn damaged_documents() {
    let agreed = Cell::new(0);
    let mut runner = runner(200);
    let damage = (
        generate::document(),
        any::<prop::sample::Index>(),
        "[\\PC]?",
    );
    let result = runner.run(&damage, |(text, at, put)| {
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len() + 1);
        let (before, after) = chars.split_at(at);
        let skip = usize::from(put.is_empty()).min(after.len());
        let text: String = before
            .iter()
            .copied()
            .chain(put.chars())
            .chain(after[skip..].iter().copied())
            .collect();
        // What a trap is met in is read as it was meant.
        let ours = only_repeated(&text).then(|| ours(&text)).flatten();
        if let (Some(ours), Some(theirs)) = (ours, theirs(&text)) {
            prop_assert_eq!(ours, theirs, "{:?}", text);
            agreed.set(agreed.get() + 1);
        }
        Ok(())
    });
    compared(result, agreed.get());
}

/// The generator makes no mistakes, but may repeat a property.
fn only_repeated(text: &str) -> bool {
    parsed(text).diagnostics.iter().all(|d| d.code == "KDL-47")
}
