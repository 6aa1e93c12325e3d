//! STO-02: several replicas on a volume that one node can use.

use crate::check::rules::shared::{at, claim};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// STO-02.
pub(crate) static RULE: Rule = Rule {
    code: "STO-02",
    name: "replicas-share-a-single-node-volume",
    level: Level::Error,
    page: r#"
## What it checks
A model that may run with more than one replica does not take its files from a claim of access mode
RWO or RWOP. The mode is that of the model's own `claim`, or of the cluster's. A claim that neither
describes is reported too: what it can do is not known.

## Why it breaks
The second replica, on another node, waits for ever with `Multi-Attach error for volume`. With RWOP
it waits even on the same node.

## Example
```kdl
model "bert" {
    only "prod"
    artifact "pvc://disk/bert" size="438Mi"
    scale 2
    rollout "recreate"
}
```

## Instead
A claim that many nodes can use, or files that each replica fetches for itself.
```kdl
claim "shared" size="10Gi" access="RWX" storage-class="efs"
artifact "pvc://shared/bert" size="438Mi"
```

## Sources
Kubernetes documentation, "Persistent Volumes", access modes, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let max = workload.workload.scale.max();
        let (Some(claim), Some(artifact)) =
            (claim(model, workload.workload), &workload.workload.artifact)
        else {
            continue;
        };
        if max.value < 2 {
            continue;
        }
        let span = at(&artifact.uri, model);
        match claim.access {
            Some(access) if access.many_nodes() => {}
            Some(access) => {
                let who = if access.api_name() == "ReadWriteOncePod" { "one pod" } else { "one node" };
                report.add(
                    span,
                    format!(
                        "claim \"{}\" is {}, {who} can use it, and \"{}\" has up to {} replicas",
                        claim.name, access.value, workload.name.value, max.value
                    ),
                    |d| {
                        d.also(at(access, model), "the access mode")
                            .also(at(max, model), "the most replicas")
                            .help("use a RWX or ROX claim, or an artifact that each replica fetches")
                    },
                );
            }
            None => report.add(
                span,
                format!(
                    "whether {} replicas can share claim \"{}\" is not known: cluster \"{}\" does not describe it",
                    max.value, claim.name, model.target.cluster.name.value
                ),
                |d| {
                    d.help(format!(
                        "add to the cluster: claim \"{}\" namespace=\"{}\" size=\"100Gi\" access=\"RWX\"",
                        claim.name, model.target.env.namespace.value
                    ))
                },
            ),
        }
    }
}
