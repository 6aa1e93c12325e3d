//! SCL-15: replicas are added before a batch can fill.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::resolve::model::TriggerKind;

/// SCL-15.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-15",
    name: "concurrency-below-batch-size",
    level: Level::Warning,
    page: r#"
## What it checks
`per-replica` of `on "concurrency"` is at least the largest batch of the server.

## Why it breaks
With fewer requests in flight than a batch holds, no batch ever fills: the model scales out
instead of batching, and each GPU does less than it could.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    batch max-size=32
    scale min=2 max=8 { on "concurrency" per-replica=8 }
}
```

## Instead
One and a half to two batches in flight, or smaller batches.
```kdl
scale min=2 max=8 { on "concurrency" per-replica=64 }
```

## Sources
Triton Inference Server documentation, "Dynamic Batcher", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in model.workloads.iter().map(|w| w.workload) {
        let Some(server) = workload.runtime.mlserve() else {
            continue;
        };
        for trigger in workload.scale.auto().iter().flat_map(|a| &a.triggers) {
            let TriggerKind::Concurrency(target) = &trigger.kind else {
                continue;
            };
            if target.value >= server.max_batch.value {
                continue;
            }
            report.add(
                at(target, model),
                format!(
                    "{} requests in flight for each replica never fill a batch of {}",
                    target.value, server.max_batch.value
                ),
                |d| {
                    let d = match server.max_batch.span() {
                        Some(span) => d.also(span, "rows of one batch"),
                        None => d.note(format!(
                            "`batch max-size` is not written: {} is the default",
                            server.max_batch.value
                        )),
                    };
                    d.help(format!(
                        "write `per-replica={}`, two batches, or a smaller `batch max-size`",
                        server.max_batch.value.saturating_mul(2)
                    ))
                },
            );
        }
    }
}
