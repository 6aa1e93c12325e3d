//! The merge: maps field by field, lists by the keys of the kind's schema, all else replaced.

use serde_json::{Map, Value};

use crate::diag::Diagnostic;
use crate::emit::trace::escape;
use crate::emit::{Object, Trace};
use crate::resolve::model::patch::{Field, Item, Layer, Raw};
use crate::source::Span;
use crate::validate::schema::{File, ListType, Lookup, Node, Schemas, Type};

use super::Findings;

/// Merges one layer of a patch into an object.
pub(super) fn into(object: &mut Object, layer: &Layer, schemas: &Schemas, findings: &mut Findings) {
    let content = match object.patched.take() {
        Some(value) => Ok(*value),
        None => serde_json::to_value(&object.body),
    };
    // Objects serialize as maps.
    let Ok(Value::Object(mut map)) = content else {
        return;
    };
    let (file, root) = match schemas.find(object.body.api_version(), object.body.kind()) {
        Lookup::Found(snapshot, root) => (Some(snapshot.file()), Some(root)),
        _ => (None, None),
    };
    let mut merge = Merge {
        schema: Schema(file),
        trace: &mut object.trace,
        findings,
        pointer: String::new(),
    };
    let root = root.and_then(|id| file.map(|f| f.node(id)));
    merge.fields(&mut map, &layer.fields, root);
    object.patched = Some(Box::new(Value::Object(map)));
}

/// The schemas that list keys are taken from; without one no list has keys.
#[derive(Copy, Clone)]
struct Schema(Option<&'static File>);

type NodeRef = Option<&'static Node>;

impl Schema {
    fn field(self, node: NodeRef, name: &str) -> NodeRef {
        let id = node?.property(name).or(node?.values)?;
        Some(self.0?.node(id))
    }

    fn item(self, node: NodeRef) -> NodeRef {
        Some(self.0?.node(node?.items?))
    }

    /// The value by which items are told apart, or what the server fills in.
    fn key(self, item: NodeRef, map: &Map<String, Value>, key: &str) -> Option<Value> {
        map.get(key).cloned().or_else(|| {
            let default = self.field(item, key)?.default.as_ref()?;
            serde_json::to_value(default).ok()
        })
    }
}

struct Merge<'m> {
    schema: Schema,
    trace: &'m mut Trace,
    findings: &'m mut Findings,
    /// Where the merge stands.
    pointer: String,
}

/// A place of the spec: what is said, and what it is said of.
#[derive(Copy, Clone)]
struct Place {
    said: Span,
    of: Span,
}

