//! `use`: which files belong to the workspace.

use crate::spec::table::{NodeKind, Ty, args};

/// `use "clusters/*.kdl" "models/**/*.kdl"`.
pub static USE: NodeKind = NodeKind {
    name: "use",
    args: &[args(
        "pattern",
        Ty::Text,
        "A path below the workspace; `*` stands for part of a name, `**` for any folders.",
    )],
    doc: "Files to read beside `mlspec.kdl`. Order does not matter. A pattern that matches no \
          file is an error.",
    example: r#"workspace "acme" edition=1 {
    use "clusters/*.kdl" "models/**/*.kdl"
    env "prod" namespace="ml" { cluster "eks" }
}"#,
    ..NodeKind::EMPTY
};
