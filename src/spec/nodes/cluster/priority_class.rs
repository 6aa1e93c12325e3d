//! `priority-class` of a cluster: which ones exist.

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `priority-class "gpu-high"`.
pub static PRIORITY_CLASS: NodeKind = NodeKind {
    name: "priority-class",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsSubdomain, "Name of the PriorityClass.")],
    doc: "A PriorityClass that exists on the cluster, beside the two that Kubernetes brings.",
    example: r#"cluster "eks" { priority-class "gpu-high" }"#,
    ..NodeKind::EMPTY
};
