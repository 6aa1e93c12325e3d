//! `slo`: what is promised.

use crate::spec::table::{NodeKind, PART, TIME, prop};

/// `slo p95="500ms" errors="1%"`.
pub static SLO: NodeKind = NodeKind {
    name: "slo",
    props: &[
        prop(
            "p95",
            TIME,
            "95 of 100 requests are answered within this time.",
        ),
        prop("errors", PART, "Share of requests that may fail."),
    ],
    doc: "What is promised to callers: alerts fire when it is broken.",
    example: r#"model "m" { slo p95="500ms" errors="1%" }"#,
    ..NodeKind::EMPTY
};
