//! `quota`: a namespace's ResourceQuota.

use crate::spec::table::{COUNT0, Key, NodeKind, Ty, arg};

static GPU: NodeKind = NodeKind {
    name: "gpu",
    args: &[arg("count", COUNT0, "Whole GPUs.")],
    doc: "How many whole GPUs the namespace may request.",
    example: r#"quota "ml" { gpu 24 }"#,
    ..NodeKind::EMPTY
};
static MIG: NodeKind = NodeKind {
    name: "mig",
    key: Key::Arg,
    args: &[
        arg("profile", Ty::MigProfile, "The MIG profile."),
        arg("count", COUNT0, "How many slices."),
    ],
    doc: "How many slices of a MIG profile the namespace may request.",
    example: r#"quota "ml" { mig "1g.5gb" 42 }"#,
    ..NodeKind::EMPTY
};
static CPU: NodeKind = NodeKind {
    name: "cpu",
    args: &[arg("amount", Ty::Cpu, "Processor requests in all.")],
    doc: "How much processor the namespace may request.",
    example: r#"quota "ml" { cpu "200" }"#,
    ..NodeKind::EMPTY
};
static MEMORY: NodeKind = NodeKind {
    name: "memory",
    args: &[arg("amount", Ty::Bytes, "Memory requests in all.")],
    doc: "How much memory the namespace may request.",
    example: r#"quota "ml" { memory "800Gi" }"#,
    ..NodeKind::EMPTY
};

/// `quota "ml" { gpu 24; mig "1g.5gb" 42; cpu "200"; memory "800Gi" }`.
pub static QUOTA: NodeKind = NodeKind {
    name: "quota",
    key: Key::Arg,
    args: &[arg("namespace", Ty::DnsLabel, "The namespace it bounds.")],
    children: &[&GPU, &MIG, &CPU, &MEMORY],
    doc: "What a namespace may request in all. Autoscalers that could pass it are refused \
          (SCL-12).",
    example: r#"cluster "eks" {
    quota "ml" { gpu 24; mig "1g.5gb" 42; cpu "200"; memory "800Gi" }
}"#,
    ..NodeKind::EMPTY
};