impl Merge<'_> {
    /// Runs something one step further down.
    fn below<R>(&mut self, step: &str, run: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        let result = run(self);
        self.pointer.truncate(length);
        result
    }

    fn fields(&mut self, map: &mut Map<String, Value>, fields: &[Field], node: NodeRef) {
        for field in fields {
            self.below(&escape(&field.name), |merge| merge.field(map, field, node));
        }
    }

    fn field(&mut self, map: &mut Map<String, Value>, field: &Field, node: NodeRef) {
        let name = field.name.as_str();
        let place = Place {
            said: field.span,
            of: field.at,
        };
        if field.raw == Raw::Delete {
            match map.shift_remove(name) {
                Some(_) => {
                    self.trace.deleted(&self.pointer, field.span);
                    self.findings.hit(field.span);
                }
                None => self.findings.miss(field.span, || {
                    Diagnostic::error(
                        "LNG-12",
                        field.span,
                        format!("there is no `{name}` to delete"),
                    )
                    .help("drop the field")
                }),
            }
            return;
        }
        let node = self.schema.field(node, name);
        if let Err(found) = fits(name, &field.raw, node, field.at) {
            self.findings.wrong(field.at, found);
            return;
        }
        match (map.get_mut(name), &field.raw) {
            (Some(Value::Object(_)), Raw::Map(fields)) if fields.is_empty() => {
                self.unchanged(name, place);
            }
            (Some(Value::Object(old)), Raw::Map(fields)) => self.fields(old, fields, node),
            (Some(Value::Array(old)), Raw::List(items)) if self.keyed(node) => {
                self.items(name, old, items, node);
            }
            (old, raw) => {
                let value = self.value(raw, node);
                if old.is_some_and(|old| *old == value) {
                    self.unchanged(name, place);
                    return;
                }
                self.note(raw, place);
                insert(map, name, value);
            }
        }
    }

    /// Whether items of the list are told apart.
    fn keyed(&self, node: NodeRef) -> bool {
        node.is_some_and(|n| n.list.is_some())
    }

    fn items(&mut self, name: &str, old: &mut Vec<Value>, items: &[Item], node: NodeRef) {
        let Some(list) = node.and_then(|n| n.list.as_ref()) else {
            return;
        };
        let inner = self.schema.item(node);
        for item in items {
            let place = Place {
                said: item.span,
                of: item.span,
            };
            let at = match list {
                ListType::Set => {
                    let value = self.value(&item.raw, inner);
                    old.iter().position(|v| *v == value)
                }
                ListType::Map(keys) => match self.find(name, old, item, keys, inner) {
                    Ok(at) => at,
                    Err(found) => {
                        self.findings.wrong(item.span, found);
                        continue;
                    }
                },
            };
            match (at, item.remove) {
                (Some(at), true) => {
                    old.remove(at);
                    self.trace.item_removed(&self.pointer, at);
                    self.findings.hit(item.span);
                }
                (None, true) => self.findings.miss(item.span, || {
                    let message = format!("`{name}` has no such item to remove");
                    Diagnostic::error("LNG-11", item.span, message).help("drop it")
                }),
                (Some(at), false) => {
                    let (ListType::Map(keys), Raw::Map(fields), Some(Value::Object(map))) =
                        (list, &item.raw, old.get_mut(at))
                    else {
                        self.unchanged(name, place);
                        continue;
                    };
                    let rest = fields.iter().filter(|f| !keys.contains(&f.name));
                    let rest: Vec<Field> = rest.cloned().collect();
                    if rest.is_empty() {
                        self.unchanged(name, place);
                    }
                    self.below(&at.to_string(), |merge| merge.fields(map, &rest, inner));
                }
                (None, false) => {
                    let value = self.value(&item.raw, inner);
                    self.below(&old.len().to_string(), |merge| merge.note(&item.raw, place));
                    old.push(value);
                }
            }
        }
    }

    /// Where in a list the item of the same keys is.
    fn find(
        &mut self,
        name: &str,
        old: &[Value],
        item: &Item,
        keys: &[smol_str::SmolStr],
        inner: NodeRef,
    ) -> Result<Option<usize>, Diagnostic> {
        let unclear = |span, message: String| {
            let keys: Vec<_> = keys.iter().map(|k| format!("{k}=…")).collect();
            Diagnostic::error("LNG-24", span, message)
                .note("items of this list are merged by what tells them apart")
                .help(format!("write `- {}`", keys.join(" ")))
        };
        let Raw::Map(fields) = &item.raw else {
            return Err(unclear(
                item.span,
                format!("an item of `{name}` has no fields"),
            ));
        };
        let mut wanted = Map::new();
        for field in fields.iter().filter(|f| keys.contains(&f.name)) {
            wanted.insert(field.name.to_string(), self.value(&field.raw, None));
        }
        if item.remove
            && let Some(other) = fields.iter().find(|f| !keys.contains(&f.name))
        {
            return Err(Diagnostic::error(
                "LNG-16",
                other.at,
                format!("`{}` changes nothing: the item is removed", other.name),
            )
            .help("keep what tells the item apart, delete the rest"));
        }
        let of = |map: &Map<String, Value>| -> Vec<Option<Value>> {
            keys.iter()
                .map(|key| self.schema.key(inner, map, key))
                .collect()
        };
        let wanted = of(&wanted);
        if let Some(at) = wanted.iter().position(Option::is_none) {
            return Err(unclear(
                item.span,
                format!("an item of `{name}` does not say its `{}`", keys[at]),
            ));
        }
        Ok(old
            .iter()
            .position(|v| v.as_object().is_some_and(|map| of(map) == wanted)))
    }

    /// A value on its own. What it would delete is not there.
    fn value(&mut self, raw: &Raw, node: NodeRef) -> Value {
        match raw {
            Raw::Delete => Value::Null,
            Raw::Text(text) => Value::String(text.to_string()),
            Raw::Int(number) => Value::from(*number),
            Raw::Float(number) => Value::from(*number),
            Raw::Bool(value) => Value::Bool(*value),
            Raw::Map(fields) => {
                let mut map = Map::new();
                for field in fields {
                    let node = self.schema.field(node, &field.name);
                    if field.raw == Raw::Delete {
                        self.findings.miss(field.span, || {
                            let message = format!("there is no `{}` to delete", field.name);
                            Diagnostic::error("LNG-12", field.span, message).help("drop the field")
                        });
                    } else if let Err(found) = fits(&field.name, &field.raw, node, field.at) {
                        self.findings.wrong(field.at, found);
                    } else {
                        let value = self.value(&field.raw, node);
                        insert(&mut map, &field.name, value);
                    }
                }
                Value::Object(map)
            }
            Raw::List(items) => {
                let node = self.schema.item(node);
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    if item.remove {
                        self.findings.miss(item.span, || {
                            let message = "there is no such item to remove";
                            Diagnostic::error("LNG-11", item.span, message)
                                .note("this list is written whole: it has no keys, or nothing is in it")
                                .help("drop it; write the items that are to stay")
                        });
                    } else {
                        list.push(self.value(&item.raw, node));
                    }
                }
                Value::Array(list)
            }
        }
    }

    /// Notes that what is written at the pointer and below comes from here, and has an effect.
    fn note(&mut self, raw: &Raw, place: Place) {
        self.findings.hit(place.said);
        self.trace.patched(&self.pointer, place.said, place.of);
        match raw {
            Raw::Map(fields) => {
                for field in fields.iter().filter(|f| f.raw != Raw::Delete) {
                    let place = Place {
                        said: field.span,
                        of: field.at,
                    };
                    self.below(&escape(&field.name), |merge| merge.note(&field.raw, place));
                }
            }
            Raw::List(items) => {
                for (at, item) in items.iter().filter(|i| !i.remove).enumerate() {
                    let place = Place {
                        said: item.span,
                        of: item.span,
                    };
                    self.below(&at.to_string(), |merge| merge.note(&item.raw, place));
                }
            }
            _ => {}
        }
    }

    fn unchanged(&mut self, name: &str, place: Place) {
        self.findings.miss(place.said, || {
            Diagnostic::error("LNG-16", place.said, format!("`{name}` is so already"))
                .note("the patch changes nothing here, in any environment that it reaches")
                .help("delete it")
        });
    }
}

