//! ROL-05: a rolling update over a volume that one node can use.

use crate::check::rules::shared::{at, claim};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, RolloutPlan};

/// ROL-05.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-05",
    name: "surge-over-a-single-node-volume",
    level: Level::Error,
    page: r#"
## What it checks
A rolling update that starts a new pod before an old one ends (`max-surge` above 0) does not use a
claim of access mode RWO or RWOP.

## Why it breaks
The new pod, on another node, waits for the volume; the old pod holds it until the new one is
ready. The update hangs with `Multi-Attach error for volume`.

## Example
```kdl
model "bert" {
    only "prod"
    artifact "pvc://disk/bert" size="438Mi"
    scale 1
    startup "60s"
    rollout "rolling" max-surge=1 max-unavailable=0
}
```

## Instead
```kdl
rollout "recreate"
```

## Sources
Kubernetes documentation, "Persistent Volumes", access modes, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let RolloutPlan::Rolling { max_surge, .. } = &workload.rollout else {
            continue;
        };
        let Some(claim) = claim(model, workload.workload) else {
            continue;
        };
        let Some(access) = claim.access.filter(|a| !a.many_nodes()) else {
            continue;
        };
        if max_surge.value == 0 {
            continue;
        }
        let artifact = workload.workload.artifact.as_ref().map(|a| a.span);
        let span = max_surge.span().or(artifact).unwrap_or(model.model.span);
        report.add(
            span,
            format!(
                "an update starts {} pod beside the old one, claim \"{}\" is {}: one node can use it",
                max_surge.value, claim.name, access.value,
            ),
            |d| {
                d.also(at(access, model), "the claim's access mode")
                    .note("the new pod waits for the volume, the old one for the new pod")
                    .help("write `rollout \"recreate\"`, or `max-surge=0 max-unavailable=1`, or use a RWX or ROX claim")
            },
        );
    }
}
