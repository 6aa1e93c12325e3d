//! One structural schema: what a value may look like, without words for people.
//!
//! Nodes lie in one array for each API group and version and name each other by index, so equal
//! subtrees are stored once. The JSON form (under `schema/objects/`) has one node on each line.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_str::SmolStr;

use super::pattern::Pattern;
use crate::validate::cel::Rule;
use crate::validate::name::{Digest, Name};
use crate::validate::tape::{Tape, View};

/// Index of a node in its file.
pub type NodeId = u32;

/// What kind of JSON value a node takes.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// Anything at all.
    #[default]
    #[serde(rename = "any")]
    Any,
    /// An object: named properties, or a map, or both.
    #[serde(rename = "object")]
    Object,
    /// A list.
    #[serde(rename = "array")]
    Array,
    /// A string.
    #[serde(rename = "string")]
    String,
    /// A whole number.
    #[serde(rename = "integer")]
    Integer,
    /// Any number.
    #[serde(rename = "number")]
    Number,
    /// `true` or `false`.
    #[serde(rename = "boolean")]
    Boolean,
    /// A whole number or a string.
    #[serde(rename = "int-or-string")]
    IntOrString,
    /// A Kubernetes quantity: a string such as `"4Gi"`, or a number.
    #[serde(rename = "quantity")]
    Quantity,
}

/// What holds of the items of a list together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ListType {
    /// No two items are equal.
    #[serde(rename = "set")]
    Set,
    /// No two items agree in all of these properties.
    #[serde(rename = "map")]
    Map(Vec<SmolStr>),
}

/// Bounds of a value. Lengths are in Unicode scalar values, bounds are inclusive unless
/// `exclusive` says otherwise.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The only values allowed; empty for no such list.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<Value>,
    /// A regular expression that must match somewhere in the string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// Smallest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Largest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// `minimum` itself is too small.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_minimum: bool,
    /// `maximum` itself is too large.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_maximum: bool,
    /// Fewest characters, items or properties, by the node's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<usize>,
    /// Most characters, items or properties, by the node's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<usize>,
}

/// Conditions on the same value, combined.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Logic {
    /// Each holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<NodeId>,
    /// At least one holds; empty for no such condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<NodeId>,
    /// Exactly one holds; empty for no such condition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub one: Vec<NodeId>,
    /// It does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<NodeId>,
}

/// A named property of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Property(pub Name, pub NodeId);

/// What a value must look like.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    /// Kind of value.
    #[serde(rename = "t", skip_serializing_if = "is_any")]
    pub ty: Type,
    /// `null` is a value too; elsewhere it means "absent".
    #[serde(rename = "nullable", skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// Properties, sorted by name.
    #[serde(rename = "p", skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Property>,
    /// Names that must be there.
    #[serde(rename = "req", skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<Name>,
    /// What values of other names look like; the node is a map then.
    #[serde(rename = "map", skip_serializing_if = "Option::is_none")]
    pub values: Option<NodeId>,
    /// Other names are kept whatever they hold.
    #[serde(rename = "open", skip_serializing_if = "is_false")]
    pub open: bool,
    /// What the items of a list look like.
    #[serde(rename = "items", skip_serializing_if = "Option::is_none")]
    pub items: Option<NodeId>,
    /// What holds of the items together.
    #[serde(rename = "list", skip_serializing_if = "Option::is_none")]
    pub list: Option<ListType>,
    /// OpenAPI's `format`, where it means something to the API server.
    #[serde(rename = "format", skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Bounds.
    #[serde(rename = "lim", skip_serializing_if = "Option::is_none")]
    pub limits: Option<Box<Limits>>,
    /// Combined conditions.
    #[serde(rename = "logic", skip_serializing_if = "Option::is_none")]
    pub logic: Option<Box<Logic>>,
    /// CEL rules (`x-kubernetes-validations`).
    #[serde(rename = "cel", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Some property has a default.
    #[serde(rename = "fills", skip_serializing_if = "is_false")]
    pub fills: bool,
    /// What the API server puts in when the value is absent.
    #[serde(rename = "def", skip_serializing_if = "Option::is_none")]
    pub default: Option<Tape>,
}

/// Formats that the API server checks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// A signed 32-bit number.
    #[serde(rename = "int32")]
    Int32,
    /// A signed 64-bit number.
    #[serde(rename = "int64")]
    Int64,
    /// RFC 3339 date and time.
    #[serde(rename = "date-time")]
    DateTime,
    /// Base64.
    #[serde(rename = "byte")]
    Byte,
}

impl Node {
    /// Whether every value of its type will do: a string or boolean without any condition.
    #[inline]
    pub(crate) fn takes_all(&self) -> bool {
        matches!(self.ty, Type::String | Type::Boolean)
            && self.format.is_none()
            && self.limits.is_none()
            && self.logic.is_none()
            && self.rules.is_empty()
    }

    /// The node of a property, if the object has one of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<NodeId> {
        self.property_of(name, Digest::of(name))
    }

    /// The same for a name whose digest is known.
    pub(crate) fn property_of(&self, name: &str, digest: Digest) -> Option<NodeId> {
        let named = |p: &&Property| p.0.digest() == digest && p.0.text() == name;
        self.properties.iter().find(named).map(|p| p.1)
    }

    /// The same for a field: names mostly come in sorted order, as typed structs write them, so it
    /// first looks behind the one found last.
    #[inline]
    pub(crate) fn property_after(&self, after: &mut usize, field: View<'_>) -> Option<NodeId> {
        let digest = field.key_digest();
        let all = self.properties.iter().enumerate();
        let behind = all.clone().skip(*after);
        let (at, found) = behind
            .chain(all.take(*after))
            .find(|(_, p)| p.0.digest() == digest && p.0.text() == field.key())?;
        *after = at + 1;
        Some(found.1)
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_any(ty: &Type) -> bool {
    *ty == Type::Any
}
