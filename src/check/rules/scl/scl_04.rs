//! SCL-04: zero replicas on triggers that need a running pod.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-04.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-04",
    name: "zero-on-processor-or-memory",
    level: Level::Error,
    page: r#"
## What it checks
A model with `min=0` has a trigger other than `cpu` and `memory`.

## Why it breaks
Without a pod there is no processor use to measure, so nothing ever starts the first one. KEDA's
webhook refuses it, and a HorizontalPodAutoscaler takes no 0 for such metrics.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=0 max=4 { on "cpu" utilization="70%" }
}
```

## Instead
A trigger that exists without the pods, beside it.
```kdl
scale min=0 max=4 {
    on "cpu" utilization="70%"
    on "kafka" servers="kafka.default.svc:9092" topic="t" group="g" lag=100
}
```

## Sources
KEDA 2.20 admission webhook, read 2026-08.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for auto in model
        .workloads
        .iter()
        .filter_map(|w| w.workload.scale.auto())
    {
        if auto.min.value == 0 && auto.triggers.iter().all(|t| t.kind.is_resource()) {
            report.add(
                at(&auto.min, model),
                "`min` is 0 and every trigger measures running pods: the first one never starts",
                |d| d.help("write `min=1`, or add a trigger that exists without pods, such as `on \"kafka\"`"),
            );
        }
    }
}
