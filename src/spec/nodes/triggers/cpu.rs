//! `on "cpu"`.

use super::{NAME, TRIGGER};
use crate::spec::table::{Key, NodeKind, UTILIZATION, req_prop};

/// The `cpu` trigger.
pub static CPU: NodeKind = NodeKind {
    name: "on",
    key: Key::ArgAnd("name"),
    args: &[TRIGGER],
    props: &[
        NAME,
        req_prop(
            "utilization",
            UTILIZATION,
            "Used share of the processor requested.",
        ),
    ],
    doc: "Processor use, as a share of what is requested.",
    example: r#"scale min=1 max=4 { on "cpu" utilization="70%" }"#,
    ..NodeKind::EMPTY
};
