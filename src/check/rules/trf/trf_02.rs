//! TRF-02: a subset that matches no pod.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::check::rules::shared::deployments;
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::Object;
use crate::plan::ModelPlan;

/// TRF-02.
pub static RULE: Rule = Rule {
    code: "TRF-02",
    name: "subset-matches-no-pod",
    level: Level::Error,
    page: r#"
## What it checks
The labels of every subset of a DestinationRule are on the pods of one of the model's Deployments.

A spec cannot raise this: subsets and pod labels are written from the same entries of the plan.
The rule guards the emitted objects.

## Why it breaks
A subset without pods answers 503 `no healthy upstream` for its whole share of the traffic. Adding
the missing label to the pods is not enough where it also stands in the selector, which cannot be
changed.

## Example
```yaml
kind: DestinationRule
spec:
  subsets:
    - name: wider
      labels: { version: wider }       # no pod has it
```

## Instead
```kdl
split {
    variant "control" weight=90 primary=#true
    variant "wider" weight=10
}
```

## Sources
istio#6335, argo-rollouts#4775.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    let rules = objects.iter().filter(|o| o.body.kind() == "DestinationRule");
    for object in rules {
        let Ok(value) = serde_json::to_value(&object.body) else { continue };
        let pods: Vec<_> = deployments(objects)
            .filter_map(|d| d.spec.as_ref()?.template.metadata.as_ref()?.labels.as_ref())
            .collect();
        for subset in unmatched(&value, &pods) {
            report.add(
                model.model.span,
                format!("subset \"{subset}\" of DestinationRule \"{}\" matches no pod", object.body.name()),
                |d| {
                    d.note("its share of the traffic would be answered 503")
                        .help("give the subset labels that a Deployment's pods carry")
                },
            );
        }
    }
}

/// Names of the subsets whose labels are on no pod.
fn unmatched<'v>(value: &'v Value, pods: &[&BTreeMap<String, String>]) -> Vec<&'v str> {
    let subsets = value["spec"]["subsets"].as_array().into_iter().flatten();
    subsets
        .filter(|subset| {
            let Some(labels) = subset["labels"].as_object() else { return false };
            !pods.iter().any(|pod| {
                labels.iter().all(|(key, value)| pod.get(key).map(String::as_str) == value.as_str())
            })
        })
        .filter_map(|subset| subset["name"].as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::unmatched;

    /// Every label of a subset must be on one and the same pod.
    #[test]
    fn subsets() {
        let pods = [[("app", "m"), ("v", "a")], [("app", "m"), ("v", "b")]]
            .map(|pairs| pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
        let pods: Vec<_> = pods.iter().collect();
        let rule = serde_json::json!({"spec": {"subsets": [
            {"name": "a", "labels": {"app": "m", "v": "a"}},
            {"name": "c", "labels": {"v": "c"}},
            {"name": "d", "labels": {"app": "n", "v": "b"}},
        ]}});
        assert_eq!(unmatched(&rule, &pods), ["c", "d"]);
    }
}
