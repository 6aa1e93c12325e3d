//! `priority-class`, `service-account` and `image-pull-secret`.

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `priority-class "gpu-high"`.
pub static PRIORITY_CLASS: NodeKind = NodeKind {
    name: "priority-class",
    args: &[arg("name", Ty::DnsSubdomain, "Name of the PriorityClass.")],
    doc: "The priority class of the pods.",
    example: r#"model "m" { priority-class "gpu-high" }"#,
    ..NodeKind::EMPTY
};

static ACCOUNT_ANNOTATION: NodeKind = NodeKind {
    name: "annotation",
    key: Key::Arg,
    args: &[
        arg("key", Ty::LabelKey, "Annotation key."),
        arg("value", Ty::AnyText, "Annotation value."),
    ],
    doc: "An annotation of the ServiceAccount, as cloud identities want it.",
    example: r#"service-account "bert" { annotation "eks.amazonaws.com/role-arn" "arn:aws:iam::1:role/bert" }"#,
    ..NodeKind::EMPTY
};

/// `service-account "bert" { annotation … }`.
pub static SERVICE_ACCOUNT: NodeKind = NodeKind {
    name: "service-account",
    args: &[arg("name", Ty::DnsLabel, "Name of the ServiceAccount.")],
    children: &[&ACCOUNT_ANNOTATION],
    doc: "The ServiceAccount the pods run as, emitted with the model. Default: the model's name. \
          Its token is never mounted.",
    example: r#"model "m" { service-account "bert" }"#,
    ..NodeKind::EMPTY
};

/// `image-pull-secret "regcred"`.
pub static IMAGE_PULL_SECRET: NodeKind = NodeKind {
    name: "image-pull-secret",
    key: Key::Arg,
    args: &[arg("name", Ty::DnsSubdomain, "Name of the Secret.")],
    doc: "A Secret the image is pulled with.",
    example: r#"model "m" { image-pull-secret "regcred" }"#,
    ..NodeKind::EMPTY
};
