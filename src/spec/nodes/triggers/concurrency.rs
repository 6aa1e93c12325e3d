//! `on "concurrency"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{COUNT, Key, NodeKind, req_prop};

/// The `concurrency` trigger.
pub static CONCURRENCY: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop(
            "per-replica",
            COUNT,
            "Requests in the server at once, for each replica.",
        ),
    ],
    doc: "Requests in flight: queued and running.",
    example: r#"scale min=1 max=4 { on "concurrency" per-replica=64 }"#,
    ..NodeKind::EMPTY
};
