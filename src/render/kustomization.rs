//! `kustomization.yaml`: which files of a folder Flux applies, so that pruning is explicit.
//! kustomize.config.k8s.io/v1beta1, <https://fluxcd.io/flux/components/kustomize/kustomizations/>,
//! checked 2026-08.

use serde::Serialize;
use smol_str::SmolStr;

/// The file's name.
pub(super) const FILE: &str = "kustomization.yaml";

/// A kustomization that lists files of its own folder.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kustomization<'p> {
    api_version: &'static str,
    kind: &'static str,
    /// Sorted.
    resources: Vec<&'p str>,
}

impl<'p> Kustomization<'p> {
    /// Of the files at `paths`, which all lie in the folder it is for.
    pub(super) fn new(paths: &[&'p SmolStr]) -> Self {
        let name = |path: &&'p SmolStr| {
            path.rsplit_once('/')
                .map_or(path.as_str(), |(_, name)| name)
        };
        let mut resources: Vec<&str> = paths.iter().map(name).collect();
        resources.sort_unstable();
        Self {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
            resources,
        }
    }
}
