//! The reference manual, from the node table.

use std::fmt::Write;

use super::table::{Key, NodeKind};
use super::walk::{Entry, kinds};

/// The whole manual, Markdown.
#[must_use]
pub fn manual() -> String {
    let entries = kinds();
    let mut text = String::from(
        "# Reference\n\nEvery node of the language. Generated from the node table by `mlspec schema --reference`; do not edit.\n\n",
    );
    for entry in &entries {
        let _ = writeln!(text, "- [`{}`](#{})", entry.title, anchor(&entry.title));
    }
    for entry in &entries {
        text.push('\n');
        text.push_str(&page(entry, "## "));
    }
    text
}

/// GitHub's anchor of a heading.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}

/// The page of one node kind.
#[must_use]
pub fn page(entry: &Entry, heading: &str) -> String {
    let kind = entry.kind;
    let mut text = format!("{heading}`{}`\n\n{}\n\n", entry.title, kind.doc);
    if entry.parents.is_empty() {
        text.push_str("Stands at the top of a file.\n\n");
    } else {
        let names: Vec<_> = entry.parents.iter().map(|p| format!("`{p}`")).collect();
        let _ = writeln!(text, "Stands in {}. {}\n", names.join(", "), several(kind));
    }
    if kind.replaced {
        text.push_str("A later layer with another first argument replaces the whole node.\n\n");
    }
    if let Some(group) = kind.group {
        let members: Vec<_> = group
            .iter()
            .map(|m| {
                m.iter()
                    .map(|n| member(kind, n))
                    .collect::<Vec<_>>()
                    .join(", ")
            })
            .collect();
        let _ = writeln!(
            text,
            "Exclusive, a later layer's choice replaces the other: {}.\n",
            members.join(" · or · ")
        );
    }
    if !kind.args.is_empty() || !kind.props.is_empty() {
        text.push_str("| | type | default | |\n|---|---|---|---|\n");
        for arg in kind.args {
            let must = if arg.required { "required" } else { "" };
            let many = if arg.many { " …" } else { "" };
            let _ = writeln!(
                text,
                "| *{}*{many} | {} | {must} | {} |",
                arg.name,
                cell(&arg.ty.example()),
                cell(arg.doc)
            );
        }
        for prop in kind.props {
            let default = match prop.default {
                Some(default) => cell(default),
                None if prop.required => "required".to_owned(),
                None => String::new(),
            };
            let _ = writeln!(
                text,
                "| `{}=` | {} | {default} | {} |",
                prop.name,
                cell(&prop.ty.example()),
                cell(prop.doc)
            );
        }
        text.push('\n');
    }
    if !kind.children.is_empty() {
        let names: Vec<_> = kind
            .children
            .iter()
            .map(|c| format!("`{}`", c.name))
            .collect();
        let _ = writeln!(text, "Holds {}.\n", names.join(", "));
    }
    let _ = writeln!(text, "```kdl\n{}\n```", kind.example);
    text
}

fn several(kind: &NodeKind) -> String {
    match kind.key {
        Key::Single => "Once.".to_owned(),
        Key::Arg => "Several, told apart by the first argument.".to_owned(),
        Key::ArgAnd(property) => {
            format!("Several, told apart by the first argument and `{property}=`.")
        }
        Key::Either(a, b) => format!("Several, told apart by `{a}=` or `{b}=`."),
    }
}

fn member(kind: &NodeKind, name: &str) -> String {
    match name {
        "@0" => format!("*{}*", kind.args[0].name),
        "@1" => format!("*{}*", kind.args[1].name),
        name if kind.prop(name).is_some() => format!("`{name}=`"),
        name => format!("`{name}`"),
    }
}

/// Text for a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
