//! TRF-02: a subset that matches no pod.

use std::collections::BTreeMap;

use crate::check::rules::shared::deployments;
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::api::istio::Subset;
use crate::emit::{Body, Object};
use crate::plan::ModelPlan;

/// TRF-02.
pub(crate) static RULE: Rule = Rule {
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
    for object in objects {
        let Body::DestinationRule(rule) = &object.body else {
            continue;
        };
        let pods: Vec<_> = deployments(objects)
            .filter_map(|d| d.spec.as_ref()?.template.metadata.as_ref()?.labels.as_ref())
            .collect();
        for subset in unmatched(&rule.spec.subsets, &pods) {
            report.add(
                model.model.span,
                format!(
                    "subset \"{subset}\" of DestinationRule \"{}\" matches no pod",
                    object.body.name()
                ),
                |d| {
                    d.note("its share of the traffic would be answered 503")
                        .help("give the subset labels that a Deployment's pods carry")
                },
            );
        }
    }
}

/// Names of the subsets whose labels are on no pod.
fn unmatched<'v>(subsets: &'v [Subset], pods: &[&BTreeMap<String, String>]) -> Vec<&'v str> {
    let carries = |pod: &BTreeMap<String, String>, subset: &Subset| {
        subset
            .labels
            .iter()
            .all(|(key, value)| pod.get(key) == Some(value))
    };
    let lost = subsets
        .iter()
        .filter(|s| !pods.iter().any(|pod| carries(pod, s)));
    lost.map(|s| s.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Subset, unmatched};

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    /// Every label of a subset must be on one and the same pod.
    #[test]
    fn subsets() {
        let pods = ["a", "b"].map(|v| labels(&[("app", "m"), ("v", v)]));
        let subset = |name: &str, pairs| Subset {
            name: name.to_owned(),
            labels: labels(pairs),
        };
        let subsets = [
            subset("a", &[("app", "m"), ("v", "a")]),
            subset("c", &[("v", "c")]),
            subset("d", &[("app", "n"), ("v", "b")]),
        ];
        assert_eq!(unmatched(&subsets, &pods.each_ref()), ["c", "d"]);
    }
}
