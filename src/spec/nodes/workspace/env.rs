//! `env`: an environment and the clusters it runs on.

use crate::spec::table::{Key, NodeKind, Ty, arg, args, prop_or, req_prop};

static CLUSTERS: NodeKind = NodeKind {
    name: "cluster",
    args: &[args(
        "name",
        Ty::DnsLabel,
        "A cluster that a `cluster` node describes.",
    )],
    doc: "The clusters of the environment; each gets its own copy of every model.",
    example: r#"env "prod" namespace="ml" { cluster "eks-us" "eks-eu" }"#,
    ..NodeKind::EMPTY
};

/// `env "prod" namespace="ml" production=#true { cluster "eks-us" "eks-eu" }`.
pub static ENV: NodeKind = NodeKind {
    name: "env",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name of the environment; the first folder of the output.",
    )],
    props: &[
        req_prop(
            "namespace",
            Ty::DnsLabel,
            "The namespace its objects live in.",
        ),
        prop_or(
            "production",
            Ty::Bool,
            "#false",
            "Turns the checks marked P (production) from warnings into errors.",
        ),
        prop_or(
            "create-namespace",
            Ty::Bool,
            "#false",
            "Emit the Namespace too, with the restricted pod security level enforced.",
        ),
    ],
    children: &[&CLUSTERS],
    doc: "A place where models run. Two environments may share a cluster, and then share its \
          capacity; they may not share a namespace on it.",
    example: r#"workspace "acme" edition=1 {
    env "staging" namespace="ml-staging" { cluster "minikube" }
    env "prod" namespace="ml" production=#true { cluster "eks-us" "eks-eu" }
}"#,
    ..NodeKind::EMPTY
};
