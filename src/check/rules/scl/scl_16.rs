//! SCL-16: a time of day that ends when it begins.

use crate::check::rules::shared::{Cron, at, crons};
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-16.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-16",
    name: "cron-ends-when-it-begins",
    level: Level::Error,
    page: r#"
## What it checks
`start` and `end` of `on "cron"` differ. That the time zone exists and the five fields are right is
checked where they are read: a wrong one is LNG-07.

## Why it breaks
KEDA refuses equal times when it starts the scaler, long after the merge.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=2 max=8 {
        on "cron" start="0 8 * * *" end="0 8 * * *" timezone="Europe/Berlin" replicas=6
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
    for Cron { start, end, .. } in crons(model).filter(|c| c.start.value == c.end.value) {
        report.add(
            at(end, model),
            format!("the time ends when it begins, at \"{}\"", end.value),
            |d| {
                d.also(at(start, model), "the start")
                    .help("write a later `end`")
            },
        );
    }
}
