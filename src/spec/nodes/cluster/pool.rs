//! `pool`: nodes of one kind.

use crate::spec::table::{COUNT, COUNT0, Key, NodeKind, Ty, arg, args, prop, prop_or, req_prop};

static SLICE: NodeKind = NodeKind {
    name: "slice",
    key: Key::Arg,
    args: &[arg("profile", Ty::MigProfile, "The MIG profile.")],
    props: &[req_prop("count", COUNT, "How many of it on each GPU.")],
    doc: "Slices of one profile on each GPU of the layout.",
    example: r#"layout "small" gpus-per-node=6 { slice "1g.5gb" count=7 }"#,
    ..NodeKind::EMPTY
};
static LAYOUT: NodeKind = NodeKind {
    name: "layout",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsLabel, "Name of the layout.")],
    props: &[req_prop(
        "gpus-per-node",
        COUNT,
        "How many GPUs of each node are cut this way.",
    )],
    children: &[&SLICE],
    doc: "How some GPUs of each node are cut. The layouts' GPUs add up to the pool's at most; \
          what is left stays whole.",
    example: r#"mig strategy="mixed" {
    layout "small" gpus-per-node=6 { slice "1g.5gb" count=7 }
}"#,
    ..NodeKind::EMPTY
};
static MIG: NodeKind = NodeKind {
    name: "mig",
    props: &[req_prop(
        "strategy",
        Ty::Word(&["single", "mixed"]),
        "The device plugin's strategy: it decides what the resource is called.",
    )],
    children: &[&LAYOUT],
    doc: "The pool's GPUs are cut into MIG slices.",
    example: r#"pool "a100" gpu="A100-SXM4-40GB" nodes=1 gpus-per-node=8 {
    mig strategy="mixed" { layout "small" gpus-per-node=8 { slice "1g.5gb" count=7 } }
}"#,
    ..NodeKind::EMPTY
};
static SHARE: NodeKind = NodeKind {
    name: "share",
    args: &[arg(
        "how",
        Ty::Word(&["time-slicing", "mps"]),
        "How the GPU is shared.",
    )],
    props: &[
        req_prop(
            "replicas",
            Ty::Int { min: 2, max: 128 },
            "Pods that share one GPU.",
        ),
        prop_or(
            "rename",
            Ty::Bool,
            "#false",
            "Whether the device plugin renames the resource to `nvidia.com/gpu.shared`.",
        ),
    ],
    doc: "Every GPU of the pool is shared by several pods.",
    example: r#"pool "t4" gpu="T4" nodes=2 gpus-per-node=1 {
    share "time-slicing" replicas=4 rename=#true
}"#,
    ..NodeKind::EMPTY
};
static TAINT: NodeKind = NodeKind {
    name: "taint",
    key: Key::Arg,
    args: &[arg(
        "key",
        Ty::LabelKey,
        "The taint's key; pods tolerate it whatever its value.",
    )],
    doc: "A NoSchedule taint of the pool's nodes; pods placed there get the toleration.",
    example: r#"pool "a100" gpu="A100-SXM4-40GB" nodes=1 gpus-per-node=8 { taint "nvidia.com/gpu" }"#,
    ..NodeKind::EMPTY
};
static LABEL: NodeKind = NodeKind {
    name: "label",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Label key."),
        arg("value", Ty::LabelValue, "Label value."),
    ],
    doc: "A label of the pool's nodes, and the node selector of pods placed there.",
    example: r#"pool "cpu" nodes=6 cpu="16" memory="64Gi" { label "tier" "prod" }"#,
    ..NodeKind::EMPTY
};
static ZONE: NodeKind = NodeKind {
    name: "zone",
    args: &[args("name", Ty::DnsLabel, "A zone.")],
    doc: "The zones the pool's nodes are in: with two or more, replicas spread over them.",
    example: r#"pool "cpu" nodes=6 cpu="16" memory="64Gi" { zone "a" "b" }"#,
    ..NodeKind::EMPTY
};
static PRICE: NodeKind = NodeKind {
    name: "price",
    args: &[arg("amount", Ty::Price, "Price of one node.")],
    doc: "What a node costs; a cluster fact that cost reports read.",
    example: r#"pool "cpu" nodes=6 cpu="16" memory="64Gi" { price "0.77/h" }"#,
    ..NodeKind::EMPTY
};

/// `pool "a100" gpu="A100-SXM4-40GB" nodes=3 gpus-per-node=8 cpu="96" memory="1100Gi" { … }`.
pub static POOL: NodeKind = NodeKind {
    name: "pool",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsLabel, "Name of the pool.")],
    props: &[
        prop(
            "gpu",
            Ty::Text,
            "GPU product, as in the `nvidia.com/gpu.product` label; its brand (`NVIDIA-`, `Tesla-`) \
             may be left out.",
        ),
        req_prop("nodes", COUNT0, "Nodes it has."),
        prop_or(
            "max-nodes",
            COUNT,
            "nodes",
            "Nodes its autoscaler may go to.",
        ),
        prop(
            "gpus-per-node",
            Ty::Int { min: 1, max: 64 },
            "GPUs of each node.",
        ),
        prop_or(
            "reserved-gpus",
            COUNT0,
            "0",
            "GPUs of the pool that others use.",
        ),
        prop(
            "cpu",
            Ty::Cpu,
            "Processor that pods of a node may request in all.",
        ),
        prop(
            "memory",
            Ty::Bytes,
            "Memory that pods of a node may request in all.",
        ),
        prop_or(
            "spot",
            Ty::Bool,
            "#false",
            "Whether its nodes may be taken away at any time.",
        ),
    ],
    children: &[&MIG, &SHARE, &TAINT, &LABEL, &ZONE, &PRICE],
    group: Some(&[&["mig"], &["share"]]),
    doc: "Nodes of one kind: what the planner places replicas on.",
    example: r#"cluster "eks" {
    pool "a100" gpu="A100-SXM4-40GB" nodes=3 max-nodes=6 gpus-per-node=8 cpu="96" memory="1100Gi" {
        taint "nvidia.com/gpu"
    }
    pool "cpu" nodes=6 cpu="16" memory="64Gi"
}"#,
    ..NodeKind::EMPTY
};
