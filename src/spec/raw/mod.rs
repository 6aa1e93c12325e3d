//! Fields inside a node whose children are free: `patch`. KDL in, a tree of values with their
//! places out. What a reader could take for two things is refused here (LNG-24), so that what
//! comes out has one meaning without looking at any schema.

pub(super) mod guard;

use smol_str::SmolStr;

use crate::diag::Diagnostic;
use crate::source::Span;
use crate::syntax::tree::{Block, Entry, Node, Scalar, Value};

/// The name of a node that is an item of a list.
const ITEM: &str = "-";

/// A field of a map and what is to be done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: SmolStr,
    /// The name's place.
    pub at: Span,
    /// What it says.
    pub raw: Raw,
    /// The place of what it says: the value, or the whole node.
    pub span: Span,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Whether `(remove)` stands in front.
    pub remove: bool,
    /// What it says.
    pub raw: Raw,
    /// Its place.
    pub span: Span,
}

/// What is said of a field or item.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// `#null`: the field goes.
    Delete,
    /// A text.
    Text(SmolStr),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// Fields by name, as written.
    Map(Vec<Field>),
    /// Items in order; never empty.
    List(Vec<Item>),
}

/// Reads the fields of a block. What is unclear is left out and reported.
pub(super) fn fields(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::with_capacity(block.nodes.len());
    for node in &block.nodes {
        if node.name.text == ITEM {
            diagnostics.push(
                unclear(node.name.span, "an item `-` stands among fields".to_owned()).help(
                    "put it between the braces of the list's name: `args { - \"--verbose\" }`",
                ),
            );
        } else if let Some(ty) = &node.ty {
            let name = &node.name.text;
            diagnostics.push(
                unclear(ty.span, format!("`({})` stands before a field", ty.text))
                    .help(format!("to delete the field write `{name} #null`")),
            );
        } else if let Some(raw) = raw(node, diagnostics) {
            let span = match (node.entries.as_slice(), &node.children) {
                ([one], None) if one.name.is_none() => one.value.span,
                _ => node.span,
            };
            add(
                &mut fields,
                node.name.text.clone(),
                node.name.span,
                raw,
                span,
                diagnostics,
            );
        }
    }
    fields
}

fn add(
    fields: &mut Vec<Field>,
    name: SmolStr,
    at: Span,
    raw: Raw,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(first) = fields.iter().find(|f| f.name == name) {
        let mut found = Diagnostic::error("LNG-09", at, format!("field `{name}` is here twice"))
            .also(first.at, "first here");
        found = match raw {
            Raw::Map(_) | Raw::List(_) => found.help(format!(
                "merge the two; items of a list are `-` nodes: `{name} {{ - …; - … }}`"
            )),
            _ => found.help("keep one of them"),
        };
        diagnostics.push(found);
        return;
    }
    fields.push(Field {
        name,
        at,
        raw,
        span,
    });
}

