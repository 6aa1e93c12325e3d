//! `output`: where manifests go.

use crate::spec::table::{NodeKind, Ty, arg};

/// `output "deploy"`.
pub static OUTPUT: NodeKind = NodeKind {
    name: "output",
    args: &[arg(
        "folder",
        Ty::Text,
        "A folder below the workspace. Default `deploy`.",
    )],
    doc: "The folder that `mlspec compile` writes; it holds `<env>/<cluster>/<app>/` and the \
          ledger of what mlspec owns. With another name everything is written anew there; the folder \
          of the old name stays as it is: delete it in the same commit.",
    example: r#"workspace "acme" edition=1 {
    output "deploy"
    env "prod" namespace="ml" { cluster "eks" }
}"#,
    ..NodeKind::EMPTY
};
