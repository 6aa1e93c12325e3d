//! SCL-19: a fallback that no trigger can use.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{AutoPlan, ClusterCapacity, ModelPlan, ScalingPlan, TriggerPlanKind};

/// SCL-19.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-19",
    name: "fallback-without-effect",
    level: Level::Error,
    page: r#"
## What it checks
Where `fallback` is written, a trigger can use it: one that gives a number for each replica. `cpu`
and `memory` cannot, and `latency` compares a value as it is. A fallback outside of `min` and `max`
is SCL-02's.

## Why it breaks
KEDA computes the fallback as replicas times the target of each. Its webhook refuses a fallback
where no trigger has such a target; a HorizontalPodAutoscaler has none at all.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=2 max=8 fallback=4 { on "cpu" utilization="70%" }
}
```

## Instead
Drop it, or add a trigger with a number for each replica.
```kdl
scale min=2 max=8 fallback=4 { on "concurrency" per-replica=64 }
```

## Sources
KEDA 2.20 admission webhook, read 2026-08.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let (auto, message, note) = match &workload.scaling {
            ScalingPlan::Fixed(_) => continue,
            ScalingPlan::Hpa(auto) => (
                auto,
                "`fallback` has no effect on processor and memory triggers",
                "a HorizontalPodAutoscaler keeps the number it has while metrics cannot be read",
            ),
            ScalingPlan::Keda(auto) if !averages(auto) => (
                auto,
                "`fallback` needs a trigger with a number for each replica",
                "KEDA computes it from replicas times that number, and refuses it without one",
            ),
            ScalingPlan::Keda(_) => continue,
        };
        if let Some(fallback) = &auto.fallback {
            report.add(at(fallback, model), message, |d| {
                d.note(note).help("drop it")
            });
        }
    }
}

/// Whether some trigger's target holds for each replica: `AverageValue`, the default of scalers.
fn averages(auto: &AutoPlan) -> bool {
    auto.triggers.iter().any(|t| {
        matches!(
            t.kind,
            TriggerPlanKind::Scaler {
                metric_type: None | Some("AverageValue"),
                ..
            }
        )
    })
}
