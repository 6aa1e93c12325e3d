//! The formatter over any text: never a panic; twice is once; the document stays what it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec::source::FileId;
use mlspec::syntax::tree::{Block, Entry, Node, Scalar};
use mlspec::syntax::{PropertyOrder, format, parse};

/// An order without meaning that moves most properties.
struct ByLength;

impl PropertyOrder for ByLength {
    fn rank(&self, path: &[&str], _node: &str, property: &str) -> usize {
        property.len() + path.len()
    }
}

fuzz_target!(|text: &str| {
    let Ok(once) = format(text, &ByLength) else {
        return;
    };
    let twice = format(&once, &ByLength).expect("a formatted text is valid");
    assert_eq!(once, twice, "twice is not once");
    assert_eq!(meaning(text), meaning(&once), "the meaning changed");
});

fn meaning(text: &str) -> String {
    let mut out = String::new();
    block(&parse(FileId(0), text).document, &mut out);
    out
}

fn block(block: &Block, out: &mut String) {
    out.push_str(&format!("{{{} disabled ", block.disabled.len()));
    for node in &block.nodes {
        self::node(node, out);
    }
    out.push('}');
}

fn node(node: &Node, out: &mut String) {
    let name = |entry: &Entry| entry.name.as_ref().map(|name| name.text.clone());
    let mut entries: Vec<_> = node.entries.iter().collect();
    entries.sort_by_key(|entry| name(entry));
    let ty = node.ty.as_ref().map(|ty| &ty.text);
    out.push_str(&format!(
        "{ty:?} {:?} {} disabled ",
        node.name.text,
        node.disabled.len()
    ));
    for entry in entries {
        let ty = entry.value.ty.as_ref().map(|ty| &ty.text);
        let value = match &entry.value.scalar {
            // NaN is not itself.
            Scalar::Float(number) => format!("{:x}", number.to_bits()),
            other => format!("{other:?}"),
        };
        out.push_str(&format!("{:?}={ty:?}{value} ", name(entry)));
    }
    if let Some(children) = &node.children {
        block(&children.block, out);
    }
    out.push(';');
}