/// What a node says about its name.
fn raw(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Raw> {
    let (args, props): (Vec<&Entry>, Vec<&Entry>) =
        node.entries.iter().partition(|e| e.name.is_none());
    let name = &node.name.text;
    if let (Some(arg), true) = (args.first(), !props.is_empty() || node.children.is_some()) {
        diagnostics.push(
            unclear(arg.span, format!("`{name}` has a value and fields"))
                .note("a field is one value, several values, or a map of fields")
                .help(format!(
                    "name the field that the value belongs to: `{name} {{ name \"…\" }}`"
                )),
        );
        return None;
    }
    if args.is_empty() && props.is_empty() && node.children.is_none() {
        diagnostics.push(
            unclear(node.name.span, format!("`{name}` says nothing"))
                .note("it could be no value, an empty text or an empty map")
                .help(format!(
                    "write `{name} {{}}` for an empty map, `{name} #null` to delete the field"
                )),
        );
        return None;
    }
    match args.as_slice() {
        [] => {}
        [one] => return scalar(&one.value, diagnostics),
        several => return scalars(several, diagnostics).map(Raw::List),
    }
    let block = node.children.as_ref().map(|c| &c.block);
    let items = block.is_some_and(|b| b.nodes.iter().any(|n| n.name.text == ITEM));
    if items
        && props.is_empty()
        && block.is_some_and(|b| b.nodes.iter().all(|n| n.name.text == ITEM))
    {
        return list(block?, diagnostics).map(Raw::List);
    }
    let mut fields = Vec::new();
    for prop in props {
        let (Some(word), Some(raw)) = (&prop.name, scalar(&prop.value, diagnostics)) else {
            continue;
        };
        add(
            &mut fields,
            word.text.clone(),
            word.span,
            raw,
            prop.value.span,
            diagnostics,
        );
    }
    for field in block
        .map(|b| self::fields(b, diagnostics))
        .unwrap_or_default()
    {
        add(
            &mut fields,
            field.name,
            field.at,
            field.raw,
            field.span,
            diagnostics,
        );
    }
    Some(Raw::Map(fields))
}

fn list(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Item>> {
    let mut items = Vec::with_capacity(block.nodes.len());
    let mut whole = true;
    for node in &block.nodes {
        let remove = match &node.ty {
            None => false,
            Some(ty) if ty.text == "remove" => true,
            Some(ty) => {
                diagnostics.push(
                    Diagnostic::error(
                        "LNG-06",
                        ty.span,
                        format!("unknown annotation `({})`", ty.text),
                    )
                    .help("the only annotation of an item is `(remove)`"),
                );
                whole = false;
                continue;
            }
        };
        match raw(node, diagnostics) {
            Some(Raw::Delete) => {
                diagnostics.push(
                    unclear(node.span, "an item of a list is `#null`".to_owned())
                        .help("to delete an item write `(remove)- …` with its key"),
                );
                whole = false;
            }
            Some(raw) => items.push(Item {
                remove,
                raw,
                span: node.span,
            }),
            None => whole = false,
        }
    }
    whole.then_some(items)
}

fn scalars(entries: &[&Entry], diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Item>> {
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let span = entry.value.span;
        match scalar(&entry.value, diagnostics)? {
            Raw::Delete => {
                diagnostics.push(
                    unclear(span, "one of several values is `#null`".to_owned())
                        .help("leave it out, or write `#null` alone to delete the field"),
                );
                return None;
            }
            raw => items.push(Item {
                remove: false,
                raw,
                span,
            }),
        }
    }
    Some(items)
}

fn scalar(value: &Value, diagnostics: &mut Vec<Diagnostic>) -> Option<Raw> {
    if let Some(ty) = &value.ty {
        diagnostics.push(Diagnostic::error(
            "LNG-06",
            ty.span,
            "a value of a patch takes no type annotation",
        ));
        return None;
    }
    let found = match &value.scalar {
        Scalar::Null => return Some(Raw::Delete),
        Scalar::Bool(value) => return Some(Raw::Bool(*value)),
        Scalar::String { text, quoted: true } => return Some(Raw::Text(text.clone())),
        Scalar::String { text, .. } => {
            unclear(value.span, format!("`{text}` stands without quotes"))
                .note("it could be a text, or a field after a missing `;`")
                .help(format!("write \"{text}\", or put a `;` before it"))
        }
        Scalar::Integer(number) => match i64::try_from(*number) {
            Ok(number) => return Some(Raw::Int(number)),
            Err(_) => {
                Diagnostic::error("LNG-07", value.span, "the number does not fit into 64 bits")
            }
        },
        Scalar::Float(number) if number.is_finite() => return Some(Raw::Float(*number)),
        Scalar::Float(_) => Diagnostic::error(
            "LNG-07",
            value.span,
            "YAML for Kubernetes has no such number",
        ),
    };
    diagnostics.push(found);
    None
}

fn unclear(span: Span, message: String) -> Diagnostic {
    Diagnostic::error("LNG-24", span, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax;

    fn read(text: &str) -> (Vec<Field>, Vec<(&'static str, String)>) {
        let parsed = syntax::parse(FileId(0), text);
        assert_eq!(parsed.diagnostics, Vec::new(), "{text}");
        let mut found = Vec::new();
        let fields = fields(&parsed.document, &mut found);
        (
            fields,
            found.into_iter().map(|d| (d.code, d.message)).collect(),
        )
    }

    /// The tree as JSON, with `null` for a deletion and `[-] x` for an item that is removed.
    fn show(fields: &[Field]) -> String {
        let fields: Vec<_> = fields
            .iter()
            .map(|f| format!("{}: {}", f.name, show_raw(&f.raw)))
            .collect();
        format!("{{{}}}", fields.join(", "))
    }

    fn show_raw(raw: &Raw) -> String {
        match raw {
            Raw::Delete => "null".to_owned(),
            Raw::Text(text) => format!("{text:?}"),
            Raw::Int(n) => n.to_string(),
            Raw::Float(f) => f.to_string(),
            Raw::Bool(b) => b.to_string(),
            Raw::Map(fields) => show(fields),
            Raw::List(items) => {
                let item = |i: &Item| {
                    format!("{}{}", if i.remove { "[-] " } else { "" }, show_raw(&i.raw))
                };
                format!(
                    "[{}]",
                    items.iter().map(item).collect::<Vec<_>>().join(", ")
                )
            }
        }
    }

    /// Every form has one meaning.
    #[test]
    fn forms() {
        for (text, meaning) in [
            ("replicas 2", "{replicas: 2}"),
            ("paused #true", "{paused: true}"),
            ("weight 0.5", "{weight: 0.5}"),
            ("name \"2\"", "{name: \"2\"}"),
            ("strategy #null", "{strategy: null}"),
            ("args \"-a\" \"-b\"", "{args: [\"-a\", \"-b\"]}"),
            ("args { - \"-a\" }", "{args: [\"-a\"]}"),
            (
                "labels app=\"m\" { tier \"gpu\" }",
                "{labels: {app: \"m\", tier: \"gpu\"}}",
            ),
            ("emptyDir {}", "{emptyDir: {}}"),
            (
                "containers { - name=\"a\" { tty #true }; (remove)- name=\"b\" }",
                "{containers: [{name: \"a\", tty: true}, [-] {name: \"b\"}]}",
            ),
            ("matrix { - 1 2; - { - 3 } }", "{matrix: [[1, 2], [3]]}"),
            ("\"nvidia.com/gpu\" 1", "{nvidia.com/gpu: 1}"),
        ] {
            let (fields, found) = read(text);
            assert_eq!((show(&fields).as_str(), found), (meaning, vec![]), "{text}");
        }
    }

    /// What could be two things is refused and left out.
    #[test]
    fn unclear_forms() {
        for (text, code, message) in [
            ("emptyDir", "LNG-24", "`emptyDir` says nothing"),
            (
                "containers \"m\" { tty #true }",
                "LNG-24",
                "`containers` has a value and fields",
            ),
            (
                "limits \"2\" memory=\"4Gi\"",
                "LNG-24",
                "`limits` has a value and fields",
            ),
            (
                "type Recreate",
                "LNG-24",
                "`Recreate` stands without quotes",
            ),
            (
                "args \"a\" #null",
                "LNG-24",
                "one of several values is `#null`",
            ),
            ("- \"a\"", "LNG-24", "an item `-` stands among fields"),
            (
                "args { - \"a\"; b 1 }",
                "LNG-24",
                "an item `-` stands among fields",
            ),
            ("args { - #null }", "LNG-24", "an item of a list is `#null`"),
            (
                "(remove)args \"a\"",
                "LNG-24",
                "`(remove)` stands before a field",
            ),
            ("args { (x)- \"a\" }", "LNG-06", "unknown annotation `(x)`"),
            (
                "a (u8)1",
                "LNG-06",
                "a value of a patch takes no type annotation",
            ),
            ("a #inf", "LNG-07", "YAML for Kubernetes has no such number"),
            (
                "a 99999999999999999999",
                "LNG-07",
                "the number does not fit into 64 bits",
            ),
            ("a 1; a 2", "LNG-09", "field `a` is here twice"),
            ("a b=1 { b 2 }", "LNG-09", "field `b` is here twice"),
        ] {
            let (_, found) = read(text);
            assert_eq!(found, [(code, message.to_owned())], "{text}");
        }
    }
}
