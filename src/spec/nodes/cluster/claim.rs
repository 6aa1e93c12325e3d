//! `claim` of a cluster: a PersistentVolumeClaim that exists.

use crate::spec::table::{ACCESS, Key, NodeKind, Ty, arg, req_prop};

/// `claim "weights" namespace="ml" size="100Gi" access="RWX"`.
pub static CLAIM: NodeKind = NodeKind {
    name: "claim",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsSubdomain,
        "Name of the PersistentVolumeClaim.",
    )],
    props: &[
        req_prop("namespace", Ty::DnsLabel, "Its namespace."),
        req_prop("size", Ty::Bytes, "Its size."),
        req_prop("access", ACCESS, "Its access mode."),
    ],
    doc: "A claim that exists and that `artifact \"pvc://weights/…\"` may name.",
    example: r#"cluster "eks" { claim "weights" namespace="ml" size="100Gi" access="RWX" }"#,
    ..NodeKind::EMPTY
};
