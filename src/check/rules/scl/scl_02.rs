//! SCL-02: numbers of replicas that contradict each other.

use crate::check::rules::shared::at;
use crate::check::{Level, Report, Rule, Run};
use crate::plan::{ClusterCapacity, ModelPlan};

/// SCL-02.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-02",
    name: "replica-bounds-contradict",
    level: Level::Error,
    page: r#"
## What it checks
`min` is at most `max`, and `fallback` lies between them.

## Why it breaks
Some systems swap or clamp such numbers and run something that nobody wrote; others reject the
object at admission. A fallback outside the bounds moves the replicas to a number that the
autoscaler itself would never choose, just when its metrics are gone.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale min=8 max=4 { on "latency" p95="400ms" }
}
```

## Instead
```kdl
scale min=2 max=8 { on "latency" p95="400ms" }
```

## Sources
keda#5288; KEDA 2.20 admission webhook.
"#,
    run: Run::Model(check),
};

fn check(model: &ModelPlan<'_>, _: &[ClusterCapacity<'_>], report: &mut Report) {
    for auto in model
        .workloads
        .iter()
        .filter_map(|w| w.workload.scale.auto())
    {
        if auto.min.value > auto.max.value {
            report.add(
                at(&auto.min, model),
                format!(
                    "`min` {} is more than `max` {}",
                    auto.min.value, auto.max.value
                ),
                |d| {
                    d.also(at(&auto.max, model), "the most replicas")
                        .help("swap them, or raise `max`")
                },
            );
        } else if let Some(fallback) = &auto.fallback
            && !(auto.min.value..=auto.max.value).contains(&fallback.value)
        {
            report.add(
                at(fallback, model),
                format!(
                    "`fallback` {} is outside of `min` {} and `max` {}",
                    fallback.value, auto.min.value, auto.max.value
                ),
                |d| d.help("choose a number between them that carries the usual traffic"),
            );
        }
    }
}
