//! SCL-23: a time of day that asks for more replicas than there may be.

use crate::check::rules::shared::{Cron, at, crons};
use crate::check::{Level, Report, Rule, Run};
use crate::diag::number;
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-23.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-23",
    name: "cron-above-max",
    level: Level::Error,
    page: r#"
## What it checks
`replicas` of `on "cron"` is at most `max`.

## Why it breaks
The autoscaler stops at `max`. Whoever wrote the higher number believes in capacity for a time of
day that never comes.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=2 max=8 {
        on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=10
    }
}
```

## Instead
```kdl
scale min=2 max=10 {
    on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=10
}
```

## Sources
KEDA documentation, "ScaledObject specification", `maxReplicaCount`, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for Cron { auto, replicas, .. } in crons(model) {
        if replicas.value <= auto.max.value {
            continue;
        }
        report.add(
            at(replicas, model),
            format!(
                "{} at this time, and `max` is {}",
                number(replicas.value, "replica"),
                auto.max.value
            ),
            |d| {
                d.also(at(&auto.max, model), "where the autoscaler stops")
                    .help("raise `max`, or lower `replicas`")
            },
        );
    }
}
