//! PRB-03: a rollout counts as failed before a pod can be ready.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// PRB-03.
pub(crate) static RULE: Rule = Rule {
    code: "PRB-03",
    name: "deadline-before-startup",
    level: Level::Error,
    page: r#"
## What it checks
The `deadline` of a rollout is at least the time to fetch the artifact plus the startup window.
A deadline that is not written is derived from both, with room to pull and schedule.

## Why it breaks
The Deployment reports `ProgressDeadlineExceeded` while the model is still loading, as it should.
Argo CD shows it as degraded, and tools that judge a release roll a healthy model back.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    startup "5m"
    scale 1
    rollout "rolling" deadline="2m"
}
```

## Instead
Leave `deadline` out, or give it the time that loading may take and some more.
```kdl
rollout "rolling" deadline="15m"
```

## Sources
kserve#5684.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.workloads {
        let needed = workload.fetch.saturating_add(workload.startup.value);
        if workload.deadline.value >= needed {
            continue;
        }
        report.add(
            at(&workload.deadline, model),
            format!(
                "the rollout of \"{}\" fails after {}, but a pod may take {} fetch + {} startup = {needed}",
                workload.name.value, workload.deadline.value, workload.fetch.value, workload.startup.value,
            ),
            |d| {
                let d = match workload.startup.span() {
                    Some(span) => d.also(span, "the startup window"),
                    None => d,
                };
                d.note("pulling the image and finding a node come on top")
                    .help(format!("drop `deadline`, or write more than {needed}"))
            },
        );
    }
}
