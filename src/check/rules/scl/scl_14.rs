//! SCL-14: replicas are given up sooner than new ones come.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, ScalingPlan};

/// SCL-14.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-14",
    name: "cooldown-shorter-than-cold-start",
    level: Level::Warning,
    page: r#"
## What it checks
`cooldown` is at least the time a new replica takes: fetching the artifact and the startup window.
A cooldown that is not written is twice that, at least five minutes.

## Why it breaks
A dip in traffic unloads a model that takes longer to load again than the dip lasted. Replicas
come and go, and none of them is ever there when it is needed.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    startup "5m"
    scale min=2 max=8 cooldown="1m" { on "latency" p95="400ms" }
}
```

## Instead
```kdl
scale min=2 max=8 cooldown="10m" { on "latency" p95="400ms" }
```

## Sources
Kubernetes documentation, "Horizontal Pod Autoscaling", stabilization window, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let (ScalingPlan::Hpa(auto) | ScalingPlan::Keda(auto)) = &workload.scaling else {
            continue;
        };
        let cold = workload.fetch.saturating_add(workload.startup.value);
        if auto.cooldown.value >= cold {
            continue;
        }
        report.add(
            at(&auto.cooldown, model),
            format!(
                "replicas go after {} of less need, a new one takes up to {} fetch + {} startup = {cold}",
                auto.cooldown.value, workload.fetch.value, workload.startup.value,
            ),
            |d| d.help(format!("drop `cooldown`, or write about twice that: \"{}\"", cold.saturating_mul(2))),
        );
    }
}
