//! `like`: take over presets.

use crate::spec::table::{NodeKind, Ty, args};

/// `like "gpu-realtime"`.
pub static LIKE: NodeKind = NodeKind {
    name: "like",
    args: &[args(
        "preset",
        Ty::DnsLabel,
        "Presets, the later ones winning.",
    )],
    removable: false,
    doc: "Presets that lie under this model, in the order given.",
    example: r#"model "m" { like "gpu-realtime" }"#,
    ..NodeKind::EMPTY
};
