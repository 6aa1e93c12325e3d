//! The structural schemas of every kind that is emitted, by product version.

mod catalog;
mod embedded;
mod known_patterns;
mod node;
mod pattern;
mod version;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

pub use catalog::{Lookup, Schemas, Snapshot};
pub use node::{Format, Limits, ListType, Logic, Node, NodeId, Property, Type};
pub use pattern::Pattern;
pub use version::{Product, Version};

/// The schemas of one API group and version.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct File {
    /// The root node of each kind.
    pub kinds: BTreeMap<SmolStr, NodeId>,
    /// All nodes; equal subtrees are one node.
    pub nodes: Vec<Node>,
}

impl File {
    /// A node of this file. Ids come from the same file, so there is one.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }
}
