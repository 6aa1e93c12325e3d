//! AVL-01: a disruption budget that lets no pod go.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, DisruptionPlan, ModelPlan};

/// AVL-01.
pub(crate) static RULE: Rule = Rule {
    code: "AVL-01",
    name: "budget-lets-no-pod-go",
    level: Level::Error,
    page: r#"
## What it checks
`disruption` lets at least one pod go when the fewest replicas run: `min-available` is less than
the fewest replicas, and `max-unavailable` is not 0.

## Why it breaks
A drain waits until the budget allows it, which it never does. Node upgrades and cluster
autoscaling stop at this node, until someone deletes the budget at night.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 2
    disruption min-available=2
}
```

## Instead
```kdl
disruption max-unavailable=1
```

## Sources
Kubernetes documentation, "Specifying a Disruption Budget for your Application", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let min = workload.workload.scale.min();
        // With min 0 there is nothing to drain until the first replica runs.
        let fewest = min.value.max(1);
        let (span, message) = match &workload.disruption {
            Some(DisruptionPlan::MinAvailable(stay)) if stay.value >= fewest => (
                at(stay, model),
                format!(
                    "{} of at least {fewest} replicas must stay: no node with a pod of \"{}\" can ever be drained",
                    stay.value, workload.name.value
                ),
            ),
            Some(DisruptionPlan::MaxUnavailable(away)) if away.value == 0 => (
                at(away, model),
                format!(
                    "no pod may be away: no node with a pod of \"{}\" can ever be drained",
                    workload.name.value
                ),
            ),
            _ => continue,
        };
        report.add(span, message, |d| {
            let d = match min.span() {
                Some(min) => d.also(min, "the fewest replicas"),
                None => d,
            };
            if fewest == 1 {
                d.help("drop `disruption` and accept a short outage when its node is drained, or run 2 replicas")
            } else {
                d.help("write `disruption max-unavailable=1`")
            }
        });
    }
}
