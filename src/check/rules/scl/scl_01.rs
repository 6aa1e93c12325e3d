//! SCL-01: two autoscalers on one workload.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// SCL-01.
pub static RULE: Rule = Rule {
    code: "SCL-01",
    name: "two-autoscalers",
    level: Level::Error,
    page: r#"
## What it checks
At most one HorizontalPodAutoscaler or ScaledObject names a workload as its target.

A spec cannot raise this: a model has one `scale`, and it becomes one object, whatever its
triggers. The rule guards the emitted objects.

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
    let scalers: Vec<_> = objects
        .iter()
        .filter(|o| matches!(o.body.kind(), "HorizontalPodAutoscaler" | "ScaledObject"))
        .filter_map(|o| Some((o, serde_json::to_value(&o.body).ok()?)))
        .collect();
    let mut seen = BTreeMap::new();
    for (object, value) in &scalers {
        let called = format!("{} \"{}\"", object.body.kind(), object.body.name());
        if let Some(first) = seen.insert(target(value), called.clone()) {
            report.add(
                model.model.span,
                format!("{called} and {first} scale one workload"),
                |d| {
                    d.note("each sets `replicas` against the other")
                        .help("keep one of them: all triggers fit into one `scale`")
                },
            );
        }
    }
}

/// Kind and name of what an autoscaler scales; Deployment is KEDA's default kind.
fn target(value: &Value) -> (String, String) {
    let target = &value["spec"]["scaleTargetRef"];
    let text = |field: &str, default: &str| target[field].as_str().unwrap_or(default).to_owned();
    (text("kind", "Deployment"), text("name", ""))
}

#[cfg(test)]
mod tests {
    use super::{RULE, target};
    use crate::check::testing::{autoscaler, on_objects};

    /// Two on one workload are found; two on two are not. KEDA's default kind counts.
    #[test]
    fn targets() {
        assert_eq!(
            on_objects(&RULE, vec![autoscaler("a", "m"), autoscaler("b", "m")]),
            ["HorizontalPodAutoscaler \"b\" and HorizontalPodAutoscaler \"a\" scale one workload"]
        );
        assert!(on_objects(&RULE, vec![autoscaler("a", "m"), autoscaler("b", "n")]).is_empty());
        let keda = serde_json::json!({"spec": {"scaleTargetRef": {"name": "m"}}});
        assert_eq!(target(&keda), ("Deployment".to_owned(), "m".to_owned()));
    }
}
