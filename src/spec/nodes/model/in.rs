//! `in`: a patch for one environment.

use super::PARTS;
use crate::spec::table::{Key, NodeKind, Ty, arg, prop};

/// `in "prod" cluster="eks-eu" { … }`.
pub static IN: NodeKind = NodeKind {
    name: "in",
    key: Key::ArgAnd("cluster"),
    args: &[arg("env", Ty::DnsLabel, "The environment.")],
    props: &[prop(
        "cluster",
        Ty::DnsLabel,
        "Only on this cluster of the environment.",
    )],
    children: &PARTS,
    removable: false,
    doc: "A patch that applies in one environment, directly after the layer it stands in.",
    example: r#"model "m" { in "staging" { scale 1 } }"#,
    ..NodeKind::EMPTY
};
