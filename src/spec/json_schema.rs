//! A JSON Schema of the language, from the node table, for tools that read specs as JSON.
//!
//! A node is an object: `args` holds its arguments, `props` its properties, `children` lists of
//! nodes by name.

use serde_json::{Map, Value, json};

use super::table::{Key, NodeKind, Prop, Ty};
use super::walk::kinds;

/// The schema, JSON Schema draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    let mut definitions = Map::new();
    for entry in kinds() {
        definitions.insert(entry.path.clone(), node(entry.kind));
    }
    let top: Map<String, Value> = super::nodes::ROOT
        .children
        .iter()
        .map(|kind| (kind.name.to_owned(), list(kind)))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mlspec, edition 1",
        "description": "A file of a workspace: lists of nodes by name. Generated from the node table.",
        "type": "object",
        "properties": top,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn node(kind: &'static NodeKind) -> Value {
    // Further arguments may come from another layer; the one that tells instances apart may not.
    let needs_key = matches!(kind.key, Key::Arg | Key::ArgAnd(_))
        && kind.args.first().is_some_and(|a| a.required);
    let mut args = json!({
        "type": "array",
        "minItems": usize::from(needs_key),
    });
    // An empty list is not allowed here.
    if !kind.args.is_empty() {
        args["prefixItems"] = kind
            .args
            .iter()
            .map(|a| described(value(a.ty), a.doc))
            .collect();
    }
    if kind.args.last().is_some_and(|a| a.many) {
        args["items"] = value(kind.args[kind.args.len() - 1].ty);
    } else {
        args["maxItems"] = json!(kind.args.len());
    }
    let props: Map<String, Value> = kind
        .props
        .iter()
        .map(|p| (p.name.to_owned(), property(p)))
        .collect();
    let children: Map<String, Value> = kind
        .children
        .iter()
        .map(|c| (c.name.to_owned(), list(c)))
        .collect();
    let children = match kind.raw {
        true => json!({ "type": "object", "description": "Fields of the object; free." }),
        false => {
            json!({ "type": "object", "properties": children, "additionalProperties": false })
        }
    };
    let mut parts = json!({
        "args": args,
        "props": { "type": "object", "properties": props, "additionalProperties": false },
        "children": children,
    });
    if kind.removable {
        let doc = "Written `(remove)` in front of the name.";
        parts["remove"] = json!({ "type": "boolean", "description": doc });
    }
    json!({
        "description": kind.doc,
        "type": "object",
        "properties": parts,
        "required": if needs_key { vec!["args"] } else { Vec::new() },
        "additionalProperties": false,
    })
}

fn list(kind: &'static NodeKind) -> Value {
    let paths: Vec<_> = kinds()
        .into_iter()
        .filter(|e| {
            std::ptr::eq(e.kind, kind) || kind.by_arg.iter().any(|(_, k)| std::ptr::eq(*k, e.kind))
        })
        .map(|e| json!({ "$ref": format!("#/$defs/{}", e.path.replace('~', "~0").replace('/', "~1").replace('"', "%22").replace(' ', "%20")) }))
        .collect();
    let item = if paths.len() == 1 {
        paths[0].clone()
    } else {
        json!({ "anyOf": paths })
    };
    json!({ "type": "array", "items": item })
}

fn property(prop: &Prop) -> Value {
    // `#null` unsets what an earlier layer gave.
    let unset = json!({ "type": "null" });
    let mut value = described(json!({ "anyOf": [value(prop.ty), unset] }), prop.doc);
    if let Some(default) = prop.default {
        value["x-default"] = json!(default);
    }
    value
}

fn described(mut value: Value, doc: &str) -> Value {
    value["description"] = json!(doc);
    value
}

fn value(ty: Ty) -> Value {
    match ty {
        Ty::Word(words) => json!({ "enum": words }),
        Ty::Int { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Ty::Port => json!({ "type": "integer", "minimum": 1, "maximum": 65535 }),
        Ty::Bool => json!({ "type": "boolean" }),
        Ty::Sha256 => json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
        Ty::Text => json!({ "type": "string" }),
        other => json!({ "type": "string", "x-form": other.example() }),
    }
}
