//! SCL-21: an autoscaler without room.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-21.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-21",
    name: "min-equals-max",
    level: Level::Warning,
    page: r#"
## What it checks
`min` and `max` of a `scale` with triggers differ.

## Why it breaks
The autoscaler has nothing to decide. Its triggers are read and paid for, and whoever reads the
spec believes that the model scales.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=3 max=3 { on "latency" p95="400ms" }
}
```

## Instead
```kdl
scale 3
```

## Sources
Kubernetes documentation, "Horizontal Pod Autoscaling", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for auto in model
        .workloads
        .iter()
        .filter_map(|w| w.workload.scale.auto())
    {
        if auto.min.value == auto.max.value {
            report.add(
                at(&auto.max, model),
                format!(
                    "`min` and `max` are both {}: the triggers have no effect",
                    auto.max.value
                ),
                |d| d.help(format!("write `scale {}`, or raise `max`", auto.max.value)),
            );
        }
    }
}
