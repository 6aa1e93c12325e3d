//! `batch`: how requests are grouped.

use crate::spec::table::{NodeKind, Ty, prop_or, time_up_to};

/// `batch max-size=32 max-delay="5ms"`.
pub static BATCH: NodeKind = NodeKind {
    name: "batch",
    props: &[
        prop_or(
            "max-size",
            Ty::Int { min: 1, max: 4096 },
            "32",
            "Rows of one batch at most; 1 turns batching off.",
        ),
        prop_or(
            "max-delay",
            time_up_to(10_000),
            "5ms",
            "The longest a request may wait for company.",
        ),
    ],
    doc: "Bounds of the server's dynamic batching. Only `runtime \"mlserve\"` batches; another \
          image has its own settings.",
    example: r#"model "m" { batch max-size=32 max-delay="5ms" }"#,
    ..NodeKind::EMPTY
};
