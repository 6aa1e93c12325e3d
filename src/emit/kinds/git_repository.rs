//! GitRepository: where Flux finds the output. source.toolkit.fluxcd.io/v1,
//! <https://fluxcd.io/flux/components/source/gitrepositories/>, checked 2026-11.

use std::collections::BTreeSet;

use smol_str::format_smolstr;

use super::super::api::Spec;
use super::super::api::flux::{GitRef, GitRepository, GitRepositorySpec};
use super::super::{Emitter, Out, Scope};
use crate::plan::Plan;

/// One for each cluster of a workspace that Flux syncs: Flux runs in every cluster, and each
/// is pointed at its own folder below `_gitops`.
pub static EMITTER: Emitter = Emitter {
    kind: GitRepositorySpec::KIND,
    api_version: GitRepositorySpec::API_VERSION,
    wave: 0,
    scope: Scope::Workspace(emit),
};

fn emit(plan: &Plan<'_>, out: &mut Out) {
    let workspace = plan.workspace;
    let Some(gitops) = workspace.gitops.as_ref().filter(|g| g.flux) else {
        return;
    };
    let clusters: BTreeSet<&str> = plan
        .targets
        .iter()
        .map(|t| t.target.cluster.name.as_str())
        .collect();
    for cluster in clusters {
        let mut trace = out.trace();
        trace.note(format_args!("/metadata/name"), &workspace.name.from);
        trace.note(format_args!("/metadata/namespace"), &gitops.namespace.from);
        trace.fixed(
            format_args!("/spec/interval"),
            "a commit is on its way within a minute",
        );
        trace.note(format_args!("/spec/ref"), &gitops.branch.from);
        trace.note(format_args!("/spec/url"), &gitops.repo.from);
        let spec = GitRepositorySpec {
            interval: "1m",
            ref_: GitRef {
                branch: gitops.branch.to_string(),
            },
            url: gitops.repo.to_string(),
        };
        let mut object = GitRepository::new(workspace.name.as_str(), spec);
        object.metadata.namespace = Some(gitops.namespace.to_string());
        let folder = format_smolstr!("_gitops/{cluster}");
        out.push(folder, EMITTER.wave, object.into(), trace);
    }
}
