//! NET-05: pods that a namespace with restricted pod security refuses.

use crate::check::rules::shared::{Deployed, at, deployments, name, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::diag::Diagnostic;
use crate::emit::Object;
use crate::emit::trace::escape;
use crate::plan::{ModelPlan, names};
use crate::resolve::cluster::Api;

use super::restricted;

/// NET-05.
pub(crate) static RULE: Rule = Rule {
    code: "NET-05",
    name: "refused-by-pod-security",
    level: Level::Error,
    page: r#"
## What it checks
No pod is refused by the restricted pod security that `create-namespace=#true` enforces.

- What mlspec emits is restricted. A `patch "Deployment"` must not bring the node's network, process or
  IPC namespace, ports or files of the node (`hostPort`, `hostPath`), other volumes than those of
  Kubernetes itself, privileged containers, capabilities, root, a system call filter other than
  `RuntimeDefault` or `Localhost`, or what else the level forbids. A container that it adds has to say
  `allowPrivilegeEscalation` `#false` and to drop all capabilities. Init containers count. The level is
  that of the cluster's Kubernetes, the newest where none is stated.
- A model in the Istio mesh has Istio's CNI plugin on its cluster.

A namespace that others make may enforce the same. Where it also has the label
`pod-security.kubernetes.io/warn`, `mlspec compile --server-dry-run` shows what the server warns about.

## Why it breaks
The API server takes the Deployment and refuses its pods, every one. Only the events of the ReplicaSet
say so.

Without the plugin Istio adds the init container `istio-init` to every pod in the mesh. It asks for
`NET_ADMIN` and `NET_RAW` and runs as root.

## Example
```kdl
workspace "acme" edition=1 {
    use "clusters/*.kdl"
    image "mlserve" "registry.acme.io/ml/mlserve:0.1.0@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    env "prod" namespace="ml" create-namespace=#true { cluster "gpu" }
}
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    expose gateway="mesh" host="nlp.acme.io"
}
```

## Instead
Take what is refused out of the patch. For the mesh, install the plugin (chart `istio/cni`) and say so.
```kdl
provides "istio" version="1.30" cni=#true
```

## Sources
Kubernetes documentation, "Pod Security Standards", and the checks of
`k8s.io/pod-security-admission` up to 1.37; Istio documentation, "Install the Istio CNI node agent";
all read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    if !*model.target.env.create_namespace {
        return;
    }
    sidecar(model, objects, report);
    let kubernetes = model.target.cluster.kubernetes.as_ref().map(|v| v.value);
    for deployment in deployments(objects) {
        for refusal in restricted::refusals(deployment, kubernetes) {
            let mend = if refusal.lacks {
                "write it in the patch"
            } else {
                "take it out of the patch"
            };
            report.add(
                patched(deployment.object, &refusal.pointer, model),
                format!(
                    "{} of Deployment \"{}\" {}",
                    refusal.who,
                    name(&deployment),
                    refusal.must
                ),
                |d| {
                    enforced(model, d)
                        .note("the API server would take the Deployment and refuse its pods; only the ReplicaSet's events say so")
                        .help(format!("{mend}, or drop `create-namespace` and make a namespace that allows it"))
                },
            );
        }
    }
}

/// The pods of a sidecar that brings `istio-init`.
fn sidecar(model: &ModelPlan<'_>, objects: &[Object], report: &mut Report) {
    let cluster = &model.target.cluster;
    if cluster.provides(Api::Istio).is_none_or(|istio| *istio.cni) {
        return;
    }
    let Some(deployment) = deployments(objects).find(in_mesh) else {
        return;
    };
    let label = format!("/spec/template/metadata/labels/{}", escape(names::INJECT));
    let span = match (deployment.object.trace.patch_of(&label), &model.mesh) {
        (None, Some(mesh)) => at(mesh, model),
        _ => patched(deployment.object, &label, model),
    };
    report.add(
        span,
        format!(
            "no pod of \"{}\" would start in \"{}\": its sidecar needs rights that the namespace refuses",
            model.model.name.value, model.target.env.namespace.value
        ),
        |d| {
            enforced(model, d)
                .note("without Istio's CNI plugin every sidecar brings `istio-init`, which asks for NET_ADMIN")
                .help(format!(
                    "install the plugin and write `cni=#true` at `provides \"istio\"` of cluster \"{}\", or drop `create-namespace`",
                    cluster.name.value
                ))
        },
    );
}

fn in_mesh(deployment: &Deployed<'_>) -> bool {
    let template = deployment.spec.as_ref().map(|s| &s.template);
    let labels = template.and_then(|t| t.metadata.as_ref()?.labels.as_ref());
    labels.is_some_and(|l| l.get(names::INJECT).is_some_and(|v| v == "true"))
}

/// Adds what makes the namespace refuse pods.
fn enforced(model: &ModelPlan<'_>, found: Diagnostic) -> Diagnostic {
    match model.target.env.create_namespace.span() {
        Some(span) => found.also(span, "enforces restricted pod security"),
        None => found,
    }
}
