//! Where an output line comes from: [`explain`] joins the writer's line-to-field map with the
//! origins that emitters noted.

use std::fmt::Write;

use crate::emit::trace::escape;
use crate::emit::{Body, Object};
use crate::render::File;
use crate::resolve::origin::{Derivation, Origin};
use crate::source::{Sources, Span};
use crate::syntax::{self, tree};
use crate::yaml;

/// Why a line is as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// RFC 6901 pointer of the field on the line.
    pub pointer: String,
    /// RFC 6901 pointer of the note that speaks for it: the field itself or one above.
    pub noted: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Finds why each line of an object's file is as it is, in order. `None` stands for a line
/// that no note speaks for, which a test forbids.
#[must_use]
pub fn lines(object: &Object) -> Vec<Option<Why>> {
    let mut text = Vec::new();
    let Ok(pointers) = yaml::write_lines(&object.content(), &mut text) else {
        return Vec::new();
    };
    let mut pointers: Vec<String> = pointers.iter().map(|p| p.as_str().to_owned()).collect();
    if let Body::ConfigMap(map) = &object.body {
        for (key, document) in map.data.iter().flatten() {
            inner(&mut pointers, &format!("/data/{}", escape(key)), document);
        }
    }
    pointers
        .iter()
        .map(|pointer| line(object, pointer))
        .collect()
}

/// Points the lines of a document inside of a field into that document: `/data/config.yaml`
/// becomes `/data/config.yaml#/models/0/name`. Its first line is the field's own.
fn inner(pointers: &mut [String], field: &str, document: &str) {
    let Ok(value) = serde_yaml::from_str::<serde_yaml::Value>(document) else {
        return;
    };
    let mut text = Vec::new();
    let Ok(lines) = yaml::write_lines(&value, &mut text) else {
        return;
    };
    if text != document.as_bytes() {
        return;
    }
    let block = pointers.iter_mut().filter(|p| p.as_str() == field).skip(1);
    for (pointer, line) in block.zip(&lines) {
        *pointer = format!("{field}#{}", line.as_str());
    }
}

fn line(object: &Object, pointer: &str) -> Option<Why> {
    let note = object
        .trace
        .notes()
        .iter()
        .rev()
        .filter(|note| !note.gone)
        .filter(|note| covers(&note.pointer, pointer) || covers(pointer, &note.pointer))
        // A note on the field or above it; for a line that only opens a map, the first note below.
        .max_by_key(|note| {
            let above = covers(&note.pointer, pointer);
            (
                above,
                if above {
                    note.pointer.len()
                } else {
                    usize::MAX - note.pointer.len()
                },
            )
        })?;
    Some(Why {
        pointer: pointer.to_owned(),
        noted: note.pointer.clone(),
        origin: note.origin.clone(),
    })
}

/// Whether `pointer` is `above` or lies below it.
fn covers(above: &str, pointer: &str) -> bool {
    pointer
        .strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '#']))
}

/// Explains a line (from 1) of a file that was made in recording mode. `None` for a line that is
/// not there.
#[must_use]
pub fn explain(file: &File, line: usize) -> Option<Why> {
    let index = line.checked_sub(1)?;
    match &file.object {
        Some(object) => lines(object).into_iter().nth(index)?,
        None => listed(&file.bytes, index),
    }
}

/// Explains a line of what is written and is no object: the list of files that Flux reads.
fn listed(bytes: &[u8], index: usize) -> Option<Why> {
    let list: serde_json::Value = serde_yaml::from_slice(bytes).ok()?;
    let pointer = yaml::write_lines(&list, &mut Vec::new())
        .ok()?
        .into_iter()
        .nth(index)?;
    let pointer = pointer.as_str().to_owned();
    Some(Why {
        noted: pointer.clone(),
        pointer,
        origin: Origin::Fixed(
            "Flux applies the files that its folder's list names and prunes others; it names all \
             that mlspec writes beside it",
        ),
    })
}

/// Renders an origin for people, indented; inputs of derivations below them.
#[must_use]
pub fn render(origin: &Origin, sources: &Sources) -> String {
    let mut text = String::new();
    write_origin(&mut text, origin, sources, 1);
    text
}

fn write_origin(text: &mut String, origin: &Origin, sources: &Sources, depth: usize) {
    let indent = "  ".repeat(depth);
    match origin {
        Origin::Written(span) => {
            let source = sources.get(span.file);
            let at = source.lines().position(&source.text, span.start);
            let line = source
                .text
                .lines()
                .nth(at.line as usize - 1)
                .unwrap_or_default()
                .trim();
            let _ = writeln!(
                text,
                "{indent}{}:{}:{}  {line}",
                source.path, at.line, at.column
            );
            if let Some(layer) = layer(*span, sources) {
                let _ = writeln!(text, "{indent}  in {layer}");
            }
        }
        Origin::Default(node) => {
            let name = node.split(' ').next().unwrap_or(node);
            let _ = writeln!(
                text,
                "{indent}default of `{node}`; `mlspec explain {name}` tells more"
            );
        }
        Origin::Fixed(why) => {
            let _ = writeln!(text, "{indent}always so: {why}");
        }
        Origin::Derived(derivation) => write_derivation(text, derivation, sources, depth),
    }
}

fn write_derivation(text: &mut String, derivation: &Derivation, sources: &Sources, depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(text, "{indent}{} = {}", derivation.what, derivation.formula);
    for input in &derivation.inputs {
        let _ = writeln!(text, "{indent}  {} = {}", input.name, input.value);
        write_origin(text, &input.from, sources, depth + 2);
    }
}

/// The nodes around a place: `model "bert" > in "prod" > gpu`.
fn layer(span: Span, sources: &Sources) -> Option<String> {
    let source = sources.get(span.file);
    let parsed = syntax::parse(span.file, &source.text);
    let mut names = Vec::new();
    let mut block = &parsed.document;
    while let Some(node) = block
        .nodes
        .iter()
        .find(|n| n.span.start <= span.start && span.end <= n.span.end)
    {
        names.push(title(node));
        match &node.children {
            Some(children) => block = &children.block,
            None => break,
        }
    }
    (!names.is_empty()).then(|| names.join(" > "))
}

fn title(node: &tree::Node) -> String {
    let first = node
        .entries
        .iter()
        .find(|e| e.name.is_none())
        .map(|e| &e.value.scalar);
    match first {
        Some(tree::Scalar::String { text, .. }) if !text.contains(['/', ' ']) => {
            format!("{} \"{text}\"", node.name.text)
        }
        _ => node.name.text.to_string(),
    }
}
