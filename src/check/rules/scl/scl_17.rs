//! SCL-17: a time of day that never adds a replica.

use crate::check::rules::shared::{Cron, at, crons};
use crate::check::{Level, Report, Rule, Run};
use crate::diag::number;
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-17.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-17",
    name: "cron-below-min",
    level: Level::Warning,
    page: r#"
## What it checks
`replicas` of `on "cron"` is more than `min`.

## Why it breaks
`min` replicas run at any time of day, so the trigger never has an effect: whoever wrote it
believes in capacity that is not there.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=4 max=8 {
        on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=3
    }
}
```

## Instead
```kdl
on "cron" start="0 8 * * *" end="0 20 * * *" timezone="Europe/Berlin" replicas=6
```

## Sources
KEDA documentation, "Cron" scaler, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for Cron { auto, replicas, .. } in crons(model) {
        if replicas.value > auto.min.value {
            continue;
        }
        report.add(
            at(replicas, model),
            format!(
                "{} at this time: no effect, as `min` is {}",
                number(replicas.value, "replica"),
                auto.min.value
            ),
            |d| {
                d.also(at(&auto.min, model), "runs at any time")
                    .help("lower `min`, or raise `replicas`")
            },
        );
    }
}
