//! A document printed as the official test suite prints it.

use std::collections::BTreeMap;

use mlspec::syntax::tree::{Block, Entry, Node, Scalar, Value, Word};

pub(super) fn print(document: &Block) -> String {
    let mut out = String::new();
    block(document, 0, &mut out);
    out
}

fn block(nodes: &Block, depth: usize, out: &mut String) {
    for node in &nodes.nodes {
        out.push_str(&"    ".repeat(depth));
        head(node, out);
        if let Some(children) = node.children.as_ref().filter(|c| !c.block.nodes.is_empty()) {
            out.push_str(" {\n");
            block(&children.block, depth + 1, out);
            out.push_str(&"    ".repeat(depth));
            out.push('}');
        }
        out.push('\n');
    }
}

fn head(node: &Node, out: &mut String) {
    ty(node.ty.as_ref(), out);
    string(&node.name.text, out);
    for entry in node.entries.iter().filter(|e| e.name.is_none()) {
        out.push(' ');
        value(&entry.value, out);
    }
    // Sorted by name; of a repeated one the last counts.
    let named = |e: &'_ Entry| e.name.as_ref().map(|name| name.text.to_string());
    let properties: BTreeMap<String, &Value> = node
        .entries
        .iter()
        .filter_map(|e| Some((named(e)?, &e.value)))
        .collect();
    for (name, property) in properties {
        out.push(' ');
        string(&name, out);
        out.push('=');
        value(property, out);
    }
}

fn ty(word: Option<&Word>, out: &mut String) {
    if let Some(word) = word {
        out.push('(');
        string(&word.text, out);
        out.push(')');
    }
}

fn value(value: &Value, out: &mut String) {
    ty(value.ty.as_ref(), out);
    match &value.scalar {
        Scalar::String { text, .. } => string(text, out),
        Scalar::Integer(number) => out.push_str(&number.to_string()),
        Scalar::Float(number) if number.is_nan() => out.push_str("#nan"),
        Scalar::Float(number) if number.is_infinite() => {
            out.push_str(if *number < 0.0 { "#-inf" } else { "#inf" });
        }
        Scalar::Float(number) => out.push_str(&format!("{number:?}")),
        Scalar::Bool(value) => out.push_str(if *value { "#true" } else { "#false" }),
        Scalar::Null => out.push_str("#null"),
    }
}

fn string(text: &str, out: &mut String) {
    if is_bare(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn is_bare(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let keyword = ["true", "false", "null", "inf", "-inf", "nan"].contains(&text);
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || "\\/(){}[];\"#=".contains(c);
    !text.is_empty()
        && !digits.starts_with(|c: char| c.is_ascii_digit())
        && !keyword
        && !text.contains(forbidden)
}
