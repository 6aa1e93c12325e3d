//! SCL-10: a GPU model that scales on processor or memory alone.

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-10.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-10",
    name: "gpu-model-follows-the-processor",
    level: Level::Warning,
    page: r#"
## What it checks
A model with `gpu` has a trigger other than `cpu` and `memory`.

## Why it breaks
The processor idles at ten percent while the GPU is saturated, so the model never scales out.
Memory grows with the first requests and never falls, so it scales out and never back in.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    only "prod"
    gpu mig="1g.5gb"
    scale min=2 max=8 { on "cpu" utilization="70%" }
}
```

## Instead
```kdl
scale min=2 max=8 { on "concurrency" per-replica=64 }
```

## Sources
keda#7538, argo-rollouts#2857.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in model.workloads.iter().map(|w| w.workload) {
        let (Some(_), Some(auto)) = (&workload.gpu, workload.scale.auto()) else {
            continue;
        };
        if !auto.triggers.iter().all(|t| t.kind.is_resource()) {
            continue;
        }
        let Some(first) = auto.triggers.first() else {
            continue;
        };
        report.add(
            first.span,
            format!("a model on a GPU scales on {} alone", first.kind.name()),
            |d| {
                d.note("the processor idles while the GPU is saturated, and memory never falls")
                    .help("follow requests: `on \"concurrency\" per-replica=64` or `on \"latency\" p95=\"400ms\"`")
            },
        );
    }
}
