//! SHT-01: a pod is killed before its requests are answered.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::units::Duration;

/// SHT-01.
pub(crate) static RULE: Rule = Rule {
    code: "SHT-01",
    name: "grace-shorter-than-a-request",
    level: Level::Error,
    page: r#"
## What it checks
`grace` is at least the wait before a pod stops taking requests, plus the longest a request may
take, plus the batch delay. A grace that is not written is derived from them.

## Why it breaks
The pod is killed in the middle of inference. Callers get 502 on every rollout, every scale-down
and every node drain.

## Example
```kdl
model "bert" {
    runtime "container" image="myregistry.io/bert:v2.1" port=8080 {
        user 10001
        readiness "/ready"
    }
    startup "60s"
    resources memory="4Gi"
    timeout "30s"
    grace "20s"
    scale 1
}
```

## Instead
Leave `grace` out, or make requests shorter.
```kdl
timeout "10s"
grace "20s"
```

## Sources
Kubernetes documentation, "Pod Lifecycle", termination of pods, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let timeout = &model.model.timeout;
    for workload in &model.workloads {
        let delay = workload
            .workload
            .runtime
            .mlserve()
            .map_or(Duration::ZERO, |m| m.max_delay.value);
        let needed = workload
            .pre_stop
            .saturating_add(timeout.value)
            .saturating_add(delay);
        if workload.grace.value >= needed {
            continue;
        }
        let whole = Duration::from_secs(needed.as_secs_ceil());
        report.add(
            at(&workload.grace, model),
            format!(
                "`grace` is {}, but a pod needs {} pre-stop + {} timeout + {delay} batch delay = {needed}",
                workload.grace.value, workload.pre_stop.value, timeout.value,
            ),
            |d| {
                let d = match timeout.span() {
                    Some(span) => d.also(span, "the longest a request may take"),
                    None => d.note(format!("`timeout` is not written: {} is the default", timeout.value)),
                };
                d.note("what is still running then is killed: callers get a 502")
                    .help(format!("drop `grace`, write at least \"{whole}\", or shorten `timeout`"))
            },
        );
    }
}
