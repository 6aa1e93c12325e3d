//! `on "latency"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{Key, NodeKind, TIME, Ty, prop_or, req_prop};

/// The `latency` trigger.
pub static LATENCY: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop(
            "p95",
            TIME,
            "Scale out where 95 of 100 requests take longer.",
        ),
        prop_or(
            "source",
            Ty::Word(&["server", "gateway"]),
            "server",
            "Whose series: the server's own, or those of the gateway that routes lead by, which Istio \
             must run.",
        ),
    ],
    doc: "Latency of the model.",
    example: r#"scale min=1 max=4 { on "latency" p95="400ms" }"#,
    ..NodeKind::EMPTY
};
