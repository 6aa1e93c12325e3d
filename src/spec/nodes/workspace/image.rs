//! `image`: the image of a runtime that mlspec knows.

use crate::spec::table::{Key, NodeKind, Ty, arg};

/// `image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:…"`.
pub static IMAGE: NodeKind = NodeKind {
    name: "image",
    key: Key::Arg,
    args: &[
        arg(
            "runtime",
            Ty::Word(&["mlserve"]),
            "The runtime the image holds.",
        ),
        arg(
            "image",
            Ty::Image,
            "The image; one without tag or digest, or with the tag `latest`, is refused (ROL-09).",
        ),
    ],
    doc: "Which image serves models of a runtime, and fetches their artifacts.",
    example: r#"workspace "acme" edition=1 {
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0"
    env "prod" namespace="ml" { cluster "eks" }
}"#,
    ..NodeKind::EMPTY
};
