//! PRB-02: a startup window shorter than loading takes.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::startup::load_time;
use crate::plan::{ClusterCapacity, ModelPlan};

/// PRB-02.
pub(crate) static RULE: Rule = Rule {
    code: "PRB-02",
    name: "startup-before-loaded",
    level: Level::Error,
    page: r#"
## What it checks
A `startup` that the spec states is at least what loading is estimated to take: the artifact's size at
100Mi a second, and 10 s of warm-up, 20 s with a GPU. What is fetched before is not part of it.

## Why it breaks
When the window ends, the kubelet kills the container, which begins to load anew: it never gets ready,
and it is the biggest models that this happens to.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="16Gi"
    startup "60s"
}
```

## Instead
```kdl
// Without `startup` the window is derived: here 5m48s.
artifact "s3://models/bert/" size="16Gi"
```

## Sources
Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", read 2026-11; public
incidents SeldonIO/seldon-core#323 and #674.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for workload in &model.model.workloads {
        let (Some(startup), Some((reading, warm_up))) = (&workload.startup, load_time(workload))
        else {
            continue;
        };
        let needed = reading.saturating_add(warm_up);
        if startup.value >= needed {
            continue;
        }
        report.add(
            at(startup, model),
            format!(
                "\"{}\" has {} to start, but loading takes about {needed}",
                model.model.name.value, startup.value
            ),
            |d| {
                let size = workload.artifact.as_ref().and_then(|a| a.size.as_ref());
                let d = match size.and_then(|size| size.span()) {
                    Some(span) => d.also(span, "read at 100Mi a second"),
                    None => d,
                };
                d.note(format!("{reading} reading + {warm_up} warm-up = {needed}"))
                    .help(format!(
                        "drop `startup`, which derives it, or write `startup \"{}\"`, twice what loading takes",
                        needed.saturating_mul(2)
                    ))
            },
        );
    }
}
