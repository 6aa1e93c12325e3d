//! `claim` of a model: a volume to be made.

use crate::spec::table::{ACCESS, Key, NodeKind, Ty, arg, prop, req_prop};

/// `claim "cache" size="100Gi" access="RWX" storage-class="efs"`.
pub static CLAIM: NodeKind = NodeKind {
    name: "claim",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name of the PersistentVolumeClaim to be made.",
    )],
    props: &[
        req_prop("size", Ty::Bytes, "Its size."),
        req_prop("access", ACCESS, "Its access mode."),
        prop(
            "storage-class",
            Ty::DnsSubdomain,
            "Its StorageClass; the cluster's default without.",
        ),
    ],
    doc: "A PersistentVolumeClaim made for this model, which `artifact \"pvc://cache/…\"` names. \
          GitOps never prunes it.",
    example: r#"model "m" {
    claim "cache" size="100Gi" access="RWX" storage-class="efs"
    artifact "pvc://cache/bert" size="2Gi"
}"#,
    ..NodeKind::EMPTY
};
