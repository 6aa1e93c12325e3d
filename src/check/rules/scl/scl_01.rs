//! SCL-01: two autoscalers on one workload.

use std::collections::BTreeMap;

use crate::check::rules::shared::{autoscalers, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// SCL-01.
pub(crate) static RULE: Rule = Rule {
    code: "SCL-01",
    name: "two-autoscalers",
    level: Level::Error,
    page: r#"
## What it checks
At most one HorizontalPodAutoscaler or ScaledObject names a workload as its target.

Only a `patch` of the target can raise this: a model has one `scale`, and it becomes one object,
whatever its triggers.

## Why it breaks
A ScaledObject makes a HorizontalPodAutoscaler of its own. Two of them set `replicas` against each
other every few seconds. KEDA's admission webhook refuses the second one, where it is installed.

## Example
```yaml
kind: HorizontalPodAutoscaler
spec: { scaleTargetRef: { kind: Deployment, name: bert } }
---
kind: ScaledObject
spec: { scaleTargetRef: { name: bert } }
```

## Instead
All triggers in one `scale`.
```kdl
scale min=2 max=10 {
    on "cpu" utilization="70%"
    on "kafka" servers="kafka:9092" topic="t" group="g" lag=100
}
```

## Sources
KEDA documentation, "Scaling Deployments, StatefulSets & Custom Resources", read 2026-11.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    let mut seen = BTreeMap::new();
    for (object, target) in autoscalers(objects) {
        let called = format!("{} \"{}\"", object.body.kind(), object.body.name());
        if let Some(first) = seen.insert(target, called.clone()) {
            report.add(
                patched(object, "/spec/scaleTargetRef/name", model),
                format!("one workload is scaled by {called} and {first}"),
                |d| {
                    d.note("each sets `replicas` against the other")
                        .help("keep one of them: all triggers fit into one `scale`")
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{autoscaler, on_objects};

    /// Two on one workload are found; two on two are not.
    #[test]
    fn targets() {
        assert_eq!(
            on_objects(&RULE, vec![autoscaler("a", "m"), autoscaler("b", "m")]),
            [
                "one workload is scaled by HorizontalPodAutoscaler \"b\" and HorizontalPodAutoscaler \"a\""
            ]
        );
        assert!(on_objects(&RULE, vec![autoscaler("a", "m"), autoscaler("b", "n")]).is_empty());
    }
}
