//! `load`: the traffic that is expected.

use crate::spec::table::{NodeKind, Ty, req_prop};

/// `load expected="200/s"`.
pub static LOAD: NodeKind = NodeKind {
    name: "load",
    props: &[req_prop(
        "expected",
        Ty::PerSecond,
        "Requests a second at peak, over all replicas.",
    )],
    doc: "The traffic that is expected at peak: an alert tells when twice as much arrives.",
    example: r#"model "m" { load expected="200/s" }"#,
    ..NodeKind::EMPTY
};
