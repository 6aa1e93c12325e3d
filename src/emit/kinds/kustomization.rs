//! Kustomization: Flux keeps one folder of the output in sync. kustomize.toolkit.fluxcd.io/v1,
//! <https://fluxcd.io/flux/components/kustomize/kustomizations/>, checked 2026-11.
//!
//! They lie below `_gitops/<cluster>`, the folder that the Flux of that cluster is pointed at.

use smol_str::format_smolstr;

use super::super::api::Spec;
use super::super::api::flux::{
    Dependency, GitRepositorySpec, Kustomization, KustomizationSpec, SourceRef,
};
use super::super::{Emitter, Out, Scope, Trace};
use crate::plan::{Plan, Summary, TargetPlan};
use crate::resolve::origin::{Input, Origin};
use crate::resolve::workspace::{Gitops, Workspace};

/// One for each folder of a workspace that Flux syncs.
pub static EMITTER: Emitter = Emitter {
    kind: KustomizationSpec::KIND,
    api_version: KustomizationSpec::API_VERSION,
    wave: 0,
    scope: Scope::Workspace(emit),
};

fn emit(plan: &Plan<'_>, out: &mut Out) {
    let workspace = plan.workspace;
    let Some(gitops) = workspace.gitops.as_ref().filter(|g| g.flux) else {
        return;
    };
    for target in &plan.targets {
        let folder = Folder {
            workspace,
            gitops,
            target,
        };
        if folder.has_platform() {
            folder.platform(out);
        }
        for model in &target.models {
            folder.model(model, out);
        }
    }
}

/// The folders of one environment on one cluster.
struct Folder<'p, 'w> {
    workspace: &'p Workspace,
    gitops: &'p Gitops,
    target: &'p TargetPlan<'w>,
}

impl Folder<'_, '_> {
    /// Whether there is a `_platform` folder: it holds the Namespace.
    fn has_platform(&self) -> bool {
        *self.target.target.env.create_namespace
    }

    fn env(&self) -> &str {
        self.target.target.env.name.as_str()
    }

    /// The `_platform` folder. Its Kustomization is named like the environment, which no
    /// model's is: those have a dot.
    fn platform(&self, out: &mut Out) {
        let mut trace = out.trace();
        let env = &self.target.target.env;
        trace.note(format_args!("/metadata/name"), &env.name.from);
        trace.fixed(
            format_args!("/spec/timeout"),
            "namespaces are there at once",
        );
        self.push(
            self.env().to_owned(),
            "_platform",
            "3m".to_owned(),
            Vec::new(),
            trace,
            out,
        );
    }

    fn model(&self, model: &Summary<'_>, out: &mut Out) {
        let mut trace = out.trace();
        let name = model.name.as_str();
        let env = &self.target.target.env;
        trace.joined(
            format_args!("/metadata/name"),
            "name of the Kustomization",
            "environment, `.`, model",
            || {
                let own = Origin::Written(model.span);
                vec![Input::new("model", name, own), env.name.input("env")]
            },
        );
        let depends_on = if self.has_platform() {
            trace.note(format_args!("/spec/dependsOn"), &env.create_namespace.from);
            vec![Dependency {
                name: self.env().to_owned(),
            }]
        } else {
            Vec::new()
        };
        let timeout = model.rollout_time.as_ref().map(|time| {
            trace.note(format_args!("/spec/timeout"), &time.from);
            time.to_string()
        });
        let full = format!("{}.{name}", self.env());
        self.push(
            full,
            name,
            timeout.unwrap_or_default(),
            depends_on,
            trace,
            out,
        );
    }

    fn push(
        &self,
        name: String,
        folder: &str,
        timeout: String,
        depends_on: Vec<Dependency>,
        mut trace: Trace,
        out: &mut Out,
    ) {
        self.notes(&mut trace);
        let target = self.target.target;
        let cluster = target.cluster.name.as_str();
        let spec = KustomizationSpec {
            depends_on,
            interval: "1h",
            path: format!(
                "./{}/{}/{cluster}/{folder}",
                *self.workspace.output,
                self.env()
            ),
            prune: true,
            retry_interval: "2m",
            source_ref: SourceRef {
                kind: GitRepositorySpec::KIND,
                name: self.workspace.name.to_string(),
            },
            timeout,
            wait: true,
        };
        let mut object = Kustomization::new(name, spec);
        object.metadata.namespace = Some(self.gitops.namespace.to_string());
        let folder = format_smolstr!("_gitops/{cluster}");
        out.push(folder, EMITTER.wave, object.into(), trace);
    }

    fn notes(&self, trace: &mut Trace) {
        trace.note(
            format_args!("/metadata/namespace"),
            &self.gitops.namespace.from,
        );
        trace.fixed(
            format_args!("/spec/interval"),
            "a change by hand is undone within the hour",
        );
        trace.joined(
            format_args!("/spec/path"),
            "folder of the output",
            "output, environment, cluster, folder",
            || {
                let output = &self.workspace.output;
                let target = self.target.target;
                vec![
                    Input::new("env", &*target.env.name, target.env.name.from.clone()),
                    target.cluster.name.input("cluster"),
                    output.input("output"),
                ]
            },
        );
        trace.fixed(
            format_args!("/spec/prune"),
            "what leaves the spec leaves the cluster, or its GPUs are paid for ever",
        );
        trace.fixed(
            format_args!("/spec/retryInterval"),
            "a secret may come a little later than what needs it",
        );
        trace.note(format_args!("/spec/sourceRef"), &self.workspace.name.from);
        trace.fixed(
            format_args!("/spec/wait"),
            "a model that does not become ready is a failed reconciliation, not a green one",
        );
    }
}