/// Refuses one value, several, or fields where the schema wants something else: a typing slip
/// that would replace a whole list or map.
fn fits(name: &str, raw: &Raw, node: NodeRef, at: Span) -> Result<(), Diagnostic> {
    let Some(node) = node else { return Ok(()) };
    let (is, help) = match (node.ty, raw) {
        (Type::Array, Raw::Map(_)) => (
            "a list, and fields are written",
            format!("write `{name} {{ - … }}`"),
        ),
        (Type::Array, Raw::Text(_) | Raw::Int(_) | Raw::Float(_) | Raw::Bool(_)) => (
            "a list, and one value is written",
            format!("write `{name} {{ - … }}`"),
        ),
        (Type::Object, Raw::List(_)) => (
            "a map, and a list is written",
            format!("write `{name} {{ … }}`"),
        ),
        (Type::Object, Raw::Text(_) | Raw::Int(_) | Raw::Float(_) | Raw::Bool(_)) => (
            "a map, and a value is written",
            format!("write `{name} {{ … }}`"),
        ),
        _ => return Ok(()),
    };
    Err(Diagnostic::error("LNG-24", at, format!("`{name}` is {is}")).help(help))
}

/// Puts a field in its place in the alphabet, where the emitters' fields stand too.
fn insert(map: &mut Map<String, Value>, name: &str, value: Value) {
    if let Some(old) = map.get_mut(name) {
        *old = value;
        return;
    }
    let at = map
        .keys()
        .position(|key| key.as_str() > name)
        .unwrap_or(map.len());
    map.shift_insert(at, name.to_owned(), value);
}
