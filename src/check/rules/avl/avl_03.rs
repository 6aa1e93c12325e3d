//! AVL-03: a selector that finds another workload's pods.

use std::collections::BTreeMap;

use crate::check::{Level, Report, Rule, Run};
use crate::plan::{Plan, Pods, Summary, TargetPlan};

/// AVL-03.
pub(crate) static RULE: Rule = Rule {
    code: "AVL-03",
    name: "selector-finds-foreign-pods",
    level: Level::Error,
    page: r#"
## What it checks
The selector that `selector` gives a model finds no pods of another workload in the same namespace.

## Why it breaks
Deployments with overlapping selectors count each other's pods. A Service sends requests to both
models, and an eviction of a pod that two PodDisruptionBudgets match is refused: nodes cannot be
drained.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    scale 2
    selector "app" "nlp"
}
model "cased" {
    artifact "s3://models/cased/" size="438Mi"
    scale 2
    selector "app" "nlp"
}
```

## Instead
A selector of its own for each model, as the Deployments that are taken over have it.
```kdl
selector "app" "nlp-cased"
```

## Sources
Kubernetes documentation, "Deployments", "Selector"; "Disruptions", both read 2026-11.
"#,
    run: Run::Plan(check),
};

fn check(plan: &Plan<'_>, report: &mut Report) {
    for target in &plan.targets {
        overlaps(target, report);
    }
}

fn overlaps(target: &TargetPlan<'_>, report: &mut Report) {
    let all = || {
        let models = target.models.iter();
        models.flat_map(|m| m.pods.iter().map(move |pods| (m, pods)))
    };
    // Few models have a selector of their own: only what those ask for first is looked up.
    let mut asked: BTreeMap<_, Vec<(&Summary<'_>, &Pods)>> = BTreeMap::new();
    for (_, pods) in all() {
        if let Some(first) = pods.selector.as_ref().and_then(|s| s.entries.first()) {
            asked.entry(first).or_default();
        }
    }
    if asked.is_empty() {
        return;
    }
    for (model, pods) in all() {
        for label in &pods.labels {
            if let Some(found) = asked.get_mut(label) {
                found.push((model, pods));
            }
        }
    }
    for (model, pods) in all() {
        let Some(selector) = &pods.selector else {
            continue;
        };
        let candidates = selector.entries.first().and_then(|first| asked.get(first));
        let foreign = candidates.into_iter().flatten().find(|(_, other)| {
            other.workload != pods.workload
                && selector.entries.iter().all(|e| other.labels.contains(e))
        });
        let Some((other, _)) = foreign else { continue };
        report.about(
            model,
            selector.span,
            format!(
                "the selector of \"{}\" finds the pods of \"{}\" too",
                model.name, other.name
            ),
            |d| {
                d.also(other.span, "the other model")
                    .note("they share a namespace: Services and disruption budgets would mix them")
                    .help("give the pods of each a label that the other selector does not ask for")
            },
        );
    }
}
