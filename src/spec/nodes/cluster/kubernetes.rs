//! `kubernetes`: the cluster's version.

use crate::spec::table::{NodeKind, Ty, arg};

/// `kubernetes "1.36"`.
pub static KUBERNETES: NodeKind = NodeKind {
    name: "kubernetes",
    args: &[arg(
        "version",
        Ty::Version,
        "Minor version of the API server, quoted.",
    )],
    doc: "The version of Kubernetes: which fields exist, and which schema objects are checked \
          against.",
    example: r#"cluster "eks" { kubernetes "1.36" }"#,
    ..NodeKind::EMPTY
};
