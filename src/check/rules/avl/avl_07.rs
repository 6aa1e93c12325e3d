//! AVL-07: a priority class that the cluster does not have.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::diag::Severity;
use crate::diag::suggest::closest;
use crate::plan::{ClusterCapacity, ModelPlan};

/// Kubernetes brings these itself.
const BUILT_IN: [&str; 2] = ["system-cluster-critical", "system-node-critical"];

/// AVL-07.
pub(crate) static RULE: Rule = Rule {
    code: "AVL-07",
    name: "unknown-priority-class",
    level: Level::Error,
    page: r#"
## What it checks
The `priority-class` of a model is one that the cluster has: one it lists, or one that Kubernetes
brings. Where the cluster lists none this is a warning: what it has is not known.

## Why it breaks
Kubernetes refuses every pod that names a class it does not have. The Deployment is accepted and
stays without pods; only the events of its ReplicaSet tell why.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    priority-class "gpu-hihg"
}
```

## Instead
```kdl
priority-class "gpu-high"
```

## Sources
Kubernetes documentation, "Pod Priority and Preemption", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let cluster = &model.target.cluster;
    let known = || cluster.priority_classes.iter().map(|c| c.value.as_str());
    for workload in &model.model.workloads {
        let Some(class) = &workload.priority_class else {
            continue;
        };
        let name = class.value.as_str();
        if BUILT_IN.contains(&name) || known().any(|k| k == name) {
            continue;
        }
        let (place, on) = (at(class, model), &cluster.name.value);
        let add = format!("add to the cluster: priority-class \"{name}\"");
        if cluster.priority_classes.is_empty() {
            let message = format!(
                "whether cluster \"{on}\" has priority class \"{name}\" is not known: it lists none"
            );
            report.add(place, message, |mut d| {
                d.severity = Severity::Warning;
                d.help(add)
            });
            continue;
        }
        let message = format!("cluster \"{on}\" has no priority class \"{name}\"");
        report.add(place, message, |d| match closest(name, known()) {
            Some(near) => d.help(format!("did you mean \"{near}\"?")),
            None => d.help(format!("name one that it has, or {add}")),
        });
    }
}
