//! `gitops`: which tool syncs the output.

use crate::spec::table::{NodeKind, Ty, arg, prop_or, req_prop};

/// `gitops "argocd" repo="https://git.acme.io/ml/deploy.git" branch="main"`.
pub static GITOPS: NodeKind = NodeKind {
    name: "gitops",
    args: &[arg(
        "tool",
        Ty::Word(&["argocd", "flux"]),
        "The tool that syncs the output.",
    )],
    props: &[
        req_prop(
            "repo",
            Ty::GitUrl,
            "The repository the output is committed to.",
        ),
        req_prop("branch", Ty::Text, "The branch the tool follows."),
        prop_or(
            "namespace",
            Ty::DnsLabel,
            "argocd or flux-system",
            "The tool's own namespace.",
        ),
        prop_or("project", Ty::DnsLabel, "default", "The Argo CD project."),
    ],
    doc: "Emits the Argo CD ApplicationSet, or the Flux GitRepository and Kustomizations, under \
          `_gitops/`. With Flux every app folder also gets a `kustomization.yaml`.",
    example: r#"workspace "acme" edition=1 {
    env "prod" namespace="ml" { cluster "eks" }
    gitops "argocd" repo="https://git.acme.io/ml/deploy.git" branch="main"
}"#,
    ..NodeKind::EMPTY
};
