//! RUN-05: requests wait for company longer than they may take.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::diag::Diagnostic;
use crate::plan::{ClusterCapacity, ModelPlan};
use crate::units::Duration;

/// RUN-05.
pub(crate) static RULE: Rule = Rule {
    code: "RUN-05",
    name: "batch-delay-eats-the-latency",
    level: Level::Error,
    page: r#"
## What it checks
`batch max-delay` is less than the model's timeout, and at most half of `slo p95`.

## Why it breaks
A request that waits for company as long as it may take is late before the model has seen it. With
more than half of the promise spent on waiting, the promise is broken whenever traffic is thin.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    batch max-delay="300ms"
    slo p95="500ms"
    scale 1
}
```

## Instead
```kdl
batch max-delay="20ms"
```

## Sources
Triton Inference Server documentation, "Dynamic Batcher", delayed batching, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let timeout = &model.model.timeout;
    for workload in &model.workloads {
        let Some(server) = workload.workload.runtime.mlserve() else {
            continue;
        };
        let delay = &server.max_delay;
        if delay.value >= timeout.value {
            report.add(
                delay.span().unwrap_or_else(|| at(timeout, model)),
                format!(
                    "a request may wait {} for company, but takes {} at most",
                    delay.value, timeout.value
                ),
                |d| {
                    let d = match timeout.span() {
                        Some(_) if delay.span().is_none() => unwritten(d, delay.value),
                        Some(span) => d.also(span, "the longest a request may take"),
                        None => d.note(format!(
                            "`timeout` is not written: {} is the default",
                            timeout.value
                        )),
                    };
                    d.help("shorten `max-delay` to a few milliseconds")
                },
            );
        } else if let Some(p95) = &model.model.slo.p95
            && delay.millis() * 2 > p95.millis()
        {
            report.add(
                delay.span().unwrap_or_else(|| at(p95, model)),
                format!(
                    "a request may wait {} for company, more than half of the {} promised",
                    delay.value, p95.value
                ),
                |d| {
                    let d = match delay.span() {
                        Some(_) => d.also(at(p95, model), "the promise"),
                        None => unwritten(d, delay.value),
                    };
                    d.help("shorten `max-delay`, or promise more time")
                },
            );
        }
    }
}

/// Says where the delay comes from, for a finding that points at what it is held against.
fn unwritten(diagnostic: Diagnostic, delay: Duration) -> Diagnostic {
    diagnostic.note(format!(
        "`batch max-delay=` is not written: {delay} is the default"
    ))
}
