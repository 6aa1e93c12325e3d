//! `workspace`: the node of `mlspec.kdl`.

pub mod auth;
pub mod defaults;
pub mod env;
pub mod gitops;
pub mod image;
pub mod output;
pub mod r#use;

use crate::spec::table::{Key, NodeKind, Ty, arg, req_prop};

/// `workspace "acme-ml" edition=1 { … }`.
pub static WORKSPACE: NodeKind = NodeKind {
    name: "workspace",
    key: Key::Single,
    args: &[arg("name", Ty::DnsLabel, "Name of the workspace.")],
    props: &[req_prop(
        "edition",
        Ty::Int { min: 1, max: 1 },
        "Edition of the language; always 1 today, so that later editions can change defaults.",
    )],
    children: &[
        &r#use::USE,
        &output::OUTPUT,
        &image::IMAGE,
        &env::ENV,
        &auth::AUTH,
        &gitops::GITOPS,
        &defaults::DEFAULTS,
    ],
    removable: false,
    doc: "The root of everything. A folder with `mlspec.kdl` is a workspace, and that file holds \
          exactly one `workspace` node.",
    example: r#"workspace "acme-ml" edition=1 {
    use "clusters/*.kdl" "models/**/*.kdl"
    env "prod" namespace="ml" production=#true { cluster "eks-us" }
}"#,
    ..NodeKind::EMPTY
};
