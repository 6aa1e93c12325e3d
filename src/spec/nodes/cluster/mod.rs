//! `cluster`: the facts that checks and the planner rest on.

pub mod claim;
pub mod dns;
pub mod gateway;
pub mod kubernetes;
pub mod pool;
pub mod priority_class;
pub mod provides;
pub mod quota;
pub mod storage_class;
pub mod store;

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `cluster "eks-us" { … }`.
pub static CLUSTER: NodeKind = NodeKind {
    name: "cluster",
    key: Key::Arg,
    args: &[arg(
        "name",
        Ty::DnsLabel,
        "Name of the cluster; the second folder of the output.",
    )],
    children: &[
        &kubernetes::KUBERNETES,
        &provides::PROVIDES,
        &dns::DNS,
        &gateway::GATEWAY,
        &storage_class::STORAGE_CLASS,
        &claim::CLAIM,
        &priority_class::PRIORITY_CLASS,
        &store::STORE,
        &quota::QUOTA,
        &pool::POOL,
    ],
    removable: false,
    doc: "What is true of a cluster: its version, what is installed, its node pools, its \
          gateways and stores. A fact that a check needs and that is not stated makes that check \
          unknown, and mlspec says so.",
    example: r#"cluster "eks-us" {
    kubernetes "1.36"
    provides "keda" version="2.20"
    pool "cpu" nodes=6 cpu="16" memory="64Gi"
}"#,
    ..NodeKind::EMPTY
};
