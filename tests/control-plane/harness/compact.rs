//! OpenAPI schemas and custom resource definitions to compact nodes, equal subtrees once.

use std::collections::BTreeMap;

use mlspec::validate::cel::Rule;
use mlspec::validate::record::record;
use mlspec::validate::schema::{
    File, Format, Limits, ListType, Logic, Node, NodeId, Pattern, Property, Type,
};
use serde_json::{Map, Value, json};

use crate::Result;

/// Values that the running server allows for a property of a component. The published OpenAPI
/// files leave them out, so older versions get those of the newest.
pub(crate) type Enums = BTreeMap<(String, String), Value>;

/// Gathers the nodes of one file.
pub(crate) struct Compactor<'a> {
    components: &'a Map<String, Value>,
    enums: &'a Enums,
    /// Drop zero defaults: built-in types state the zero value of every Go field.
    builtin: bool,
    pub(crate) file: File,
    seen: BTreeMap<String, NodeId>,
    done: BTreeMap<String, NodeId>,
}

const META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

impl<'a> Compactor<'a> {
    pub(crate) fn new(components: &'a Map<String, Value>, enums: &'a Enums, builtin: bool) -> Self {
        let (seen, done) = (BTreeMap::new(), BTreeMap::new());
        Self {
            components,
            enums,
            builtin,
            file: File::default(),
            seen,
            done,
        }
    }

    /// Adds a kind whose schema is a component.
    pub(crate) fn component_kind(&mut self, kind: &str, component: &str) -> Result<()> {
        let root = self.component(component)?;
        self.file.kinds.insert(kind.into(), root);
        Ok(())
    }

    /// Adds a kind whose schema is that of a custom resource definition.
    pub(crate) fn custom_kind(&mut self, kind: &str, schema: &Value) -> Result<()> {
        let mut schema = schema.clone();
        schema["properties"]["metadata"] =
            json!({ "$ref": format!("#/components/schemas/{META}") });
        for name in ["apiVersion", "kind"] {
            schema["properties"][name] = json!({ "type": "string" });
        }
        let root = self.node(&schema, None)?;
        self.file.kinds.insert(kind.into(), root);
        Ok(())
    }

    fn store(&mut self, node: Node) -> Result<NodeId> {
        let text = serde_json::to_string(&node)?;
        if let Some(id) = self.seen.get(&text) {
            return Ok(*id);
        }
        let id = NodeId::try_from(self.file.nodes.len())?;
        self.file.nodes.push(node);
        self.seen.insert(text, id);
        Ok(id)
    }

    fn component(&mut self, name: &str) -> Result<NodeId> {
        if let Some(id) = self.done.get(name) {
            return Ok(*id);
        }
        let plain = |ty| Node {
            ty,
            ..Node::default()
        };
        let special = match name.rsplit('.').next().unwrap_or_default() {
            "IntOrString" => Some(plain(Type::IntOrString)),
            "Quantity" => Some(plain(Type::Quantity)),
            "FieldsV1" | "RawExtension" | "JSON" => Some(plain(Type::Any)),
            _ => None,
        };
        let id = match special {
            Some(node) => self.store(node)?,
            None => {
                let schema = self
                    .components
                    .get(name)
                    .ok_or_else(|| format!("no component {name}"))?;
                self.node(schema, Some(name))?
            }
        };
        self.done.insert(name.to_owned(), id);
        Ok(id)
    }

