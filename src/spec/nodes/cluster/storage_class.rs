//! `storage-class`: what volumes may be made.

use crate::spec::table::{ACCESS, Key, NodeKind, Ty, arg, args};

static MODES: NodeKind = NodeKind {
    name: "access",
    args: &[args("mode", ACCESS, "An access mode the class can give.")],
    doc: "The access modes of the class.",
    example: r#"storage-class "efs" { access "RWX" "RWO" }"#,
    ..NodeKind::EMPTY
};

/// `storage-class "efs" { access "RWX" "RWO" }`.
pub static STORAGE_CLASS: NodeKind = NodeKind {
    name: "storage-class",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsSubdomain, "Name of the StorageClass.")],
    children: &[&MODES],
    doc: "A StorageClass of the cluster and the access modes it supports.",
    example: r#"cluster "eks" { storage-class "efs" { access "RWX" "RWO" } }"#,
    ..NodeKind::EMPTY
};
