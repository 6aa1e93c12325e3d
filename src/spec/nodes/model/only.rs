//! `only`: keep a model out of other environments.

use crate::spec::table::{NodeKind, Ty, args};

/// `only "staging"`.
pub static ONLY: NodeKind = NodeKind {
    name: "only",
    args: &[args("env", Ty::DnsLabel, "Environments the model runs in.")],
    removable: false,
    doc: "The environments the model runs in. Default: all.",
    example: r#"model "m" { only "staging" }"#,
    ..NodeKind::EMPTY
};
