//! ApplicationSet: Argo CD keeps every folder of the output in sync. argoproj.io/v1alpha1,
//! <https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-Git/>,
//! checked 2026-11.
//!
//! Applied once by hand, in Argo CD's own namespace. A cluster must be known to Argo CD by the
//! name it has in the workspace; Secrets of kind `cluster` give it.

use std::collections::BTreeMap;

use super::super::api::Spec;
use super::super::api::argocd::{
    ApplicationSet, ApplicationSetSpec, ApplicationSpec, Automated, Backoff, Destination,
    Directory, Generator, GitGenerator, Retry, Source, SyncPolicy, Template, TemplateMeta,
};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::Plan;
use crate::resolve::workspace::Gitops;

/// One for a workspace that Argo CD syncs.
pub static EMITTER: Emitter = Emitter {
    kind: ApplicationSetSpec::KIND,
    api_version: ApplicationSetSpec::API_VERSION,
    wave: 0,
    scope: Scope::Workspace(emit),
};

/// Says which folders an Application rests on, so that it is not rendered anew at every
/// commit. Source: Argo CD, "High Availability", 2026-08.
const PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

fn emit(plan: &Plan<'_>, out: &mut Out) {
    let workspace = plan.workspace;
    let Some(gitops) = workspace.gitops.as_ref().filter(|g| !g.flux) else {
        return;
    };
    let mut trace = out.trace();
    trace.note(format_args!("/metadata/name"), &workspace.name.from);
    trace.note(format_args!("/metadata/namespace"), &gitops.namespace.from);
    trace.note(
        format_args!("/spec/generators/0/git/directories"),
        &workspace.output.from,
    );
    trace.note(
        format_args!("/spec/generators/0/git/repoURL"),
        &gitops.repo.from,
    );
    trace.note(
        format_args!("/spec/generators/0/git/revision"),
        &gitops.branch.from,
    );
    trace.fixed(
        format_args!("/spec/goTemplate"),
        "the older templates know no parts of a path",
    );
    trace.fixed(
        format_args!("/spec/goTemplateOptions"),
        "a parameter that is not there is an error, not an empty text",
    );
    let git = GitGenerator {
        directories: vec![Directory {
            path: format!("{}/*/*/*", *workspace.output),
        }],
        repo_url: gitops.repo.to_string(),
        revision: gitops.branch.to_string(),
    };
    let depth = workspace.output.split('/').count();
    let spec = ApplicationSetSpec {
        generators: vec![Generator { git }],
        go_template: true,
        go_template_options: vec!["missingkey=error"],
        template: template(gitops, depth, &mut trace),
    };
    let mut object = ApplicationSet::new(workspace.name.as_str(), spec);
    object.metadata.namespace = Some(gitops.namespace.to_string());
    out.push("_gitops".into(), EMITTER.wave, object.into(), trace);
}

/// The Application of one folder, `<output>/<env>/<cluster>/<app>`; the output folder is
/// `depth` parts deep.
fn template(gitops: &Gitops, depth: usize, trace: &mut Trace) -> Template {
    const AT: &str = "/spec/template";
    let (env, cluster) = (depth, depth + 1);
    trace.fixed(
        format_args!("{AT}/metadata/annotations"),
        "a commit concerns only the Applications whose folders it changes",
    );
    trace.fixed(
        format_args!("{AT}/metadata/name"),
        "environment, cluster and model, the parts of the path, joined by what no name holds; the folder `_platform` has no third part, so that a model called \"platform\" keeps its own",
    );
    trace.fixed(
        format_args!("{AT}/spec/destination/name"),
        "the cluster's part of the path: Argo CD knows the cluster by its name in the workspace",
    );
    trace.note(format_args!("{AT}/spec/project"), &gitops.project.from);
    trace.fixed(
        format_args!("{AT}/spec/source/path"),
        "the folder that the generator found",
    );
    trace.note(format_args!("{AT}/spec/source/repoURL"), &gitops.repo.from);
    trace.note(
        format_args!("{AT}/spec/source/targetRevision"),
        &gitops.branch.from,
    );
    Template {
        metadata: TemplateMeta {
            annotations: BTreeMap::from([(PATHS, ".")]),
            name: format!(
                "{{{{index .path.segments {env}}}}}.{{{{index .path.segments {cluster}}}}}{{{{if ne .path.basename \"_platform\"}}}}.{{{{.path.basename}}}}{{{{end}}}}"
            ),
        },
        spec: ApplicationSpec {
            destination: Destination {
                name: format!("{{{{index .path.segments {cluster}}}}}"),
            },
            project: gitops.project.to_string(),
            source: Source {
                path: "{{.path.path}}".to_owned(),
                repo_url: gitops.repo.to_string(),
                target_revision: gitops.branch.to_string(),
            },
            sync_policy: sync_policy(trace),
        },
    }
}

fn sync_policy(trace: &mut Trace) -> SyncPolicy {
    const AT: &str = "/spec/template/spec/syncPolicy";
    trace.fixed(
        format_args!("{AT}/automated/prune"),
        "what leaves the spec leaves the cluster, or its GPUs are paid for ever",
    );
    trace.fixed(
        format_args!("{AT}/automated/selfHeal"),
        "what was reviewed is what runs: a change by hand is undone",
    );
    trace.fixed(
        format_args!("{AT}/retry"),
        "a namespace or a secret may come a little later than what needs it",
    );
    trace.fixed(
        format_args!("{AT}/syncOptions"),
        "fields that others own, as autoscalers own `replicas`, are left alone (GIT-01)",
    );
    SyncPolicy {
        automated: Automated {
            prune: true,
            self_heal: true,
        },
        retry: Retry {
            backoff: Backoff {
                duration: "10s",
                factor: 2,
                max_duration: "5m",
            },
            limit: 10,
        },
        sync_options: vec!["ServerSideApply=true"],
    }
}