    /// The node of a schema; `component` is the component it stands at the top of.
    fn node(&mut self, schema: &Value, component: Option<&str>) -> Result<NodeId> {
        let reference = schema["$ref"]
            .as_str()
            .or(schema["allOf"][0]["$ref"].as_str());
        if let Some(reference) = reference {
            let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
            return self.component(&name);
        }
        let mut node = Node {
            ty: type_of(schema)?,
            nullable: schema["nullable"] == true,
            open: schema["x-kubernetes-preserve-unknown-fields"] == true,
            format: format_of(schema),
            limits: limits_of(schema),
            default: self.default_of(schema)?,
            list: list_of(schema),
            rules: rules_of(schema)?,
            required: strings(&schema["required"]),
            ..Node::default()
        };
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let child = self.property(component, name, property)?;
            node.properties.push(Property(name.as_str().into(), child));
        }
        node.fills = node
            .properties
            .iter()
            .any(|p| self.file.node(p.1).default.is_some());
        node.properties.sort_by(|a, b| a.0.cmp(&b.0));
        match &schema["additionalProperties"] {
            Value::Bool(true) => node.values = Some(self.store(Node::default())?),
            values @ Value::Object(_) => node.values = Some(self.node(values, None)?),
            _ => {}
        }
        if schema["items"].is_object() {
            node.items = Some(self.node(&schema["items"], None)?);
        }
        node.logic = self.logic(schema, node.ty)?;
        self.store(node)
    }

    fn property(&mut self, component: Option<&str>, name: &str, schema: &Value) -> Result<NodeId> {
        // The server fills these itself; what they hold is never written by a spec.
        if (component == Some(META) && name == "managedFields")
            || name == "status" && at_top(component)
        {
            return self.store(Node::default());
        }
        let enums = self.enums;
        let allowed = component.and_then(|c| enums.get(&(c.to_owned(), name.to_owned())));
        let Some(allowed) = allowed else {
            return self.node(schema, None);
        };
        let mut schema = schema.clone();
        let holder = if schema["items"].is_object() {
            &mut schema["items"]
        } else {
            &mut schema
        };
        holder["enum"] = allowed.clone();
        self.node(&schema, None)
    }

    fn default_of(&self, schema: &Value) -> Result<Option<mlspec::validate::tape::Tape>> {
        let Some(default) = schema.get("default") else {
            return Ok(None);
        };
        let zero = match default {
            Value::Object(map) => map.is_empty(),
            Value::String(text) => text.is_empty(),
            other => *other == json!(0) || *other == json!(false),
        };
        if self.builtin && zero {
            Ok(None)
        } else {
            Ok(Some(record(default)?))
        }
    }

    fn logic(&mut self, schema: &Value, ty: Type) -> Result<Option<Box<Logic>>> {
        let mut branches = |name: &str| -> Result<Vec<NodeId>> {
            // Said by the type already.
            if matches!(ty, Type::IntOrString | Type::Quantity) && name != "allOf" {
                return Ok(Vec::new());
            }
            schema[name]
                .as_array()
                .into_iter()
                .flatten()
                .map(|s| self.node(s, None))
                .collect()
        };
        let (all, any, one) = (branches("allOf")?, branches("anyOf")?, branches("oneOf")?);
        let not = schema["not"]
            .is_object()
            .then(|| self.node(&schema["not"], None))
            .transpose()?;
        let logic = Logic { all, any, one, not };
        Ok((logic != Logic::default()).then(|| logic.into()))
    }
}

/// `status` is the server's at the top of an object, not deeper down.
fn at_top(component: Option<&str>) -> bool {
    component.is_none_or(|name| !name.ends_with("Condition"))
}

fn type_of(schema: &Value) -> Result<Type> {
    let int_or_string =
        schema["x-kubernetes-int-or-string"] == true || schema["format"] == "int-or-string";
    if int_or_string {
        return Ok(Type::IntOrString);
    }
    Ok(match schema["type"].as_str() {
        None => Type::Any,
        Some("object") => Type::Object,
        Some("array") => Type::Array,
        Some("string") => Type::String,
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        Some(other) => return Err(format!("unknown type {other}").into()),
    })
}

fn format_of(schema: &Value) -> Option<Format> {
    match schema["format"].as_str()? {
        "int32" => Some(Format::Int32),
        "int64" => Some(Format::Int64),
        "date-time" => Some(Format::DateTime),
        "byte" => Some(Format::Byte),
        _ => None,
    }
}

fn limits_of(schema: &Value) -> Option<Box<Limits>> {
    let size = |name: &str| schema[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let limits = Limits {
        one_of: schema["enum"].as_array().cloned().unwrap_or_default(),
        pattern: schema["pattern"].as_str().map(Pattern::new),
        minimum: schema["minimum"].as_f64(),
        maximum: schema["maximum"].as_f64(),
        exclusive_minimum: schema["exclusiveMinimum"] == true,
        exclusive_maximum: schema["exclusiveMaximum"] == true,
        at_least: size("minLength")
            .or(size("minItems"))
            .or(size("minProperties")),
        at_most: size("maxLength")
            .or(size("maxItems"))
            .or(size("maxProperties")),
    };
    (limits != Limits::default()).then(|| limits.into())
}

fn list_of(schema: &Value) -> Option<ListType> {
    match schema["x-kubernetes-list-type"].as_str()? {
        "set" => Some(ListType::Set),
        "map" => Some(ListType::Map(strings(
            &schema["x-kubernetes-list-map-keys"],
        ))),
        _ => None,
    }
}

/// The rules that hold on creation; those about changes look at `oldSelf`.
fn rules_of(schema: &Value) -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for rule in schema["x-kubernetes-validations"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let text = rule["rule"].as_str().unwrap_or_default();
        if text.contains("oldSelf") {
            continue;
        }
        let compact = Rule::new(text, rule["message"].as_str().unwrap_or_default());
        compact
            .compile()
            .map_err(|error| format!("the rule `{text}`: {error}"))?;
        rules.push(compact);
    }
    Ok(rules)
}

fn strings<'v, T: From<&'v str>>(list: &'v Value) -> Vec<T> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(Into::into)
        .collect()
}
