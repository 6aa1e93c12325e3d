//! `gpu`: what accelerator the model needs.

use crate::spec::table::{COUNT, NodeKind, Ty, prop};

/// `gpu count=1`, `gpu mig="1g.5gb"`, `gpu memory="4Gi"`, `gpu share="time-slicing" memory="2Gi"`.
pub static GPU: NodeKind = NodeKind {
    name: "gpu",
    props: &[
        prop("count", COUNT, "Whole GPUs for each replica."),
        prop(
            "mig",
            Ty::MigProfile,
            "One MIG slice of this profile for each replica.",
        ),
        prop(
            "share",
            Ty::Word(&["time-slicing", "mps"]),
            "One place on a shared GPU for each replica.",
        ),
        prop(
            "memory",
            Ty::Bytes,
            "Alone: the smallest slice or card that holds it. With `share`: this model's part of \
             the card, also set as the engine's cap.",
        ),
        prop("pool", Ty::DnsLabel, "Which pool, where several fit."),
    ],
    group: Some(&[&["count"], &["mig"], &["share", "memory"], &["memory"]]),
    doc: "The accelerator of each replica. Resource name, node selector and tolerations are \
          derived from the pool. Without `gpu` the model runs on processors.",
    example: r#"model "m" { gpu mig="1g.5gb" }"#,
    ..NodeKind::EMPTY
};
