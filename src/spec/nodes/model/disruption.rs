//! `disruption`: how many pods a drain may take.

use crate::spec::table::{COUNT, COUNT0, NodeKind, prop};

/// `disruption max-unavailable=1`.
pub static DISRUPTION: NodeKind = NodeKind {
    name: "disruption",
    props: &[
        prop("max-unavailable", COUNT0, "Pods that may be away at once."),
        prop("min-available", COUNT, "Pods that must stay."),
    ],
    group: Some(&[&["max-unavailable"], &["min-available"]]),
    doc: "The PodDisruptionBudget. Default: one pod may be away, where there are two or more.",
    example: r#"model "m" { disruption max-unavailable=1 }"#,
    ..NodeKind::EMPTY
};
