//! SHT-03: a spot node is gone before the grace is over.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::units::Duration;

/// Longest notice of a cloud before it takes a spot node: AWS' two minutes; others give less.
/// Source: AWS EC2 user guide, "Spot Instance interruption notices", 2026.
const NOTICE: Duration = Duration::from_secs(120);

/// SHT-03.
pub(crate) static RULE: Rule = Rule {
    code: "SHT-03",
    name: "grace-longer-than-spot-notice",
    level: Level::Warning,
    page: r#"
## What it checks
On a pool marked `spot=#true`, the termination grace is at most two minutes, the longest notice any
large cloud gives.

## Why it breaks
The node is taken away when the notice is over, whatever the pod still has to do.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    gpu share="mps" memory="4Gi" pool="spot"
    only "prod"
    timeout "3m"
    slo p95="10s"
    scale 1
}
```

## Instead
Shorter requests, or a pool whose nodes stay.
```kdl
gpu count=1 pool="whole"
```

## Sources
AWS EC2 user guide, "Spot Instance interruption notices", read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let Some(pool) = workload.placement.pool.filter(|p| *p.spot) else {
            continue;
        };
        if workload.grace.value <= NOTICE {
            continue;
        }
        report.add(
            at(&workload.grace, model),
            format!(
                "\"{}\" may need {} to end, a spot node of pool \"{}\" is gone {NOTICE} after its notice",
                workload.name.value, workload.grace.value, pool.name.value,
            ),
            |d| d.also(at(&pool.spot, model), "spot nodes").help("shorten `timeout`, or choose a pool that is not spot"),
        );
    }
}
