//! `on "memory"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{Key, NodeKind, UTILIZATION, req_prop};

/// The `memory` trigger.
pub static MEMORY: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop(
            "utilization",
            UTILIZATION,
            "Used share of the memory requested.",
        ),
    ],
    doc: "Memory use, as a share of what is requested.",
    example: r#"scale min=1 max=4 { on "memory" utilization="70%" }"#,
    ..NodeKind::EMPTY
};
