//! ROL-04: an update of the only replica is an outage.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, RolloutPlan};

/// ROL-04.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-04",
    name: "update-of-the-only-replica",
    level: Level::Production,
    page: r#"
## What it checks
In production, a model that may run with one replica does not let that one go during an update.
Other environments are not looked at.

## Why it breaks
The old pod ends at once and the new one has yet to load the model: every update, however small,
is an outage of the whole startup window.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 1
    rollout "rolling" max-unavailable=1 max-surge=0
}
```

## Instead
Two replicas, or one more while updating.
```kdl
scale 2
```

## Sources
Kubernetes documentation, "Deployments", "Rolling Update Deployment", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    if !*model.target.env.production {
        return;
    }
    for workload in &model.workloads {
        let RolloutPlan::Rolling {
            max_surge,
            max_unavailable,
        } = &workload.rollout
        else {
            continue;
        };
        let min = workload.workload.scale.min();
        if min.value != 1 || max_unavailable.value == 0 {
            continue;
        }
        let span = max_unavailable
            .span()
            .or(min.span())
            .unwrap_or(model.model.span);
        report.add(
            span,
            format!(
                "\"{}\" runs with 1 replica and an update may take {} away: every update is an outage of up to {}",
                workload.name.value, max_unavailable.value, workload.startup.value,
            ),
            |d| {
                let d = if max_surge.value == 0 && max_unavailable.span() != Some(span) {
                    d
                } else {
                    d.also(at(min, model), "the replicas")
                };
                d.help("run 2 replicas, or write `max-surge=1 max-unavailable=0` where a device is free for one more")
            },
        );
    }
}
