//! ROL-03: a rolling update that may neither add nor take away.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, RolloutPlan};

/// ROL-03.
pub(crate) static RULE: Rule = Rule {
    code: "ROL-03",
    name: "no-surge-and-none-unavailable",
    level: Level::Error,
    page: r#"
## What it checks
`max-surge` and `max-unavailable` of a rolling update are not both 0.

## Why it breaks
The update could not take a single step, and the API server rejects the Deployment.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 2
    rollout "rolling" max-surge=0 max-unavailable=0
}
```

## Instead
Leave one of them out: it is then derived.
```kdl
rollout "rolling" max-surge=0
```

## Sources
Kubernetes API reference, `RollingUpdateDeployment`, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        if let RolloutPlan::Rolling {
            max_surge,
            max_unavailable,
        } = &workload.rollout
            && max_surge.value == 0
            && max_unavailable.value == 0
        {
            report.add(
                at(max_unavailable, model),
                "`max-surge` and `max-unavailable` are both 0: the update cannot take a step",
                |d| d.help("drop one of them, which is then derived"),
            );
        }
    }
}
