//! `source.toolkit.fluxcd.io/v1` and `kustomize.toolkit.fluxcd.io/v1`. Source: Flux
//! source-controller 1.9 and kustomize-controller 1.9, checked 2026-11.

use serde::Serialize;

use super::{Custom, Spec};

/// A GitRepository.
pub type GitRepository = Custom<GitRepositorySpec>;
/// A Kustomization.
pub type Kustomization = Custom<KustomizationSpec>;

impl Spec for GitRepositorySpec {
    const API_VERSION: &'static str = "source.toolkit.fluxcd.io/v1";
    const KIND: &'static str = "GitRepository";
}

impl Spec for KustomizationSpec {
    const API_VERSION: &'static str = "kustomize.toolkit.fluxcd.io/v1";
    const KIND: &'static str = "Kustomization";
}

/// A repository and what is taken of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GitRepositorySpec {
    /// How often it is looked at, `1m`.
    pub interval: &'static str,
    /// Which commit.
    #[serde(rename = "ref")]
    pub ref_: GitRef,
    /// Its address.
    pub url: String,
}

/// Which commit.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GitRef {
    /// The newest of this branch.
    pub branch: String,
}

/// A folder and how it is applied.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KustomizationSpec {
    /// Kustomizations that come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Dependency>,
    /// How often it is applied anew, `1h`.
    pub interval: &'static str,
    /// The folder.
    pub path: String,
    /// Whether what left Git is deleted.
    pub prune: bool,
    /// Time between a failure and the next try, `2m`.
    pub retry_interval: &'static str,
    /// The repository.
    pub source_ref: SourceRef,
    /// How long objects may take to be ready, `10m`.
    pub timeout: String,
    /// Whether it waits for objects to be ready.
    pub wait: bool,
}

/// A Kustomization.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    /// Its name.
    pub name: String,
}

/// A source.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceRef {
    /// Its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
}
