//! TRF-02: a subset or a Service that matches no pod.

use std::collections::BTreeMap;

use crate::check::rules::shared::{deployments, patched};
use crate::check::{Level, Previous, Report, Rule, Run};
use crate::emit::{Body, Object};
use crate::plan::ModelPlan;
use crate::source::Span;

/// TRF-02.
pub(crate) static RULE: Rule = Rule {
    code: "TRF-02",
    name: "selector-matches-no-pod",
    level: Level::Error,
    page: r#"
## What it checks
The labels of every subset of a DestinationRule, and those by which a Service selects, are on the
pods of one of the model's Deployments.

They are written from the same entries of the plan; a `patch` of either can tear them apart.

## Why it breaks
The API server accepts both. A subset without pods answers 503 `no healthy upstream` for its whole
share of the traffic; a Service without endpoints refuses every connection, and its metrics vanish
with it. Adding the missing label to the pods is not enough where it also stands in the Deployment's
selector, which cannot be changed.

## Example
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    only "prod"
    patch "Service" { spec { selector tier="gpu" } }
}
```

## Instead
Put the label on the pods too:
```kdl
model "bert" {
    artifact "s3://models/bert/" size="438Mi"
    label "tier" "gpu"
    only "prod"
}
```

## Sources
istio#6335, argo-rollouts#4775.
"#,
    run: Run::Object(check),
};

fn check(model: &ModelPlan<'_>, objects: &[Object], _: &Previous<'_>, report: &mut Report) {
    let pods: Vec<_> = deployments(objects)
        .filter_map(|d| {
            labels(
                d.deployment
                    .spec
                    .as_ref()?
                    .template
                    .metadata
                    .as_ref()?
                    .labels
                    .as_ref(),
            )
        })
        .collect();
    for object in objects {
        match &object.body {
            Body::DestinationRule(rule) => {
                for (index, subset) in rule.spec.subsets.iter().enumerate() {
                    if !matched(&subset.labels, &pods) {
                        let field = format!("/spec/subsets/{index}/labels");
                        lost(model, object, &field, Some(&subset.name), report);
                    }
                }
            }
            Body::Service(service) => {
                let selector = service
                    .spec
                    .as_ref()
                    .and_then(|s| labels(s.selector.as_ref()));
                if selector.is_some_and(|s| !matched(s, &pods)) {
                    lost(model, object, "/spec/selector", None, report);
                }
            }
            _ => {}
        }
    }
}

/// Labels that are there; an empty map selects nothing to compare.
fn labels(map: Option<&BTreeMap<String, String>>) -> Option<&BTreeMap<String, String>> {
    map.filter(|labels| !labels.is_empty())
}

/// Whether one of the pods carries all labels.
fn matched(labels: &BTreeMap<String, String>, pods: &[&BTreeMap<String, String>]) -> bool {
    pods.iter().any(|pod| {
        labels
            .iter()
            .all(|(key, value)| pod.get(key) == Some(value))
    })
}

fn lost(
    model: &ModelPlan<'_>,
    object: &Object,
    field: &str,
    subset: Option<&str>,
    report: &mut Report,
) {
    let called = format!("{} \"{}\"", object.body.kind(), object.body.name());
    let (message, note) = match subset {
        Some(subset) => (
            format!("subset \"{subset}\" of {called} matches no pod"),
            "its share of the traffic would be answered 503",
        ),
        None => (
            format!("the selector of {called} matches no pod"),
            "nothing would answer: the Service has no endpoints",
        ),
    };
    let at = place(object, field, model);
    report.add(at, message, |d| {
        d.note(note)
            .help("select by labels that a Deployment's pods carry")
    });
}

/// Where a patch writes the labels: the whole map, or one of them.
fn place(object: &Object, field: &str, model: &ModelPlan<'_>) -> Span {
    let inside = object.trace.notes().iter().find(|note| {
        note.named.is_some()
            && note
                .pointer
                .strip_prefix(field)
                .is_some_and(|r| r.starts_with('/'))
    });
    inside
        .and_then(|note| note.origin.span())
        .unwrap_or_else(|| patched(object, field, model))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::check::testing::{
        deployment_labeled, destination_rule, on_objects, service_selecting,
    };

    /// Every label must be on one and the same pod.
    #[test]
    fn selectors() {
        let pods =
            || ["a", "b"].map(|v| deployment_labeled(&format!(r#"{{"app":"m","v":"{v}"}}"#)));
        let found = |body| {
            let mut bodies = Vec::from(pods());
            bodies.push(body);
            on_objects(&RULE, bodies)
        };
        let none: [&str; 0] = [];
        assert_eq!(found(service_selecting(r#"{"app":"m"}"#)), none);
        assert_eq!(found(service_selecting("{}")), none);
        assert_eq!(found(destination_rule(r#"{"app":"m","v":"b"}"#)), none);
        assert_eq!(
            found(service_selecting(r#"{"app":"m","v":"c"}"#)),
            ["the selector of Service \"m\" matches no pod"]
        );
        assert_eq!(
            found(destination_rule(r#"{"app":"n","v":"b"}"#)),
            ["subset \"s\" of DestinationRule \"m\" matches no pod"]
        );
    }
}
