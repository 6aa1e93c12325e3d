//! `scale`: how many replicas.

use crate::spec::nodes::triggers;
use crate::spec::table::{COUNT, COUNT0, NodeKind, opt_arg, prop, prop_or, seconds};

/// `scale 3`, `scale min=2 max=50 { on … }`.
pub static SCALE: NodeKind = NodeKind {
    name: "scale",
    args: &[opt_arg("replicas", COUNT, "A fixed number of replicas.")],
    props: &[
        prop("min", COUNT0, "Fewest replicas; 0 scales to zero."),
        prop("max", COUNT, "Most replicas."),
        prop_or(
            "cooldown",
            seconds(0, 3600),
            "2 × startup, at least 5m",
            "How long a lower need must last before replicas are taken away.",
        ),
        prop(
            "fallback",
            COUNT,
            "Replicas to hold while triggers cannot be read (KEDA).",
        ),
    ],
    children: &[&triggers::ON],
    group: Some(&[&["@0"], &["min", "max", "cooldown", "fallback", "on"]]),
    doc: "How many replicas run: a fixed number, or between `min` and `max` on triggers. \
          Processor and memory alone become a HorizontalPodAutoscaler, everything else a KEDA \
          ScaledObject. Default: one replica; two in production.",
    example: r#"model "m" {
    scale min=2 max=20 { on "cpu" utilization="70%" }
}"#,
    ..NodeKind::EMPTY
};
