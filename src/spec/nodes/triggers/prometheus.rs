//! `on "prometheus"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{COUNT, Key, NodeKind, Ty, prop, prop_or, req_prop};

/// The `prometheus` trigger.
pub static PROMETHEUS: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop("query", Ty::Text, "PromQL that returns one number."),
        req_prop("threshold", COUNT, "The number for each replica."),
        prop_or(
            "server",
            Ty::Url,
            "the cluster's",
            "Address of the Prometheus server.",
        ),
        prop("auth", Ty::DnsLabel, "An `auth` node of the workspace."),
    ],
    doc: "Any PromQL query.",
    example: r#"scale min=1 max=4 { on "prometheus" query="sum(rate(x[2m]))" threshold=10 }"#,
    ..NodeKind::EMPTY
};
