//! `version`: the model's version.

use crate::spec::table::{NodeKind, Ty, arg};

/// `version "2.1"`.
pub static VERSION: NodeKind = NodeKind {
    name: "version",
    args: &[arg(
        "version",
        Ty::Release,
        "The version, quoted: it is text, not a number.",
    )],
    doc: "The model's version: the label `app.kubernetes.io/version` of its objects, and the \
          version the server reports.",
    example: r#"model "m" { version "2.1" }"#,
    ..NodeKind::EMPTY
};
