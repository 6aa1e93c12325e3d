//! SCL-05: zero replicas on a series that the pods themselves give.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{
    AutoPlan, ClusterCapacity, ModelPlan, ScalingPlan, TriggerPlan, TriggerPlanKind,
};
use crate::resolve::origin::Origin;

/// SCL-05.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-05",
    name: "zero-on-the-models-own-series",
    level: Level::Error,
    page: r#"
## What it checks
A model with `min=0` has a trigger whose number exists while no pod runs. `latency` and
`concurrency` read what the server itself exports (or its sidecar), `cpu` and `memory` need a
running pod too. What counts is the series actually read: `latency source="gateway"` is fine, since
a gateway of Istio reports requests by the Service that they are for, which outlives its pods.

## Why it breaks
The last pod takes its series with it. The trigger then reads nothing, for ever, and the model
never wakes.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=0 max=4 { on "concurrency" per-replica=64 }
}
```

## Instead
Follow the queue or the gateway, or keep one replica.
```kdl
scale min=0 max=4 {
    on "kafka" servers="kafka.default.svc:9092" topic="t" group="g" lag=100
}
```

## Sources
keda#6040, llm-d#2492.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let ScalingPlan::Keda(auto) = &workload.scaling else {
            continue;
        };
        let Some(own) = sleeps_for_ever(auto) else {
            continue;
        };
        report.add(
            at(&auto.min, model),
            format!("`min` is 0, but trigger \"{}\" reads what the pods themselves report: \"{}\" would never wake", own.name, workload.name.value),
            |d| {
                let d = match &own.because {
                    Origin::Written(span) => d.also(*span, "gone with the last pod"),
                    _ => d,
                };
                d.help("write `min=1`, or add a trigger that exists without pods: a queue, or `source=\"gateway\"`")
            },
        );
    }
}

/// A trigger on the pods' own series, where no trigger can wake the model from zero.
fn sleeps_for_ever(auto: &AutoPlan) -> Option<&TriggerPlan> {
    let own = |t: &&TriggerPlan| {
        matches!(
            t.kind,
            TriggerPlanKind::Scaler {
                own_series: true,
                ..
            }
        )
    };
    let wakes = |t: &TriggerPlan| {
        matches!(
            t.kind,
            TriggerPlanKind::Scaler {
                own_series: false,
                ..
            }
        )
    };
    if auto.min.value > 0 || auto.triggers.iter().any(wakes) {
        return None;
    }
    auto.triggers.iter().find(own)
}
