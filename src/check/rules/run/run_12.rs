//! RUN-12: a latency that no request can be seen to exceed.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan, longest_measured};
use crate::resolve::model::TriggerKind;
use crate::resolve::origin::Traced;
use crate::units::Duration;

/// RUN-12.
pub(crate) static RULE: Rule = Rule {
    code: "RUN-12",
    name: "latency-never-exceeded",
    level: Level::Error,
    page: r#"
## What it checks
`slo p95` is less than the model's `timeout`, and so is the `p95` of `on "latency"` where it reads
mlserve's own series. Where mlserve measures, both are less than the 30s at which the buckets of its
histogram end.

## Why it breaks
A request that takes longer than `timeout` is given up, and mlserve's histogram counts only requests
answered with a result. A percentile is read from buckets, and is never above the last one that has
a bound. An alert or a trigger beyond either never fires, however slow the model is.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    timeout "1s"
    slo p95="2s"
    scale 1
}
```

## Instead
Promise less than the longest a request may take.
```kdl
timeout "4s"
slo p95="2s"
```

## Sources
Prometheus documentation, `histogram_quantile()`: "the upper bound of the second highest bucket is
returned" where the percentile lies in the highest, read 2026-11.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    let measured = longest_measured(model.model.primary());
    if let Some(p95) = &model.model.slo.p95 {
        beyond(p95, true, measured, model, report);
    }
    for workload in &model.workloads {
        let measured = longest_measured(workload.workload);
        let auto = workload.workload.scale.auto();
        for trigger in auto.iter().flat_map(|a| &a.triggers) {
            if let TriggerKind::Latency { p95, gateway } = &trigger.kind
                && !gateway.value
            {
                beyond(p95, measured.is_some(), measured, model, report);
            }
        }
    }
}

/// Reports a time that is never exceeded: `ends` says whether what takes longer than the timeout
/// is missing from the series, `measured` where the series end.
fn beyond(
    p95: &Traced<Duration>,
    ends: bool,
    measured: Option<Duration>,
    model: &ModelPlan<'_>,
    report: &mut Report,
) {
    let timeout = &model.model.timeout;
    if ends && p95.value >= timeout.value {
        report.add(
            at(p95, model),
            format!(
                "no request is seen to take longer than {}: each is given up after {}",
                p95.value, timeout.value
            ),
            |d| {
                let d = match timeout.span() {
                    Some(span) => d.also(span, "the longest a request may take"),
                    None => d.note(format!(
                        "`timeout` is not written: {} is the default",
                        timeout.value
                    )),
                };
                d.help("write a `p95` below the timeout, or raise `timeout`")
            },
        );
    } else if let Some(most) = measured.filter(|most| p95.value >= *most) {
        report.add(
            at(p95, model),
            format!(
                "no request is seen to take longer than {}: the server's histogram ends at {most}",
                p95.value
            ),
            |d| {
                d.note("a percentile is never above the histogram's last bound")
                    .help(format!("write a `p95` below {most}"))
            },
        );
    }
}
